"""The end of a key case: solved in one of four ways, its dossier reported, reviewed, looked back at, come up again.

Four outcomes are wanted (domain reference, 7.3): the reasonable claim solved, the excessive claim explained, own flaws
corrected, real hardship helped. Each rests on a record: progress is what was proved. Where the conclusion was told and
the petitioner still disagrees, a hearing, aid or explanation that was really given is an outcome too, not endless
"open". A commitment is voluntary and bars no new matter.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date

from models import codes, errors
from models.act import Act
from models.programme import dossier
from models.programme.evidence import Row
from models.steps.key_course import PLAN, begun, case_of, current, need_text, now, plan_of, refuse_before, turn
from models.steps.step import Check, Follow, Need, Step

_ANSWERED = ("served", "replied", "settled", "performed", "executed")
"""Dated facts by which a claim was met: answered and served, replied, settled, carried out."""


# --- solved -----------------------------------------------------------------------------------------------------------


def _rounds(step: Step, *methods: str) -> list[Row]:
    """Return the rounds by these methods since the case was entered or came up again, up to the day of the step."""
    case, floor = case_of(step), begun(step)
    return [row for row in case.rounds if row["method"] in methods and case.counts(row, row["on_date"], floor, step.on)]


def _happened(step: Step, *kinds: str) -> bool:
    """Return whether a dated fact falls from the day on which the case's evidence begins to the day of the step."""
    case, floor = case_of(step), begun(step)
    born = dict(step.register.rows("SELECT id, born FROM event WHERE matter=?", (step.id,))) if case.reopened else {}
    return any(
        case.counts({"born": born.get(event.row, 0)}, event.on.isoformat(), floor, step.on)
        for event in step.happened(*kinds)
    )


def _is_solved(step: Step) -> bool:
    settled = [row for row in _rounds(step, *codes.codes("case_method")) if row["result"] == "settled"]
    return bool(settled) or _happened(step, *_ANSWERED)


def _is_explained(step: Step) -> bool:
    return _happened(step, "hearing_ended") or bool(_rounds(step, "explanation", "hearing"))


def _is_corrected(step: Step) -> bool:
    mended = step.rows(
        "task", f"kind='redress' AND done_on BETWEEN '{begun(step).isoformat()}' AND '{step.on.isoformat()}'"
    )
    tried = _rounds(step, "law", "policy", "economic", "administrative", "lawful")
    return bool(mended) or any(row["result"] != "none" for row in tried)


def _is_helped(step: Step) -> bool:
    return any(row["result"] != "none" for row in _rounds(step, "aid"))


_PROOF: Mapping[str, tuple[Callable[[Step], bool], str, str]] = {
    "solved": (
        _is_solved,
        "列入以后送达的答复、回复、已签的协议、执行完毕的记录，或者“达成一致”的化解记录",
        "since its entry, an answer served, a reply, a settlement, a thing carried out, or a round that settled it",
    ),
    "explained": (
        _is_explained,
        "一次公开听证，或者以“解释疏导”“公开听证”进行的化解记录",
        "a hearing that was held, or a round of explanation or hearing",
    ),
    "corrected": (
        _is_corrected,
        "列入以后完成的补救任务，或者有结果的法律、政策、经济、行政、依法处理的化解记录",
        "since its entry a redress, or a round by law, policy, economic or administrative means that had a result",
    ),
    "helped": (_is_helped, "有结果的“帮扶救助”化解记录", "a round of aid that had a result"),
}
"""By outcome: whether it is proved, and by what."""


def _check_solve(step: Step) -> None:
    refuse_before(step, plan_of(step)["approved_on"], "方案批准", "the plan's approval")
    lacking = [code for code in step.values["outcomes"] if not _PROOF[code][0](step)]
    if lacking:
        zh = "；".join(f"“{codes.word('key_outcome', code, 'zh')}”须有{_PROOF[code][1]}" for code in lacking)
        en = "; ".join(f"“{codes.word('key_outcome', code, 'en')}” needs {_PROOF[code][2]}" for code in lacking)
        raise errors.MissingPartError(
            tuple(lacking),
            f"化解结果没有证据：{zh}（{PLAN[0]}：四个到位；产品规则）。",
            f"The outcome is not proved: {en} ({PLAN[1]}: four outcomes; project rule).",
        )


def _follow_solve(act: Act, step: Step) -> None:
    act.set(
        "key_case",
        case_of(step).id,
        solved_on=step.on,
        outcomes=json.dumps(step.values["outcomes"]),
        closed_on=None,
    )
    turn(act, step, "key_solved", note=step.values["told"])


# --- the dossier and the city's review --------------------------------------------------------------------------------


def _open_review(step: Step) -> Row | None:
    """Return the closing report that the city has not answered."""
    case = current(step)
    if case is None:
        return None
    floor = begun(step)
    found = [
        row for row in case.reviews if not row["reviewed_on"] and case.counts(row, row["reported_on"], floor, date.max)
    ]
    return found[-1] if found else None


def _reported(step: Step) -> Row:
    """Return the closing report that waits for the city; asked only where the condition `closing_reported` holds."""
    row = _open_review(step)
    if row is None:
        raise errors.BugError("没有待评查的结案材料。", "No dossier waits for its review.")
    return row


