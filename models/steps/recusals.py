"""Standing aside: declared by the handler or asked for, decided by who may, and from then on no sight of the matter.

An officer with a direct interest in the matter or the petitioner stands aside (MPS-79 Art. 11; SC-431 Art. 30;
REG-2022 Art. 28). Who decides (domain reference, 8.3; MPS-ADM Arts 19-21 by analogy): on the petition unit's staff its
head; on officers the organ, through a deputy chief or the chief; on heads of units and deputy chiefs the chief; on the
chief the organ above, whose paper is recorded here. Until it is decided the work goes on (MPS-ADM Art. 24).
"""

from __future__ import annotations

from typing import Any

from models import codes, errors, handovers, intake
from models.act import Act
from models.records import Staff
from models.steps import course
from models.steps.step import Check, Follow, Need, Step, write_fact

ARTICLE_ZH = "部令第79号第十一条；《公安机关办理行政案件程序规定》第十九条至第二十一条，参照"
ARTICLE_EN = "MPS-79 Art. 11; MPS-ADM Arts 19-21 by analogy"


def deciders(step: Step, staff: Staff) -> frozenset[str]:
    """Return the roles that decide on a person's recusal; empty for the chief, on whom the organ above decides."""
    if "CH" in staff.roles:
        return frozenset()
    if staff.roles & {"PU", "HU", "DL"}:
        return frozenset({"CH"})
    if handovers.is_petition_unit(step.register, staff.unit):
        return frozenset({"PU", "CH"})
    return frozenset({"DL", "CH"})


def _check_declare(step: Step) -> None:
    if step.values["interest"] == "direct" and not step.values.get("ground"):
        raise errors.MissingPartError(
            ("ground",),
            "申报回避须写明有何直接利害关系（部令第79号第十一条、《信访条例》第三十条、《信访工作条例》第二十八条）。",
            "Who asks to stand aside says what the direct interest is (MPS-79 Art. 11, SC-431 Art. 30, REG-2022 Art."
            " 28).",
        )


def _follow_declare(act: Act, step: Step) -> None:
    direct = step.values["interest"] == "direct"
    note = step.values.get("ground") if direct else codes.word("interest", "none", "zh")
    if direct:
        act.insert(
            "recusal",
            {"matter": step.id, "staff": step.by.id, "ground": note, "asked_by": "officer", "asked_on": step.on},
        )
    write_fact(act, step, "recusal_asked" if direct else "declared", note=note)


def _asked(step: Step) -> list[dict[str, Any]]:
    return [row for row in step.rows("recusal", "decision IS NULL") if row["staff"] == step.values["staff"]]


def _check_ask(step: Step) -> None:
    staff = step.register.staff()[step.values["staff"]]
    if step.values["asked_by"] == "officer" and staff.id != step.by.id:
        raise errors.NotAllowedError(
            f"申报回避须由本人提出（{ARTICLE_ZH}）。",
            f"An officer asks to stand aside in person ({ARTICLE_EN}).",
        )
    if _asked(step):
        raise errors.RuleError(
            f"对{staff.name}的回避申请已在等待决定（{ARTICLE_ZH}）。",
            f"A request that {staff.name} stand aside waits for its decision already ({ARTICLE_EN}).",
        )
    if any(row["staff"] == staff.id and row["decision"] == "granted" for row in step.rows("recusal")):
        raise errors.RuleError(
            f"{staff.name}已经回避（{ARTICLE_ZH}）。",
            f"{staff.name} stands aside already ({ARTICLE_EN}).",
        )


def _follow_ask(act: Act, step: Step) -> None:
    act.insert(
        "recusal",
        {
            "matter": step.id,
            "staff": step.values["staff"],
            "ground": step.values["reason"],
            "asked_by": step.values["asked_by"],
            "asked_on": step.on,
        },
    )


def _check_open(step: Step) -> dict[str, Any]:
    found = _asked(step)
    if not found:
        raise errors.RuleError(
            f"没有待决定的回避申请（{ARTICLE_ZH}）。",
            f"No request for recusal is open for this person ({ARTICLE_EN}).",
        )
    asked_on = str(found[0]["asked_on"])
    if step.on.isoformat() < asked_on:
        raise errors.InputError(
            "on",
            f"回避决定的日期 {step.on} 早于申请日期 {asked_on}（{ARTICLE_ZH}）。",
            f"The decision, {step.on}, lies before the request, {asked_on} ({ARTICLE_EN}).",
        )
    return found[0]


def _check_decide(step: Step) -> None:
    row = _check_open(step)
    staff = step.register.staff()[step.values["staff"]]
    if staff.id == step.by.id:
        raise errors.NotAllowedError(
            f"不能决定本人的回避（{ARTICLE_ZH}）。", f"Nobody decides on their own recusal ({ARTICLE_EN})."
        )
    roles = deciders(step, staff)
    if not roles:
        raise errors.NotAllowedError(
            f"局长的回避由上一级机关决定：请登记上级的决定（{ARTICLE_ZH}）。",
            f"The organ above decides on the chief's recusal: record its decision ({ARTICLE_EN}).",
        )
    if not step.by.roles & roles:
        words = "、".join(codes.word("role", role, "zh") for role in sorted(roles))
        words_en = ", ".join(codes.word("role", role, "en") for role in sorted(roles))
        raise errors.NotAllowedError(
            f"{staff.name}的回避由{words}决定（{ARTICLE_ZH}）。",
            f"On the recusal of {staff.name} decides: {words_en} ({ARTICLE_EN}).",
        )
    _fill(step, row)


