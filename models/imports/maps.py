"""Import maps: which column of a file becomes which field.

A map is a TOML file (`docs/format/import-map.md`); those of the product lie in `resources/import_maps/`, a bureau
writes its own beside its files. Rules kept here:

- A map names only fields that exist (`models.imports.fields`) and codes that exist (`models.codes`).
- A map that asks for a column beyond the boundary (`models.imports.boundary`) is refused as a whole.
- A file is recognised by its header when a map finds all its `recognised_by` groups in it; the map with the most
  columns wins.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from models import codes
from models.errors import InputError
from models.imports.boundary import folded, kept_out
from models.imports.fields import BY_FIELD, REQUIRED, Field

_MAP_KEYS = frozenset({"id", "zh", "en", "recognised_by", "constants", "columns", "dates", "values"})
_COLUMN_KEYS = frozenset({"field", "values", "dates", "fallback"})


@dataclass(frozen=True, slots=True)
class Target:
    """What one column becomes."""

    to: Field
    values: Mapping[str, str] = field(default_factory=dict)
    """Words of the file (folded) to codes of ours; words not listed are looked up in the code table."""
    dates: tuple[str, ...] = ()
    """Further spellings of days, as `strptime` formats."""
    fallback: bool = False
    """Used only where the other column of the same field is empty."""

    def word(self, text: str) -> str:
        """Return what the map makes of a word, '' when it does not name it."""
        return self.values.get(folded(text), "") if self.values else ""


@dataclass(frozen=True, slots=True)
class ImportMap:
    """A map, ready to be used on any file."""

    id: str
    zh: str
    en: str
    columns: Mapping[str, Target]
    """Folded header to target."""
    constants: Mapping[str, str]
    recognised_by: tuple[tuple[str, ...], ...] = ()

    def knows(self, headers: Sequence[str]) -> int:
        """Return how many of `headers` this map maps when it recognises them, else 0."""
        have = {folded(header) for header in headers}
        if not self.recognised_by or not all(any(name in have for name in group) for group in self.recognised_by):
            return 0
        return len(have & self.columns.keys())

    def target(self, header: str) -> Target | None:
        """Return what a column becomes, or None when the map does not name it."""
        return self.columns.get(folded(header))


def _wrong(name: str, zh: str, en: str) -> InputError:
    return InputError("map", f"导入映射“{name}”：{zh}", f"Import map {name}: {en}")


def read_map(text: str, name: str) -> ImportMap:
    """Return the map written in `text` (TOML).

    Args:
        text: The map.
        name: How messages call it, e.g. the file's name.

    Raises:
        InputError: What is wrong with it, and where.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(name, f"不是 TOML 格式（{error}）。", f"is not TOML ({error}).") from error
    unknown = sorted(raw.keys() - _MAP_KEYS)
    if unknown or not raw.get("id") or not isinstance(raw.get("columns"), dict):
        raise _wrong(
            name,
            f"需要 id 和 [columns]，不认识的键：{'、'.join(unknown) or '无'}。格式见 docs/format/import-map.md。",
            f"needs id and [columns]; unknown keys: {', '.join(unknown) or 'none'}. See docs/format/import-map.md.",
        )
    dates = tuple(raw.get("dates", ()))
    tables: dict[str, dict[str, str]] = raw.get("values", {})
    columns: dict[str, Target] = {}
    for header, entry in raw["columns"].items():
        target = _target(name, header, entry, dates, tables)
        for one in str(header).split("|"):
            columns[folded(one)] = target
    constants = {key: str(value) for key, value in raw.get("constants", {}).items()}
    for key, value in constants.items():
        known = _field(name, key, key)
        if known.kind == "code" and codes.code_for(known.table, value) is None:
            raise _wrong(name, f"常量 {key} 的值“{value}”不在代码表中。", f"constant {key} has no code {value!r}.")
    given = {target.to.name for target in columns.values()} | constants.keys()
    for required in REQUIRED:
        if required not in given:
            raise _wrong(
                name, f"没有任何列对应 {required}（收到日期）。", f"no column becomes {required} (the day received)."
            )
    return ImportMap(
        id=str(raw["id"]),
        zh=str(raw.get("zh", raw["id"])),
        en=str(raw.get("en", raw["id"])),
        columns=columns,
        constants={key: _constant(key, value) for key, value in constants.items()},
        recognised_by=tuple(tuple(folded(one) for one in group) for group in raw.get("recognised_by", ())),
    )


