"""What a unit or a person owes or may not do: supervision, the log of major matters, recusal; and what else came in."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from models import column_words
from models.records import MatterFile
from ui import law
from ui.context import Context
from ui.parts.layout import line
from ui.parts.text import button, label, notice
from ui.screens.matter.entries import (
    Status,
    Ways,
    block,
    due_status,
    entry,
    joined,
    ledger,
    links,
    of,
    pair,
    said,
    with_article,
)
from ui.screens.matter.seen import Seen, standing_items
from ui.words import day, language, t

if TYPE_CHECKING:
    from models.major_log import MajorLog


def supervision(file: MatterFile, context: Context, ways: Ways, today: date) -> QWidget | None:
    """Return each supervision: the failed duty, what is demanded, the answer, and what came of it."""
    rules = law.rules_of(file)
    made = []
    for one in file.ledgers.get("supervision", ()):
        if one["lifted_on"]:
            status: Status | None = Status(t("life.lifted", day=day(one["lifted_on"])), "done")
        elif one["answered_on"]:
            status = Status(t("life.answered", day=day(one["answered_on"])))
        else:
            status = due_status(one["due_on"], today) or Status(t("life.open"))
        made.append(
            entry(
                context,
                day(one["raised_on"]),
                joined(context.unit_name(one["unit"]), said("supervision", one, "trigger")),
                status,
                (
                    joined(
                        said("supervision", one, "way"),
                        law.clock(one["clock"] or "", rules),
                        of("supervision", one, "due_on"),
                    ),
                    of("supervision", one, "demand"),
                    of("supervision", one, "answer"),
                    of("supervision", one, "adopted") if one["answered_on"] else "",
                    of("supervision", one, "reasons"),
                    of("supervision", one, "finding"),
                ),
                links(file, ways, one["document"]),
            )
        )
    return ledger(t("life.supervision"), context, "late", made)


def major(file: MatterFile, log: MajorLog | None, context: Context, ways: Ways) -> QWidget | None:
    """Return the log of a major or urgent matter: who knew when, who was told when, and who still has to be told."""
    if log is None:
        return None
    made, inside = block(t("life.major"), context, "late", len(log.lines))
    look = context.look

    if log.missing:
        inside.addWidget(notice(t("life.not_told", organs=law.code_list("major_organ", log.missing)), look, "late"))
    if log.missing_beside:
        inside.addWidget(
            notice(t("life.not_told_beside", organs=law.code_list("major_organ", log.missing_beside)), look, "soon")
        )
    if log.warning is not None:
        inside.addWidget(notice(str(log.warning), look, "soon"))
    for at, one in enumerate(log.lines):
        if at:
            inside.addWidget(line())
        row_of = {name: getattr(one, name) for name in ("kind", "place", "people", "claim", "source", "organ", "how")}
        told = joined(said("major_log", row_of, "organ"), one.to_whom, said("major_log", row_of, "how"))
        inside.addWidget(
            entry(
                context,
                one.at.replace(" ", "\n"),
                joined(said("major_log", row_of, "kind"), told),
                None,
                (
                    one.what,
                    joined(*(of("major_log", row_of, name) for name in ("place", "people"))),
                    joined(*(of("major_log", row_of, name) for name in ("claim", "source"))),
                    pair(column_words.column_word("major_log", "staff", language()), one.staff),
                ),
                links(file, ways, one.document),
            )
        )
    return made


def recusals(file: MatterFile, context: Context) -> QWidget | None:
    """Return the recusals: asked or declared, and decided."""
    made = []
    for one in file.ledgers.get("recusal", ()):
        decided = law.code("recusal_decision", one["decision"]) if one["decision"] else ""
        made.append(
            entry(
                context,
                day(one["asked_on"]),
                context.staff_name(one["staff"]),
                Status(decided, "done") if decided else Status(t("life.undecided"), "quiet", "waiting"),
                (
                    joined(law.code("recusal_asked_by", one["asked_by"]), one["ground"]),
                    joined(
                        of("recusal", one, "decided_on"),
                        pair(
                            column_words.column_word("recusal", "decided_by", language()),
                            context.staff_name(one["decided_by"]),
                        ),
                    ),
                ),
            )
        )
    return ledger(t("life.recusals"), context, "sealed", made)


def shifts(file: MatterFile, context: Context) -> QWidget | None:
    """Return the last days that a calendar or rule moved: both days, and why."""
    rules = law.rules_of(file)
    made = [
        entry(
            context,
            day(one.on),
            law.clock(one.clock, rules),
            None,
            (
                t(
                    "life.moved",
                    before=day(one.before_on) or t("life.no_day"),
                    after=day(one.after_on) or t("life.no_day"),
                ),
                one.cause,
            ),
        )
        for one in file.shifts
    ]
    return ledger(t("life.shifts"), context, "calendar", made)


def items(seen: Seen, context: Context, ways: Ways) -> QWidget | None:
    """Return what came in for the matter: its items, those of matters joined to it, and what to do with the latest."""
    file = seen.file
    own = standing_items(file)
    root = file.matter.get("joined")
    if len(own) < 2 and not seen.joined and not root:
        return None
    made, inside = block(t("life.items"), context, "same", len(own) + len(seen.joined))
    look = context.look
    if isinstance(root, int):
        inside.addWidget(
            notice(
                t("life.joined_to"),
                look,
                "accent",
                action=button(t("life.open_matter"), partial(ways.matter, root), "quiet"),
            )
        )
    for one in own:
        inside.addWidget(
            entry(context, day(str(one["received_on"])), f"{one['number']}  {law.code('channel', str(one['channel']))}")
        )
    for other in seen.joined:
        inside.addWidget(
            entry(
                context,
                day(other.received_on),
                f"{other.item_number}  {law.code('channel', other.channel)}",
                None,
                (),
                [(t("life.open_joined", number=other.matter_number), partial(ways.matter, other.matter))],
            )
        )
    if seen.advice is not None and seen.advice.code != "first":
        words = with_article(seen.advice.words, seen.advice.article)
        inside.addWidget(label(t("life.advice"), "label"))
        inside.addWidget(label(words, "second", wrap=True, copy=True))
    return made
