"""The table of acts: every lawful step, who may take it, from which state, with which papers, and where it leads.

Data in `resources/acts/`, one file a room of the handling; this room reads it once and says of an act whether state,
rule set, class, exit and duty let it be taken. The window's buttons, `act --list`, `act --table`, the state diagram and
the tests ask here. Keys of an act:

    zh, en       its name
    roles        who may do it (any of these)
    from         states in which it is open; "open" = every state but S13; "S14" = while the matter is supervised
    to           state it leads to; "in_hand" = S5x while an extension counts, else S5; absent: the state stays
    to_by        in place of `to`: input = the name of a choice, and for each of its codes the state that it leads to
    enters, leaves   "S14": supervision stands beside the main state and begins or ends with the act
    rules        "2005" or "2022": open only for matters under that regulation
    category     classes for which it is open; absent: all
    exits        exits of REG-2022 Art. 31 for which a claim may take it under REG-2022; absent: all
    document(s)  kinds of the letters issued with it, in the same transaction
    document_2005    the same for matters under SC-431, where another one was due
    when         kind of letter = input (or input=code): issued only when the input says so
    papers       kinds of incoming papers that the matter must hold, or that are handed in with the act
    needs        conditions on the matter's facts (models.steps), each with its sentence and article
    after        kinds of dated facts that the act cannot come before
    events       dated facts it records, on the day `on` unless another input is named
    sets         columns of the matter it sets: a value, or "=input" for the value of an input
    inputs       name, kind (text long date choice(s) unit staff number flag claims), table of the choices, required;
                 zh, en where the words of `words.toml` do not fit
    starts, ends clocks it starts and ends (for people; the clock engine works from the events)
    article      where it stands in the law
    likely       the higher, the sooner it is offered
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from models import codes, errors
from models.records import InputField, Staff

ENDED = frozenset({"S13"})
"""States in which nothing is open but what names them: what follows the end, and reopening."""

SUPERVISED = "S14"
"""The state that stands beside the main one."""

IN_HAND = "in_hand"
"""`to` of an act that leads back to the handling: S5x while an extension counts, else S5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One act of the table; the keys are those of the head of this room."""

    name: str
    zh: str
    en: str
    roles: frozenset[str]
    sources: tuple[str, ...]
    to: str
    to_by: dict[str, str]
    enters: str
    leaves: str
    rules: Literal["", "2005", "2022"]
    categories: tuple[str, ...]
    exits: tuple[int, ...]
    documents: tuple[str, ...]
    document_2005: str
    when: dict[str, str]
    papers: tuple[str, ...]
    needs: tuple[str, ...]
    after: tuple[str, ...]
    events: tuple[dict[str, str], ...]
    inputs: tuple[InputField, ...]
    sets: dict[str, Any]
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    article_zh: str
    article_en: str
    likely: int
    room: str = ""
    """File that it stands in, without its number: how lists of acts are grouped."""

    @property
    def targets(self) -> tuple[str, ...]:
        """States it may lead to; none when the state stays."""
        if self.to_by:
            return tuple(dict.fromkeys(state for name, state in self.to_by.items() if name != "input"))
        return ("S5", "S5x") if self.to == IN_HAND else (self.to,) if self.to else ()

    def documents_under(self, rules: str) -> tuple[str, ...]:
        """Return the kinds of letters that go out with the act for a matter under `rules`."""
        if self.document_2005 and rules.startswith("SC-"):
            return (self.document_2005, *self.documents[1:])
        return self.documents

    def word(self, language: errors.Language) -> str:
        """Return the act's name."""
        return self.zh if language == "zh" else self.en


def table() -> dict[str, Rule]:
    """Return all acts by name, in the order of the files."""
    return _table(codes.generation())


