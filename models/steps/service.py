"""Service of the answer: each way asks what proves it, the ways come in their order, and a proof is checked.

The order (MPS-ADM Art. 36, by analogy; domain reference, 9.3): to the person; to an adult of the family, the head of
the employer or the village or residents' committee; after a refusal left behind, before a witness or a recording;
else through another police organ or by post; by fax or network only with consent; last of all by public notice.
"""

from __future__ import annotations

from datetime import date, timedelta

from models import codes, errors
from models.act import Act
from models.steps.step import Check, Follow, Need, Step

DIRECT = frozenset({"in_person", "substitute"})
"""Ways that hand the document over: tried before any other."""

INDIRECT = frozenset({"post", "through_police"})

NOTICE_DAYS = 60
"""Shortest public notice, in days (MPS-ADM Art. 36)."""

LETTERS = ("extension_notice", "acceptance_notice", "non_acceptance_notice", "route_notice", "destination_notice")
"""Kinds besides the answer whose receipt by the petitioner is recorded."""

_NEEDED: dict[str, tuple[str, ...]] = {
    "in_person": ("receiver",),
    "substitute": ("receiver", "relation"),
    "left": ("witness", "reason", "place"),
    "through_police": ("receiver", "through"),
    "post": ("receiver",),
    "electronic": ("receiver", "consent"),
    "public": (),
}
"""What each way of service must state."""

_WORDS = {
    "receiver": ("签收人", "who received it"),
    "relation": ("代收人与受送达人的关系", "the substitute's relation to the addressee"),
    "witness": ("见证人或录音录像", "the witness, or the recording"),
    "reason": ("拒收的事由", "the ground of the refusal"),
    "place": ("留置地点", "where it was left"),
    "through": ("代为送达的公安机关", "the police organ that served it"),
    "consent": ("受送达人同意的方式", "how the addressee consented"),
}
_ARTICLE = ("《公安机关办理行政案件程序规定》第三十六条，参照", "MPS-ADM Art. 36, by analogy")


def answer_of(step: Step) -> int | None:
    """Return the document that is served: the latest answer; None when an imported matter brought none."""
    found = step.register.row(
        "SELECT id FROM document WHERE matter=? AND kind='answer' AND state IN ('issued', 'incoming')"
        " ORDER BY id DESC LIMIT 1",
        (step.id,),
    )
    return int(found[0]) if found else None


def attempts(step: Step) -> list[dict[str, object]]:
    """Return the attempts to serve the latest answer, oldest first."""
    return step.rows("service", f"document={answer_of(step) or 0}")


def _way_refused(zh: str, en: str) -> errors.RuleError:
    return errors.RuleError(f"{zh}（{_ARTICLE[0]}）。", f"{en} ({_ARTICLE[1]}).")


def _check_try(step: Step) -> None:
    way = step.values["way"]
    if way in ("public", "left", "other"):
        raise _way_refused(
            "公告、留置和“其他”不是会落空的送达尝试：请写明直接送达、代收、委托、邮寄或电子送达",
            "Public notice, leaving behind and “other” are no attempts that fail: name delivery in person, to a"
            " substitute, through another police organ, by post or by electronic means",
        )
    if way == "through_police" and not step.values.get("through"):
        raise _missing(way, ["through"])


def _missing(way: str, names: list[str]) -> errors.MissingPartError:
    zh, en = "、".join(_WORDS[name][0] for name in names), ", ".join(_WORDS[name][1] for name in names)
    return errors.MissingPartError(
        tuple(names),
        f"“{codes.word('service_way', way, 'zh')}”须写明{zh}（{_ARTICLE[0]}）。",
        f"“{codes.word('service_way', way, 'en')}” must state {en} ({_ARTICLE[1]}).",
    )


def _check_serve(step: Step) -> None:
    way = step.values["way"]
    if way not in _NEEDED:
        raise _way_refused(
            "送达须采用规定的方式，不能记为“其他”", "Service is by one of the ways of the rule, not “other”"
        )
    missing = [name for name in _NEEDED[way] if not step.values.get(name)]
    if missing:
        raise _missing(way, missing)
    direct_failed = any(row["way"] in DIRECT and row["outcome"] == "failed" for row in attempts(step))
    if way in INDIRECT and not direct_failed and not step.values.get("reason"):
        raise errors.MissingPartError(
            ("reason",),
            f"送达应当首先直接送达：请先记录直接送达未成，或写明不能直接送达的原因（{_ARTICLE[0]}）。",
            f"Delivery in person comes first: record that it failed, or say why it is not possible ({_ARTICLE[1]}).",
        )
    if way == "public":
        _check_notice_ran(step)


def _check_notice_ran(step: Step) -> None:
    posted = step.last("notice_posted")
    sent = step.last("sent")
    if posted is None or (sent is not None and posted.on < sent.on):
        raise _way_refused("没有张贴过公告，不能记为公告送达", "No public notice was posted for this answer")
    ends = notice_ends(posted.on, posted.days)
    if step.on < ends:
        raise errors.InputError(
            "on",
            f"公告于 {posted.on} 张贴，公告期到 {ends} 届满，{step.on} 还不能视为送达（{_ARTICLE[0]}）。",
            f"The notice posted on {posted.on} runs out on {ends}: nothing is served by it on {step.on}"
            f" ({_ARTICLE[1]}).",
        )


def notice_ends(posted_on: date, days: int | None) -> date:
    """Return the last day of a public notice; the day of posting is not counted (MPS-ADM Arts 35, 36)."""
    return posted_on + timedelta(days=days or NOTICE_DAYS)


