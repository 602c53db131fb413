"""The kill campaign itself, short: `make kill-test N=1000` is the long one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_a_short_campaign_kills_and_loses_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.campaigns.kill_test", "8", "5"],
        cwd=Path(__file__).resolve().parents[2], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    line = done.stdout.strip()
    assert line.startswith("kill-test seed 5: 8 kills")
    assert " 0 lost;" in line
