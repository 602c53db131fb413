"""Who is called now, with the brief and what was typed before: what the chief's mode asks the register for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from models.errors import RegisterError
from models.records import DraftLine
from ui.port import DeskPort
from ui.words import sentence

if TYPE_CHECKING:
    from models.reception.records import Board, Brief, Docket, VisitLine

DRAFT = "reception"
"""Kind of the drafts that are kept of records."""
LIVE = ("waiting", "called")


class Kept:
    """What is kept of one record while it is typed. Touched on the worker only, so that saves never race."""

    def __init__(self, number: int | None) -> None:
        self.number = number
        self.content: dict[str, Any] | None = None

    def save(self, desk: DeskPort, content: dict[str, Any]) -> bool:
        """Keep the record; False when it is kept so already."""
        if content == self.content:
            return False
        self.number = desk.save_draft(DRAFT, content, self.number)
        self.content = content
        return True

    def forget(self, desk: DeskPort) -> None:
        """Forget it: the record was entered."""
        if self.number is not None:
            desk.discard_draft(self.number)
        self.number, self.content = None, None


@dataclass(frozen=True, slots=True)
class Called:
    """Who is called now, if anybody."""

    on: date
    docket: Docket
    board: Board
    visit: VisitLine | None
    brief: Brief | None
    refused: str
    draft: DraftLine | None


def fetch(desk: DeskPort, reception: int) -> Called:
    """Ask for the visitor who is called; drafts of those who were received or left go. Runs on the worker."""
    docket = desk.reception.docket(reception)
    visit = next((one for one in docket.lines if one.state == "called"), None)
    brief, refused = None, ""
    if visit is not None:
        try:
            brief = desk.reception.brief(visit.id)
        except RegisterError as error:
            refused = sentence(error)
    live = {one.id for one in docket.lines if one.state in LIVE}
    known = {one.id for one in docket.lines}
    draft = None
    for one in desk.drafts():
        if one.kind == DRAFT and one.content.get("visit") in known:
            if one.content["visit"] not in live:
                desk.discard_draft(one.id)
            elif visit is not None and one.content["visit"] == visit.id and draft is None:
                draft = one
    return Called(desk.reception.on, docket, desk.reception.board(reception), visit, brief, refused, draft)