def _check_post(step: Step) -> None:
    if step.values["days"] < NOTICE_DAYS:
        raise errors.InputError(
            "days",
            f"公告期不得少于 {NOTICE_DAYS} 日，写的是 {step.values['days']} 日（{_ARTICLE[0]}）。",
            f"A public notice runs {NOTICE_DAYS} days or more, not {step.values['days']} ({_ARTICLE[1]}).",
        )


def _need_other_ways_failed(step: Step) -> errors.RuleError | None:
    failed = {row["way"] for row in attempts(step) if row["outcome"] == "failed"}
    if not failed & DIRECT:
        return _way_refused(
            "公告送达是最后的方式：还没有直接送达（或由家属等代收）未成的记录",
            "Public notice comes last: no failed delivery in person or to a substitute is recorded",
        )
    if not failed & INDIRECT:
        return _way_refused(
            "公告送达是最后的方式：还没有邮寄或委托其他公安机关送达未成的记录",
            "Public notice comes last: no failed service by post or through another police organ is recorded",
        )
    return None


def letters_to_serve(step: Step) -> list[dict[str, object]]:
    """Return the letters to the petitioner, besides the answer, whose receipt is not recorded yet."""
    marks = ",".join(f"'{kind}'" for kind in LETTERS)
    return step.register.records(
        "document",
        f"matter=? AND state='issued' AND kind IN ({marks}) AND NOT EXISTS(SELECT 1 FROM service s"
        " WHERE s.document=document.id AND s.outcome='served' AND s.removed IS NULL) ORDER BY id",
        (step.id,),
    )


def _need_letter_to_serve(step: Step) -> errors.RuleError | None:
    if letters_to_serve(step):
        return None
    return errors.RuleError(
        "没有尚未送达的告知书（《信访条例》第二十二条；《信访工作条例》第二十三条）。",
        "No notice to the petitioner waits to be served (SC-431 Art. 22; REG-2022 Art. 23).",
    )


def _check_letter(step: Step) -> None:
    letter = _letter(step)
    if letter["dated_on"] and step.on < date.fromisoformat(str(letter["dated_on"])):
        raise errors.InputError(
            "on",
            f"送达日期 {step.on} 早于文书日期 {letter['dated_on']}（{_ARTICLE[0]}）。",
            f"The day of receipt {step.on} lies before the letter's date {letter['dated_on']} ({_ARTICLE[1]}).",
        )


def _letter(step: Step) -> dict[str, object]:
    waiting = letters_to_serve(step)
    wanted = step.values["document_number"]
    for row in waiting:
        if wanted in (row["number"], row["kind"], str(row["id"])):
            return row
    known = "、".join(str(row["number"]) for row in waiting)
    raise errors.InputError(
        "document_number",
        f"没有待送达的文书“{wanted}”，待送达的有：{known}（《信访工作条例》第二十三条、第三十四条）。",
        f"No letter “{wanted}” waits to be served; there are: {known.replace('、', ', ')} (REG-2022 Arts 23, 34).",
    )


def _row(act: Act, step: Step, outcome: str) -> None:
    values = step.values
    document = answer_of(step)
    if document is None:  # an imported matter: its answer was issued before there was this register
        document = act.insert(
            "document",
            {
                "matter": step.id,
                "kind": "answer",
                "state": "incoming",
                "title": "处理（答复）意见书",
                "dated_on": step.matter["opinion_on"],
                "told": "本机启用前出具",
            },
        )
    act.insert(
        "service",
        {
            "matter": step.id,
            "document": document,
            "way": values.get("way", "public"),
            "on_date": step.on,
            "outcome": outcome,
            "place": "；".join(filter(None, (values.get("place"), values.get("through")))),
            "receiver": values.get("receiver"),
            "relation": values.get("relation"),
            "witness": values.get("witness"),
            "consent": values.get("consent"),
            "reason": values.get("reason"),
            "server": step.by.id,
            "proof": step.papers.get("proof_of_service"),
        },
    )


def _follow_try(act: Act, step: Step) -> None:
    _row(act, step, "failed")


def _follow_post(act: Act, step: Step) -> None:
    _row(act, step, "posted")


def _follow_serve(act: Act, step: Step) -> None:
    _row(act, step, "served")


def _follow_letter(act: Act, step: Step) -> None:
    act.insert(
        "service",
        {
            "matter": step.id,
            "document": _letter(step)["id"],
            "way": step.values["way"],
            "on_date": step.on,
            "outcome": "served",
            "receiver": step.values["receiver"],
            "server": step.by.id,
            "proof": step.papers.get("proof_of_service"),
        },
    )


def _follow_confirm(act: Act, step: Step) -> None:
    for row in step.rows("service", "outcome='served' AND checked_on IS NULL"):
        if row["document"] == answer_of(step):
            act.set("service", row["id"], checked_on=step.on)


def _follow_return(act: Act, step: Step) -> None:
    """Take the service back: without a proof that holds, the petitioner's window never started."""
    reason = step.values["reason"]
    served = step.last("served")
    if served is not None and served.row is not None:
        act.set("event", served.row, withdrawn=reason)
    for row in step.rows("service", f"outcome='served' AND document={answer_of(step) or 0}"):
        act.set("service", row["id"], removed=reason)
        if row["proof"]:
            act.set("document", row["proof"], state="spoiled", reason=reason)


CHECKS: dict[str, Check] = {
    "try_service": _check_try,
    "post_notice": _check_post,
    "serve": _check_serve,
    "serve_letter": _check_letter,
}
FOLLOW: dict[str, Follow] = {
    "try_service": _follow_try,
    "post_notice": _follow_post,
    "serve": _follow_serve,
    "confirm_service": _follow_confirm,
    "return_proof": _follow_return,
    "serve_letter": _follow_letter,
}
NEEDS: dict[str, Need] = {"other_ways_failed": _need_other_ways_failed, "letter_to_serve": _need_letter_to_serve}
