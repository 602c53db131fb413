"""Administrative divisions: what a six-digit division code means, today and in earlier years.

Used for 问题属地, address codes and the first six digits of identity numbers (GB 11643-1999, GB/T 2260). An unknown
code is never an error: codes change, and identification never blocks a petitioner (domain reference, section 11).

Words used here:

- *current*: in force in the state that `resources/divisions.csv` gives (April 2026), with name, level and parent;
- *former*: once in force, with its successors where they are known (a successor may itself be former).

The facts come from a published MIT-licensed list, see `resources/divisions.LICENSE`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Division:
    """One code: `level` is province, prefecture, county or former."""

    code: str
    name: str
    parent: str = ""
    """Code of the division above; '' for a province and for former codes."""
    level: str = "former"
    replaced_by: tuple[str, ...] = ()
    """Of a former code: its successors; empty when none is known."""

    @property
    def current(self) -> bool:
        """Whether the code is in force."""
        return self.level != "former"


def read_divisions(lines: Iterable[Mapping[str, str]]) -> dict[str, Division]:
    """Return divisions by code from rows with code, name and, where they have them, parent, level and replaced_by."""
    return {
        line["code"]: Division(
            line["code"],
            line["name"],
            line.get("parent") or "",
            line.get("level") or "former",
            tuple(code for code in (line.get("replaced_by") or "").split("|") if code),
        )
        for line in lines
    }


@cache
def divisions() -> dict[str, Division]:
    """Return all built-in divisions by code."""
    text = files("resources").joinpath("divisions.csv").read_text(encoding="utf-8")
    return read_divisions(csv.DictReader(text.splitlines()))


def division(code: str) -> Division | None:
    """Return the division with this six-digit code (longer codes are cut), current or former, or None."""
    return divisions().get(code.strip()[:6])


def parents(code: str) -> tuple[Division, ...]:
    """Return the divisions above `code`, province first; for a former code, those above its old number."""
    found = division(code)
    if found is None:
        return ()
    above: list[Division] = []
    if found.current:
        while found.parent:
            found = divisions()[found.parent]
            above.append(found)
    else:
        for part in (found.code[:4] + "00", found.code[:2] + "0000"):
            higher = divisions().get(part)
            if higher is not None and higher.code != found.code and higher not in above:
                above.append(higher)
    return tuple(reversed(above))


def full_name(code: str) -> str:
    """Return the name with those of the divisions above it, e.g. 省 + 市 + 县; '' for an unknown code."""
    found = division(code)
    if found is None:
        return ""
    return "".join(one.name for one in (*parents(code), found) if one.name != "市辖区" or one is found)


def successors(code: str) -> tuple[Division, ...]:
    """Return the current divisions that took the place of `code`; the division itself while it is in force."""
    found = division(code)
    if found is None:
        return ()
    seen: set[str] = set()
    waiting = [found]
    result: list[Division] = []
    while waiting:
        one = waiting.pop(0)
        if one.code in seen:
            continue
        seen.add(one.code)
        if one.current:
            result.append(one)
        waiting.extend(d for d in map(divisions().get, one.replaced_by) if d is not None)
    return tuple(result)


def find(name: str, within: str = "") -> tuple[Division, ...]:
    """Return current divisions called `name`, in code order; `within` limits them to the code of a division above."""
    prefix = within[:2] if within.endswith("0000") else within[:4] if within.endswith("00") else within
    wanted = name.strip()
    return tuple(
        one for one in divisions().values() if one.current and one.name == wanted and one.code.startswith(prefix)
    )
