"""Into the programme and out of it: inclusion by source, the five exclusions with their evidence, readmission.

All cases are entered; an excluded one stays with its ground (provincial plan; domain reference, 7.2). What is kept:

    X1  the conclusion that was reached        paper prior_conclusion, and the conclusion in a line
    X2  the case number and its stage          typed
    X3  the agreement, and that nothing is new paper stop_agreement or commitment, and the comparison
    X4  the termination by the province        paper conclusion
    X5  the document number, and nothing else  no words and no paper: no mark on the person (project rule)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from models import codes, errors
from models.act import Act
from models.programme import keeping
from models.steps import key_course
from models.steps.key_course import PLAN, case_of, need_text, now, turn
from models.steps.step import Check, Follow, Need, Step, write_fact

ASSIGNED = frozenset({"central", "ministry", "province"})
"""Sources that assign by a document, whose number is kept."""

PAPERS: Mapping[str, tuple[str, ...]] = {
    "X1": ("prior_conclusion",),
    "X3": ("stop_agreement", "commitment"),
    "X4": ("conclusion",),
}
"""Papers that prove an exclusion: one of them."""

_DETAILS = ("ground", "case_number", "case_stage", "compared")

DOCUMENT_NUMBER = re.compile(r"[\w（）()]{1,24}[〔\[（(][0-9]{4}[〕\]）)]第?[0-9]{1,7}号")
"""A document number and no other words: organ's code, year in brackets, running number (GB/T 9704-2012, 7.2.5)."""


# --- inclusion --------------------------------------------------------------------------------------------------------


def _running(step: Step) -> list[dict[str, Any]]:
    if "programmes" not in step.memo:
        step.memo["programmes"] = step.register.records("programme", "closed_on IS NULL ORDER BY from_on DESC, id DESC")
    found: list[dict[str, Any]] = step.memo["programmes"]
    return found


def _need_programme(step: Step) -> errors.RuleError | None:
    running = {row["id"]: row for row in _running(step)}
    if not running:
        return errors.RuleError(
            f"没有进行中的专项：请先建立专项（{PLAN[0]}；产品规则）。",
            f"No programme is running: make one first ({PLAN[1]}; project rule).",
        )
    case = key_course.current(step)
    if case is None or case.case["programme"] not in running:
        return None
    name = running[case.case["programme"]]["name"]
    return errors.RuleError(
        f"本事项已于 {case.case['entered_on']} 列入“{name}”，不重复列入（{PLAN[0]}：已录入的补充完善；产品规则）。",
        f"The matter was entered in “{name}” on {case.case['entered_on']} and is not entered twice ({PLAN[1]}: what is"
        " entered already is completed; project rule).",
    )


def _check_include(step: Step) -> None:
    values = step.values
    running = _running(step)
    named = str(values.get("programme") or "").strip()
    if named:
        row = keeping.find(step.register, named)
        if row["closed_on"]:
            raise errors.RuleError(
                f"专项“{row['name']}”已于 {row['closed_on']} 关闭，不再列入案件（产品规则）。",
                f"The programme “{row['name']}” was closed on {row['closed_on']} and takes no case any more (project"
                " rule).",
            )
    elif len(running) == 1:
        row = running[0]
    else:
        keys = [one["key"] for one in running]
        raise errors.MissingPartError(
            ("programme",),
            f"有 {len(keys)} 个进行中的专项，须写明列入哪一个：{'、'.join(keys)}。",
            f"{len(keys)} programmes are running; say which one: {', '.join(keys)}.",
        )
    if not row["from_on"] <= step.on.isoformat() <= row["to_on"]:
        raise errors.InputError(
            "on",
            f"列入日期 {step.on} 不在专项“{row['name']}”的时间 {row['from_on']} 至 {row['to_on']} 之内（{PLAN[0]}）。",
            f"The day {step.on} lies outside the programme “{row['name']}”, {row['from_on']} to {row['to_on']}"
            f" ({PLAN[1]}).",
        )
    if values["source"] in ASSIGNED:
        word, word_en = (codes.word("key_source", values["source"], one) for one in ("zh", "en"))
        need_text(
            step,
            "basis",
            f"“{word}”的案件须写明交办文号或者名单号（{PLAN[0]}：按来源列入）。",
            f"A case “{word_en}” needs the number of its assignment or list ({PLAN[1]}: entered by source).",
        )
    if values["source"] == "since" and step.matter["state"] == "S13":
        raise errors.RuleError(
            f"本事项已办结，不属于“初次信访后尚未办结”：请按实际来源列入（{PLAN[0]}）。",
            f"The matter is closed and not one “not ended since its first petition”: name its true source ({PLAN[1]}).",
        )
    values["programme"] = row["id"]


def _follow_include(act: Act, step: Step) -> None:
    values = step.values
    case = act.insert(
        "key_case",
        {
            "matter": step.id,
            "programme": values["programme"],
            "source": values["source"],
            "basis": values.get("basis"),
            "entered_on": step.on,
        },
    )
    write_fact(act, step, "key_included", key_case=case, note=values.get("basis"))


# --- exclusion --------------------------------------------------------------------------------------------------------