def _check_chief(step: Step) -> None:
    _check_open(step)
    staff = step.register.staff()[step.values["staff"]]
    if "CH" not in staff.roles:
        raise errors.RuleError(
            f"只有局长的回避由上一级机关决定；{staff.name}的回避由本局决定（{ARTICLE_ZH}）。",
            f"The organ above decides on the chief alone; on {staff.name} the bureau does ({ARTICLE_EN}).",
        )
    if staff.id == step.by.id:
        raise errors.NotAllowedError(
            f"不能办理本人的回避（{ARTICLE_ZH}）。", f"Nobody handles their own recusal ({ARTICLE_EN})."
        )


def _fill(step: Step, row: dict[str, Any]) -> None:
    """Give the decision's letter what the register knows of the request."""
    step.values["asked_by_text"] = codes.word("recusal_asked_by", row["asked_by"], "zh")
    step.values["ground_text"] = row["ground"]
    step.values["decision_text"] = codes.word("recusal_decision", step.values["decision"], "zh")


def _follow_decide(act: Act, step: Step) -> None:
    staff, decision = step.values["staff"], step.values["decision"]
    for row in _asked(step):
        act.set("recusal", row["id"], decision=decision, decided_on=step.on, decided_by=step.by.id)
    if decision != "granted":
        return
    for (reader,) in act.connection.execute(
        "SELECT id FROM reader WHERE matter=? AND staff=? AND ended_on IS NULL", (step.id, staff)
    ).fetchall():
        act.set("reader", reader, ended_on=step.on)
    if not step.matter["sealed"]:
        act.set("matter", step.id, sealed=True)
        intake.add_readers(act, step.id, "recusal")
    if step.matter["handler"] == staff:
        act.set("matter", step.id, handler=None)


def _need_recusal_open(step: Step) -> errors.RuleError | None:
    if step.rows("recusal", "decision IS NULL"):
        return None
    return errors.RuleError(
        f"没有待决定的回避申请（{ARTICLE_ZH}）。", f"No request for recusal is open ({ARTICLE_EN})."
    )


def _need_own_undeclared(step: Step) -> errors.RuleError | None:
    """The handler declares in person, once."""
    handler = step.matter["handler"]
    if handler is None:
        return no_handler()
    if handler != step.by.id:
        return errors.NotAllowedError(
            "利害关系须由承办人本人声明（部令第79号第十一条、《信访工作条例》第二十八条）。",
            "The handler declares in person (MPS-79 Art. 11, REG-2022 Art. 28).",
        )
    if course.declaration(step):
        return errors.RuleError(
            "承办人已经声明过利害关系（部令第79号第十一条、《信访工作条例》第二十八条）。",
            "The handler has declared already (MPS-79 Art. 11, REG-2022 Art. 28).",
        )
    return None


def _need_declared(step: Step) -> errors.RuleError | None:
    if step.matter["handler"] is None:
        return no_handler()
    said = course.declaration(step)
    if said == "none":
        return None
    if said == "direct":
        return errors.RuleError(
            "承办人已申报回避，尚未决定：先决定是否回避（部令第79号第十一条、《信访工作条例》第二十八条）。",
            "The handler asked to stand aside and it is not decided: decide it first (MPS-79 Art. 11, REG-2022 Art."
            " 28).",
        )
    return errors.RuleError(
        "承办人尚未声明与信访事项、信访人有无直接利害关系"
        "（部令第79号第十一条、《信访条例》第三十条、《信访工作条例》第二十八条）。",
        "The handler has not declared whether there is a direct interest in the matter or the petitioner (MPS-79 Art."
        " 11, SC-431 Art. 30, REG-2022 Art. 28).",
    )


def no_handler() -> errors.RuleError:
    """Return the refusal of what needs an officer in charge."""
    return errors.RuleError(
        "尚未确定承办人：请先交办并写明承办人（部令第79号第十五条）。",
        "No officer is in charge: assign the matter and name one first (MPS-79 Art. 15).",
    )


CHECKS: dict[str, Check] = {
    "declare": _check_declare,
    "ask_recusal": _check_ask,
    "decide_recusal": _check_decide,
    "decide_recusal_above": _check_chief,
}
FOLLOW: dict[str, Follow] = {
    "declare": _follow_declare,
    "ask_recusal": _follow_ask,
    "decide_recusal": _follow_decide,
    "decide_recusal_above": _follow_decide,
}
NEEDS: dict[str, Need] = {
    "own_undeclared": _need_own_undeclared,
    "declared": _need_declared,
    "recusal_open": _need_recusal_open,
}
