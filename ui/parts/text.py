"""Words on the page: labels by role, long text, chips with icon and word, notices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from ui import icons
from ui.parts.layout import box, column, row
from ui.tokens import SOON_DAYS, Look, Tone
from ui.words import days_left, t


def label(words: str, role: str = "", *, tone: str = "", wrap: bool = False, copy: bool = False) -> QLabel:
    """Return a label of a role of the stylesheet. `copy` lets its words be selected with mouse and keyboard."""
    made = QLabel(words)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    if tone:
        made.setProperty("tone", tone)
    if wrap:
        made.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        made.setSizePolicy(policy)
    if copy:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        made.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    return made


def prose(words: str, role: str = "") -> QLabel:
    """Return long text at a line height of 1.5, as Chinese is read best; its words can be selected."""
    made = label("", role, wrap=True)
    made.setTextFormat(Qt.TextFormat.RichText)
    from html import escape  # not before the first paint

    paragraphs = "".join(
        f'<p style="margin:0 0 6px 0; line-height:150%">{escape(part) or "&nbsp;"}</p>' for part in words.splitlines()
    )
    made.setText(paragraphs)
    made.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    made.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    return made


def picture(meaning: str, look: Look, colour: str, pixels: int = 16) -> QLabel:
    """Return an icon that says nothing to a screen reader: the word beside it does."""
    made = QLabel()
    made.setPixmap(icons.picture(meaning, colour, look.size(pixels)))
    made.setFixedSize(look.size(pixels), look.size(pixels))
    return made


def chip(words: str, look: Look, tone: Tone = "quiet", meaning: str = "") -> QFrame:
    """Return a word on its ground, with the icon of its tone."""
    made = box("chip", tone=tone)
    inside = row(made, look, 1)
    inside.setContentsMargins(look.space(2), look.space(1) // 2, look.space(2), look.space(1) // 2)
    pictured = meaning or {"late": "late", "soon": "soon", "done": "done"}.get(tone, "")
    if pictured:
        inside.addWidget(picture(pictured, look, look.colours.tone(tone)[0], 14))
    inside.addWidget(label(words))
    made.setAccessibleName(words)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    return made


def due_tone(due_on: date | None, today: date) -> Tone:
    """Return the tone of a last lawful day: late once it has passed, soon within three days."""
    if due_on is None:
        return "quiet"
    left = (due_on - today).days
    return "late" if left < 0 else "soon" if left <= SOON_DAYS else "quiet"


def due_chip(due_on: date | None, today: date, look: Look) -> QFrame:
    """Return how far a last lawful day is, in its tone."""
    if due_on is None:
        return chip(t("days.no_calendar"), look, "soon", "late")
    return chip(
        days_left((due_on - today).days),
        look,
        due_tone(due_on, today),
        "" if due_tone(due_on, today) != "quiet" else "clock",
    )


def button(
    words: str,
    pressed: Callable[[], object] | None = None,
    kind: str = "",
    *,
    picture_of: str = "",
    look: Look | None = None,
) -> QPushButton:
    """Return a push button of a kind of the stylesheet, with an icon when `look` is given."""
    made = QPushButton(words)
    if kind:
        made.setProperty("kind", kind)
    made.setAccessibleName(words)
    made.setAutoDefault(False)
    if picture_of and look is not None:
        colour = {"primary": look.colours.on_press, "quiet": look.colours.accent, "danger": look.colours.late}.get(
            kind, look.colours.ink
        )
        made.setIcon(icons.icon(picture_of, colour))
        made.setIconSize(picture_size(look))
    if pressed is not None:
        made.clicked.connect(lambda: pressed())
    return made


def icon_button(words: str, meaning: str, look: Look, pressed: Callable[[], object] | None = None) -> QToolButton:
    """Return a button that shows an icon only; its words are its tip and its accessible name."""
    made = QToolButton()
    made.setProperty("kind", "icon")
    made.setIcon(icons.icon(meaning, look.colours.second))
    made.setIconSize(picture_size(look))
    made.setFixedSize(
        look.size(30), look.size(30)
    )  # else an early layout may leave an icon no room at all, and Qt warns
    made.setToolTip(words)
    made.setAccessibleName(words)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    if pressed is not None:
        made.clicked.connect(lambda: pressed())
    return made


def picture_size(look: Look, pixels: int = 18) -> QSize:
    """Return the size of an icon in a button."""
    return QSize(look.size(pixels), look.size(pixels))


def notice(words: str, look: Look, tone: Tone, *, action: QWidget | None = None) -> QFrame:
    """Return a sentence on its ground, with the icon of its tone and at most one thing to do."""
    made = box("notice", tone=tone)
    inside = row(made, look, 2)
    inside.setContentsMargins(look.space(3), look.space(2), look.space(3), look.space(2))
    meaning = {"late": "late", "soon": "doubt", "done": "done"}.get(tone, "doubt")
    said = label(words, wrap=True)
    sign = picture(meaning, look, look.colours.tone(tone)[0], 18)
    if action is None:  # beside the first line
        sign.setFixedHeight(max(look.size(18), said.fontMetrics().lineSpacing()))
        inside.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
    else:
        inside.addWidget(sign)
    inside.addWidget(said, 1)
    if action is not None:
        inside.addWidget(action)
    made.setAccessibleName(words)
    return made


def empty(title: str, advice: str, look: Look, *, meaning: str = "empty", action: QWidget | None = None) -> QWidget:
    """Return a designed emptiness: what it is, what to do, one button."""
    made = QWidget()
    inside = column(made, look, 2, 6)
    inside.addStretch(1)
    inside.addWidget(picture(meaning, look, look.colours.third, 40), 0, Qt.AlignmentFlag.AlignHCenter)
    inside.addWidget(_centred(label(title, "section", wrap=True)))
    inside.addWidget(_centred(label(advice, "second", wrap=True)))
    if action is not None:
        inside.addSpacing(look.space(2))
        inside.addWidget(action, 0, Qt.AlignmentFlag.AlignHCenter)
    inside.addStretch(2)
    return made


def _centred(words: QLabel) -> QLabel:
    words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return words
