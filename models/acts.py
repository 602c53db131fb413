"""The table of acts: every lawful step, who may take it, from which state, with which document, and where it leads.

Data in `resources/acts.toml`; this room reads it once and answers which acts are open on a matter, and why the others
are not. The window's buttons, `act --list`, `act --table` and the tests ask here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from models import codes, errors
from models.records import ClosedAct, InputField, OpenAct, Staff

AGAIN = 2
"""How likely a step is that leads to where the matter stands already, e.g. screening it once more."""

ENDED = frozenset({"S13"})
"""States in which nothing is open but reopening."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One act of the table."""

    name: str
    zh: str
    en: str
    roles: frozenset[str]
    sources: tuple[str, ...]
    to: str
    categories: tuple[str, ...]
    exits: tuple[int, ...]
    document: str
    document_2005: str
    events: tuple[dict[str, str], ...]
    inputs: tuple[InputField, ...]
    sets: dict[str, Any]
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    article_zh: str
    article_en: str
    likely: int

    def document_under(self, rules: str) -> str:
        """Return the kind of letter that goes out with the act for a matter under `rules`; '' for none."""
        return self.document_2005 if self.document_2005 and rules.startswith("SC-") else self.document

    def word(self, language: errors.Language) -> str:
        """Return the act's name."""
        return self.zh if language == "zh" else self.en


@cache
def table() -> dict[str, Rule]:
    """Return all acts by name, in the order of the file."""
    raw = tomllib.loads(files("resources").joinpath("acts.toml").read_text("utf-8"))
    words = raw.pop("words")
    return {name: _rule(name, entry, words) for name, entry in raw.items()}


def _rule(name: str, entry: Mapping[str, Any], words: Mapping[str, Mapping[str, str]]) -> Rule:
    inputs = tuple(
        InputField(
            name=field["name"],
            kind=field["kind"],
            required=field.get("required", False),
            choices=codes.codes(field["table"]) if "table" in field else (),
            table=field.get("table", ""),
            zh=field.get("zh") or words[field["name"]]["zh"],
            en=field.get("en") or words[field["name"]]["en"],
        )
        for field in entry.get("inputs", ())
    )
    return Rule(
        name=name,
        zh=entry["zh"],
        en=entry["en"],
        roles=frozenset(entry["roles"]),
        sources=tuple(entry["from"]),
        to=entry.get("to", ""),
        categories=tuple(entry.get("category", ())),
        exits=tuple(entry.get("exits", ())),
        document=entry.get("document", ""),
        document_2005=entry.get("document_2005", ""),
        events=tuple(entry.get("events", ())),
        inputs=inputs,
        sets=dict(entry.get("sets", {})),
        starts=tuple(entry.get("starts", ())),
        ends=tuple(entry.get("ends", ())),
        article_zh=entry["article"]["zh"],
        article_en=entry["article"]["en"],
        likely=entry.get("likely", 0),
    )


def rule(name: str) -> Rule:
    """Return one act.

    Raises:
        InputError: There is no such act; lists those there are.
    """
    try:
        return table()[name]
    except KeyError:
        raise errors.InputError(
            "act",
            f"没有“{name}”这个办理步骤。可用：{'、'.join(table())}。",
            f"There is no act “{name}”. There are: {', '.join(table())}.",
        ) from None


