"""The probe: runs the real network in the user's own Python and says what happened."""