def _check_exclude(step: Step) -> None:
    kind = step.values["exclusion"]
    zh, en = codes.word("key_exclusion", kind, "zh"), codes.word("key_exclusion", kind, "en")
    if kind == "X5":
        _only_a_number(step)
        return
    if step.values.get("document_number"):
        raise errors.InputError(
            "document_number",
            f"文书号只用于第五种情形；“{zh}”须留存相应的证明材料（{PLAN[0]}）。",
            f"A document number alone is for X5; “{en}” is proved by its own evidence ({PLAN[1]}).",
        )
    if kind == "X2":
        for name, what_zh, what_en in (("case_number", "案号", "case number"), ("case_stage", "所处阶段", "stage")):
            need_text(
                step,
                name,
                f"“{zh}”须写明{what_zh}（{PLAN[0]}：正在法律程序中的，留存案号和阶段）。",
                f"“{en}” needs the {what_en} ({PLAN[1]}: inside a legal procedure, number and stage are kept).",
            )
        return
    if kind == "X1":
        need_text(
            step,
            "ground",
            f"“{zh}”须写明已有的结论（{PLAN[0]}）。",
            f"“{en}” needs the conclusion that was reached ({PLAN[1]}).",
        )
    if kind == "X3":
        need_text(
            step,
            "compared",
            f"“{zh}”须写明没有新的事实和理由的比对（{PLAN[0]}；《信访条例》第三十五条）。",
            f"“{en}” needs the comparison that facts and reasons are not new ({PLAN[1]}; SC-431 Art. 35).",
        )
    step.values["exclusion_paper"] = _paper(step, kind)


def _only_a_number(step: Step) -> None:
    """X5 keeps the document number and nothing else: no words, no paper, no mark on the person (project rule)."""
    more = [name for name in _DETAILS if str(step.values.get(name) or "").strip()]
    if more or step.given:
        raise errors.InputError(
            more[0] if more else "paper",
            "第五种情形只登记文书号：不写情况说明，不附材料，不对人作任何标注（产品规则；部令第79号第十条）。",
            "X5 keeps the document number only: no words, no paper, no mark on the person (project rule; MPS-79 Art."
            " 10).",
        )
    number = need_text(
        step,
        "document_number",
        f"第五种情形须写明文书号（{PLAN[0]}；产品规则）。",
        f"X5 needs the document number ({PLAN[1]}; project rule).",
    )
    if not DOCUMENT_NUMBER.fullmatch(number):
        raise errors.InputError(
            "document_number",
            f"“{number}”不是文书号：请写成“X公（行）决〔2012〕12号”的样式，不写其他内容（产品规则）。",
            f"“{number}” is no document number: write it like X公（行）决〔2012〕12号 and nothing else (project rule).",
        )


def _paper(step: Step, kind: str) -> int | None:
    """Return the paper on file that proves an exclusion; None when it is handed in with the step.

    Raises:
        MissingPartError: Neither; names the papers that do.
    """
    kinds = PAPERS[kind]
    if any(draft.kind in kinds for draft in step.given):
        return None
    marks = ",".join("?" * len(kinds))
    row = step.register.row(
        f"SELECT id FROM document WHERE matter=? AND kind IN ({marks}) AND state='incoming' AND"
        " coalesce(dated_on, received_on, '')<=? ORDER BY id DESC LIMIT 1",
        (step.id, *kinds, step.on.isoformat()),
    )
    if row:
        return int(row[0])
    zh = "”或“".join(codes.word("paper", one, "zh") for one in kinds)
    en = "” or “".join(codes.word("paper", one, "en") for one in kinds)
    raise errors.MissingPartError(
        kinds,
        f"“{codes.word('key_exclusion', kind, 'zh')}”须有“{zh}”在卷：请登记收到的材料，或者随本步骤登记（{PLAN[0]}）。",
        f"“{codes.word('key_exclusion', kind, 'en')}” rests on the paper “{en}”: record it first, or hand it in with"
        f" this step ({PLAN[1]}).",
    )


def _follow_exclude(act: Act, step: Step) -> None:
    values = step.values
    kind = values["exclusion"]
    handed = next((step.papers[one] for one in PAPERS.get(kind, ()) if one in step.papers), None)
    paper = values.get("exclusion_paper") or handed
    ground = {
        "X1": values.get("ground"),
        "X2": f"{values.get('case_number')}；{values.get('case_stage')}",
        "X3": values.get("compared"),
        "X4": values.get("ground"),
        "X5": values.get("document_number"),
    }[kind]
    act.set(
        "key_case",
        case_of(step).id,
        exclusion=kind,
        excluded_on=step.on,
        exclusion_ground=ground,
        exclusion_paper=paper,
    )
    turn(act, step, "key_excluded", note=kind, document=paper)


def _check_readmit(step: Step) -> None:
    key_course.refuse_before(step, now(step).excluded_on, "剔除", "the exclusion")


def _follow_readmit(act: Act, step: Step) -> None:
    act.set("key_case", case_of(step).id, exclusion=None, excluded_on=None, exclusion_ground=None, exclusion_paper=None)
    turn(act, step, "key_readmitted", note=step.values["reason"])


def _check_exclude_day(step: Step) -> None:
    key_course.refuse_before(step, key_course.begun(step), "列入", "its entry")
    _check_exclude(step)


CHECKS: dict[str, Check] = {
    "include_key_case": _check_include,
    "exclude_key_case": _check_exclude_day,
    "readmit_key_case": _check_readmit,
}
FOLLOW: dict[str, Follow] = {
    "include_key_case": _follow_include,
    "exclude_key_case": _follow_exclude,
    "readmit_key_case": _follow_readmit,
}
NEEDS: dict[str, Need] = {**key_course.NEEDS, "programme_running": _need_programme}