def _constant(key: str, value: str) -> str:
    known = BY_FIELD[key]
    return codes.code_for(known.table, value) or value if known.kind == "code" else value


def _field(name: str, header: str, wanted: str) -> Field:
    kept = kept_out(wanted)
    if kept is not None:
        raise _beyond(name, header, kept.zh, kept.en)
    found = BY_FIELD.get(wanted)
    if found is None:
        raise _wrong(
            name,
            f"列“{header}”要对应的字段“{wanted}”不存在。可用字段见 docs/format/import-map.md。",
            f"column {header} is to become {wanted}, which is no field. See docs/format/import-map.md for the fields.",
        )
    return found


def _beyond(name: str, header: str, zh: str, en: str) -> InputError:
    return _wrong(
        name,
        f"要求导入“{header}”（{zh}）。登记库不记录这类信息，请从映射中删去该列。",
        f"asks for {header} ({en}). The register does not record such data; take the column out of the map.",
    )


def _target(
    name: str, header: str, entry: Any, dates: tuple[str, ...], tables: Mapping[str, Mapping[str, str]]
) -> Target:
    options: dict[str, Any] = {"field": entry} if isinstance(entry, str) else dict(entry)
    unknown = sorted(options.keys() - _COLUMN_KEYS)
    if unknown or "field" not in options:
        raise _wrong(
            name,
            f"列“{header}”需要 field，不认识的键：{'、'.join(unknown) or '无'}。",
            f"column {header} needs field; unknown keys: {', '.join(unknown) or 'none'}.",
        )
    known = _field(name, header, options["field"])
    if known.name != "ignore":
        for one in header.split("|"):
            kept = kept_out(one)
            if kept is not None:
                raise _beyond(name, one.strip(), kept.zh, kept.en)
    values = {**tables.get(known.name, {}), **options.get("values", {})}
    for word, code in values.items():
        if known.kind == "code" and codes.code_for(known.table, str(code)) is None:
            raise _wrong(
                name,
                f"列“{header}”把“{word}”对应为“{code}”，代码表 {known.table} 中没有它。",
                f"column {header} turns {word} into {code}, which is not in the code table {known.table}.",
            )
    return Target(
        known,
        {folded(word): codes.code_for(known.table, str(code)) or str(code) for word, code in values.items()}
        if known.kind == "code"
        else {folded(word): str(code) for word, code in values.items()},
        (*options.get("dates", ()), *dates),
        bool(options.get("fallback", False)),
    )


@cache
def built_in() -> tuple[ImportMap, ...]:
    """Return the maps of the product, by file name."""
    found = sorted(
        (one for one in files("resources").joinpath("import_maps").iterdir() if one.name.endswith(".toml")),
        key=lambda one: one.name,
    )
    return tuple(read_map(one.read_text(encoding="utf-8"), one.name) for one in found)


def recognise(headers: Sequence[str]) -> ImportMap | None:
    """Return the built-in map that knows the most of `headers`, or None."""
    best = max(built_in(), key=lambda one: one.knows(headers), default=None)
    return best if best is not None and best.knows(headers) else None


def load_map(path: Path | None, headers: Sequence[str]) -> ImportMap:
    """Return the map of a file: the one at `path`, else the built-in one that recognises the header.

    Raises:
        InputError: The map is wrong, or no map knows this header.
    """
    if path is not None:
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise _wrong(path.name, f"无法读取（{error}）。", f"cannot be read ({error}).") from error
        return read_map(text, path.name)
    found = recognise(headers)
    if found is None:
        names = "、".join(header for header in headers if header)[:200]
        raise InputError(
            "file",
            f"认不出这个表：表头是“{names}”。请用 --map 指明映射文件（格式见 docs/format/import-map.md）。",
            f"No map knows this table: its header is {names}. Name a map with --map (see docs/format/import-map.md).",
        )
    return found
