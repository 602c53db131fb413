"""The papers of a matter: letters and forms of ours, what came in with its scan, and which letter to draft."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from models.records import AttachmentLine, DocumentLine, MatterFile
from ui import law
from ui.context import Context
from ui.parts.layout import Wrapping, row
from ui.parts.text import button, label
from ui.screens.matter.entries import block, document_words, entry, joined
from ui.screens.matter.pick import GroupedSheet
from ui.words import both, day, size, t

FIRST = 12
"""Papers handed in that are shown at first."""

FOR_SIGNATURE = ("withdrawal_form", "commitment_letter", "commitment_record", "reception_record", "service_proof")
"""Forms that are printed for the petitioner to fill in or to sign."""


def documents(
    file: MatterFile,
    context: Context,
    opened: Callable[[DocumentLine], None],
    draft: Callable[[], None],
    bind: Callable[[], None],
) -> QWidget:
    """Return the letters and forms, then the papers that came in."""
    ours = [one for one in file.documents if one.state != "incoming"]
    incoming = [one for one in file.documents if one.state == "incoming"]
    made, inside = block(t("matter.documents"), context, "document", len(file.documents))
    look = context.look
    for document in ours:
        holder = row(None, look, 2)
        if document.size:
            holder.addWidget(
                button(document_words(document), partial(opened, document), "quiet", picture_of="document", look=look)
            )
        else:
            holder.addWidget(label(document_words(document), wrap=True), 1)
        holder.addStretch(1)
        if document.state != "issued":
            holder.addWidget(label(law.code("document_state", document.state), "small", tone="soon"))
        holder.addWidget(label(day(document.dated_on), "small"))
        inside.addLayout(holder)
        if document.reason:
            inside.addWidget(label(t("correct.why", reason=document.reason), "small", wrap=True, copy=True))
    if not file.documents:
        inside.addWidget(label(t("matter.documents_none"), "second", wrap=True))
    if incoming:
        inside.addWidget(label(t("papers.incoming"), "label"))
    for document in incoming:
        scan = [(t("papers.scan"), partial(opened, document))] if document.attachment or document.size else []
        inside.addWidget(
            entry(
                context,
                day(document.received_on or document.dated_on),
                document_words(document),
                None,
                (joined(document.organ, document.told),),
                scan,
            )
        )
    foot = Wrapping(look, 2)
    foot.add(button(t("matter.draft_letter"), draft, "quiet", picture_of="add", look=look))
    if file.documents or file.attachments:
        foot.add(button(t("bundle.open"), bind, "quiet", picture_of="backup", look=look))
    inside.addWidget(foot)
    return made


def papers(
    file: MatterFile,
    context: Context,
    opened: Callable[[AttachmentLine], None],
    add: Callable[[], None],
    *,
    whole: bool,
    show_whole: Callable[[], None],
) -> QWidget:
    """Return the papers handed in; the scan of an incoming document stands with that document."""
    scans = {document.attachment for document in file.documents}
    found = [one for one in file.attachments if one.id not in scans]
    made, inside = block(t("matter.papers"), context, "paper", len(found))
    look = context.look
    for paper in found if whole else found[:FIRST]:
        holder = row(None, look, 2)
        holder.addWidget(button(paper.name, partial(opened, paper), "quiet", picture_of="paper", look=look))
        holder.addStretch(1)
        holder.addWidget(label(size(paper.size), "small"))
        inside.addLayout(holder)
    if not found:
        inside.addWidget(label(t("matter.papers_none"), "second", wrap=True))
    foot = Wrapping(look, 2)
    if not whole and len(found) > FIRST:
        foot.add(button(t("papers.all", count=len(found)), show_whole, "quiet"))
    foot.add(button(t("matter.add_paper"), add, "quiet", picture_of="add", look=look))
    inside.addWidget(foot)
    return made


class LetterKindsSheet(GroupedSheet):
    """Which letter to draft, outside of an act: forms for the petitioner first."""

    chosen = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__(context, t("matter.draft_letter"))
        self.search.setPlaceholderText(t("papers.search"))
        self.search.setAccessibleName(t("papers.search"))
        from models.letters.kinds import kinds

        found = {one.code: one for one in kinds()}
        forms = [found[code] for code in FOR_SIGNATURE]
        inner = [one for one in found.values() if not one.series_word and one not in forms]
        letters = [one for one in found.values() if one.series_word]
        for title, group in (
            (t("papers.for_signature"), forms),
            (t("papers.numbered"), letters),
            (t("papers.inner"), inner),
        ):
            self.add_group(
                title,
                [
                    (partial(self._row, one.code, both(one.name_zh, one.name_en)), f"{one.name_zh} {one.name_en}")
                    for one in group
                ],
            )
        self.finish_body()

    def _row(self, kind: str, words: str) -> QWidget:
        return button(words, partial(self.chosen.emit, kind), "row", picture_of="document", look=self.context.look)
