"""The opinion: a decision on each claim, drafted by the handler, checked by law, signed by who did not draft it.

Each claim is answered with facts and grounds, after the petitioner was heard or with the reason why not (SC-431
Arts 31, 32; REG-2022 Arts 31(6), 32). General matters are signed by the deputy chief in charge, major ones by the chief
(domain reference, 9.1). What was sent back is not answered the same again on the same facts and reasons (Beijing Reg.
Art. 50, Shandong Reg. Art. 45). What is supported opens a duty to carry it out (SC-431 Art. 32; REG-2022 Art. 32).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from models import codes, errors
from models.act import Act
from models.steps import course, execution, hearings
from models.steps.step import Check, Follow, Need, Step, write_fact

if TYPE_CHECKING:
    from models.letters import LetterFacts

SUPERSEDED = "由新的拟稿代替"
"""Mark of the texts of an earlier draft."""

_SAID = {"facts_found": "facts", "basis": "basis", "unheard": "unheard_reason"}
"""Kind of text to the input of the draft that it is."""


def check_every_claim(step: Step) -> None:
    """Refuse a decision on a claim that is not there, and one without a decision.

    Raises:
        InputError, MissingPartError: SC-431 Art. 32; REG-2022 Art. 32.
    """
    claims = {row["id"]: row["place"] for row in _claims(step)}
    decided = step.values["claims"]
    unknown, missing = sorted(set(decided) - set(claims)), set(claims) - set(decided)
    if unknown:
        raise errors.InputError(
            "claims",
            f"没有这些诉求：{unknown}（《信访条例》第三十二条、《信访工作条例》第三十二条）。",
            f"There are no such claims: {unknown} (SC-431 Art. 32, REG-2022 Art. 32).",
        )
    if missing:
        raise errors.MissingPartError(
            ("claims",),
            f"还有 {len(missing)} 项诉求没有结论：每一项都须答复"
            "（《信访条例》第三十二条、《信访工作条例》第三十二条）。",
            f"{len(missing)} claims have no decision: each is answered (SC-431 Art. 32, REG-2022 Art. 32).",
        )
    bare = [claims[claim] for claim, one in decided.items() if one["decision"] != "support" and not one["grounds"]]
    if bare:
        raise errors.MissingPartError(
            ("claims",),
            f"第 {min(bare)} 项诉求没有全部支持，须写明理由（《信访条例》第三十二条、《信访工作条例》第三十二条）。",
            f"Claim {min(bare)} is not supported in full: its grounds are stated (SC-431 Art. 32, REG-2022 Art. 32).",
        )


def _claims(step: Step) -> list[dict[str, Any]]:
    return step.register.records("claim", "matter=? AND removed IS NULL ORDER BY place", (step.id,))


def _check_draft(step: Step) -> None:
    check_every_claim(step)
    if not step.rows("passage", "kind='reception'") and not step.values.get("unheard_reason"):
        raise errors.MissingPartError(
            ("unheard_reason",),
            "没有听取信访人陈述的记录：请先记录，或写明未听取的理由"
            "（《信访条例》第三十一条、部令第79号第二十四条、《信访工作条例》第三十一条第六项）。",
            "No hearing of the petitioner is recorded: record one, or say why not (SC-431 Art. 31, MPS-79 Art. 24,"
            " REG-2022 Art. 31(6)).",
        )
    quashed = _quashed(step)
    if quashed is not None and _same(step, quashed):
        raise errors.RuleError(
            "责令重新办理的事项，不得以同一事实和理由作出与原意见相同的处理意见"
            "（参照《北京市信访条例》第五十条、《山东省信访条例》第四十五条）。",
            "A matter that was sent back is not given the same opinion again on the same facts and reasons (as Beijing"
            " Reg. Art. 50, Shandong Reg. Art. 45).",
        )


def _quashed(step: Step) -> LetterFacts | None:
    """Return the facts of the answer that was sent back, or None when none was since the last opinion."""
    from models.letters import LetterFacts

    back = course.last(step, "sent_back")
    if back is None or not course.follows(back, course.last(step, "opinion_issued")):
        return None
    found = step.register.records(
        "document", "matter=? AND kind='answer' AND state='issued' AND facts IS NOT NULL ORDER BY id", (step.id,)
    )
    return LetterFacts.from_json(found[-1]["facts"]) if found else None


def _same(step: Step, quashed: LetterFacts) -> bool:
    decided = step.values["claims"]
    now = [(row["request"], decided[row["id"]]["decision"]) for row in _claims(step)]
    before = [(claim.request, claim.decision) for claim in quashed.claims]
    return (
        now == before
        and _bare(step.values["facts"]) == _bare(quashed.findings)
        and _bare(step.values["basis"]) == _bare(quashed.legal_basis)
    )


def _bare(text: str) -> str:
    """Return a text without signs and spaces: another comma is no other reason."""
    return re.sub(r"[\W_]+", "", text)


def _follow_draft(act: Act, step: Step) -> None:
    for row in step.rows("passage", "kind IN ('facts_found', 'basis', 'unheard')"):
        act.set("passage", row["id"], removed=SUPERSEDED)
    for kind, name in _SAID.items():
        if step.values.get(name):
            act.insert("passage", {"matter": step.id, "kind": kind, "body": step.values[name]})
    decide(act, step)


def decide(act: Act, step: Step) -> None:
    """Write the decision on each claim."""
    for claim, decided in step.values["claims"].items():
        act.set("claim", claim, decision=decided["decision"], grounds=decided["grounds"])


def _follow_legal(act: Act, step: Step) -> None:
    result = codes.word("legal_result", step.values["result"], "zh")
    act.insert("passage", {"matter": step.id, "kind": "legal", "body": f"{result}：{step.values['opinion_text']}"})
    if step.values["result"] == "agree":
        write_fact(act, step, "legal_checked", document=step.documents.get("legal_review"), note=result)


def _check_legal(step: Step) -> None:
    step.values["result_text"] = codes.word("legal_result", step.values["result"], "zh")


def _check_issue(step: Step) -> None:
    check_execution_day(step, _claims(step))
    unheard = step.rows("passage", "kind='unheard'")
    if unheard and not step.rows("passage", "kind='reception'"):
        step.values["unheard_reason"] = unheard[-1]["body"]


def check_execution_day(step: Step, decided: Iterable[Mapping[str, Any]]) -> None:
    """Refuse to support a claim without the day until which it is carried out.

    Raises:
        MissingPartError, InputError: SC-431 Art. 32; REG-2022 Art. 32; the day is a project rule.
    """
    if not any(claim["decision"] in ("support", "partly") for claim in decided):
        return
    until = step.values.get("execute_by")
    if until is None:
        raise errors.MissingPartError(
            ("execute_by",),
            "支持诉求的，须写明执行期限并督促执行（《信访条例》第三十二条、《信访工作条例》第三十二条；期限为产品规则）。",
            "What is supported is carried out: name the day until which (SC-431 Art. 32, REG-2022 Art. 32; the day is"
            " a project rule).",
        )
    if until < step.on:
        raise errors.InputError(
            "execute_by",
            f"执行期限 {until} 早于 {step.on}（《信访条例》第三十二条、《信访工作条例》第三十二条）。",
            f"The day of carrying out, {until}, lies before {step.on} (SC-431 Art. 32, REG-2022 Art. 32).",
        )


def conclude(act: Act, step: Step) -> None:
    """Write the conclusion of the whole, and a task for each claim that is supported; one clock counts them all."""
    claims = act.register.records("claim", "matter=? AND removed IS NULL ORDER BY place", (step.id,))
    decided = {claim["decision"] for claim in claims if claim["decision"]}
    if decided:
        act.set("matter", step.id, conclusion=conclusion_of(decided))
    supported = [claim for claim in claims if claim["decision"] in ("support", "partly")]
    if not supported:
        return
    until = step.values["execute_by"]
    waiting = {task["claim"]: task for task in execution.tasks_of(step) if task["done_on"] is None}
    for claim in supported:
        if claim["id"] in waiting:  # reopened because it was not carried out: the same task, now with a day
            act.set("task", waiting[claim["id"]]["id"], due_on=until)
            continue
        act.insert(
            "task",
            {
                "matter": step.id,
                "kind": "execution",
                "claim": claim["id"],
                "what": claim["request"],
                "unit": step.matter["unit"],
                "opened_on": step.on,
                "due_on": until,
            },
        )
    begun, reopened = step.last("supported"), step.last("reopened")
    if waiting and begun is not None and reopened is not None and begun.on >= reopened.on and begun.row is not None:
        act.set("event", begun.row, until=until)  # the clock that has run since the reopening counts these too
        return
    write_fact(act, step, "supported", until=until, note="；".join(claim["request"] for claim in supported))


def conclusion_of(decided: set[str]) -> str:
    """Return the conclusion of the whole from those of the claims (domain reference, 10.2)."""
    if len(decided) == 1:
        return next(iter(decided))
    if {"support", "partly"} & decided:
        return "partly"
    return "refuse"


def _need_legally_checked(step: Step) -> errors.RuleError | None:
    if course.follows(course.last(step, "legal_checked"), course.last(step, "drafted")):
        return None
    return errors.RuleError(
        "拟稿尚未经法制审核同意，不能签发（公安机关法制审核，产品规则；《信访条例》第三十二条、《信访工作条例》第三十二条）。",
        "The draft has not passed its legal check and is not issued (legal check of the bureau, project rule; SC-431"
        " Art. 32, REG-2022 Art. 32).",
    )


def _need_chief_if_major(step: Step) -> errors.RuleError | None:
    major = step.matter["major"] or hearings.held(step)
    if not major or "CH" in step.by.roles:
        return None
    return errors.NotAllowedError(
        "重大事项和经过听证的事项由局长签发（答复意见书制作规范：重大事项由主要领导签发）。",
        "A major matter, and one that was publicly heard, is signed by the chief (practice rules on answers: major"
        " ones by the main leader).",
    )


def _need_not_own_draft(step: Step) -> errors.RuleError | None:
    draft = course.last(step, "drafted")
    if draft is None or draft["staff"] != step.by.id:
        return None
    return errors.NotAllowedError(
        "拟稿人不能审核或签发自己拟定的意见（产品规则；部令第79号第十五条）。",
        "Who drafted an opinion neither checks nor signs it (project rule; MPS-79 Art. 15).",
    )


CHECKS: dict[str, Check] = {"draft": _check_draft, "legal_check": _check_legal, "issue": _check_issue}
FOLLOW: dict[str, Follow] = {
    "draft": _follow_draft,
    "legal_check": _follow_legal,
    "issue": conclude,
}
NEEDS: dict[str, Need] = {
    "legally_checked": _need_legally_checked,
    "chief_if_major": _need_chief_if_major,
    "not_own_draft": _need_not_own_draft,
}
