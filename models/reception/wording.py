"""What the record of a reception says beside the inputs of its act: who received, and to whom it was given by when.

The leader's decision names unit and day there and then (domain reference, section 13); the signed record has to say all
of them, also those that are entered as further instructions. Letters are in Chinese, whatever the window speaks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def record_of(day: ReceptionDay, said: Mapping[str, str], given: Sequence[Given], recorder: str) -> dict[str, str]:
    """Return the fields of the reception record.

    Args:
        day: The reception day.
        said: statement, answer_given, decision and present, as typed.
        given: Instructions, in their order.
        recorder: Who writes the record.
    """
    told = [f"交由{one.unit}办理：{one.what.rstrip('。')}，{chinese_date(one.due_on)}前办结。" for one in given]
    return {
        **{name: said.get(name, "") for name in ("statement", "answer_given", "present")},
        "decision": "\n".join(part for part in (said.get("decision", ""), *told) if part),
        "on": day.on.isoformat(),
        "place": day.place,
        "host": day.host.name,
        "recorder": recorder,
    }
