"""The list to a file: read in portions on the worker, written aside, so that a long one keeps nobody waiting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog, QWidget

from models.records import Filters
from ui.context import Context
from ui.words import t

if TYPE_CHECKING:
    from models.export import Cell
    from ui.port import DeskPort
    from ui.services import Aside


def ask_path(owner: QWidget, title: str, stem: str) -> Path | None:
    """Ask where a table goes, as xlsx or CSV; None when the person does not want it after all."""
    proposed = f"{stem}-{datetime.now(UTC).astimezone():%Y%m%d-%H%M}.xlsx"
    name, kind = QFileDialog.getSaveFileName(owner, title, proposed, t("export.kinds"))
    if not name:
        return None
    path = Path(name)
    if path.suffix.lower() in (".xlsx", ".csv"):
        return path
    return path.with_name(path.name + (".csv" if "csv" in kind else ".xlsx"))


def export_list(
    owner: QWidget, context: Context, filters: Filters, text: str, places: Sequence[int] | None, total: int | None
) -> None:
    """Write the list, or the picked matters of it, to a file that the person names.

    Args:
        owner: The widget that asks.
        context: The window's context.
        filters: The filters of the list.
        text: What was searched for.
        places: Places of the picked matters; None for the whole list.
        total: How many there are, None when not known.
    """
    path = ask_path(owner, t("export.title"), t("export.stem"))
    if path is None:
        return

    def gather(desk: DeskPort, aside: Aside) -> int | None:
        from models import export

        aside.step(desk.exported)
        rows: list[tuple[Cell, ...]] = [export.heads()]
        after: Any = None
        while True:
            some, after = aside.step(lambda after=after: desk.export_portion(filters, text, places, after))  # type: ignore[misc]  # bound now
            rows += some
            aside.report(len(rows) - 1, total or 0)
            if aside.stop():
                return None
            if after is None:
                break
        export.write_table(rows, path)
        return len(rows) - 1

    def done(count: int | None) -> None:
        if count is not None:
            context.told.emit(t("export.done", count=f"{count:,}", path=str(path)), "done")

    context.aside(gather, done, owner=owner, label="work.export")
