"""Review and re-review: a chain of rows, one a level: request, file sent up, opinion, its service, handling anew.

    answer served -> review asked (C3) -> file sent up -> opinion (C4) -> its service -> re-review asked (C5) -> (C6)

An opinion that quashes the answer, or has it handled anew, takes the matter back (S12): the answer's own window and
what it had supported no longer count. A request after its window is taken only with good cause, told in the record.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from models import clocks, errors, handovers, intake
from models.act import Act
from models.errors import CalendarMissingError
from models.steps import execution
from models.steps.guard import refuse_accused_unit, refuse_barred_handler
from models.steps.service import answer_of
from models.steps.step import Check, Follow, Need, Step, write_fact

BACK = frozenset({"quashed", "redo"})
"""Results that take the matter back to us."""

STANDS = frozenset({"upheld", "changed"})
"""Results after which the re-review may be asked for."""

_REVIEW = ("《信访条例》第三十四条、《信访工作条例》第三十五条", "SC-431 Art. 34, REG-2022 Art. 35")
_REREVIEW = ("《信访条例》第三十五条、《信访工作条例》第三十六条", "SC-431 Art. 35, REG-2022 Art. 36")


def reviews_of(step: Step) -> list[dict[str, Any]]:
    """Return the reviews of the answer that stands, oldest first; those of an answer before it are left out."""
    found = step.rows("review")
    if found and found[-1]["result"] in BACK:
        return []
    served = step.last("served")
    return [row for row in found if served is None or row["requested_on"] >= served.on.isoformat()]


def current(step: Step) -> dict[str, Any] | None:
    """Return the last review of the answer that stands, or None."""
    found = reviews_of(step)
    return found[-1] if found else None


def window_end(step: Step, clock: str, start: date) -> date:
    """Return the last lawful day of a petitioner's window (C3, C5) that began on `start`: the rolled day.

    Raises:
        CalendarMissingError: It ends in a year without a calendar.
    """
    return clocks.due(step.rules, clock, start, calendar=step.register.calendar).last_on


def _in_time(step: Step, clock: str, start: date, article: tuple[str, str]) -> None:
    """Refuse a request after its window unless good cause is told; without a calendar, rest days only add to it."""
    if step.values.get("cause"):
        return
    length = step.rules.clock(clock).length or 0
    if (step.on - start).days <= length:
        return
    try:
        last = window_end(step, clock, start)
    except CalendarMissingError:
        return  # nobody can say yet that it was late, and the petitioner does not lose a right by our calendar
    if step.on > last:
        raise errors.MissingPartError(
            ("cause",),
            f"申请期限已于 {last} 届满：逾期提出的，须写明正当理由（{article[0]}）。",
            f"The window ended on {last}: a later request needs its good cause ({article[1]}).",
        )


def _check_review(step: Step) -> None:
    _organ(step, "organ.review", _REVIEW)
    served = step.last("served")
    if served is not None:
        _in_time(step, "C3", served.on, _REVIEW)


def _check_rereview(step: Step) -> None:
    _organ(step, "organ.rereview", _REREVIEW)
    served = step.last("review_served")
    if served is not None:
        _in_time(step, "C5", served.on, _REREVIEW)


def _organ(step: Step, setting: str, article: tuple[str, str]) -> str:
    organ = step.values.get("organ") or str(step.register.setting(setting, "") or "")
    if not organ:
        raise errors.MissingPartError(
            ("organ",),
            f"须写明复查、复核机关，设置中也没有填写（{article[0]}）。",
            f"The reviewing organ is missing, and the settings name none ({article[1]}).",
        )
    return organ


def _check_decided(step: Step) -> None:
    result, values = step.values["result"], step.values
    article = _REVIEW if step.matter["state"] == "S10" else _REREVIEW
    if result == "changed" and not values.get("what"):
        raise errors.MissingPartError(
            ("what",),
            f"结论为变更的，须写明变更后应当执行的内容（{article[0]}）。",
            f"The opinion was changed: say what is to be carried out now ({article[1]}).",
        )
    limit = values.get("limit_on")
    if limit is not None and limit <= step.on:
        raise errors.InputError(
            "limit_on",
            f"期限 {limit} 须在意见日期 {step.on} 之后（{article[0]}）。",
            f"The limit {limit} must lie after the opinion of {step.on} ({article[1]}).",
        )
    if limit is not None and result in ("upheld", "not_accepted"):
        raise errors.InputError(
            "limit_on",
            f"维持或不予受理的，没有重新办理的期限（{article[0]}）。",
            f"An opinion that is upheld or not taken sets no limit ({article[1]}).",
        )


def _check_redo(step: Step) -> None:
    handler = step.values["handler"]
    refuse_accused_unit(step, step.values["unit"])
    refuse_barred_handler(step, handler)
    if handler == step.matter["handler"] and not step.values.get("reason"):
        raise errors.MissingPartError(
            ("reason",),
            f"重新办理应当另派承办人；仍由原承办人办理的，须写明理由（{_REVIEW[0]}）。",
            f"Another officer handles it anew; when it is the same one, say why ({_REVIEW[1]}).",
        )


def _need_not_reviewed(step: Step) -> errors.RuleError | None:
    row = current(step)
    if row is None or row["result"] == "not_accepted":
        return None
    return errors.RuleError(
        f"本处理意见已经复查，不服的应当申请复核（{_REREVIEW[0]}）。",
        f"This answer was reviewed already: whoever disagrees asks for re-review ({_REREVIEW[1]}).",
    )


def _need_file_not_sent(step: Step) -> errors.RuleError | None:
    row = current(step)
    if row is None or row["sent_on"] is None:
        return None
    return errors.RuleError(
        f"案卷已于 {row['sent_on']} 报送（{_REVIEW[0]}）。", f"The file was sent up on {row['sent_on']} ({_REVIEW[1]})."
    )


def _need_review_unserved(step: Step) -> errors.RuleError | None:
    row = current(step)
    if row is None or row["level"] != "review" or row["result"] not in STANDS:
        return errors.RuleError(
            f"没有须送达的复查意见（{_REREVIEW[0]}）。", f"There is no review opinion to be served ({_REREVIEW[1]})."
        )
    if row["served_on"]:
        return errors.RuleError(
            f"复查意见已于 {row['served_on']} 送达（{_REREVIEW[0]}）。",
            f"The review opinion was served on {row['served_on']} ({_REREVIEW[1]}).",
        )
    return None


def _need_reviewed(step: Step) -> errors.RuleError | None:
    row = current(step)
    if row is not None and row["level"] == "review" and row["result"] in STANDS:
        return None
    if row is not None and row["level"] == "rereview" and row["result"] == "not_accepted":
        return None
    return errors.RuleError(
        f"没有维持或变更的复查意见，不能申请复核（{_REREVIEW[0]}）。",
        f"There is no review opinion that upheld or changed the answer: no re-review yet ({_REREVIEW[1]}).",
    )


def _follow_request(level: str, setting: str) -> Follow:
    def follow(act: Act, step: Step) -> None:
        before = current(step)
        opinion = before["opinion"] if before is not None and level == "rereview" else None
        act.insert(
            "review",
            {
                "matter": step.id,
                "level": level,
                "organ": _organ(step, setting, _REVIEW),
                "answer": opinion or answer_of(step),
                "requested_on": step.on,
                "cause": step.values.get("cause"),
            },
        )

    return follow


def _row(act: Act, step: Step) -> int:
    """Return the row of the review under way; one is made for an imported matter that came while it was going on."""
    row = current(step)
    if row is not None and row["result"] is None:
        return int(row["id"])
    level = "review" if step.matter["state"] == "S10" else "rereview"
    asked = step.last(f"{level}_requested")
    return act.insert(
        "review",
        {
            "matter": step.id,
            "level": level,
            "organ": str(step.register.setting(f"organ.{level}", "") or "上级机关"),
            "answer": answer_of(step),
            "requested_on": asked.on if asked is not None else step.on,
        },
    )


def _follow_send(act: Act, step: Step) -> None:
    """Bind the papers that the index lists behind it and keep the bundle, with its hash: the file as it went up."""
    from models import attachments
    from models.letters import bundle as binding

    bound = binding.sealed(act.register, step.documents["evidence_index"], by=step.by)
    document = act.insert(
        "document",
        {
            "matter": step.id,
            "kind": binding.KEPT,
            "state": "issued",
            "title": binding.KEPT_NAME[0],
            "dated_on": step.on,
            "issued_by": step.by.id,
            "sha256": attachments.store(act, bound.pdf),
            "size": len(bound.pdf),
        },
    )
    act.set("review", _row(act, step), sent_on=step.on, bundle=document)


def _follow_decided(act: Act, step: Step) -> None:
    values = step.values
    result, limit = values["result"], values.get("limit_on")
    opinion = step.papers.get("review_opinion") or step.papers.get("rereview_opinion")
    act.set("review", _row(act, step), decided_on=step.on, result=result, opinion=opinion, limit_on=limit)
    if result in BACK:
        write_fact(act, step, "sent_back", until=limit, document=opinion)
        execution.drop_open_tasks(act, step, "原处理意见已撤销或责令重新办理")
    if result == "changed":
        execution.open_task(act, step, values["what"], limit)


def _follow_serve(act: Act, step: Step) -> None:
    row = current(step)
    if row is not None:
        act.set("review", row["id"], served_on=step.on)


def _follow_redo(act: Act, step: Step) -> None:
    sent_back = step.rows("review", "result IN ('quashed', 'redo')")
    limit = step.values.get("limit_on") or (sent_back[-1]["limit_on"] if sent_back else None)
    inside = handovers.open_rows(handovers.rows(step.register, step.id), *handovers.LEAD, "assist")
    handovers.end(act, inside, "replaced", on=step.on, answer="责令重新办理")
    handovers.give(
        act,
        step.id,
        "designate",
        on=step.on,
        sender=step.by.unit,
        receiver=step.values["unit"],
        officer=step.values["handler"],
        limit_on=limit,
        ground=step.values.get("reason") or "责令重新办理",
        document=step.documents.get("redo_notice"),
    )
    if limit is not None:
        act.set("matter", step.id, limit_on=limit)
    if step.matter["sealed"]:
        intake.add_reader(act, step.id, step.register.staff()[step.values["handler"]], "重新办理")


CHECKS: dict[str, Check] = {
    "request_review": _check_review,
    "request_rereview": _check_rereview,
    "review_decided": _check_decided,
    "rereview_decided": _check_decided,
    "redo": _check_redo,
}
FOLLOW: dict[str, Follow] = {
    "request_review": _follow_request("review", "organ.review"),
    "request_rereview": _follow_request("rereview", "organ.rereview"),
    "send_file": _follow_send,
    "review_decided": _follow_decided,
    "rereview_decided": _follow_decided,
    "serve_review": _follow_serve,
    "redo": _follow_redo,
}
NEEDS: dict[str, Need] = {
    "not_reviewed": _need_not_reviewed,
    "file_not_sent": _need_file_not_sent,
    "review_unserved": _need_review_unserved,
    "reviewed_not_rereviewed": _need_reviewed,
}
