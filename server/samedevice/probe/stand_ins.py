"""What stands in for the world outside a program: trained weights, and its command line."""

from __future__ import annotations

import ast

OFFLINE = {"weights": "None", "pretrained": "False", "weights_backbone": "None", "encoder_weights": "None"}
"""A probe asks for shapes and devices; trained weights would only have to be downloaded."""
NO_ARGUMENTS = """import argparse
def _probe_parse(self, args=None, namespace=None):
    for action in self._actions:
        action.required = False
        if not action.option_strings and action.nargs is None:
            action.nargs = "?"
    return _probe_known(self, list(args or []), namespace)
argparse.ArgumentParser.parse_known_args, _probe_known = _probe_parse, argparse.ArgumentParser.parse_known_args
argparse.ArgumentParser.parse_args = lambda self, args=None, namespace=None: _probe_parse(self, args, namespace)[0]"""
"""A program that reads its command line gets an empty one, and nothing is required; what it gives itself stays."""


def downloads(name: str, default: ast.expr) -> bool:
    """Whether a default fetches trained weights."""
    return name in OFFLINE and not (isinstance(default, ast.Constant) and not default.value)


def offline(made: ast.expr) -> ast.expr:
    """A construction without downloads of trained weights."""
    if not isinstance(made, ast.Call):
        return made
    words = [
        ast.keyword(word.arg, ast.parse(OFFLINE[word.arg], mode="eval").body) if word.arg in OFFLINE else word
        for word in made.keywords
    ]
    return ast.copy_location(ast.Call(made.func, made.args, words), made)