@lru_cache(maxsize=2)
def _table(_offered: bytes) -> dict[str, Rule]:
    """Return the acts with the choices that the code tables offer."""
    raw: dict[str, dict[str, Any]] = {}
    folder = files("resources").joinpath("acts")
    for name in sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml")):
        room = name.removesuffix(".toml").lstrip("0123456789_")
        entries = tomllib.loads(folder.joinpath(name).read_text("utf-8"))
        raw |= {act: {**entry, "room": room} for act, entry in entries.items()}
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
        to_by=dict(entry.get("to_by", {})),
        enters=entry.get("enters", ""),
        leaves=entry.get("leaves", ""),
        rules=entry.get("rules", ""),
        categories=tuple(entry.get("category", ())),
        exits=tuple(entry.get("exits", ())),
        documents=tuple(entry.get("documents", [entry["document"]] if "document" in entry else [])),
        document_2005=entry.get("document_2005", ""),
        when=dict(entry.get("when", {})),
        papers=tuple(entry.get("papers", ())),
        needs=tuple(entry.get("needs", ())),
        after=tuple(entry.get("after", ())),
        events=tuple(entry.get("events", ())),
        inputs=inputs,
        sets=dict(entry.get("sets", {})),
        starts=tuple(entry.get("starts", ())),
        ends=tuple(entry.get("ends", ())),
        article_zh=entry["article"]["zh"],
        article_en=entry["article"]["en"],
        likely=entry.get("likely", 0),
        room=entry["room"],
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


def standing(matter: Mapping[str, Any]) -> frozenset[str]:
    """Return the states that a matter is in: its main one, and S14 while it is supervised."""
    return frozenset({matter["state"], SUPERVISED} if matter.get("supervised") else {matter["state"]})


def refusal(act: Rule, matter: Mapping[str, Any], staff: Staff) -> errors.RuleError | None:
    """Return why `act` is not open on `matter` for `staff`, or None when it is.

    What the matter's further facts say (`needs`) is asked by `models.handling`. The order of the reasons: state, rule
    set, class, exit of Art. 31, role. The first that applies is given.
    """
    return (
        _by_state(act, matter)
        or _by_rules(act, matter)
        or _by_class(act, matter)
        or _by_exit(act, matter)
        or _by_role(act, staff)
    )


def _by_state(act: Rule, matter: Mapping[str, Any]) -> errors.RuleError | None:
    now = standing(matter)
    if now & set(act.sources) or ("open" in act.sources and matter["state"] not in ENDED):
        return None
    state = matter["state"]
    may = [source for source in act.sources if source != "open"]
    zh = f"现在是“{codes.word('state', state, 'zh')}（{state}）”，不能“{act.zh}”"
    en = f"The matter is “{codes.word('state', state, 'en')} ({state})”: “{act.en}” is not open"
    if not may:
        return errors.RuleError(f"{zh}：事项已办结（{act.article_zh}）。", f"{en}: it is closed ({act.article_en}).")
    words = "、".join(codes.word("state", source, "zh") for source in may)
    words_en = ", ".join(codes.word("state", source, "en") for source in may)
    return errors.RuleError(
        f"{zh}：须在“{words}”时办理（{act.article_zh}）。", f"{en}; it is from {words_en} ({act.article_en})."
    )


def _by_rules(act: Rule, matter: Mapping[str, Any]) -> errors.RuleError | None:
    family = "2005" if matter["rules"].startswith("SC-") else "2022"
    if not act.rules or act.rules == family:
        return None
    return errors.RuleError(
        f"本事项适用 {matter['rules']}，不能“{act.zh}”：这一步只见于{act.article_zh}。",
        f"The matter is under {matter['rules']}: “{act.en}” exists only under {act.article_en}.",
    )


def _by_class(act: Rule, matter: Mapping[str, Any]) -> errors.RuleError | None:
    category = matter["category"]
    if not (act.categories and category and category not in act.categories):
        return None
    return errors.RuleError(
        f"“{codes.word('category', category, 'zh')}”类事项不能“{act.zh}”（{act.article_zh}）。",
        f"“{act.en}” is not for the class “{codes.word('category', category, 'en')}” ({act.article_en}).",
    )


def _by_exit(act: Rule, matter: Mapping[str, Any]) -> errors.RuleError | None:
    under = matter["category"] == "claim" and matter["rules"].startswith("REG-2022")
    if not (act.exits and under and matter["exit"] not in act.exits):
        return None
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


