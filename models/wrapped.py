"""The one import of sqlite-utils, without what it would bring along.

It imports numpy where that is installed, to store values that no register holds. pyqtgraph, which draws charts, needs
numpy, so it is installed; but it takes 13 MiB and some 100 ms, and belongs to the first chart, not to every register
that is opened. So sqlite-utils is told that there is none; whoever needs numpy imports it afterwards as always.
"""

from __future__ import annotations

import sys

_absent = "numpy" not in sys.modules
if _absent:
    sys.modules["numpy"] = None  # type: ignore[assignment]  # what the import system itself puts for "not there"
try:
    from sqlite_utils import Database as Database
    from sqlite_utils.migrations import Migrations as Migrations
finally:
    if _absent:
        del sys.modules["numpy"]
