"""What a passphrase costs: in the tests' own process next to nothing, since they open thousands of registers.

Programs that tests start take what the program takes, and so does whoever asks for `costing(REAL)`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from models import keyring
from sync.hub import users

_NAMES = ("KDF_MEMORY_KIB", "KDF_PASSES", "KDF_LANES")
REAL = tuple(getattr(keyring, name) for name in _NAMES)
CHEAP = (64, 1, 1)


@contextlib.contextmanager
def costing(cost: tuple[int, ...]) -> Iterator[None]:
    """Let new key slots and log-ins cost so much: KiB of memory, passes and lanes of Argon2id."""
    with pytest.MonkeyPatch.context() as patch:
        for room in (keyring, users):
            for name, value in zip(_NAMES, cost, strict=True):
                patch.setattr(room, name, value)
        yield
