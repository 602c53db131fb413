"""The verb conflicts: values that were entered apart from each other, and what holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from app.common import Options, choose, open_desk, tell, verb
from models import errors

if TYPE_CHECKING:
    from models.conflicts import Choice, ConflictLine, Conflicts, Key, Side


@click.command("conflicts")
@click.argument("what", type=click.Choice(("list", "settle")), default="list")
@click.argument("key", required=False)
@click.option("--kept", "choice", flag_value="kept", help="settle: the value that shows holds.")
@click.option("--other", "choice", flag_value="other", help="settle: the other value holds.")
@click.option("--value", default=None, help="settle: this value holds instead of both.")
@click.option("--reason", default="", help="settle: why.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="list: conflicts at most.")
@verb
def conflicts(
    options: Options, what: str, key: str | None, choice: Choice | None, value: str | None, reason: str, limit: int
) -> None:
    """Values entered apart from each other: list; settle KEY --kept|--other|--value VALUE --reason WHY.

    KEY is what list shows for a conflict. What is due first stands first.
    """
    desk = open_desk(options)
    try:
        asked = desk.conflicts
        if what == "list":
            _list(options, asked, limit)
            return
        if key is None or (choice is None) == (value is None):
            raise click.UsageError("conflicts settle KEY --kept | --other | --value VALUE, --reason WHY")
        one = _read_key(key)
        seq = asked.settle(one, choice or "new", value=_typed(one, value), reason=reason)
        tell(options, {"settled": key, "seq": seq}, choose(f"已裁定 {key}", f"settled {key}"))
    finally:
        desk.close()


def _list(options: Options, asked: Conflicts, limit: int) -> None:
    page = asked.open_ones(limit=limit)
    result = {"total": page.total, "shown": len(page.lines), "results": [_data(line) for line in page.lines]}

    def text() -> str:
        told = [_said(line) for line in page.lines]
        left = page.total - len(page.lines)
        if left:
            told.append(choose(f"另有 {left} 个，用 --limit 查看", f"{left} more; see --limit"))
        return "\n".join(told) or choose("没有待裁定的冲突", "no open conflicts")

    tell(options, result, text)


def _key(key: Key) -> str:
    return ":".join(map(str, key))


def _read_key(text: str) -> Key:
    try:
        table, row, column, other_at = text.split(":")
        return table, int(row), column, int(other_at)
    except ValueError:
        raise errors.InputError(
            "key",
            f"“{text}”不是冲突的标识。请照抄 conflicts 列出的标识。",
            f"“{text}” is not the key of a conflict. Copy one from the list.",
        ) from None


def _typed(key: Key, value: str | None) -> Any:
    """Return a typed value as its column stores it."""
    from models.tables import BY_NAME

    table, _, column, _ = key
    if value is None or table not in BY_NAME or column not in BY_NAME[table].names:
        return value
    whole = BY_NAME[table].column(column).kind in ("int", "flag")
    return int(value) if whole and value.lstrip("-").isdecimal() else value


def _data(line: ConflictLine) -> dict[str, Any]:
    return {
        "id": _key(line.key),
        "matter": line.matter,
        "number": line.number,
        "title": line.title,
        "table": line.table,
        "column": line.column,
        "row": line.row_label,
        "kept": _side(line.kept),
        "other": _side(line.other),
        "statutory": line.statutory,
        "since": line.since,
        "due_on": line.due_on,
        "late": line.late,
        "may_settle": line.may_settle,
        "sight": line.sight,
    }


def _side(side: Side) -> dict[str, Any]:
    return {
        "value": side.value,
        "word": str(side.word),
        "who": side.who,
        "at": side.at,
        "workstation": side.workstation,
    }


def _said(line: ConflictLine) -> str:
    due = ""
    if line.due_on:
        due = choose(f"  {line.due_on} 前裁定", f"  settle by {line.due_on}")
        due += choose("（已逾期）", " (late)") if line.late else ""
    head = " ".join(part for part in (line.number, str(line.table), line.row_label, str(line.column)) if part)
    sides = "  |  ".join(
        f"{side.word or '—'} ({side.who or '—'}, {side.at.astimezone():%Y-%m-%d %H:%M}, {side.workstation})"
        for side in (line.kept, line.other)
    )
    return f"{head}{due}\n  {sides}\n  {_key(line.key)}"


COMMANDS = (conflicts,)
