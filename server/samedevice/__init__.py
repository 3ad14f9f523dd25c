"""SameDevice sees every tensor's device, dtype and shape while you type."""

__version__ = "0.1.0"
