"""Keeps None, True and False alive under Python 3.11, where PySide6 gives back more references than it took.

Measured with PySide6 6.12.0 on CPython 3.11.7: every call of Qt that returns nothing drops a reference to None, every
signal one to True. From Python 3.12 on these objects are immortal (PEP 683) and it does no harm; before that they die
when their count comes to nought, and the process ends with "Fatal Python error: none_dealloc": a page that is painted
by Python (charts, bars in tables) for some minutes is enough. So their counts are raised beyond what a working day
can use up (docs/decisions/0016).
"""

from __future__ import annotations

import sys

MORE = 1 << 40
"""References added; a window that loses a million a second uses them up in twelve days."""


def keep() -> None:
    """Make None, True and False last; nothing to be done from Python 3.12 on. Further calls do nothing."""
    if sys.version_info >= (3, 12) or sys.getrefcount(None) >= MORE:
        return
    import ctypes  # 7 ms: after the first paint

    for kept in (None, True, False):
        ctypes.c_ssize_t.from_address(id(kept)).value += MORE  # the count is the first field of every object (PEP 3123)
