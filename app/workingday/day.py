"""The working day itself: its folder, its people at the desk, its checks and its summary."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app import services
from app.common import plain
from models import clocks, door, errors
from models.desk import Desk

Say = Callable[[str, str], None]
"""Tells a step, in Chinese and English."""


@dataclass(slots=True)
class Day:
    """The day's folder, what was checked, and what was made."""

    folder: Path
    passphrase: str
    say: Say
    checks: dict[str, bool] = field(default_factory=dict)
    letters: list[dict[str, Any]] = field(default_factory=list)
    due_dates: list[dict[str, Any]] = field(default_factory=list)
    digests: dict[str, Any] = field(default_factory=dict)

    @property
    def register(self) -> Path:
        """The practice register."""
        return self.folder / "practice.register"

    @contextmanager
    def at_desk(self, login: str) -> Iterator[Desk]:
        """Unlock the register as one of the practice bureau's people."""
        desk = services.open_desk(self.register, login, self.passphrase)
        try:
            yield desk
        finally:
            desk.close()

    def check(self, name: str, holds: bool) -> None:
        """Write down a check."""
        self.checks[name] = bool(holds)

    def keep(self, desk: Desk, document: int, name: str) -> None:
        """Export a frozen letter and check that a second print is the same."""
        pdf = desk.document_pdf(document)
        door.write_file(self.folder / "letters" / f"{name}.pdf", pdf)
        row = desk.register.record("document", document) or {}
        self.letters.append(
            {
                "file": f"letters/{name}.pdf",
                "kind": row.get("kind"),
                "number": row.get("number"),
                "code": row.get("code"),
                "sha256": row.get("sha256"),
            }
        )
        self.check(f"letter_{name}_reprints_the_same", desk.document_pdf(document) == pdf and pdf.startswith(b"%PDF"))


def note_clocks(day: Day, found: Any) -> None:
    """Write down the clocks of a matter with their derivations."""
    for state in found.clocks:
        if state.due:
            day.due_dates.append(
                plain(
                    {
                        "matter": found.number,
                        "clock": state.clock,
                        "start": state.start_on,
                        "raw_end": state.due.raw_on,
                        "due": state.due.last_on,
                        "status": state.status,
                        "derivation": {"zh": clocks.explain(state.due, "zh"), "en": clocks.explain(state.due, "en")},
                    }
                )
            )


def refused(
    day: Day, name: str, work: Callable[[], object], kind: type[errors.RegisterError] = errors.RuleError
) -> None:
    """Write down whether `work` was refused as it must be."""
    try:
        work()
    except kind:
        day.check(name, True)
    else:
        day.check(name, False)


def person(desk: Desk, login: str) -> int:
    """Return the id of one of the practice people."""
    return next(person.id for person in desk.staff() if person.login == login)


def summary(day: Day) -> dict[str, Any]:
    """Return what the day made and whether each check holds."""
    with day.at_desk("xinfang") as desk:
        count = {
            name: desk.register.rows(f"SELECT count(*) FROM {name}")[0][0]
            for name in ("item", "matter", "document", "entry", "person", "event")
        }
        head = desk.register.head.hex()
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "passed": all(day.checks.values()),
        "checks": day.checks,
        "counts": {
            "items": count["item"],
            "matters": count["matter"],
            "letters": count["document"],
            "acts": count["entry"],
            "people": count["person"],
            "events": count["event"],
        },
        "letters": day.letters,
        "due_dates": day.due_dates,
        "digests": day.digests,
        "chain_head": head,
        "register": day.register.name,
    }
