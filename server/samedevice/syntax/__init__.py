"""Text, its tree, and the comments that speak to us."""
