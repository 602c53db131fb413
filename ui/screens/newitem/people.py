"""Who: the petitioner first, then others as they are needed. Identification is optional and never blocks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QWidget

from models.records import PersonDraft
from ui.context import Context
from ui.parts.fields import Choice, DateField, Field, code_choice, on_change, text_line
from ui.parts.layout import Wrapping, column, line, row
from ui.parts.text import button, icon_button, label
from ui.words import t

MORE = ("id_kind", "mail_address", "postcode", "email", "sex", "born_on", "household", "workplace", "nationality")
"""Fields that appear on request: only if the petitioner gives them or the route needs them (domain reference, 10.1)."""


class PersonCard(QWidget):
    """One person. Name, telephone, number, address in front; the rest on request."""

    changed = Signal()
    removed = Signal(object)

    def __init__(self, context: Context, draft: PersonDraft, *, first: bool) -> None:
        super().__init__()
        self._look = look = context.look
        self._first = first
        outer = column(self, look, 2)
        if not first:
            outer.addWidget(line())
            head = row(None, look, 2)
            self.role: Choice | None = code_choice("person_role", draft.role)
            self.role.setAccessibleName(t("person.role"))
            head.addWidget(self.role)
            head.addStretch(1)
            head.addWidget(icon_button(t("person.remove"), "remove", look, lambda: self.removed.emit(self)))
            outer.addLayout(head)
            on_change(self.role, self._tell)
        else:
            self.role = None
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.space(3))
        grid.setVerticalSpacing(look.space(2))
        outer.addLayout(grid)
        self.fields: dict[str, Field] = {}
        self.name = text_line(draft.name)
        self.phone = text_line(draft.phone)
        self.id_number = text_line(draft.id_number)
        self.address = text_line(draft.address)
        self._place(grid, 0, 0, "name", self.name)
        self._place(grid, 0, 1, "phone", self.phone)
        self._place(grid, 1, 0, "id_number", self.id_number)
        self._place(grid, 1, 1, "address", self.address)
        self.mandate = text_line(draft.mandate)
        self._place(grid, 2, 0, "mandate", self.mandate)
        self.kind = code_choice("person_kind", draft.kind)
        self._more_box = QWidget()
        inner = QGridLayout(self._more_box)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setHorizontalSpacing(look.space(3))
        inner.setVerticalSpacing(look.space(2))
        self.more: dict[str, QWidget] = {"kind": self.kind}
        self._place(inner, 0, 0, "kind", self.kind)
        for at, name in enumerate(MORE, start=1):
            self.more[name] = self._more_field(context, name, draft)
            self._place(inner, at // 2, at % 2, name, self.more[name])
        outer.addWidget(self._more_box)
        self._more_button = button(t("person.more"), self._toggle_more, "quiet", picture_of="down", look=look)
        foot = row(None, look, 2)
        foot.addWidget(self._more_button)
        foot.addStretch(1)
        outer.addLayout(foot)
        self._more_box.setVisible(
            any(getattr(draft, name) for name in MORE if name not in ("id_kind", "nationality"))
            or draft.kind != "person"
        )
        self._role_changed()

    def _more_field(self, context: Context, name: str, draft: PersonDraft) -> QWidget:
        if name == "id_kind":
            return code_choice("id_kind", draft.id_kind, none=t("person.id_kind_none"))
        if name == "sex":
            return code_choice("sex", draft.sex, none=t("person.not_given"))
        if name == "born_on":
            return DateField(context.look, draft.born_on)
        return text_line(getattr(draft, name))

    def _place(self, grid: QGridLayout, at: int, across: int, name: str, widget: QWidget) -> None:
        field = Field(t(f"person.{name}"), widget, self._look)
        self.fields[name] = field
        grid.addWidget(field, at, across)
        grid.setColumnStretch(across, 1)
        on_change(widget, self._tell)

    def _toggle_more(self) -> None:
        shown = self._more_box.isHidden()
        self._more_box.setVisible(shown)
        self._more_button.setText(t("person.less") if shown else t("person.more"))
        if shown:
            self.kind.setFocus()

    def _tell(self) -> None:
        self._role_changed()
        self.changed.emit()

    def _role_changed(self) -> None:
        self.fields["mandate"].setVisible(self.role is not None and self.role.value == "agent")

    def draft(self, *, main: bool, acts_for: int | None) -> PersonDraft:
        """Return the person as typed."""

        def words(name: str) -> str:
            widget = self.more[name]
            return (
                widget.text().strip()
                if isinstance(widget, QLineEdit)
                else str(widget.value or "")
                if isinstance(widget, Choice)
                else ""
            )

        role = "petitioner" if self.role is None else str(self.role.value)
        born = self.more["born_on"]
        return PersonDraft(
            role=role,
            kind=str(self.kind.value),
            name=self.name.text().strip(),
            main=main,
            id_kind=words("id_kind"),
            id_number=self.id_number.text().strip(),
            address=self.address.text().strip(),
            mail_address=words("mail_address"),
            postcode=words("postcode"),
            phone=self.phone.text().strip(),
            email=words("email"),
            mandate=self.mandate.text().strip() if role == "agent" else "",
            acts_for=acts_for if role == "agent" else None,
            sex=words("sex"),
            born_on=born.day if isinstance(born, DateField) else None,
            household=words("household"),
            workplace=words("workplace"),
            nationality=words("nationality"),
        )

    def blank(self) -> bool:
        """Return whether nothing is typed here."""
        return not any(
            widget.text().strip() for widget in (self.name, self.phone, self.id_number, self.address, self.mandate)
        )


SIGNATORIES_SHOWN = 5


class PeopleSection(QWidget):
    """All people of the item, how many came, and who signed with them."""

    changed = Signal()
    joint_changed = Signal(bool)
    """A list of signatories was taken in, or emptied."""

    def __init__(
        self,
        context: Context,
        people: tuple[PersonDraft, ...],
        *,
        anonymous: bool,
        address_unclear: bool,
        count: int | None,
        channel: str,
    ) -> None:
        super().__init__()
        self.context = context
        look = context.look
        self.cards: list[PersonCard] = []
        outer = column(self, look, 3)
        self._cards = column(None, look, 3)
        outer.addLayout(self._cards)
        buttons = Wrapping(look, 2)
        for role in ("petitioner", "representative", "agent"):
            buttons.add(
                button(
                    t(f"person.add_{role}"),
                    partial(self.add, PersonDraft(role=role), focus=True),
                    "quiet",
                    picture_of="add",
                    look=look,
                )
            )
        self.anonymous = QCheckBox(t("person.anonymous"))
        self.anonymous.setChecked(anonymous)
        self.unclear = QCheckBox(t("person.unclear"))
        self.unclear.setChecked(address_unclear)
        self.unclear.setToolTip(t("person.unclear_tip"))
        buttons.add(self.anonymous)
        buttons.add(self.unclear)
        outer.addWidget(buttons)
        self.signatories = tuple(person for person in people if person.role == "signatory")
        self._signed = row(None, look, 2)
        self.signed_words = label("", "second", wrap=True)
        self.sign_button = button(t("joint.paste"), self.paste_list, "quiet", picture_of="people", look=look)
        self._signed.addWidget(self.sign_button)
        self._signed.addWidget(self.signed_words, 1)
        outer.addLayout(self._signed)
        self.count = text_line(str(count or ""), placeholder=t("person.count_as_named"))
        self.count.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.count_field = Field(t("person.count"), self.count, look, hint=t("person.count_hint"))
        self.count_field.setMaximumWidth(look.size(360))
        outer.addWidget(self.count_field)
        self.anonymous.toggled.connect(lambda _on: self._anonymous_changed())
        self.unclear.toggled.connect(lambda _on: self.changed.emit())
        on_change(self.count, self.changed.emit)
        for person in tuple(one for one in people if one.role != "signatory") or (PersonDraft(),):
            self.add(person)
        self._show_signatories()
        self.set_channel(channel)
        self._anonymous_changed(tell=False)

    def add(self, draft: PersonDraft, *, focus: bool = False) -> PersonCard:
        """Add a person."""
        card = PersonCard(self.context, draft, first=not self.cards)
        card.changed.connect(self.changed)
        card.removed.connect(self._remove)
        self.cards.append(card)
        self._cards.addWidget(card)
        if focus:
            card.name.setFocus()
            self.changed.emit()
        self.set_channel(getattr(self, "_channel", "visit"))
        return card

    def _remove(self, card: PersonCard) -> None:
        at = self.cards.index(card)
        self.cards.remove(card)
        card.hide()
        card.deleteLater()
        self.cards[at - 1].name.setFocus()
        self.changed.emit()

    def _anonymous_changed(self, *, tell: bool = True) -> None:
        for card in self.cards:
            card.setVisible(not self.anonymous.isChecked())
        if tell:
            self.changed.emit()

    # A joint letter.

    def paste_list(self) -> None:
        """Take the list of those who signed."""
        from ui.screens.newitem.signatories import SignatoriesSheet

        sheet = SignatoriesSheet(self.context, self.signatories)
        sheet.taken.connect(self._take_signatories)
        self.context.sheet_wanted.emit(sheet)

    def _take_signatories(self, people: tuple[PersonDraft, ...]) -> None:
        self.signatories = people
        self._show_signatories()
        self.joint_changed.emit(bool(people))
        self.changed.emit()

    def _show_signatories(self) -> None:
        count = len(self.signatories)
        names = t("join.list").join(person.name for person in self.signatories[:SIGNATORIES_SHOWN])
        more = t("joint.signed_more", names=names, count=count) if count > SIGNATORIES_SHOWN else ""
        self.signed_words.setText((more or t("joint.signed", names=names, count=count)) if count else "")
        words = t("joint.change") if count else t("joint.paste")
        self.sign_button.setText(words)
        self.sign_button.setAccessibleName(words)

    def set_channel(self, channel: str) -> None:
        """Ask how many came when it is a visit, and for a joint letter when several sign."""
        self._channel = channel
        self.count_field.setVisible(channel == "visit" or len(self.cards) > 1)

    @property
    def people_count(self) -> int | None:
        """Return how many came, None when as many as are named."""
        typed = self.count.text().strip()
        return int(typed) if typed.isdecimal() and int(typed) else None

    def drafts(self) -> tuple[PersonDraft, ...]:
        """Return the people as typed, without blank ones; an agent acts for the first petitioner."""
        if self.anonymous.isChecked():
            return ()
        kept = [card for card in self.cards if not card.blank()]
        principal = next(
            (at for at, card in enumerate(kept) if card.role is None or card.role.value == "petitioner"), None
        )
        named = tuple(
            card.draft(main=at == (principal or 0), acts_for=principal if principal != at else None)
            for at, card in enumerate(kept)
        )
        return (*named, *self.signatories)

    def doubt(self, field: str, words: str) -> bool:
        """Show a doubt at a field named `people[N].id_number` or `id_number`; False when it is not ours."""
        if field == "representatives":
            self.count_field.doubt(words, "late")
            return True
        digits = "".join(letter for letter in field if letter.isdigit())
        name = field.replace("]", "").split(".")[-1]
        at = int(digits) if digits else 0
        kept = [card for card in self.cards if not card.blank()]
        if at < len(kept) and name in kept[at].fields:
            kept[at].fields[name].doubt(words)
            return True
        return False

    def clear_doubts(self) -> None:
        """Take all doubts away."""
        if self.count_field.doubted:
            self.count_field.doubt("")
        for card in self.cards:
            for field in card.fields.values():
                if field.doubted:
                    field.doubt("")


def section(title: str, context: Context, hint: str = "") -> tuple[QWidget, Callable[[QWidget], None]]:
    """Return a titled section of the form, and how to add to it."""
    look = context.look
    made = QWidget()
    inside = column(made, look, 3)
    heading = label(title, "section")
    inside.addWidget(heading)
    if hint:
        inside.addWidget(label(hint, "small", wrap=True))
    made.setAccessibleName(title)
    return made, inside.addWidget
