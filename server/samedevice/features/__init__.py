"""What is shown of an analysis: records out, no protocol and no printing."""
