"""Correcting acts: an earlier act reversed, a registration cancelled, a letter spoiled, a registered fact put right."""

from __future__ import annotations

from models import amend, cancel, correct
from models.act import Act
from models.steps.step import Check, Follow, Need, Step


def _check_reverse(step: Step) -> None:
    step.values["planned"] = correct.plan(step.register, step.id, step.values["entry"], step.by)


def _follow_reverse(act: Act, step: Step) -> None:
    correct.undo(act, step.id, step.values["planned"], step.values["reason"], step.on)


CHECKS: dict[str, Check] = {
    "reverse": _check_reverse,
    "cancel_item": cancel.check_cancel,
    "spoil": cancel.check_spoil,
    "amend": amend.check,
}
FOLLOW: dict[str, Follow] = {
    "reverse": _follow_reverse,
    "cancel_item": cancel.cancel_item,
    "spoil": cancel.spoil,
    "amend": amend.amend,
}
NEEDS: dict[str, Need] = {
    "registered_only": cancel.need_registered_only,
    "letter_issued": cancel.need_issued,
}
