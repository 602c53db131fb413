"""What the page of a matter asks of the desk in one go: the file, the closed acts, and what is told beside the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.records import ClosedAct, MatterFile

if TYPE_CHECKING:
    from models.major_log import MajorLog
    from models.programme.records import CaseFile
    from models.repeats import JoinedItem, RepeatAdvice
    from models.steps.rating import Rating
    from ui.port import DeskPort


class Seen(NamedTuple):
    """One matter as it is shown.

    Attributes:
        file: The matter's file.
        closed: Acts that are not open, each with its reason; none for an outline.
        joined: Items of the matters that were joined to this one.
        advice: What the working rule says about the latest repeat item; None when the matter has one item only.
        ratings: The petitioner's ratings as they stand today.
        major: The log of a major or urgent matter; None when nothing was logged.
        cases: Its places in key-case programmes, the one entered last first.
    """

    file: MatterFile
    closed: tuple[ClosedAct, ...] = ()
    joined: tuple[JoinedItem, ...] = ()
    advice: RepeatAdvice | None = None
    ratings: tuple[Rating, ...] = ()
    major: MajorLog | None = None
    cases: tuple[CaseFile, ...] = ()


def standing_items(file: MatterFile) -> list[dict[str, object]]:
    """Return the items of a matter whose registration stands, oldest first."""
    return [item for item in file.items if not item.get("cancelled")]


def fetch(desk: DeskPort, matter: int) -> Seen:
    """Ask the desk for a matter; on the worker.

    Raises:
        InputError: No such matter, or one that this person may not know of.
    """
    file = desk.matter(matter)
    if file.sight != "full":
        return Seen(file)
    duties, items = desk.duties, standing_items(file)
    return Seen(
        file,
        closed=desk.open_acts(matter)[1],
        joined=duties.joined_items(matter),
        advice=duties.repeat_advice(matter, int(str(items[-1]["id"]))) if len(items) > 1 else None,
        ratings=desk.ratings(matter) if "rating" in file.ledgers else (),
        major=duties.major_log(matter) if "major_log" in file.ledgers else None,
        cases=desk.programmes.of_matter(matter),
    )
