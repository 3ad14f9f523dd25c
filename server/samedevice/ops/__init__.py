"""What each torch and numpy operation does to device, dtype and shape: a table, checked against the real torch."""
