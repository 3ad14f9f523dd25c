"""A CUDA device that is not there: tensors that say `cuda:0`, hold their values on the CPU, and keep PyTorch's rules.

To C++ such a tensor is on the `meta` device, which every build of torch knows, with or without CUDA, and which needs no
driver; so checks inside torch still find that it is not on the CPU. To Python it says `cuda:0`. Each operation passes
through `mode.py`, which asks `devices.py` and `dtypes.py` whether a GPU would refuse, and then runs it on the CPU.
"""

from __future__ import annotations

from .patches import install

__all__ = ["install"]
