"""By which procedure a matter goes: the simplified one and falling back from it, or out to a statutory procedure.

Simplified handling (SIMPLE-2016, SIMPLE-2022) fits initial matters with clear facts and duty; it may not cut a
petitioner's rights: what is likely not to be supported goes by the ordinary procedure, paper is given when asked for,
and falling back leaves the clock where it first began (domain reference, 4.3). A matter that proves to belong to
REG-2022 Art. 31(1)-(5) is led into its own procedure, with a notice that says where and how.
"""

from __future__ import annotations

from models import codes, errors, handovers
from models.act import Act
from models.steps import opinion
from models.steps.guard import refuse_accused_unit
from models.steps.step import Check, Follow, Need, Step

ARTICLE_ZH = "信访事项简易办理办法第四条、第五条"
ARTICLE_EN = "SIMPLE-2016/2022 Arts 4, 5"


def _check_start(step: Step) -> None:
    refuse_accused_unit(step, step.values.get("unit"))
    if not step.values.get("on_paper") and not (step.values.get("way") and step.values.get("told")):
        raise errors.MissingPartError(
            ("way", "told"),
            f"信访人不要求纸质告知的，须记录以何种方式告知、告知了什么（{ARTICLE_ZH}）。",
            f"Without a paper notice, record how the petitioner was told and what ({ARTICLE_EN}).",
        )


def _follow_start(act: Act, step: Step) -> None:
    if step.values.get("told"):
        way = codes.word("simple_way", step.values.get("way"), "zh")
        act.insert("passage", {"matter": step.id, "kind": "contact", "body": f"{way}告知：{step.values['told']}"})


def _need_fits_simple(step: Step) -> errors.RuleError | None:
    """Return the first of the conditions of Arts 4 and 5 that the matter's facts do not meet."""
    matter = step.matter
    items = step.register.records("item", "matter=? AND cancelled IS NULL", (step.id,))
    reasons = (
        (
            not any(clock.track == "simple" for clock in step.rules.clocks),
            "收到之日尚未施行简易办理",
            "the simplified procedure was not in force on the day of receipt",
        ),
        (any(item["repeat"] for item in items), "不是初次信访", "it is not an initial matter"),
        (bool(step.happened("assigned_in")), "属于上级交办", "it was assigned from above"),
        (
            bool(matter["joint"] or matter["group_visit"] or matter["three_cross"]),
            "属于联名、集体或涉及多个责任主体的信访",
            "it is joint, or of several responsible bodies",
        ),
        (bool(matter["major"]), "属于重大、复杂、疑难信访事项", "it is major, complex or difficult"),
        (bool(step.happened("fell_back")), "已由简易办理转回普通程序", "it fell back from the simplified procedure"),
    )
    for holds, zh, en in reasons:
        if holds:
            return errors.RuleError(
                f"不能简易办理：{zh}（{ARTICLE_ZH}）。",
                f"It does not fit the simplified procedure: {en} ({ARTICLE_EN}).",
            )
    return None


def _check_answer(step: Step) -> None:
    opinion.check_every_claim(step)
    if any(decided["decision"] == "refuse" for decided in step.values["claims"].values()):
        raise errors.RuleError(
            "不予支持的诉求不能简易办理：请转回普通程序，出具书面处理意见"
            "（信访事项简易办理办法第五条；《信访工作条例》第三十二条）。",
            "A claim that is not supported is not answered in the simplified procedure: fall back to the ordinary one"
            " and answer in writing (SIMPLE-2022 Art. 5; REG-2022 Art. 32).",
        )
    opinion.check_execution_day(step, step.values["claims"].values())


def _follow_answer(act: Act, step: Step) -> None:
    way = codes.word("simple_way", step.values["way"], "zh")
    body = f"{way}答复：{step.values['answer']}（{step.values['record']}）"
    act.insert("passage", {"matter": step.id, "kind": "answer", "body": body})
    opinion.decide(act, step)
    opinion.conclude(act, step)
    found = handovers.open_rows(handovers.rows(step.register, step.id), *handovers.LEAD, "assist")
    handovers.end(act, found, "answered", on=step.on, answer=step.values["answer"])


def _need_simplified(step: Step) -> errors.RuleError | None:
    if step.matter["simplified"]:
        return None
    return errors.RuleError(
        f"本事项没有适用简易办理（{ARTICLE_ZH}）。", f"The matter is not in the simplified procedure ({ARTICLE_EN})."
    )


def _check_fall_back(step: Step) -> None:
    """In the ordinary procedure the notice is written (SC-431 Art. 22, REG-2022 Art. 23): issued now if it was not."""
    issued = step.register.row(
        "SELECT 1 FROM document WHERE matter=? AND kind='acceptance_notice' AND state='issued'", (step.id,)
    )
    if issued is None:
        step.values["on_paper"] = True


def _check_route_out(step: Step) -> None:
    if step.values["exit"] == 6:
        raise errors.InputError(
            "exit",
            "第六项是信访程序本身：请写明属于第一至第五项中的哪一项（《信访工作条例》第三十一条）。",
            "Exit (6) is the petition procedure itself: name which of (1) to (5) it is (REG-2022 Art. 31).",
        )


def _follow_route_out(act: Act, step: Step) -> None:
    found = handovers.open_rows(handovers.rows(step.register, step.id), *handovers.LEAD, "assist")
    handovers.end(act, found, "replaced", on=step.on, answer=step.values["reason"])


CHECKS: dict[str, Check] = {
    "start_simple": _check_start,
    "answer_simple": _check_answer,
    "fall_back": _check_fall_back,
    "route_out": _check_route_out,
}
FOLLOW: dict[str, Follow] = {
    "start_simple": _follow_start,
    "answer_simple": _follow_answer,
    "route_out": _follow_route_out,
}
NEEDS: dict[str, Need] = {"fits_simple": _need_fits_simple, "simplified": _need_simplified}
