"""The one import of sqlite-utils, without what it would bring along.

It imports numpy where that is installed, to store values that no register holds. That alone takes 13 MiB of the window
and some 100 ms, so it is told that there is none; whoever needs numpy imports it afterwards as always.
"""

from __future__ import annotations

import sys

_absent = "numpy" not in sys.modules
if _absent:
    sys.modules["numpy"] = None  # type: ignore[assignment]  # what the import system itself puts for "not there"
try:
    from sqlite_utils import Database as Database
finally:
    if _absent:
        del sys.modules["numpy"]
