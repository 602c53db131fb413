"""Settings: how the window looks, what the bureau is called, its thresholds, ways to calendars and wording, backup."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QGridLayout, QLineEdit

from models.clocks import load_calendar
from models.errors import RegisterError
from models.joint import GROUP_FROM
from models.supervising import IDLE_DAYS
from ui.context import Context
from ui.parts.fields import Field, Segments, text_line
from ui.parts.layout import Page, Wrapping, column, line, row
from ui.parts.sheet import Sheet
from ui.parts.text import button, chip, label
from ui.prefs import LOCK_CHOICES, LOCK_MINUTES, SYNC_CHOICES, SYNC_MINUTES
from ui.screens.base import Screen, today
from ui.tokens import TEXT_PERCENTS
from ui.words import sentence, t

BUREAU = (
    "organ.name",
    "organ.short",
    "organ.address",
    "organ.phone",
    "organ.hours",
    "organ.lookup",
    "organ.review",
    "organ.review_papers",
    "organ.rereview",
    "documents.code",
    "documents.unit",
)
"""Settings of the bureau that stand in letters; names as in the register's table `setting`."""


THRESHOLDS = {"major.hours": 0, "intake.group_from": GROUP_FROM, "supervision.idle_days": IDLE_DAYS}
"""Numbers that the bureau sets for itself, with what holds while nothing is set; 0: no limit of our own."""


