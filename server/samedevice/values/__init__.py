"""What an expression may evaluate to; no torch names and no syntax here."""
