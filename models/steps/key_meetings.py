"""The three meetings (三见): the lead officer meets the petitioner, meets the handler, and reads the file.

Each is a dated note of the lead's own: the petitioner for the real claim, the handler for the whole course, the file
for the crux (domain reference, 7.4). No plan is approved before all three (project rule); a new lead meets and reads
anew.
"""

from __future__ import annotations

from datetime import date

from models import codes, errors
from models.act import Act
from models.programme.evidence import MEETINGS
from models.steps import key_course
from models.steps.key_course import PLAN, begun, case_of, name_of, need_text, refuse_before
from models.steps.step import Check, Follow, Need, Step


def _check_meeting(step: Step) -> None:
    refuse_before(step, begun(step), "列入或者反弹", "its entry or its coming up again")
    plan = case_of(step).drawn(date.max)
    named = str(step.values.get("leader_name") or "")
    if plan is None or (named == (plan["leader_name"] or "") and (named or plan["leader"] == step.by.id)):
        return
    who = plan["leader_name"] or name_of(step, plan["leader"])
    raise errors.NotAllowedError(
        f"三见由方案确定的包案领导（{who}）本人进行：上级领导包案的，写明其姓名（{PLAN[0]}：领导包案，三见面）。",
        f"The three meetings are the lead officer's own, by the plan {who}; for a leader of the level above give the"
        f" name ({PLAN[1]}: the lead meets petitioner and handler and reads the file).",
    )


def _check_petitioner(step: Step) -> None:
    _check_meeting(step)
    if not step.values.get("signed"):
        need_text(
            step,
            "unsigned",
            f"信访人没有在见面记录上签名的，须写明原因（{PLAN[0]}：三见面；产品规则）。",
            f"Where the petitioner did not sign the note, the reason is given ({PLAN[1]}; project rule).",
        )


def _follow_meeting(act: Act, step: Step, kind: str) -> None:
    values = step.values
    named = str(values.get("leader_name") or "")
    act.insert(
        "case_meeting",
        {
            "matter": step.id,
            "key_case": case_of(step).id,
            "kind": kind,
            "on_date": step.on,
            "leader": None if named else step.by.id,
            "leader_name": named,
            "place": values.get("place"),
            "present": values.get("present"),
            "signed": values.get("signed") if kind == "petitioner" else None,
            "unsigned": None if values.get("signed") else values.get("unsigned"),
            "volumes": values.get("volumes"),
            "note": values["note"],
        },
    )


def _follow_petitioner(act: Act, step: Step) -> None:
    _follow_meeting(act, step, "petitioner")


def _follow_handler(act: Act, step: Step) -> None:
    _follow_meeting(act, step, "handler")


def _follow_file(act: Act, step: Step) -> None:
    _follow_meeting(act, step, "file")


def _need_meetings(step: Step) -> errors.RuleError | None:
    case = key_course.current(step)
    if case is None:
        return None
    met = case.counting(date.max)
    lacking = [kind for kind in MEETINGS if kind not in met]
    if not lacking:
        return None
    zh = "、".join(codes.word("case_meeting", kind, "zh") for kind in lacking)
    en = ", ".join(codes.word("case_meeting", kind, "en") for kind in lacking)
    return errors.RuleError(
        f"包案领导的三见尚未完成，还缺：{zh}。三见齐备之前不批准方案（{PLAN[0]}：三见面；产品规则）。",
        f"The lead officer's three meetings are not complete; missing: {en}. No plan is approved before ({PLAN[1]};"
        " project rule).",
    )


CHECKS: dict[str, Check] = {
    "meet_petitioner": _check_petitioner,
    "meet_handler": _check_meeting,
    "read_case_file": _check_meeting,
}
FOLLOW: dict[str, Follow] = {
    "meet_petitioner": _follow_petitioner,
    "meet_handler": _follow_handler,
    "read_case_file": _follow_file,
}
NEEDS: dict[str, Need] = {"three_meetings": _need_meetings}
