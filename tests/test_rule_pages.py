"""The examples on the rules' pages: they say what the rule says, and PyTorch really refuses them.

What happens on a CPU is asked of the real PyTorch here. For the rest there is a recording in `recorded/`, made with the
CUDA build of PyTorch with stand-ins for the NVIDIA libraries; no GPU has confirmed it.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

import pytest

from literate import Block, Case, cases, program, run
from run_torch import Verdict, verdicts
from samedevice.rules import Rule, all_rules

RECORDED = Path(__file__).parent / "recorded" / "rule_pages.json"
CALLS = {
    "default-device-tensor": "Positions().cuda()(torch.zeros(2, 4, 4, device='cuda'))",
    "layer-made-in-forward": "import torch\nLate().cuda()(torch.zeros(2, 3, device='cuda'))",
    "unregistered-module": "import torch\nHeads().cuda().heads[0](torch.zeros(3, device='cuda'))",
    "unregistered-tensor": "Scale().cuda()(torch.zeros(3, device='cuda'))",
}
"""A caller for examples that show a class alone: the rule speaks of what callers of a network promise."""
SILENT = {"contradicted-annotation", "result-not-used", "stale-parameters"}
"""Rules about what PyTorch accepts although it can't be meant."""
NOT_RUNNABLE = ("NameError", "ImportError", "ModuleNotFoundError", "FileNotFoundError")
"""A snippet may leave out what its reader can imagine; then nothing can be asked of PyTorch."""
NEEDS_DEVICE = ("not compiled with CUDA", "No CUDA", "no NVIDIA driver", "No HIP", "MPS", "PyTorch is not linked")
"""What a CPU build says before it comes to the point."""


def pages() -> list[tuple[Rule, Case]]:
    """Every example of every rule's page."""
    return [(rule, case) for rule in all_rules() for case in cases(Path(f"{rule.name}.md"), rule.page, rule.name)]


PAGES = pages()
NAMES = [f"{rule.name}-{number}" for number, (rule, _) in enumerate(PAGES)]
BUGGY = [(name, rule, case) for name, (rule, case) in zip(NAMES, PAGES, strict=True) if case.buggy]
FIXED = [(name, rule, case) for name, (rule, case) in zip(NAMES, PAGES, strict=True) if case.fixed]


@pytest.mark.parametrize(("rule", "case"), PAGES, ids=NAMES)
def test_example(rule: Rule, case: Case) -> None:
    problems = run(case)
    assert not problems, "\n".join([rule.name, *problems])


@pytest.mark.parametrize("rule", all_rules(), ids=[rule.name for rule in all_rules()])
def test_page_begins_with_a_sentence_and_has_an_example(rule: Rule) -> None:
    assert rule.page.split("\n\n")[0].strip().endswith(".")
    assert any(other is rule and case.main.markers for other, case in PAGES), "no example with a finding"


@pytest.mark.parametrize(("name", "rule", "case"), BUGGY, ids=[name for name, _, _ in BUGGY])
def test_pytorch_refuses_the_example(name: str, rule: Rule, case: Case) -> None:
    verdict = _verdict(name, text(rule, case.main))
    if _is(verdict, NOT_RUNNABLE):
        pytest.skip(f"not runnable as it stands: {verdict['error']}")
    assert verdict["status"] == ("ok" if rule.name in SILENT else "raised"), verdict


@pytest.mark.parametrize(("name", "rule", "case"), FIXED, ids=[name for name, _, _ in FIXED])
def test_pytorch_runs_the_fixed_example(name: str, rule: Rule, case: Case) -> None:
    assert case.fixed
    verdict = _verdict(f"{name}-fixed", text(rule, case.fixed))
    if _is(verdict, NOT_RUNNABLE):
        pytest.skip(f"not runnable as it stands: {verdict['error']}")
    assert verdict["status"] == "ok", verdict["error"]


def text(rule: Rule, block: Block) -> str:
    """The program that PyTorch is asked about."""
    return program(block) + CALLS.get(rule.name, "") + "\n"


def key(asked: str) -> str:
    """What a recording is filed under."""
    return hashlib.sha256(asked.encode()).hexdigest()[:16]


def _verdict(name: str, asked: str) -> Verdict:
    """What a CPU says, and where that is not to the point, what was recorded."""
    said = _on_cpu()[name]
    if not _needs_device(asked, said):
        return said
    recorded = _recorded().get(key(asked))
    assert recorded, f"{name}: no recording of this example in {RECORDED}: it was changed since the recording was made"
    return dict(recorded)


def _needs_device(asked: str, said: Verdict) -> bool:
    """Whether a CPU's word is not the last one: it can't run the text, or runs it because there is no GPU."""
    if _is(said, NOT_RUNNABLE):
        return False
    return any(word in asked for word in ("cuda", "mps")) or any(word in str(said["error"]) for word in NEEDS_DEVICE)


def _is(verdict: Verdict, errors: tuple[str, ...]) -> bool:
    return str(verdict["error"]).startswith(errors)


@cache
def _on_cpu() -> dict[str, Verdict]:
    pytest.importorskip("torch")
    texts = {name: text(rule, case.main) for name, rule, case in BUGGY}
    texts |= {f"{name}-fixed": text(rule, case.fixed) for name, rule, case in FIXED if case.fixed}
    return verdicts(texts)


@cache
def _recorded() -> dict[str, Verdict]:
    return dict(json.loads(RECORDED.read_text(encoding="utf-8")))
