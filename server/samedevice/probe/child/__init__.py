"""What runs in the user's own Python: the standard library and torch, nothing else, in the syntax of Python 3.8.

`__main__.py` loads this folder under a private name, so that none of its modules can stand in for one of the user's.
"""