def _need_not_reported(step: Step) -> errors.RuleError | None:
    row = _open_review(step)
    if row is None:
        return None
    return errors.RuleError(
        f"结案材料已于 {row['reported_on']} 上报，市局尚未评查（{PLAN[0]}：逐案评查）。",
        f"The dossier went up on {row['reported_on']} and the city has not reviewed it yet ({PLAN[1]}).",
    )


def _need_reported(step: Step) -> errors.RuleError | None:
    if current(step) is None or _open_review(step) is not None:
        return None
    return errors.RuleError(
        f"没有待评查的结案材料：请先上报（{PLAN[0]}：逐案评查）。",
        f"No dossier waits for the city's review: report it first ({PLAN[1]}).",
    )


def _check_report(step: Step) -> None:
    case = case_of(step)
    refuse_before(step, now(step).solved_on, "化解", "the solving")
    given = {draft.kind for draft in step.given}
    handed = {
        code
        for code, kinds in (
            ("report", dossier.REPORT_KINDS),
            ("commitment", dossier.SIGNED_KINDS),
            ("material", dossier.MATERIAL_KINDS),
        )
        if given & set(kinds)
    }
    lacking = [part for part in dossier.missing(dossier.parts(step.register, case, step.on)) if part.code not in handed]
    if lacking:
        zh = "；".join(f"{part.words.zh}（{part.told.zh}）" for part in lacking)
        en = "; ".join(f"{part.words.en} ({part.told.en})" for part in lacking)
        raise errors.MissingPartError(
            tuple(part.code for part in lacking),
            f"结案材料不全，不能上报，还缺：{zh}（{PLAN[0]}：结案材料；产品规则）。",
            f"The closure dossier is not complete and is not reported; missing: {en} ({PLAN[1]}; project rule).",
        )
    for row in reversed(case.reviews):
        if row["result"] == "returned":
            refuse_before(step, row["reviewed_on"], "退回", "its return")
            break


def _follow_report(act: Act, step: Step) -> None:
    handed = next((step.papers[kind] for kind in dossier.REPORT_KINDS if kind in step.papers), None)
    found = dossier.parts(step.register, case_of(step), step.on)
    report = next(part.document for part in found if part.code == "report")
    act.insert(
        "case_review",
        {
            "matter": step.id,
            "key_case": case_of(step).id,
            "reported_on": step.on,
            "report": handed or report,
        },
    )


def _check_review(step: Step) -> None:
    refuse_before(step, _reported(step)["reported_on"], "上报结案材料", "the report")
    if step.values["result"] != "approved":
        need_text(
            step,
            "opinion",
            f"评查没有同意结案的，须写明评查意见（{PLAN[0]}：逐案评查）。",
            f"Where the review does not approve, its opinion is recorded ({PLAN[1]}).",
        )


def _follow_review(act: Act, step: Step) -> None:
    row, values, case = _reported(step), step.values, case_of(step)
    act.set(
        "case_review",
        row["id"],
        reviewed_on=step.on,
        result=values["result"],
        opinion=values.get("opinion"),
        paper=step.papers["city_review"],
    )
    if values["result"] == "approved":
        act.set("key_case", case.id, closed_on=step.on)
        turn(act, step, "key_closed", document=step.papers["city_review"])
    elif values["result"] == "unsolved":
        act.set("key_case", case.id, solved_on=None, outcomes=None)
        turn(act, step, "key_unsolved", note=values["opinion"], document=step.papers["city_review"])


# --- afterwards -------------------------------------------------------------------------------------------------------


def _check_look_back(step: Step) -> None:
    refuse_before(step, now(step).closed_on, "评查同意结案", "the approval of the closing")


def _follow_look_back(act: Act, step: Step) -> None:
    values = step.values
    act.insert(
        "look_back",
        {
            "matter": step.id,
            "key_case": case_of(step).id,
            "on_date": step.on,
            "officer": step.by.id,
            "finding": values["finding"],
            "told": values["told"],
        },
    )
    if values["finding"] == "rebound":
        _rebound(act, step, values["told"])


def _check_rebound(step: Step) -> None:
    found = now(step)
    refuse_before(step, found.closed_on or found.solved_on, "化解或者结案", "its solving or closing")


def _follow_rebound(act: Act, step: Step) -> None:
    _rebound(act, step, step.values["told"])


def _rebound(act: Act, step: Step, told: str) -> None:
    """The case counts as open again from this day; when it was solved and closed stays in its dated facts."""
    act.set(
        "key_case", case_of(step).id, rebound_on=step.on, rebound=told, solved_on=None, closed_on=None, outcomes=None
    )
    turn(act, step, "key_rebound", note=told)


CHECKS: dict[str, Check] = {
    "solve_case": _check_solve,
    "report_case_closing": _check_report,
    "record_city_review": _check_review,
    "look_back": _check_look_back,
    "record_rebound": _check_rebound,
}
FOLLOW: dict[str, Follow] = {
    "solve_case": _follow_solve,
    "report_case_closing": _follow_report,
    "record_city_review": _follow_review,
    "look_back": _follow_look_back,
    "record_rebound": _follow_rebound,
}
NEEDS: dict[str, Need] = {
    "closing_not_reported": _need_not_reported,
    "closing_reported": _need_reported,
}
