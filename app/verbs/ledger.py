"""Verb on ledgers: ledger KIND --from --to --out FILE.pdf|FILE.xlsx; without a file its rows, all of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.common import Options, choose, day, open_desk, tell, verb
from models import errors
from models.ledgers.ledger import LEDGERS
from models.sheets.words import shown

if TYPE_CHECKING:
    from models.sheets.content import Sheet


@click.command("ledger")
@click.argument("kind", required=False, default="")
@click.option("--from", "from_text", default=None, help="First day, YYYY-MM-DD; the first of the month by default.")
@click.option("--to", "to_text", default=None, help="Last day, included; today by default.")
@click.option("--programme", default="", help="For key-cases: the programme's key; the latest by default.")
@click.option("--out", type=click.Path(path_type=Path), default=None, help="File to write, .pdf or .xlsx.")
@verb
def ledger(
    options: Options, kind: str, from_text: str | None, to_text: str | None, programme: str, out: Path | None
) -> None:
    """Print a ledger of a period: items, receptions, key-cases, supervision or major. Without KIND: which there are."""
    if not kind:
        tell(
            options,
            {name: {"zh": words.zh, "en": words.en} for name, words in LEDGERS.items()},
            "\n".join(f"{name}  {words}" for name, words in LEDGERS.items()),
        )
        return
    desk = open_desk(options)
    try:
        made = desk.ledgers.sheet(kind, day(from_text, "from"), day(to_text, "to"), programme)
        if out is not None:
            desk.ledgers.export(made, out)
            told = {"ledger": kind, "title": made.title, "period": made.subtitle, "notes": made.notes, "out": out}
            tell(options, told, choose(f"已写入 {out}", f"written to {out}"))
            return
        _print(options, kind, made)
    finally:
        desk.close()


def _print(options: Options, kind: str, sheet: Sheet) -> None:
    """Tell all rows: as JSON with the heads as keys, or one line each."""
    from models.sheets.content import Grid

    grid = next(block for block in sheet.blocks if isinstance(block, Grid))
    heads = [f"{column.group} {column.head}".strip() for column in grid.columns]
    rows = [list(row) for row in grid.rows]
    data: dict[str, Any] = {
        "ledger": kind,
        "title": sheet.title,
        "period": sheet.subtitle,
        "heads": heads,
        "rows": [dict(zip(heads, row, strict=True)) for row in rows],
        "notes": sheet.notes,
    }

    def text() -> str:
        lines = [f"{sheet.title}　{sheet.subtitle}" if errors.spoken() == "zh" else f"{sheet.title}, {sheet.subtitle}"]
        for row in rows:
            told = [
                shown(value, column.kind, column.digits).replace("\n", " ")
                for value, column in zip(row, grid.columns, strict=True)
            ]
            lines.append("  ".join(each for each in told if each))
        return "\n".join([*lines, *sheet.notes])

    tell(options, data, text)


COMMANDS = (ledger,)
