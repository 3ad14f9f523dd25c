"""Runs a file on abstract values and writes down what happened."""