def _by_role(act: Rule, staff: Staff) -> errors.RuleError | None:
    if staff.roles & act.roles:
        return None
    roles_zh = "、".join(codes.word("role", role, "zh") for role in sorted(act.roles))
    roles_en = ", ".join(codes.word("role", role, "en") for role in sorted(act.roles))
    return errors.NotAllowedError(
        f"“{act.zh}”须由{roles_zh}办理；{staff.name}没有这个职责（{act.article_zh}）。",
        f"“{act.en}” is done by: {roles_en}; {staff.name} has none of these duties ({act.article_en}).",
    )


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
    "invite_workstation": ("增加工作站", "Invite a workstation"),
    "join_workstation": ("工作站加入", "Join as a workstation"),
    "retire_workstation": ("停用工作站", "Retire a workstation"),
    "lease_numbers": ("分配号段", "Lease numbers"),
    "hand_over_numbers": ("移交编号分配", "Hand over giving out numbers"),
    "import_reference": ("导入基础数据", "Import reference data"),
    "settle_conflict": ("裁定冲突", "Settle a conflict"),
    "issue_letter": ("制发文书", "Issue a document"),
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
    "declare_alone": ("无处取回，继续办理", "Go on without fetching"),
    "restore_register": ("从备份恢复", "Restore from a backup"),
    "practice": ("练习数据", "Practice data"),
    "print_receipt": ("打印回执", "Print the receipt"),
    "export_list": ("导出清单", "Export a list"),
    "print_bundle": ("装订案卷", "Bind papers of the matter"),
    "spoil_paper": ("作废本局文书", "Spoil a paper of the bureau"),
    "print_editable": ("导出文书编辑稿", "Export a letter for editing"),
    "withdraw_wording": ("停用文书措辞", "Withdraw the wording of a letter"),
    "apply_calendar": ("启用节假日安排", "Apply a calendar"),
    "approve_rules": ("确认规则变化", "Accept a change of rules"),
    "load_calendar": ("提交节假日安排待核", "Hand in a calendar"),
    "apply_overlay": ("启用地方规定", "Apply a local overlay"),
    "submit_figures": ("报送统计数据", "Submit figures"),
    "issue_evaluation": ("制发履职评价", "Issue the evaluation of units"),
    "create_programme": ("建立专项", "Make a programme"),
    "change_programme": ("修改专项的阶段、节点", "Change the stages or dates of a programme"),
    "report_milestone": ("登记专项报送", "Record a report of a programme"),
    "close_programme": ("结束专项", "Close a programme"),
    "set_liaison": ("确定联络名单", "Set the roster"),
    "set_reception_rules": ("设定接访规则", "Set the rules of reception"),
    "plan_receptions": ("排定接访日", "Plan reception days"),
    "change_reception": ("调整接访日", "Change a reception day"),
    "cancel_reception": ("取消接访日", "Cancel a reception day"),
    "substitute_leader": ("指定替代接访领导", "Name a substitute for a reception"),
    "set_portfolio": ("填写分管工作", "Say what a leader is in charge of"),
    "announce_receptions": ("公示接访安排", "Announce receptions"),
    "begin_reception": ("开始接访", "Begin a reception"),
    "call_visit": ("叫号", "Call a number"),
    "put_back_visit": ("退回候访", "Put back among those who wait"),
    "close_reception": ("结束接访、封存日志", "Close a reception and seal its docket"),
    "take_city_paper": ("接收市局来文", "Take in a paper of the city"),
    "note_city_paper": ("阅存市局来文", "Take note of a paper of the city"),
    "refuse_city_paper": ("退回市局来文", "Send a paper back to the city"),
    "report_city_paper": ("向市局反馈", "Report to the city"),
    "city_assignment": ("市局交办", "Assigned by the city"),
    "city_transfer": ("市局转送", "Transferred by the city"),
    "city_review": ("市局评查意见下发", "Review sent by the city"),
    "city_supervision": ("市局督办", "Supervision sent by the city"),
    "city_calendar": ("市局下发节假日安排", "Calendar sent by the city"),
    "city_overlay": ("市局下发地方规定", "Local overlay sent by the city"),
    "city_codes": ("市局下发代码表", "Code tables sent by the city"),
    "city_units": ("市局下发单位名录", "Unit directory sent by the city"),
    "city_notice": ("市局通知", "Notice of the city"),
    "city_withdraw": ("市局撤回来文", "Paper taken back by the city"),
    "city_insist": ("市局不同意退回", "Return not agreed to by the city"),
}
