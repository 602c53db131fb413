"""After the answer: what must be proved before a matter is closed; how it is followed up, filed and reopened."""

from __future__ import annotations

from datetime import date

from models import errors
from models.act import Act
from models.errors import RuleError
from models.steps import execution
from models.steps.review import STANDS, current, reviews_of, window_end
from models.steps.service import answer_of
from models.steps.step import Check, Follow, Need, Step, write_fact

CLOSINGS: dict[str, tuple[str, ...]] = {
    "S3a": ("statutory", "filed"),
    "S3b": ("filed",),
    "S3d": ("filed",),
    "S3e": ("filed", "opinion"),
    "S3f": ("filed",),
    "S9": ("opinion", "rereviewed"),
}
"""Ways of closing that fit each state from which a matter is closed; other endings have acts of their own."""

_WINDOW = (
    "《信访条例》第三十四条、第三十五条，《信访工作条例》第三十五条、第三十六条",
    "SC-431 Arts 34, 35, REG-2022 Arts 35, 36",
)
_NOTICE = ("《信访条例》第二十二条、《信访工作条例》第二十三条", "SC-431 Art. 22, REG-2022 Art. 23")
_ASSIGNED = ("《信访条例》第二十一条第四项、《信访工作条例》第二十二条第三项", "SC-431 Art. 21(4), REG-2022 Art. 22(3)")


# --- what a closing needs ---------------------------------------------------------------------------------------------


def _need_told(step: Step) -> RuleError | None:
    """An exit ends with its dated document, a noted reply, or a recorded exemption."""
    if not step.matter["state"].startswith("S3") or step.happened("exempted", "replied"):
        return None
    imported = step.register.row("SELECT 1 FROM item WHERE matter=? AND origin IS NOT NULL LIMIT 1", (step.id,))
    begun = step.last("reopened")
    written = step.register.row(
        "SELECT 1 FROM event e JOIN document d ON d.id=e.document WHERE e.matter=? AND e.kind='noticed'"
        " AND e.withdrawn IS NULL AND d.state<>'spoiled' AND e.on_date>=? LIMIT 1",
        (step.id, begun.on.isoformat() if begun is not None else ""),
    )
    if written or (imported and step.happened("noticed")):
        return None
    return RuleError(
        f"没有书面告知信访人的文书，也没有无法告知的记录，不能办结（{_NOTICE[0]}）。",
        f"No written notice to the petitioner and no exemption is on record: not closed without it ({_NOTICE[1]}).",
    )


def _need_window(step: Step) -> RuleError | None:
    if step.matter["state"] != "S9" or _rereviewed(step):
        return None
    reviewed = [row for row in reviews_of(step) if row["level"] == "review" and row["result"] in STANDS]
    if reviewed:
        row = reviewed[-1]
        if not row["served_on"]:
            return RuleError(
                f"没有复查意见的送达记录：申请复核的期限尚未起算，不能办结（{_WINDOW[0]}）。",
                f"The service of the review opinion is not recorded: the window for re-review has not begun"
                f" ({_WINDOW[1]}).",
            )
        return _still_open(step, "C5", date.fromisoformat(row["served_on"]), "复核", "re-review")
    served = step.last("served")
    if served is None:
        return RuleError(
            f"没有处理意见的送达记录：申请复查的期限尚未起算，不能办结（{_WINDOW[0]}）。",
            f"The service of the answer is not recorded: the window for review has not begun ({_WINDOW[1]}).",
        )
    return _still_open(step, "C3", served.on, "复查", "review")


def _still_open(step: Step, clock: str, start: date, zh: str, en: str) -> RuleError | None:
    try:
        last = window_end(step, clock, start)
    except errors.CalendarMissingError as missing:
        return missing
    if step.on > last:
        return None
    return RuleError(
        f"申请{zh}的期限到 {last} 才届满，此前不能办结（{_WINDOW[0]}）。",
        f"The petitioner may ask for {en} until {last}; not closed before ({_WINDOW[1]}).",
    )


