"""How much memory a ledger of many rows takes: measured in a process of its own, by the operating system."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[3]
_PROGRAM = """
import resource, sys
from pathlib import Path
from tests.models.sheets.samples import ledger
from {module} import {function}
{function}(ledger("zh", 300))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
Path(sys.argv[1]).write_bytes({function}(ledger("zh", 10_000)))
print(before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def grown_mib(module: str, function: str, out: Path) -> float:
    """Return by how many MiB a process grows beyond a ledger of 300 rows to write one of 10,000 into `out`."""
    if sys.platform not in ("linux", "darwin"):
        pytest.skip("peak memory is asked of the system on Linux and macOS only: left out")
    program = _PROGRAM.format(module=module, function=function)
    run = subprocess.run(
        [sys.executable, "-c", program, str(out)], capture_output=True, text=True, check=True, cwd=_ROOT
    )
    before, after = (int(word) for word in run.stdout.split())
    return (after - before) / (1024 if sys.platform == "linux" else 1024 * 1024)
