"""Where the code behind a name is."""
