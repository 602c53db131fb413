"""What the record of a reception says beside the inputs of its act: where, by whom, and all that was instructed.

The signed record names every unit with its day (domain reference, section 13), also those that are entered as further
instructions after it. Letters are in Chinese, whatever the window speaks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from models.letters.kinds import chinese_date

if TYPE_CHECKING:
    from models.reception.records import ReceptionDay


class Given(NamedTuple):
    """An instruction as the record prints it: the unit's name, what it is to do, until when."""

    unit: str
    what: str
    due_on: date


def record_of(day: ReceptionDay, given: Sequence[Given], recorder: str) -> dict[str, str]:
    """Return the fields of the reception record that do not stand among the inputs of the act as they print.

    Args:
        day: The reception day.
        given: Instructions in their order; unit and day of the first one have places of their own in the record.
        recorder: Who writes the record.
    """
    found = {"host": day.host.name, "place": day.place, "recorder": recorder}
    if len(given) > 1:
        further = [
            f"另交由{one.unit}办理：{one.what.rstrip('。')}，{chinese_date(one.due_on)}前办结。" for one in given[1:]
        ]
        found["what"] = "\n".join((given[0].what, *further))
    return found


def present_of(day: ReceptionDay) -> str:
    """Return who is present by the plan: who receives, and who sits beside."""
    return "、".join(part for part in (day.host.name, day.beside) if part)
