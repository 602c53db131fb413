"""Code tables that the city sends: values added to a table that describes matters, and values that are closed.

Only tables that describe may grow: what decides on the course of a matter (states, exits, conclusions) is part of the
program and its rules. A closed value is not offered any more; rows that bear it keep it, and it is still read in
words. A word that the boundary keeps out (domain reference, section 16) does not come in as a code either.

What counts stands in the journalled setting `codes.added`; `models.codes` reads it when the register is opened and
whenever it changes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from models import codes, errors
from models.imports.boundary import kept_out

if TYPE_CHECKING:
    from models.act import Act
    from models.register import Register

SETTING = codes.SETTING
OPEN_TABLES = codes.OPEN_TABLES
_CODE = re.compile(r"[0-9A-Za-z_.-]{1,32}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeChange:
    """What a paper would change in a code table: `add`, `rename`, `close` or `open` of a code."""

    what: Literal["add", "rename", "close", "open"]
    table: str
    code: str
    zh: str
    en: str
    used: int = 0
    """For `close`: matters and items that bear it, and keep it."""


def read_codes(raw: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return additions and closings of code tables as they are enclosed.

    Raises:
        InputError: Not of the form, a table that does not grow, a code that cannot be, or a word that the boundary
            keeps out.
    """
    found: dict[str, Any] = {}
    if not raw:
        raise errors.InputError("file", f"{name} 没有内容。", f"{name} is empty.")
    for table, change in raw.items():
        if table not in OPEN_TABLES:
            raise errors.InputError(
                "table",
                f"{name}：“{table}”不能增减代码，可用：{'、'.join(OPEN_TABLES)}。",
                f"{name}: the table “{table}” takes no codes; there are: {', '.join(OPEN_TABLES)}.",
            )
        if not isinstance(change, Mapping) or change.keys() - {"add", "closed", "opened"} or not change:
            raise errors.InputError(
                table, f"{name}：{table} 可写 add、closed、opened。", f"{name}: {table} has add, closed, opened."
            )
        added = [_added(one, table, name) for one in _list(change, "add", name)]
        known = {*codes.shipped(table), *(one["code"] for one in added)}
        lists = {key: [str(one) for one in _list(change, key, name)] for key in ("closed", "opened")}
        for code in lists["closed"]:
            if code in codes.shipped(table) and len(known - set(lists["closed"])) == 0:
                raise errors.InputError(
                    table, f"{name}：{table} 的代码不能全部停用。", f"{name}: not all codes of {table} can be closed."
                )
        found[table] = {"add": added, **lists}
    return {table: {key: value for key, value in change.items() if value} for table, change in found.items()}


def _list(change: Mapping[str, Any], key: str, name: str) -> list[Any]:
    value = change.get(key, [])
    if not isinstance(value, list):
        raise errors.InputError(key, f"{name}：{key} 应为列表。", f"{name}: {key} is a list.")
    return value


def _added(one: Any, table: str, name: str) -> dict[str, Any]:
    if not isinstance(one, Mapping) or one.keys() - {"code", "zh", "en", "also"}:
        raise errors.InputError(
            "add", f"{name}：代码须有 code、zh、en，可有 also。", f"{name}: a code has code, zh, en and may have also."
        )
    code, zh, en = (str(one.get(key) or "").strip() for key in ("code", "zh", "en"))
    also = one.get("also", [])
    if not (_CODE.match(code) and zh and en) or not isinstance(also, list):
        raise errors.InputError(
            "add",
            f"{name}：{table} 的代码“{code}”须由字母、数字组成，并有中文和英文名称。",
            f"{name}: the code “{code}” of {table} is letters and digits, with a name in Chinese and English.",
        )
    if code in codes.shipped(table):
        raise errors.InputError(
            "add",
            f"{name}：{table} 已有代码 {code}（{codes.word(table, code, 'zh')}），代码的含义不能改变。",
            f"{name}: {table} has the code {code} ({codes.word(table, code, 'en')}); what a code means never changes.",
        )
    for word in (zh, en, *map(str, also)):
        kept = kept_out(word)
        if kept is not None:
            raise errors.InputError(
                "add",
                f"{name}：“{word}”属于{kept.zh}，本登记库不设这样的代码（只登记事项和本局的职责）。",
                f"{name}: “{word}” stands for {kept.en}: the register has no such code (it is of matters and duties).",
            )
    return {"code": code, "zh": zh, "en": en, **({"also": [str(word) for word in also]} if also else {})}


def difference(register: Register, content: Mapping[str, Any]) -> tuple[CodeChange, ...]:
    """Return what a paper would change in the code tables of a register; empty when nothing."""
    stands = codes.local_of(register.setting(SETTING, {}))
    found: list[CodeChange] = []
    for table, change in content.items():
        own = {one["code"]: one for one in stands.get(table, {}).get("add", [])}
        closed = set(stands.get(table, {}).get("closed", []))
        names = {code: codes.shipped_words(table, code) for code in codes.shipped(table)}
        for one in change.get("add", []):
            before = own.get(one["code"])
            if before != one:
                what: Literal["add", "rename"] = "add" if before is None else "rename"
                found.append(CodeChange(what=what, table=table, code=one["code"], zh=one["zh"], en=one["en"]))
        names |= {code: (one["zh"], one["en"]) for code, one in own.items()}
        names |= {one["code"]: (one["zh"], one["en"]) for one in change.get("add", [])}
        for code in change.get("closed", []):
            if code not in closed and code in names:
                zh, en = names[code]
                used = _used(register, table, code)
                found.append(CodeChange(what="close", table=table, code=code, zh=zh, en=en, used=used))
        for code in change.get("opened", []):
            if code in closed and code in names:
                zh, en = names[code]
                found.append(CodeChange(what="open", table=table, code=code, zh=zh, en=en))
    return tuple(found)


_BEARS = {
    "content": "SELECT count(*) FROM matter WHERE content_code=?",
    "problem_type": "SELECT count(*) FROM matter WHERE problem_type=?",
    "police": "SELECT (SELECT count(*) FROM matter WHERE police=?1) + (SELECT count(*) FROM unit WHERE police=?1)",
    "source": "SELECT count(*) FROM item WHERE source=?",
}


def _used(register: Register, table: str, code: str) -> int:
    found = register.row(_BEARS[table], (code,))
    return int(found[0]) if found else 0


def lay(act: Act, content: Mapping[str, Any]) -> int:
    """Let additions and closings count, within an act; returns how many codes changed."""
    from models.desk import put_setting

    changes = difference(act.register, content)
    stands = codes.local_of(act.register.setting(SETTING, {}))
    for table, change in content.items():
        before = stands.get(table, {"add": [], "closed": []})
        added = {one["code"]: one for one in (*before["add"], *change.get("add", ()))}
        closed = {*before["closed"], *change.get("closed", ())} - set(change.get("opened", ()))
        stands[table] = {"add": list(added.values()), "closed": sorted(closed)}
    put_setting(act, SETTING, stands)
    return len(changes)
