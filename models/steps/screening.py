"""Screening and the first answer: what these acts ask beyond the table, and what they write beside their facts."""

from __future__ import annotations

from models import errors, intake, projections
from models.act import Act
from models.steps.guard import refuse_accused_name, refuse_accused_unit
from models.steps.step import Check, Follow, Need, Step


def _check_accept(step: Step) -> None:
    refuse_accused_unit(step, step.values.get("unit"))


def _check_transfer(step: Step) -> None:
    refuse_accused_unit(step, step.values.get("destination"))
    _check_destination(step)


def _check_destination(step: Step) -> None:
    refuse_accused_name(step, step.values["destination_name"])


def _check_repeat(step: Step) -> None:
    repeat = step.register.row(
        "SELECT 1 FROM item WHERE matter=? AND repeat=1 AND cancelled IS NULL", (step.matter["id"],)
    )
    if repeat is None:
        raise errors.RuleError(
            "本事项没有重复信访件：初次信访须书面告知（《信访条例》第二十二条、《信访工作条例》第二十三条）。",
            "The matter has no repeat item: the first one is answered by a written notice (SC-431 Art. 22, REG-2022"
            " Art. 23).",
        )
    told = any(
        event.kind in ("noticed", "exempted")
        for event in projections.events_of(step.register.connection, step.matter["id"])
    )
    if not told:
        raise errors.RuleError(
            "初次信访尚未书面告知，请先办理告知（《信访条例》第二十二条、《信访工作条例》第二十三条）。",
            "The first item has not been answered by a written notice yet (SC-431 Art. 22, REG-2022 Art. 23).",
        )


def _follow_screen(act: Act, step: Step) -> None:
    if step.values["category"] == "accusation" and not step.matter["sealed"]:
        act.set("matter", step.matter["id"], sealed=True)
        intake.add_readers(act, step.matter["id"], "accusation")


def _follow_reply(act: Act, step: Step) -> None:
    act.insert("passage", {"matter": step.matter["id"], "kind": "answer", "body": step.values["answer"]})


CHECKS: dict[str, Check] = {
    "accept": _check_accept,
    "transfer": _check_transfer,
    "pass_on": _check_destination,
    "tell_repeat": _check_repeat,
}
FOLLOW: dict[str, Follow] = {"screen": _follow_screen, "reply": _follow_reply}
NEEDS: dict[str, Need] = {}
