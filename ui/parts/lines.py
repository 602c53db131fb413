"""Lists of lines that are pressed: a line says what is to be done and about what; J and K go from line to line.

Lines are made a few at a time, so that a page with many of them is shown at once and used while the rest follow.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui.keys import way_of
from ui.parts.layout import column, line, row
from ui.parts.text import label
from ui.tokens import Look
from ui.words import said_of

AT_ONCE = 6
"""Lines made before the first paint; the others follow, a few at a time, while the page can be used already."""
A_STEP = 4


class LineButton(QPushButton):
    """A whole line that is pressed: what in front, about what under it, when and whose at the right; `below`."""

    def __init__(
        self,
        look: Look,
        head: str,
        under: str,
        *,
        chips: tuple[QWidget, ...] = (),
        small: str = "",
        third: str = "",
        below: QWidget | None = None,
    ) -> None:
        super().__init__()
        self.setProperty("kind", "row")
        self.setAutoDefault(False)
        wide = row(None, look, 3)
        self.setLayout(wide)
        wide.setContentsMargins(look.space(2), look.space(2), look.space(2), look.space(2))
        words = column(None, look, 0)
        words.setSpacing(look.space(1) // 2)
        words.addWidget(label(head, "strong", wrap=True))
        if under:
            words.addWidget(label(under, "second", wrap=True))
        if third:
            words.addWidget(label(third, "small", wrap=True))
        if below is not None:
            words.addSpacing(look.space(1))
            words.addWidget(below)
        wide.addLayout(words, 1)
        right = column(None, look, 0)
        right.setSpacing(look.space(1) // 2)
        for chip in chips:
            right.addWidget(chip, 0, Qt.AlignmentFlag.AlignRight)
        if small:
            right.addWidget(label(small, "small"), 0, Qt.AlignmentFlag.AlignRight)
        right.addStretch(1)
        wide.addLayout(right)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        said = (chip.accessibleName() for chip in chips)
        self.setAccessibleName(said_of(head, under, third, *said, small, below.accessibleName() if below else ""))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open on Enter as on space: a line is no button of a dialog."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def heightForWidth(self, width: int) -> int:
        """Be as high as the words need."""
        layout = self.layout()
        return layout.heightForWidth(width) if layout is not None else super().heightForWidth(width)

    def hasHeightForWidth(self) -> bool:
        """Say that the height follows from the width."""
        return True

    def sizeHint(self) -> QSize:
        """Ask for what the layout asks for, not for a button's own text."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Never be smaller than the words."""
        layout = self.layout()
        return layout.minimumSize() if layout is not None else super().minimumSizeHint()


class Lines:
    """The lines of a page, in any number of columns of it; `place` is their order for J and K."""

    def __init__(self, owner: QWidget) -> None:
        self._owner = owner
        self._later: list[tuple[QVBoxLayout, Callable[[], LineButton]]] = []
        self._made: list[LineButton] = []
        self._more = QTimer(owner)
        self._more.setInterval(0)
        self._more.timeout.connect(self._go_on)

    def clear(self) -> None:
        """Forget all lines; their widgets go with the page."""
        self._more.stop()
        self._later, self._made = [], []

    def add(self, where: QVBoxLayout, make: Callable[[], LineButton]) -> None:
        """Add a line at the end of a column, now or as soon as there is time."""
        if len(self._made) < AT_ONCE:
            self._make(where, make)
        else:
            self._later.append((where, make))
            self._more.start()

    def finish(self) -> None:
        """Make all lines that wait."""
        while self._later:
            self._go_on()

    def _make(self, where: QVBoxLayout, make: Callable[[], LineButton]) -> None:
        if where.count():
            where.addWidget(line())
        made = make()
        self._made.append(made)
        where.addWidget(made)

    def _go_on(self) -> None:
        some, self._later = self._later[:A_STEP], self._later[A_STEP:]
        for where, make in some:
            self._make(where, make)
        if not self._later:
            self._more.stop()

    @property
    def buttons(self) -> list[LineButton]:
        """Return the lines made, from the top of the page to its foot."""
        return sorted(self._made, key=lambda made: made.mapTo(self._owner, made.rect().topLeft()).y())

    def take_focus(self) -> bool:
        """Put the focus on the first line; False when there is none."""
        found = self.buttons
        if found:
            found[0].setFocus(Qt.FocusReason.OtherFocusReason)
        return bool(found)

    def step(self, event: QKeyEvent) -> bool:
        """Go from line to line with J, K and the arrows; False when the key means something else."""
        ahead = way_of(event)
        found = self.buttons if ahead and event.modifiers() == Qt.KeyboardModifier.NoModifier else []
        if not found:
            return False
        now = next((at for at, made in enumerate(found) if made.hasFocus()), None)
        at = 0 if now is None else min(max(now + ahead, 0), len(found) - 1)
        found[at].setFocus(Qt.FocusReason.TabFocusReason)
        return True
