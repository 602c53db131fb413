"""Putting a registered fact right: which row and column in words, what stands there, the right value, and why."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from models import column_words
from models.records import MatterFile, OpenAct
from models.tables import BY_NAME
from ui import law
from ui.context import Context
from ui.parts.fields import Choice, DateField, Field, LongText, code_choice, text_line
from ui.parts.layout import clear, column
from ui.parts.text import label
from ui.screens.matter.entries import said
from ui.screens.matter.sheets import ActSheet, input_value
from ui.words import language, t

COUNTER_TEXTS = ("statement", "facts", "reasons", "request")
"""Kinds of texts that were taken down at the counter; others were made in the handling and are reversed instead."""

LONG = frozenset({("passage", "body"), ("claim", "request"), ("item", "remark"), ("matter", "cause")})


def rows_of(file: MatterFile) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return the rows of registered facts by their reference (`matter`, `person:12`): words and columns."""
    found: dict[str, tuple[str, dict[str, Any]]] = {
        "matter": (column_words.table_word("matter", language()), file.matter)
    }
    tables: tuple[tuple[str, tuple[dict[str, Any], ...]], ...] = (
        ("item", file.items),
        ("person", file.people),
        ("accused", file.accused),
        ("claim", file.claims),
        ("passage", tuple(one for one in file.passages if one["kind"] in COUNTER_TEXTS and not one.get("document"))),
    )
    for table, rows in tables:
        for one in rows:
            if table == "item" and one.get("cancelled"):
                continue
            found[f"{table}:{one['id']}"] = (row_words(table, one), one)
    for paper in file.attachments:
        found[f"attachment:{paper.id}"] = (row_words("attachment", {"name": paper.name}), {"name": paper.name})
    return found


def row_words(table: str, columns: dict[str, Any]) -> str:
    """Return a row in words: its table and what tells it apart."""
    named = (
        law.code("passage", columns["kind"]) if table == "passage" else columns.get(column_words.label_column(table))
    )
    return f"{column_words.table_word(table, language())} {named or ''}".strip()


def columns_of(table: str) -> list[tuple[str, str]]:
    """Return the columns of a table that may be put right, with their words."""
    return [(name, column_words.column_word(table, name, language())) for name in column_words.amendable(table)]


class AmendSheet(ActSheet):
    """The act `amend`, with row and column chosen from what is registered and the value in the field that it needs."""

    def __init__(self, context: Context, act: OpenAct, file: MatterFile, typed: dict[str, Any] | None = None) -> None:
        self._rows = rows_of(file)
        super().__init__(context, act, file, typed)
        typed = typed or {}
        self._typed_value = typed.get("value")
        self._known = bool(typed.get("column"))
        look = context.look
        self._row = Choice([(key, words) for key, (words, _columns) in self._rows.items()], value=typed.get("row"))
        self._column = Choice([], none=None)
        self._now = label("", "second", wrap=True, copy=True)
        self._value: QWidget = text_line()
        self._replace("row", self._row)
        self._replace("column", self._column)
        self._value_box = QWidget()
        self._value_column = column(self._value_box, look, 2)
        self._swap("value", self._value_box)
        self._fill_columns(str(typed.get("column") or ""))
        self._row.currentIndexChanged.connect(lambda _at: self._fill_columns(""))
        self._column.currentIndexChanged.connect(lambda _at: self._fill_value())

    def _swap(self, name: str, widget: QWidget) -> None:
        before = self._fields[name]
        at = self.body.indexOf(before)
        self.body.removeWidget(before)
        before.hide()
        before.deleteLater()
        self.body.insertWidget(at, widget)

    def _replace(self, name: str, widget: QWidget) -> None:
        words = self._fields[name].label.text()
        made = Field(words, widget, self.context.look)
        self._swap(name, made)
        self._fields[name], self.inputs[name] = made, widget

    def _fill_columns(self, wanted: str) -> None:
        table = str(self._row.value).partition(":")[0]
        self._column.blockSignals(True)
        self._column.clear()
        for name, words in columns_of(table):
            self._column.addItem(words, name)
        self._column.set_value(wanted)
        self._column.blockSignals(False)
        self._fill_value()

    def _fill_value(self) -> None:
        table, name = str(self._row.value).partition(":")[0], str(self._column.value or "")
        if not name:
            return
        _words, columns = self._rows[str(self._row.value)]
        clear(self._value_column)
        standing = said(table, columns, name) if columns.get(name) is not None else ""
        self._now = label(
            t("correct.stands", value=standing) if standing else t("correct.stands_empty"),
            "second",
            wrap=True,
            copy=True,
        )
        self._value_column.addWidget(self._now)
        self._value = self._field_for(table, name, columns.get(name))
        made = Field(column_words.column_word(table, name, language()), self._value, self.context.look)
        self._value_column.addWidget(made)
        self.inputs["value"], self._fields["value"] = self._value, made
        self._typed_value = None

    def _field_for(self, table: str, name: str, standing: Any) -> QWidget:
        value = self._typed_value if self._typed_value is not None else standing
        declared = BY_NAME[table].column(name)
        codes = column_words.code_table(table, name)
        if codes:
            return code_choice(codes, str(value or ""), none=t("act.none"))
        if declared.kind == "flag":
            return code_choice("yes_no", "yes" if value else "no")
        if declared.kind == "date":
            return DateField(self.context.look, date.fromisoformat(str(value)) if value else None)
        if (table, name) in LONG:
            return LongText(self.context.look, str(value or ""), lines=4)
        if name == "removed":
            return text_line("")
        return text_line(str(value if value is not None else ""))

    def first_field(self) -> QWidget | None:
        """Begin at the value when row and column are known, else at the row."""
        return self._value if self._known else self._row

    def values(self) -> dict[str, Any]:
        """Return the inputs that are filled."""
        found = super().values()
        value = input_value(self._value)
        if value is None:
            found.pop("value", None)
        return found
