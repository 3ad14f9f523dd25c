"""Random sessions: the server's text stays the model's, every request is answered, no accident is logged."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lsp.client import Client, Json
from lsp.fuzzing import Fuzzer
from lsp.recorded_clients import EGLOT, NEOVIM_11, VS_CODE


@pytest.mark.parametrize(("capabilities", "seed"), [({}, 1), (VS_CODE, 2), (NEOVIM_11, 3), (EGLOT, 4)])
def test_session(capabilities: Json, seed: int) -> None:
    with Client(capabilities) as client:
        fuzzer = Fuzzer(client, random.Random(seed))
        fuzzer.steps(150)
        fuzzer.end()


@pytest.fixture(scope="module")
def long_session() -> Client:
    """One server for all examples."""
    with Client(NEOVIM_11) as client:
        yield client


@given(chance=st.randoms(use_true_random=False), count=st.integers(1, 30))
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_any_session(long_session: Client, chance: random.Random, count: int) -> None:
    fuzzer = Fuzzer(long_session, chance)
    fuzzer.steps(count)
    fuzzer.end()
