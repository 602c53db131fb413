"""The unit directory that the city sends: read, compared with the register's own units, and laid over them by an act.

A unit is known again by its code in the directory, else by its full name. What the city's list does not name stays as
it is: the county's own rooms and stations are its own. A unit is closed only when the list says so, and only when
nothing hangs on it any more: a matter is never without a responsible unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from models import codes, errors

if TYPE_CHECKING:
    from models.act import Act
    from models.register import Register

_COLUMNS = ("name", "short", "code", "kind", "police")
_KNOWN = frozenset({*_COLUMNS, "above", "closed"})
_PETITION = "petition"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitChange:
    """What the list would change on one unit.

    Attributes:
        what: `add`, `change`, `close`, or `kept` for a unit that the list closes and that is still needed.
        unit: Its id; None for a new one.
        name: Its name as it stands, or will stand.
        columns: Column, what stands, what would stand; `above` by name.
        open_matters: For `kept`: matters for which it is responsible and that are not closed.
    """

    what: Literal["add", "change", "close", "kept"]
    unit: int | None
    name: str
    columns: tuple[tuple[str, str, str], ...] = ()
    open_matters: int = 0


def read_units(raw: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return a unit directory as it is enclosed.

    Raises:
        InputError: It is not of its form; names the unit.
    """
    lines = raw.get("units")
    if not isinstance(lines, list) or not lines or set(raw) != {"units"}:
        raise errors.InputError("file", f"{name} 没有 units 列表。", f"{name} has no list of units.")
    units: list[dict[str, Any]] = []
    for place, line in enumerate(lines, 1):
        units.append(_unit(line, f"{name} {place}"))
    for column in ("name", "code"):
        values = [unit[column] for unit in units if unit.get(column)]
        twice = {value for value in values if values.count(value) > 1}
        if twice:
            raise errors.InputError(
                column,
                f"{name} 中重复：{'、'.join(sorted(twice))}。",
                f"{name} names twice: {', '.join(sorted(twice))}.",
            )
    return {"units": units}


def _unit(line: Any, where: str) -> dict[str, Any]:
    if not isinstance(line, dict) or line.keys() - _KNOWN:
        unknown = "、".join(sorted(line.keys() - _KNOWN)) if isinstance(line, dict) else str(line)
        raise errors.InputError(
            "units",
            f"{where}：不认识“{unknown}”，可填：{'、'.join(sorted(_KNOWN))}。",
            f"{where}: “{unknown}” is not known; there are: {', '.join(sorted(_KNOWN))}.",
        )
    found = {key: value.strip() if isinstance(value, str) else value for key, value in line.items()}
    texts = [found.get(key, "") for key in (*_COLUMNS, "above")]
    if not found.get("name") or not all(isinstance(one, str) for one in texts):
        raise errors.InputError("name", f"{where}：须有单位名称。", f"{where}: a unit has a name.")
    for column, table in (("kind", "unit_kind"), ("police", "police")):
        value = found.get(column, "")
        if column == "kind" or value:
            code = value if value in codes.codes(table) else codes.code_for(table, value)
            if code is None:
                listed = "、".join(f"{one}（{codes.word(table, one, 'zh')}）" for one in codes.codes(table))
                raise errors.InputError(
                    column,
                    f"{where} {found['name']}：没有“{value}”，可用：{listed}。",
                    f"{where} {found['name']}: there is no “{value}”; there are: {', '.join(codes.codes(table))}.",
                )
            found[column] = code
    if not isinstance(found.get("closed", False), bool):
        raise errors.InputError("closed", f"{where}：closed 应为 true 或 false。", f"{where}: closed is true or false.")
    return {key: value for key, value in found.items() if value not in ("", False)}


def difference(register: Register, content: Mapping[str, Any]) -> tuple[UnitChange, ...]:
    """Return what a unit directory would change in a register, in the order of the list; empty when nothing."""
    rows = register.records("unit", "1 ORDER BY id")
    found: list[UnitChange] = []
    for unit in content["units"]:
        row = _known(rows, unit)
        columns = _changed(rows, row, unit, content["units"])
        if row is None:
            if not unit.get("closed"):
                found.append(UnitChange(what="add", unit=None, name=unit["name"], columns=columns))
            continue
        if columns:
            found.append(UnitChange(what="change", unit=row["id"], name=row["name"], columns=columns))
        if unit.get("closed") and not row["closed"]:
            needed = _needed(register, row)
            what: Literal["close", "kept"] = "close" if needed is None else "kept"
            found.append(UnitChange(what=what, unit=row["id"], name=row["name"], open_matters=needed or 0))
    return tuple(found)


def _known(rows: list[dict[str, Any]], unit: Mapping[str, Any]) -> dict[str, Any] | None:
    by_code = [row for row in rows if unit.get("code") and row["code"] == unit["code"]]
    by_name = [row for row in rows if row["name"] == unit["name"]]
    return next(iter(by_code or by_name), None)


def _changed(
    rows: list[dict[str, Any]], row: dict[str, Any] | None, unit: Mapping[str, Any], units: list[dict[str, Any]]
) -> tuple[tuple[str, str, str], ...]:
    found = [
        (column, str((row or {}).get(column) or ""), unit[column])
        for column in _COLUMNS
        if unit.get(column) and (row or {}).get(column) != unit[column]
    ]
    if unit.get("above"):
        names = {one["id"]: one["name"] for one in rows}
        stands = names.get((row or {}).get("above") or 0, "")
        wanted = _above(rows, unit["above"], units)
        if stands != wanted:
            found.append(("above", stands, wanted))
    return tuple(found)


def _above(rows: list[dict[str, Any]], named: str, units: list[dict[str, Any]]) -> str:
    """Return the full name of the unit above, named by its code or name.

    Raises:
        InputError: Neither the register nor the list has it.
    """
    for unit in units:
        if named in (unit.get("code"), unit["name"]):
            return str(unit["name"])
    for row in rows:
        if named in (row["code"], row["name"]):
            return str(row["name"])
    raise errors.InputError(
        "above", f"找不到上级单位“{named}”。", f"The unit above, “{named}”, is not in the directory."
    )


def _needed(register: Register, row: Mapping[str, Any]) -> int | None:
    """Return how many open matters hang on a unit, None when it may be closed."""
    count = register.row("SELECT count(*) FROM matter WHERE unit=? AND state<>'S13'", (row["id"],))
    people = register.row("SELECT count(*) FROM staff WHERE unit=? AND closed IS NOT 1", (row["id"],))
    matters = int(count[0]) if count else 0
    if matters or (people and people[0]) or row["kind"] == _PETITION:
        return matters
    return None


def lay(act: Act, content: Mapping[str, Any]) -> int:
    """Lay a unit directory over the register's units within an act; returns how many changed."""
    changes = difference(act.register, content)
    made: dict[str, int] = {}
    for change in changes:
        columns = {column: value for column, _, value in change.columns if column != "above"}
        if change.what == "add":
            made[change.name] = act.insert("unit", columns)
        elif change.what == "change" and change.unit is not None:
            act.set("unit", change.unit, **columns)
        elif change.what == "close" and change.unit is not None:
            act.set("unit", change.unit, closed=True)
    ids = {name: row for row, name in act.connection.execute("SELECT id, name FROM unit").fetchall()}
    for change in changes:
        above = next((value for column, _, value in change.columns if column == "above"), "")
        unit = change.unit or made.get(change.name)
        if above and unit is not None:
            act.set("unit", unit, above=ids[above])
    return sum(change.what != "kept" for change in changes)
