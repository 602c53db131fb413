"""The log of a major or urgent matter: who knew when, who was told when, what was done, and what is still owed.

Facts about events, none about persons beyond who of the bureau knew and reported. No text that was read sets hours; a
bureau that has a local limit sets `major.hours`, and a report that took longer is shown with a warning (SC-431 Art. 26:
at once; REG-2022 Art. 25: in time).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models import sight
from models.errors import Message
from models.records import Staff
from models.steps.major import MUST_BE_TOLD, TOLD_BESIDE, family, minutes_between, told

if TYPE_CHECKING:
    from models.register import Register


@dataclass(frozen=True, slots=True, kw_only=True)
class MajorLine:
    """One line of the log; what does not belong to its kind is empty."""

    kind: str
    """known | reported | measure"""
    at: str
    """Local time, YYYY-MM-DD HH:MM."""
    staff: str
    what: str
    place: str = ""
    people: int | None = None
    claim: str = ""
    source: str = ""
    organ: str = ""
    """Code of the table major_organ."""
    to_whom: str = ""
    how: str = ""
    """Code of the table major_how."""
    document: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MajorLog:
    """The log of one matter, in the order of what happened.

    Attributes:
        lines: In the order of their time.
        told: Organs told since it was last known, each with the first time.
        missing: Organs that must be told and were not.
        missing_beside: Organs that are to be told beside them (通报) and were not.
        minutes: From knowledge to the last of those that must be told; None while one is missing, or nothing is known.
        late: One that had to be told was told after the day of knowledge.
        warning: The report took longer than the bureau's own limit.
    """

    lines: tuple[MajorLine, ...]
    told: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    missing_beside: tuple[str, ...]
    minutes: int | None
    late: bool
    warning: Message | None


def major_log(register: Register, matter: int, by: Staff) -> MajorLog:
    """Return the log of a matter; without lines when it was never recorded as major.

    Raises:
        InputError: No such matter, or one that this person may not know of.
        NotAllowedError: Sealed, and the person is no reader.
    """
    row = sight.matter_for(register, matter, by)
    rows = register.records("major_log", "matter=? ORDER BY at, id", (matter,))
    names = dict(register.rows("SELECT id, name FROM staff"))
    lines = tuple(
        MajorLine(
            kind=found["kind"],
            at=found["at"],
            staff=names.get(found["staff"], ""),
            what=found["what"],
            place=found["place"] or "",
            people=found["people"],
            claim=found["claim"] or "",
            source=found["source"] or "",
            organ=found["organ"] or "",
            to_whom=found["to_whom"] or "",
            how=found["how"] or "",
            document=found["document"],
        )
        for found in rows
    )
    known = max((line.at for line in lines if line.kind == "known"), default="")
    which, reached = family(row["rules"]), told(rows)
    must = MUST_BE_TOLD[which]
    missing = tuple(organ for organ in must if organ not in reached) if known else ()
    beside = tuple(organ for organ in TOLD_BESIDE[which] if organ not in reached) if known else ()
    complete = max((reached[organ] for organ in must), default="") if known and not missing else ""
    minutes = minutes_between(known, complete) if complete else None
    return MajorLog(
        lines=lines,
        told=tuple(reached.items()),
        missing=missing,
        missing_beside=beside,
        minutes=minutes,
        late=bool(complete) and complete[:10] > known[:10],
        warning=_warning(register, minutes),
    )


def _warning(register: Register, minutes: int | None) -> Message | None:
    hours = register.setting("major.hours")
    if not hours or minutes is None or minutes <= float(hours) * 60:
        return None
    return Message(
        f"从获知到报告用了 {minutes} 分钟，超过本局规定的 {hours} 小时（条文只说“立即”“及时”，小时数是本局的设置）。",
        f"It took {minutes} minutes from knowledge to report, more than the {hours} hours of the bureau's own rule (the"
        " texts say at once and in time; the hours are a setting of the bureau).",
    )
