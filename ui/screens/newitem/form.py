"""The form itself: one column, sections in the order of talk, what is rarely needed appears on request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from models.intake import title_of
from models.records import ItemDraft
from ui.context import Context
from ui.parts.fields import DateField, Field, LongText, Segments, code_choice, on_change, text_line
from ui.parts.layout import Wrapping, column, row
from ui.parts.text import button
from ui.screens.newitem.papers import Papers
from ui.screens.newitem.people import PeopleSection, section
from ui.screens.newitem.rows import AccusedRows, ClaimRows
from ui.words import t

CHANNELS = ("visit", "letter", "call", "web", "fax")


class ItemForm(QWidget):
    """All fields of an item, filled from a draft and read back as one."""

    changed = Signal()

    def __init__(self, context: Context, draft: ItemDraft) -> None:
        super().__init__()
        self.context = context
        self._kept = draft
        look = context.look
        outer = column(self, look, 6)
        outer.setSpacing(look.space(6))
        self._make_how(draft, outer.addWidget)
        box, add = section(t("new.who"), context)
        self.people = PeopleSection(
            context,
            draft.people,
            anonymous=draft.anonymous,
            address_unclear=draft.address_unclear,
            count=draft.people_count,
            channel=draft.channel,
        )
        add(self.people)
        outer.addWidget(box)
        self._make_what(draft, outer.addWidget)
        box, add = section(t("new.asked"), context, t("new.asked_hint"))
        self.claims = ClaimRows(context, draft.claims)
        add(self.claims)
        outer.addWidget(box)
        box, add = section(t("new.accused"), context, t("new.accused_hint"))
        self.accused = AccusedRows(context, draft.accused)
        add(self.accused)
        outer.addWidget(box)
        self._make_class(draft, outer.addWidget)
        box, add = section(t("new.papers"), context)
        self.papers = Papers(context, draft.attachments)
        add(self.papers)
        outer.addWidget(box)
        for part in (self.people, self.claims, self.accused, self.papers):
            part.changed.connect(self.changed)
        self.people.joint_changed.connect(self.joint.setChecked)
        self._channel_changed(draft.channel)

    def _make_how(self, draft: ItemDraft, add_to_form: Callable[[QWidget], object]) -> None:
        look = self.context.look
        box, add = section(t("new.how"), self.context)
        self.channel = Segments(
            [(one, t(f"channel.{one}"), one) for one in CHANNELS], look, draft.channel, t("new.how")
        )
        add(self.channel)
        grid = QWidget()
        cells = QGridLayout(grid)
        cells.setContentsMargins(0, 0, 0, 0)
        cells.setHorizontalSpacing(look.space(3))
        cells.setVerticalSpacing(look.space(2))
        self.received_on = DateField(look, draft.received_on)
        self.received_at = text_line(draft.received_at, placeholder="09:30")
        self.source = code_choice("source", draft.source)
        self.source_name = text_line(draft.source_name)
        self.source_number = text_line(draft.source_number)
        self.transferred_on = DateField(look, draft.transferred_on)
        self.addressee = text_line(draft.addressee)
        self.postmark_on = DateField(look, draft.postmark_on)
        self.fields: dict[str, Field] = {}
        places = (
            ("received_on", self.received_on, 0, 0),
            ("received_at", self.received_at, 0, 1),
            ("source", self.source, 0, 2),
            ("source_name", self.source_name, 1, 0),
            ("source_number", self.source_number, 1, 1),
            ("transferred_on", self.transferred_on, 1, 2),
            ("addressee", self.addressee, 2, 0),
            ("postmark_on", self.postmark_on, 2, 1),
        )
        for name, widget, at, across in places:
            self.fields[name] = Field(t(f"new.{name}"), widget, look)
            cells.addWidget(self.fields[name], at, across)
            on_change(widget, self.changed.emit)
        for across in range(3):
            cells.setColumnStretch(across, 1)
        add(grid)
        add_to_form(box)
        self.channel.chosen.connect(lambda channel: self._channel_changed(str(channel)))
        self.source.currentIndexChanged.connect(lambda _at: self._channel_changed(str(self.channel.value), tell=False))

    def _make_what(self, draft: ItemDraft, add_to_form: Callable[[QWidget], object]) -> None:
        look = self.context.look
        box, add = section(t("new.what"), self.context)
        self.statement = LongText(look, draft.statement, lines=5, placeholder=t("new.statement_placeholder"))
        self.title = text_line(draft.title)
        self.facts = LongText(look, draft.facts, lines=3)
        self.reasons = LongText(look, draft.reasons, lines=2)
        self.problem_on = DateField(look, draft.problem_on)
        self.problem_place = text_line(draft.problem_place)
        for name, widget in (("statement", self.statement), ("title", self.title)):
            self.fields[name] = Field(t(f"new.{name}"), widget, look)
            add(self.fields[name])
        pair = QWidget()
        across = row(pair, look, 3)
        for name, widget in (("problem_on", self.problem_on), ("problem_place", self.problem_place)):
            self.fields[name] = Field(t(f"new.{name}"), widget, look)
            across.addWidget(self.fields[name], 1 if name == "problem_on" else 2)
        add(pair)
        self._facts_box = QWidget()
        inside = column(self._facts_box, look, 3)
        for name, widget in (("facts", self.facts), ("reasons", self.reasons)):
            self.fields[name] = Field(t(f"new.{name}"), widget, look)
            inside.addWidget(self.fields[name])
        add(self._facts_box)
        self._facts_box.setVisible(bool(draft.facts or draft.reasons))
        self.facts_button = button(t("new.add_facts"), self._show_facts, "quiet", picture_of="add", look=look)
        foot = QWidget()
        foot_row = row(foot, look, 2)
        foot_row.addWidget(self.facts_button)
        foot_row.addStretch(1)
        add(foot)
        self.facts_button.setVisible(self._facts_box.isHidden())
        for text in (self.statement, self.facts, self.reasons):
            text.pasted.connect(lambda mime: self.papers.take_mime(mime))
            on_change(text, self._statement_changed)
        for widget in (self.title, self.problem_on, self.problem_place):
            on_change(widget, self.changed.emit)
        self._statement_changed(tell=False)
        add_to_form(box)

    def _make_class(self, draft: ItemDraft, add_to_form: Callable[[QWidget], object]) -> None:
        look = self.context.look
        box, add = section(t("new.class"), self.context)
        grid = QWidget()
        cells = QGridLayout(grid)
        cells.setContentsMargins(0, 0, 0, 0)
        cells.setHorizontalSpacing(look.space(3))
        self.purpose = code_choice("purpose", draft.purpose, none=t("new.later"))
        self.problem_type = code_choice("problem_type", draft.problem_type, none=t("new.later"))
        self.police = code_choice("police", draft.police, none=t("new.later"))
        for across, (name, widget) in enumerate(
            (("purpose", self.purpose), ("problem_type", self.problem_type), ("police", self.police))
        ):
            self.fields[name] = Field(t(f"new.{name}"), widget, look)
            cells.addWidget(self.fields[name], 0, across)
            cells.setColumnStretch(across, 1)
            on_change(widget, self.changed.emit)
        add(grid)
        flags = Wrapping(look, 3)
        self.confidential = QCheckBox(t("new.confidential"))
        self.joint = QCheckBox(t("new.joint"))
        self.confidential.setChecked(draft.confidential)
        self.joint.setChecked(draft.joint)
        for flag in (self.confidential, self.joint):
            flag.toggled.connect(lambda _on: self.changed.emit())
            flags.add(flag)
        add(flags)
        add_to_form(box)

    def _show_facts(self) -> None:
        self._facts_box.show()
        self.facts_button.hide()
        self.facts.setFocus()

    def _statement_changed(self, *, tell: bool = True) -> None:
        words = self.statement.text()
        self.title.setPlaceholderText(
            title_of(ItemDraft(received_on=date.min, statement=words)) if words.strip() else ""
        )
        if tell:
            self.changed.emit()

    def _channel_changed(self, channel: str, *, tell: bool = True) -> None:
        sent = self.source.value != "own"
        for name in ("source_name", "source_number", "transferred_on"):
            self.fields[name].setVisible(sent)
        for name in ("addressee", "postmark_on"):
            self.fields[name].setVisible(channel == "letter")
        self.fields["received_at"].setVisible(channel in ("visit", "call"))
        self.people.set_channel(channel)
        if tell:
            self.changed.emit()

    def set_channel(self, channel: str) -> None:
        """Choose a channel."""
        self.channel.set_value(channel)

    def take_focus(self) -> None:
        """Put the cursor where talk begins: at the name."""
        self.people.cards[0].name.setFocus()

    def wrong_days(self) -> list[DateField]:
        """Return the date fields whose text is not a day."""
        return [field for field in self.findChildren(DateField) if field.text().strip() and field.day is None]

    def draft(self) -> ItemDraft:
        """Return the item as typed."""
        channel = str(self.channel.value)
        letter = channel == "letter"
        sent = self.source.value != "own"
        statement = self.statement.text().strip()
        claims = self.claims.claims()
        return ItemDraft(
            channel=channel,
            received_on=self.received_on.day or self._kept.received_on,
            received_at=self.received_at.text().strip() if channel in ("visit", "call") else "",
            title=self.title.text().strip(),
            statement=statement,
            facts=self.facts.text().strip(),
            reasons=self.reasons.text().strip(),
            claims=claims,
            people=self.people.drafts(),
            accused=self.accused.drafts(),
            attachments=tuple(self.papers.papers),
            purpose=str(self.purpose.value or ""),
            source=str(self.source.value or "own"),
            source_name=self.source_name.text().strip() if sent else "",
            source_number=self.source_number.text().strip() if sent else "",
            transferred_on=self.transferred_on.day if sent else None,
            addressee=self.addressee.text().strip() if letter else "",
            postmark_on=self.postmark_on.day if letter else None,
            people_count=self.people.people_count,
            anonymous=self.people.anonymous.isChecked(),
            address_unclear=self.people.unclear.isChecked(),
            joint=self.joint.isChecked(),
            confidential=self.confidential.isChecked(),
            problem_type=str(self.problem_type.value or ""),
            police=str(self.police.value or ""),
            problem_on=self.problem_on.day,
            problem_place=self.problem_place.text().strip(),
            repeat_of_matter=self._kept.repeat_of_matter,
        )

    def set_repeat_of(self, matter: int | None) -> None:
        """Say that this item repeats a matter, or take it back."""
        self._kept = replace(self._kept, repeat_of_matter=matter)
        self.changed.emit()


def blank(channel: str) -> ItemDraft:
    """Return an empty item received now."""
    now = datetime.now().astimezone()
    at = now.strftime("%H:%M") if channel in ("visit", "call") else ""
    return ItemDraft(channel=channel, received_on=now.date(), received_at=at)
