"""Text on its way out of the program: a terminal that lacks a character shows `?` for it and ends nothing.

Chinese workstations often write GBK, which has no ✓ and not every character that a name may hold. What goes to other
programs as JSON is UTF-8 everywhere and does not pass here.
"""

from __future__ import annotations

import io
import sys


def bear_any_text() -> None:
    """Let standard output and standard error replace what their encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