class SettingsScreen(Screen):
    """One column of settings; what belongs to the window takes effect at once."""

    name = "settings"

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        look = context.look
        outer = column(self, look, 0)
        page = Page(look, width=720, margin=6, gap=4)
        outer.addWidget(page)
        body = page.body
        body.addWidget(label(t("settings.title"), "page"))
        body.addWidget(label(t("settings.window"), "section"))
        preferences = context.preferences
        self.language = Segments(
            [("zh", t("settings.zh"), ""), ("en", t("settings.en"), "")],
            look,
            preferences.language,
            t("settings.language"),
        )
        self.theme = Segments(
            [(one, t(f"settings.theme_{one}"), "") for one in ("system", "light", "dark")],
            look,
            preferences.theme,
            t("settings.theme"),
        )
        self.text = Segments(
            [(one, f"{one} %", "") for one in TEXT_PERCENTS], look, preferences.text_percent, t("settings.text_size")
        )
        self.lock_time = Segments(
            [
                (one, t("settings.lock_after", count=one) if one else t("settings.lock_never"), "")
                for one in LOCK_CHOICES
            ],
            look,
            preferences.lock_minutes,
            t("settings.lock"),
        )
        for words, widget in (
            (t("settings.language"), self.language),
            (t("settings.theme"), self.theme),
            (t("settings.text_size"), self.text),
        ):
            body.addWidget(Field(words, widget, look))
            widget.chosen.connect(lambda _value: self._prefer())
        body.addWidget(Field(t("settings.lock"), self.lock_time, look, hint=t("settings.lock_hint")))
        self.lock_time.chosen.connect(self._prefer_lock)
        self.sync_time = Segments(
            [
                (one, t("settings.sync_every", count=one) if one else t("settings.sync_hand"), "")
                for one in SYNC_CHOICES
            ],
            look,
            preferences.sync_minutes,
            t("settings.sync"),
        )
        body.addWidget(Field(t("settings.sync"), self.sync_time, look, hint=t("settings.sync_hint")))
        self.sync_time.chosen.connect(self._prefer_sync)
        body.addWidget(line())
        body.addWidget(label(t("settings.bureau"), "section"))
        body.addWidget(label(t("settings.bureau_hint"), "small", wrap=True))
        self.bureau: dict[str, QLineEdit] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.space(4))
        grid.setVerticalSpacing(look.space(3))
        for at, name in enumerate(BUREAU):
            field = text_line()
            self.bureau[name] = field
            grid.addWidget(Field(t(f"settings.{name.replace('.', '_')}"), field, look), at // 2, at % 2)
        body.addLayout(grid)
        foot = row(None, look, 2)
        body.addWidget(label(t("settings.thresholds"), "section"))
        body.addWidget(label(t("settings.thresholds_hint"), "small", wrap=True))
        self.thresholds: dict[str, QLineEdit] = {}
        self._threshold_fields: dict[str, Field] = {}
        numbers = QGridLayout()
        numbers.setHorizontalSpacing(look.space(4))
        for at, name in enumerate(THRESHOLDS):
            field = text_line()
            field.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
            key = name.replace(".", "_")
            self.thresholds[name] = field
            self._threshold_fields[name] = Field(t(f"settings.{key}"), field, look, hint=t(f"settings.{key}_hint"))
            across = 1 if look.large else 3
            numbers.addWidget(self._threshold_fields[name], at // across, at % across, Qt.AlignmentFlag.AlignTop)
        body.addLayout(numbers)
        self.save_button = button(t("settings.save"), self.save_bureau, "primary")
        foot.addWidget(self.save_button)
        foot.addStretch(1)
        body.addLayout(foot)
        body.addWidget(line())
        body.addWidget(label(t("settings.calendars"), "section"))
        self._years = Wrapping(look, 1)
        body.addWidget(self._years)
        self._years_words = label("", "small", wrap=True)
        body.addWidget(self._years_words)
        self.calendar_button = button(
            t("settings.calendar_open"),
            lambda: context.screen_wanted.emit("calendar"),
            picture_of="calendar",
            look=look,
        )
        body.addWidget(self.calendar_button, 0, Qt.AlignmentFlag.AlignLeft)
        body.addWidget(line())
        body.addWidget(label(t("settings.wording"), "section"))
        body.addWidget(label(t("settings.wording_words"), "small", wrap=True))
        self.wording_button = button(
            t("settings.wording_open"),
            lambda: context.screen_wanted.emit("wording"),
            picture_of="document",
            look=look,
        )
        body.addWidget(self.wording_button, 0, Qt.AlignmentFlag.AlignLeft)
        body.addWidget(line())
        body.addWidget(label(t("settings.keeping"), "section"))
        body.addWidget(label(t("settings.backup_words"), "small", wrap=True))
        keeping = Wrapping(look, 2)
        self.backup_button = button(t("settings.backup"), self.backup, picture_of="backup", look=look)
        self.passphrase_button = button(t("settings.passphrase"), self.change_passphrase, picture_of="key", look=look)
        keeping.add(self.backup_button)
        keeping.add(self.passphrase_button)
        body.addWidget(keeping)
        body.addStretch(1)
        self._before: dict[str, str] = {}

    def enter(self) -> None:
        """Fetch the bureau's settings."""
        self.context.ask(
            lambda desk: (dict(desk.settings()), load_calendar().years),
            lambda found: self._show(*found),
            owner=self,
            key="settings",
        )
        next(one for one in self.language.buttons() if one.isChecked()).setFocus()

    def _show(self, settings: Mapping[str, Any], years: Any) -> None:
        for name, field in self.bureau.items():
            value = settings.get(name)
            words = value if isinstance(value, str) else "" if value is None else str(value)
            self._before[name] = words
            field.setText(words)
        for name, standing in THRESHOLDS.items():
            value = settings.get(name)
            words = f"{value:g}" if isinstance(value, (int, float)) else str(standing)
            self._before[name] = words
            self.thresholds[name].setText(words)
        self._years.clear()
        held = sorted(years)
        for year in held[-8:]:
            self._years.add(chip(str(year), self.context.look, "done" if year >= today().year else "quiet"))
        if held:
            self._years_words.setText(t("settings.years", first=held[0], last=held[-1]))

    def _prefer(self) -> None:
        preferences = self.context.preferences
        preferences.language = "en" if self.language.value == "en" else "zh"
        theme = self.theme.value
        preferences.theme = "light" if theme == "light" else "dark" if theme == "dark" else "system"
        percent = self.text.value
        preferences.text_percent = percent if isinstance(percent, int) else 100
        preferences.save()
        self.context.preferences_changed.emit()

    def _prefer_lock(self, minutes: object) -> None:
        preferences = self.context.preferences
        preferences.lock_minutes = minutes if isinstance(minutes, int) else LOCK_MINUTES
        preferences.save()
        self.context.lock_time_changed.emit()

    def _prefer_sync(self, minutes: object) -> None:
        preferences = self.context.preferences
        preferences.sync_minutes = minutes if isinstance(minutes, int) else SYNC_MINUTES
        preferences.save()
        self.context.sync_time_changed.emit()

    def save_bureau(self) -> None:
        """Write the settings that were changed, one act each."""
        changed: dict[str, str | int] = {
            name: field.text().strip()
            for name, field in self.bureau.items()
            if field.text().strip() != self._before.get(name, "")
        }
        for name, field in self.thresholds.items():
            words = field.text().strip() or str(THRESHOLDS[name])
            good = words.isdecimal() and (int(words) > 0 or THRESHOLDS[name] == 0)
            self._threshold_fields[name].doubt("" if good else t("settings.not_a_number"), "late")
            if not good:
                field.setFocus()
                return
            if words != self._before.get(name, ""):
                changed[name] = int(words)
        if not changed:
            self.context.told.emit(t("settings.unchanged"), "quiet")
            return

        def write(desk: Any) -> int:
            for name, value in changed.items():
                desk.set_setting(name, value)
            return len(changed)

        def done(count: int) -> None:
            self._before.update((name, str(value)) for name, value in changed.items())
            self.context.told.emit(t("settings.saved", count=count), "done")

        self.context.ask(write, done, owner=self)

    def backup(self) -> None:
        """Write a proved backup to a file that the person names."""
        proposed = f"petition-desk-{datetime.now(UTC).astimezone():%Y%m%d}.backup"
        name, _kind = QFileDialog.getSaveFileName(self, t("settings.backup"), proposed)
        if not name:
            return

        def done(_made: object) -> None:
            self.context.told.emit(t("settings.backup_done", path=name), "done")
            self.context.register_changed.emit()

        self.context.aside(
            lambda desk, aside: desk.backup(Path(name), aside.step), done, owner=self, label="work.backup"
        )

    def change_passphrase(self) -> None:
        """Ask for the old and the new passphrase."""
        self.context.sheet_wanted.emit(PassphraseSheet(self.context))


class PassphraseSheet(Sheet):
    """Old passphrase, new one twice."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, t("settings.passphrase"))
        self.old, self.new, self.again = text_line(secret=True), text_line(secret=True), text_line(secret=True)
        self.fields: dict[str, Field] = {}
        for name, widget in (("old", self.old), ("new", self.new), ("again", self.again)):
            self.fields[name] = Field(
                t(f"passphrase.{name}"), widget, context.look, hint=t("passphrase.hint") if name == "new" else ""
            )
            self.body.addWidget(self.fields[name])
        self.finish_body()
        self.go = button(t("passphrase.change"), self._go, "primary")
        self.foot.addWidget(self.go)
        self.foot.addWidget(button(t("sheet.cancel"), self.close_sheet))
        self.foot.addStretch(1)

    def _go(self) -> None:
        if self.new.text() != self.again.text():
            self.fields["again"].doubt(t("passphrase.differ"), "late")
            self.again.setFocus()
            return
        self.fields["again"].doubt("")
        old, new = self.old.text(), self.new.text()
        self.go.setEnabled(False)
        self.context.ask(
            lambda desk: desk.change_passphrase(old, new), lambda _none: self._changed(), self._refused, owner=self
        )

    def _changed(self) -> None:
        self.close_sheet()
        self.context.told.emit(t("passphrase.changed"), "done")

    def _refused(self, error: RegisterError) -> None:
        self.go.setEnabled(True)
        field = "new" if getattr(error, "field", "") else "old"
        self.fields[field].doubt(sentence(error), "late")
        (self.new if field == "new" else self.old).setFocus()
