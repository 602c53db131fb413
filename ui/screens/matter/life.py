"""What was done with a matter: hand-overs, hearing, agreements, service, review, carrying out, follow-up, rating.

Each block stands only when it has rows (`MatterFile.ledgers`), in the order of the days, with its papers linked.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import orjson
from PySide6.QtWidgets import QWidget

from models import column_words
from models.records import MatterFile
from ui import law
from ui.context import Context
from ui.parts.layout import Wrapping, box, column, row
from ui.parts.text import button, chip, label
from ui.screens.matter.entries import (
    Status,
    Ways,
    block,
    document_words,
    due_status,
    entry,
    joined,
    ledger,
    links,
    of,
    pair,
    said,
    until,
)
from ui.words import day, language, t

if TYPE_CHECKING:
    from models.steps.rating import Rating

ANSWERED = frozenset({"answered", "agreed"})
"""Ways in which a hand-over ends well."""
UNDECIDED = Status("", "quiet", "waiting")


def handovers(file: MatterFile, context: Context, ways: Ways, today: date) -> QWidget | None:
    """Return the ledger of hand-overs: who gave it to whom, when, why, until when, and how it ended."""
    made = []
    for one in file.ledgers.get("handover", ()):
        sender = one["sender_name"] or context.unit_name(one["sender"])
        receiver = one["receiver_name"] or context.unit_name(one["receiver"])
        way = t("join.arrow").join(part for part in (sender, receiver) if part)
        words = f"{said('handover', one, 'ended')} {day(one['ended_on'])}"
        ended = Status(words, "done" if one["ended"] in ANSWERED else "quiet") if one["ended_on"] else None
        made.append(
            entry(
                context,
                day(one["on_date"]),
                pair(said("handover", one, "kind"), way) or said("handover", one, "kind"),
                ended or due_status(one["limit_on"], today),
                (
                    joined(
                        pair(t("matter.handler"), context.staff_name(one["officer"])), of("handover", one, "limit_on")
                    ),
                    of("handover", one, "ground"),
                    of("handover", one, "answer"),
                ),
                links(file, ways, one["document"]),
            )
        )
    return ledger(t("life.handovers"), context, "send", made)


def hearings(file: MatterFile, context: Context, ways: Ways, today: date) -> QWidget | None:
    """Return the hearings: ordered, held, concluded."""
    made = []
    for one in file.ledgers.get("hearing", ()):
        held = Status(t("life.held", day=day(one["ended_on"])), "done") if one["ended_on"] else None
        made.append(
            entry(
                context,
                day(one["on_date"]),
                joined(of("hearing", one, "place"), of("hearing", one, "chair")) or t("life.hearing"),
                held or due_status(one["on_date"], today),
                (
                    joined(
                        of("hearing", one, "ordered_on"),
                        pair(
                            column_words.column_word("hearing", "ordered_by", language()),
                            context.staff_name(one["ordered_by"]),
                        ),
                    ),
                    of("hearing", one, "participants"),
                    of("hearing", one, "conclusion"),
                ),
                links(file, ways, one["minutes"]),
            )
        )
    return ledger(t("life.hearings"), context, "people", made)


def agreements(file: MatterFile, context: Context, ways: Ways, today: date) -> QWidget | None:
    """Return the agreements with their performance."""
    places = {claim["id"]: claim["place"] for claim in file.claims}
    made = []
    for one in file.ledgers.get("agreement", ()):
        covered = orjson.loads(one["covers"] or "[]")
        claims = t("join.list").join(str(places[claim]) for claim in covered if claim in places)
        if one["performed_on"]:
            status: Status | None = Status(t("life.performed", day=day(one["performed_on"])), "done")
        elif one["failed_on"]:
            status = Status(t("life.failed", day=day(one["failed_on"])), "late")
        else:
            status = due_status(one["due_on"], today) or Status(t("life.not_performed"), "soon")
        made.append(
            entry(
                context,
                day(one["signed_on"]),
                joined(said("agreement", one, "kind"), pair(t("life.covers"), claims)),
                status,
                (
                    of("agreement", one, "parties"),
                    of("agreement", one, "terms"),
                    joined(of("agreement", one, "due_on"), of("agreement", one, "proof")),
                    of("agreement", one, "reason"),
                ),
                links(file, ways, one["document"]),
            )
        )
    return ledger(t("life.agreements"), context, "claim", made)


def tasks(file: MatterFile, context: Context, ways: Ways, today: date) -> QWidget | None:
    """Return what is to be carried out, open duties first, each with its last day."""
    found = sorted(file.ledgers.get("task", ()), key=lambda one: (bool(one["done_on"]), one["due_on"] or "9"))
    places = {claim["id"]: claim["place"] for claim in file.claims}
    made = []
    for one in found:
        done = Status(t("life.done", day=day(one["done_on"])), "done") if one["done_on"] else None
        made.append(
            entry(
                context,
                day(one["opened_on"]),
                one["what"],
                done or due_status(one["due_on"], today) or Status(t("life.open")),
                (
                    joined(
                        said("task", one, "kind"),
                        pair(t("matter.unit"), context.unit_name(one["unit"])),
                        pair(t("life.claim"), places.get(one["claim"], "")),
                        of("task", one, "due_on"),
                    ),
                    of("task", one, "proof"),
                ),
                links(file, ways, one["document"]),
            )
        )
    return ledger(t("life.tasks"), context, "done", made)


def services(file: MatterFile, context: Context, ways: Ways) -> QWidget | None:
    """Return every attempt to serve, in its order."""
    known = {document.id: document for document in file.documents}
    tones = {"served": "done", "failed": "soon", "refused": "soon"}
    made = []
    for one in file.ledgers.get("service", ()):
        served = known.get(one["document"])
        made.append(
            entry(
                context,
                day(one["on_date"]),
                joined(document_words(served) if served else "", said("service", one, "way")),
                Status(said("service", one, "outcome"), tones.get(one["outcome"], "quiet")),  # type: ignore[arg-type]  # the tones stand above
                (
                    joined(*(of("service", one, name) for name in ("receiver", "relation", "place"))),
                    joined(*(of("service", one, name) for name in ("witness", "consent"))),
                    of("service", one, "reason"),
                    joined(pair(t("life.server"), context.staff_name(one["server"])), of("service", one, "checked_on")),
                ),
                links(file, ways, one["proof"]),
            )
        )
    return ledger(t("life.services"), context, "letter", made)


def reviews(file: MatterFile, context: Context, ways: Ways) -> QWidget | None:
    """Return review and re-review as one record: each level with its steps in a row."""
    found: tuple[dict[str, Any], ...] = file.ledgers.get("review", ())
    if not found:
        return None
    made, inside = block(t("life.reviews"), context, "folder", len(found))
    look = context.look
    for one in found:
        card = box("card")
        down = column(card, look, 1)
        down.setContentsMargins(look.space(3), look.space(2), look.space(3), look.space(2))
        head = row(None, look, 2)
        head.addWidget(label(f"{said('review', one, 'level')}  {one['organ']}", "strong", wrap=True, copy=True), 1)
        result = said("review", one, "result")
        status = Status(result, "done" if one["result"] == "upheld" else "soon") if result else UNDECIDED
        head.addWidget(chip(status.words or t("life.undecided"), look, status.tone, status.meaning))
        down.addLayout(head)
        steps = Wrapping(look, 2)
        for name in ("requested_on", "sent_on", "decided_on", "served_on", "limit_on"):
            if one[name]:
                steps.add(label(of("review", one, name), "second", copy=True))
        down.addWidget(steps)
        if one["cause"]:
            down.addWidget(label(of("review", one, "cause"), "second", wrap=True, copy=True))
        flow = Wrapping(look, 1)
        for words, opened in links(file, ways, one["answer"], one["bundle"], one["opinion"]):
            flow.add(button(words, opened, "quiet", picture_of="document", look=look))
        down.addWidget(flow)
        card.setAccessibleName(joined(said("review", one, "level"), one["organ"], result))
        inside.addWidget(card)
    return made


def follow_ups(file: MatterFile, context: Context, ways: Ways) -> QWidget | None:
    """Return the follow-ups: was it carried out, what does the petitioner say."""
    made = [
        entry(
            context,
            day(one["on_date"]),
            joined(
                one["way"],
                pair(t("life.officer"), context.staff_name(one["officer"])),
            ),
            Status(said("follow_up", one, "carried_out"), "done" if one["carried_out"] == "yes" else "quiet")
            if one["carried_out"]
            else None,
            (of("follow_up", one, "view"), one["record"]),
            links(file, ways, one["document"]),
        )
        for one in file.ledgers.get("follow_up", ())
    ]
    return ledger(t("life.follow_ups"), context, "call", made)


def ratings(found: tuple[Rating, ...], context: Context) -> QWidget | None:
    """Return the petitioner's ratings as they stand today."""
    made = [
        entry(
            context,
            day(one.rated_on),
            law.code("rating_target", one.target),
            Status(
                law.code("rating", one.value) if one.value else law.code("rating_state", one.state),
                "done" if one.value else "quiet",
            ),
            (one.reason, until(t("life.rate_until"), one.last_on) if one.state == "pending" else ""),
        )
        for one in found
    ]
    return ledger(t("life.ratings"), context, "claim", made)