def _rereviewed(step: Step) -> bool:
    """Return whether the last step of the petition procedure was taken: a re-review that upheld or changed."""
    row = current(step)
    return row is not None and row["level"] == "rereview" and row["result"] in STANDS


def _need_assignment_answered(step: Step) -> RuleError | None:
    out = step.last("assigned_out")
    if step.matter["state"] != "S3b" or out is None:
        return None
    back = step.last("completion_received")
    if back is not None and back.on >= out.on:
        return None
    return RuleError(
        f"交办其他机关的事项尚未收到办结报告，不能办结（{_ASSIGNED[0]}）。",
        f"Assigned to another organ, whose completion report has not come in: not closed before ({_ASSIGNED[1]}).",
    )


def _owed_above(step: Step) -> bool:
    """Return whether a completion report is owed to the organ that assigned the matter to us."""
    assigned = step.last("assigned_in")
    reported = step.last("completion_reported", "objection_agreed")
    return assigned is not None and (reported is None or reported.on < assigned.on)


def _need_reported(step: Step) -> RuleError | None:
    if not _owed_above(step):
        return None
    return RuleError(
        f"上级交办的事项，须先报送办结报告，再办结（{_ASSIGNED[0]}）。",
        f"Assigned from above: the completion report goes out before the matter is closed ({_ASSIGNED[1]}).",
    )


def _need_assigned(step: Step) -> RuleError | None:
    if _owed_above(step):
        return None
    return RuleError(
        f"本事项没有待报告的上级交办（{_ASSIGNED[0]}）。",
        f"No assignment from above waits for its report ({_ASSIGNED[1]}).",
    )


def _need_signed_for(step: Step) -> RuleError | None:
    if not step.matter["state"].startswith("S8") and not step.matter["state"].startswith("S9"):
        return None
    if any(row["outcome"] == "served" for row in step.rows("service", f"document={answer_of(step) or 0}")):
        return None
    if step.happened("served") and answer_of(step) is None:
        return None  # answered without paper in the simplified procedure, or imported with its service
    return RuleError(
        f"办结报告须附信访人签收的处理意见，尚无送达记录（{_ASSIGNED[0]}）。",
        f"The completion report encloses the answer signed for: no service is recorded ({_ASSIGNED[1]}).",
    )


def _check_close(step: Step) -> None:
    closing, state = step.values["closing"], step.matter["state"]
    fits = CLOSINGS[state]
    if closing not in fits or (closing == "rereviewed" and not _rereviewed(step)):
        from models import codes

        zh = "、".join(codes.word("closing", code, "zh") for code in fits)
        en = ", ".join(codes.word("closing", code, "en") for code in fits)
        raise errors.InputError(
            "closing",
            f"现在不能以“{codes.word('closing', closing, 'zh')}”办结；可用：{zh}（复核终结须有复核意见）"
            f"（{_WINDOW[0]}）。",
            f"It cannot be closed here as “{codes.word('closing', closing, 'en')}”; there are: {en} (by re-review once"
            f" it was decided; {_WINDOW[1]}).",
        )


# --- after the end ----------------------------------------------------------------------------------------------------


def _follow_without_party(act: Act, step: Step) -> None:
    execution.drop_open_tasks(act, step, "信访人死亡或终止，无承受人")


def _follow_extend_limit(act: Act, step: Step) -> None:
    from datetime import timedelta

    if step.matter["limit_on"]:
        limit = date.fromisoformat(step.matter["limit_on"]) + timedelta(days=step.values["days"])
        act.set("matter", step.id, limit_on=limit)


def _check_extend_limit(step: Step) -> None:
    if step.values["days"] < 1:
        raise errors.InputError(
            "days", f"延长的天数须为 1 以上（{_ASSIGNED[0]}）。", f"An extension is of 1 day or more ({_ASSIGNED[1]})."
        )


