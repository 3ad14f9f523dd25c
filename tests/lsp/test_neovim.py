"""A real Neovim, its own client, without plugins."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lsp.client import ROOT

BROKEN = 'import torch\nx = torch.zeros(3)\nw = torch.ones(3, device="cuda")\n"é😀"; y = torch.add(x, w)\n'
MISSING = "Neovim is not installed (`apt-get install neovim`, 0.7 or newer): the test with a real one can't run"


def test_from_the_squiggle_to_the_mended_text(tmp_path: Path) -> None:
    neovim = shutil.which("nvim")
    if neovim is None:
        pytest.skip(MISSING)  # `npm test` installs one where it may
    file = tmp_path / "a.py"
    file.write_text(BROKEN, encoding="utf-8")
    server = "|".join([sys.executable, "-m", "samedevice", "server"])
    environment = {**os.environ, "SERVER": server, "PYTHONPATH": str(ROOT / "server"), "HOME": str(tmp_path)}
    script = Path(__file__).with_name("neovim.lua")
    command = [neovim, "--headless", "-u", "NONE", "-i", "NONE", "-n", str(file), "-c", f"luafile {script}"]
    ran = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    said = ran.stdout.splitlines()
    assert said[0].startswith("4:")
    assert "`w` is on cuda:0" in said[0]
    assert said[1:] == [
        "hover: x: Tensor[float32, cpu, [3]]",
        "fix: Use `x.to(w.device)`",
        'line: "é😀"; y = torch.add(x.to(w.device), w)',
        "afterwards: 0",
    ]
