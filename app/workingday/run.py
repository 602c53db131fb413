"""The order of the day."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from app.workingday.carrying import by_network_and_file, keeping
from app.workingday.counter import counter, non_disclosure, search
from app.workingday.day import Day, Say, summary
from app.workingday.figures import figures
from app.workingday.office import other_exits, whole_life
from app.workingday.reception import reception
from app.workingday.together import together
from models import door

PRACTICE_MATTERS = 120
SEED = 20261121


def run(folder: Path, passphrase: str, say: Say) -> dict[str, Any]:
    """Do the day in `folder`, replacing an earlier one; returns the summary and writes summary.json there.

    Args:
        folder: Where everything goes.
        passphrase: Of all practice people.
        say: Tells a step, in Chinese and English.
    """
    day = Day(folder, passphrase, say)
    (folder / "letters").mkdir(parents=True, exist_ok=True)
    make_register(day)
    claim = counter(day)
    whole_life(day, claim)
    other_exits(day)
    reception(day)
    non_disclosure(day)
    search(day)
    by_network_and_file(day)
    together(day)
    figures(day)
    keeping(day)
    result = summary(day)
    door.write_file(folder / "summary.json", json.dumps(result, ensure_ascii=False, indent=2).encode())
    return result


def make_register(day: Day) -> None:
    """Make the practice register."""
    from models.practice import build_practice

    for old in day.folder.glob("practice.register*"):
        old.unlink()
    build_practice(day.register, PRACTICE_MATTERS, seed=SEED, passphrase=day.passphrase)
    day.say(f"练习登记库：{PRACTICE_MATTERS} 件虚构事项", f"Practice register: {PRACTICE_MATTERS} invented matters")