def _need_answered(step: Step) -> RuleError | None:
    if step.happened("served", "replied", "settled"):
        return None
    return RuleError(
        "回访在答复之后：本事项没有送达的处理意见或答复（《信访条例》第三十二条、《信访工作条例》第三十二条）。",
        "A follow-up comes after the answer, and none was served or given (SC-431 Art. 32, REG-2022 Art. 32).",
    )


def _follow_follow_up(act: Act, step: Step) -> None:
    act.insert(
        "follow_up",
        {
            "matter": step.id,
            "on_date": step.on,
            "way": step.values["way_text"],
            "officer": step.by.id,
            "carried_out": step.values["carried_out"],
            "view": step.values["view"],
            "record": step.values["record"],
            "document": step.documents.get("follow_up_record"),
        },
    )


def _need_not_archived(step: Step) -> RuleError | None:
    if not step.matter["archived_on"]:
        return None
    return RuleError(
        f"本事项已于 {step.matter['archived_on']} 以 {step.matter['archive_number']} 归档（北京第十六条，参照）。",
        f"Archived on {step.matter['archived_on']} as {step.matter['archive_number']} (Beijing Art. 16, by analogy).",
    )


def _check_archive(step: Step) -> None:
    from models import archive

    archive.check(step)


def _follow_archive(act: Act, step: Step) -> None:
    from models import archive

    archive.keep(act, step)


def _check_reopen(step: Step) -> None:
    if step.values["ground"] == "not_carried_out":
        if execution.tasks_of(step) or step.rows("agreement") or step.happened("supported"):
            return
        raise RuleError(
            "没有支持的诉求或协议，不能以未执行为由重新启动（《信访条例》第三十二条、《信访工作条例》第三十二条）。",
            "Nothing was supported or agreed here that could have failed to be carried out (SC-431 Art. 32, REG-2022"
            " Art. 32).",
        )
    new = step.register.row(
        "SELECT 1 FROM item WHERE matter=? AND cancelled IS NULL AND received_on>=? AND id>"
        "(SELECT min(id) FROM item WHERE matter=?) LIMIT 1",
        (step.id, step.matter["closed_on"], step.id),
    )
    if new is None:
        raise RuleError(
            "没有办结以后登记在本事项下的信访件：以新的事实或理由重新启动，须先登记新的信访件"
            "（《信访条例》第三十五条、《信访工作条例》第三十六条）。",
            "No item was registered on this matter since it was closed: new facts or reasons come in with an item of"
            " their own (SC-431 Art. 35, REG-2022 Art. 36).",
        )


def _follow_reopen(act: Act, step: Step) -> None:
    """The matter starts anew; what had failed to be carried out stands open once more."""
    act.set(
        "matter", step.id, closed_on=None, closing=None, closing_nature=None, archived_on=None, archive_number=None,
        leaves=None, review_state=None, review_result=None,
    )  # fmt: skip
    if step.values["ground"] != "not_carried_out":
        return
    done = [task for task in execution.tasks_of(step) if task["done_on"]]
    for task in done:
        act.insert(
            "task",
            {
                "matter": step.id,
                "kind": task["kind"],
                "claim": task["claim"],
                "what": task["what"],
                "unit": task["unit"],
                "opened_on": step.on,
            },
        )
    if done:
        write_fact(act, step, "supported")


CHECKS: dict[str, Check] = {
    "close": _check_close,
    "extend_limit": _check_extend_limit,
    "archive": _check_archive,
    "reopen": _check_reopen,
}
FOLLOW: dict[str, Follow] = {
    "end_without_party": _follow_without_party,
    "extend_limit": _follow_extend_limit,
    "follow_up": _follow_follow_up,
    "archive": _follow_archive,
    "reopen": _follow_reopen,
}
NEEDS: dict[str, Need] = {
    "told_in_writing": _need_told,
    "window_passed": _need_window,
    "assignment_answered": _need_assignment_answered,
    "reported_above": _need_reported,
    "assigned_from_above": _need_assigned,
    "answer_signed_for": _need_signed_for,
    "answered": _need_answered,
    "not_archived": _need_not_archived,
}