def refusal(act: Rule, matter: Mapping[str, Any], staff: Staff) -> errors.RuleError | None:
    """Return why `act` is not open on `matter` for `staff`, or None when it is.

    The order of the reasons: state, class, exit of Art. 31, role. The first that applies is given.
    """
    state = matter["state"]
    if not (state in act.sources or ("open" in act.sources and state not in ENDED)):
        now = f"{codes.word('state', state, 'zh')}（{state}）", f"{codes.word('state', state, 'en')} ({state})"
        may = "、".join(codes.word("state", s, "zh") for s in act.sources if s != "open")
        may_en = ", ".join(codes.word("state", s, "en") for s in act.sources if s != "open")
        return errors.RuleError(
            f"现在是“{now[0]}”，不能“{act.zh}”"
            + (f"：须在“{may}”时办理（{act.article_zh}）。" if may else "：事项已办结。"),
            f"The matter is “{now[1]}”: “{act.en}” is not open"
            + (f"; it is from {may_en} ({act.article_en})." if may_en else ": it is closed."),
        )
    category = matter["category"]
    if act.categories and category and category not in act.categories:
        return errors.RuleError(
            f"“{codes.word('category', category, 'zh')}”类事项不能“{act.zh}”（{act.article_zh}）。",
            f"“{act.en}” is not for the class “{codes.word('category', category, 'en')}” ({act.article_en}).",
        )
    if act.exits and category == "claim" and matter["rules"].startswith("REG-2022") and matter["exit"] not in act.exits:
        return errors.RuleError(
            "《信访工作条例》第三十一条：只有第六项（不属于前五项法定途径）的申诉求决才按信访程序受理；"
            + ("请先甄别其途径。" if not matter["exit"] else f"本事项甄别为第 {matter['exit']} 项，应告知相应途径。"),
            "REG-2022 Art. 31: only a claim under (6), outside the five statutory routes, is accepted in the petition"
            " procedure; "
            + (
                "screen its route first."
                if not matter["exit"]
                else f"this one was screened as ({matter['exit']}) and is directed to its route."
            ),
        )
    if not staff.roles & act.roles:
        roles_zh = "、".join(codes.word("role", role, "zh") for role in sorted(act.roles))
        roles_en = ", ".join(codes.word("role", role, "en") for role in sorted(act.roles))
        return errors.NotAllowedError(
            f"“{act.zh}”须由{roles_zh}办理；{staff.name}没有这个职责（{act.article_zh}）。",
            f"“{act.en}” is done by: {roles_en}; {staff.name} has none of these duties ({act.article_en}).",
        )
    return None


def listed(matter: Mapping[str, Any], staff: Staff) -> tuple[tuple[OpenAct, ...], tuple[ClosedAct, ...]]:
    """Return the acts open on a matter for a person, the likeliest first, and the others with their reason."""
    opened, closed = [], []
    for act in table().values():
        reason = refusal(act, matter, staff)
        if reason is None:
            opened.append(
                OpenAct(
                    name=act.name,
                    roles=tuple(sorted(act.roles)),
                    documents=(act.document_under(matter["rules"]),) if act.document else (),
                    inputs=act.inputs,
                    article=act.article_zh if errors.spoken() == "zh" else act.article_en,
                    to_state=act.to,
                    likely=AGAIN if act.to == matter["state"] else act.likely,
                )
            )
        else:
            closed.append(ClosedAct(name=act.name, reason_zh=reason.message.zh, reason_en=reason.message.en))
    return tuple(sorted(opened, key=lambda open_act: -open_act.likely)), tuple(closed)


def word(name: str, language: errors.Language) -> str:
    """Return the name of an act of the table, or of a step of the register itself (registration, import, reading)."""
    found = table().get(name)
    if found:
        return found.word(language)
    zh, en = _OTHER.get(name, (name, name))
    return zh if language == "zh" else en


_OTHER = {
    "register_item": ("登记", "Register"),
    "import_items": ("导入", "Import"),
    "import_reference": ("导入基础数据", "Import reference data"),
    "issue_letter": ("制发文书", "Issue a document"),
    "spoil_letter": ("作废文书", "Spoil a document"),
    "read_matter": ("查阅", "Read"),
    "attach": ("加附件", "Attach a paper"),
    "create_register": ("新建登记库", "Make the register"),
    "save_wording": ("保存文书措辞", "Save the wording of a letter"),
    "approve_wording": ("批准文书措辞", "Approve the wording of a letter"),
    "set_setting": ("更改设置", "Change a setting"),
    "add_staff": ("增加人员", "Add a person"),
    "close_staff": ("停用人员", "Close a login"),
    "set_roles": ("更改角色", "Change roles"),
    "add_unit": ("增加单位", "Add a unit"),
    "restore_register": ("从备份恢复", "Restore from a backup"),
    "practice": ("练习数据", "Practice data"),
    "print_receipt": ("打印回执", "Print the receipt"),
}
