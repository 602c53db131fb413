"""The public notice of receptions: who receives, their post and charge, when, where, how; and whether it is in time.

Name, post, what the leader is in charge of, time, place and form are made public (2009 opinions on leaders receiving
petitioners), and the telephone (police norm of 2005). Ahead of the day: at least `reception.notice_days` days (2, a
district rule); the plan of a month: `reception.plan_days` days (3, another) before the month before ends. A notice that
is late goes out all the same and says on record that it was late: a duty done late is better than one not done.

Announced is what the public may come to: the reception place and video. Whom a leader invites or visits is told to
these petitioners, not to the public (project rule).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import orjson

from models import codes, errors, policy
from models.errors import Message
from models.letters import chinese_date
from models.reception import days, rules
from models.reception.records import IssuedNotice, NoticePlan
from models.sheets.content import Column, Grid, Heading, Sheet, Text

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register

PLAN_DAYS = 3
"""Days before the end of the month before by which a month's plan is out; setting `reception.plan_days`."""
KIND = "reception_notice"
_NOTICE = "notice"
"""Key of what was told and what was late among the facts of the paper."""
_SOURCE = (
    "关于领导干部定期接待群众来访的意见（2009）；提前天数由本局规定",
    "opinions of 2009; days ahead as the bureau sets them",
)
_WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def plan(register: Register, by: Staff, frm: date, to: date, *, on: date) -> NoticePlan:
    """Return what the public notice of a period would say, and what about it is late on a day.

    Args:
        register: The open register.
        by: Who asks.
        frm: First day, inclusive: of a month, a quarter, a year.
        to: Last day, inclusive.
        on: The day on which it would go out.

    Raises:
        InputError: The period ends before it begins.
    """
    if to < frm:
        raise errors.InputError(
            "to", f"截止日 {to} 早于起始日 {frm}。", f"The period ends ({to}) before it begins ({frm})."
        )
    found = tuple(
        one
        for one in days.days(register, by, frm, to, on=on)
        if one.form in days.ANNOUNCED and one.state in ("planned", "open") and one.on >= on
    )
    if not found:
        return NoticePlan(frm=frm, to=to, days=(), due_on=None, late=())
    first = found[0].on
    plan_due = first.replace(day=1) - timedelta(days=1 + int(register.setting("reception.plan_days", PLAN_DAYS)))
    late = [
        Message(
            f"{one.on} 的接访须在 {one.notice_due_on} 前公示（提前 {(one.on - one.notice_due_on).days} 天）",
            f"the reception of {one.on} was to be announced by {one.notice_due_on}"
            f" ({(one.on - one.notice_due_on).days} days ahead)",
        )
        for one in found
        if one.notice_due_on is not None and on > one.notice_due_on
    ]
    if on > plan_due:
        late.insert(
            0,
            Message(
                f"{first.year} 年 {first.month} 月的接访安排须在 {plan_due} 前公示",
                f"the plan of {first:%Y-%m} was to be announced by {plan_due}",
            ),
        )
    due = min([plan_due, *(one.notice_due_on for one in found if one.notice_due_on is not None)])
    return NoticePlan(frm=frm, to=to, days=found, due_on=due, late=tuple(late))


def sheet(register: Register, planned: NoticePlan, *, dated_on: date) -> Sheet:
    """Return the public notice as a paper, in the language of the process.

    Raises:
        RuleError: No reception that the public may come to is planned in the period.
        MissingPartError: A leader's post is not in the directory: it is announced.
    """
    _check(planned)
    language = errors.spoken()
    zh = language == "zh"
    rows = [
        (
            one.on,
            (_WEEKDAYS if zh else _WEEKDAYS_EN)[one.on.weekday()],
            f"{one.begin}—{one.end}",
            one.host.name,
            one.host.post,
            one.host.portfolio,
            one.place,
            codes.word("reception", one.form, language),
            one.phone,
        )
        for one in planned.days
    ]
    heads = (
        ("日期", "星期", "时间", "接访领导", "职务", "分管工作", "地点", "方式", "预约电话")
        if zh
        else ("Date", "Day", "Time", "Leader", "Post", "In charge of", "Place", "Way", "Telephone")
    )
    widths = (1.3, 0.8, 1.3, 1.0, 1.2, 2.2, 2.2, 1.1, 1.5)
    columns = [
        Column(head=head, kind="date" if place == 0 else "text", width=width, wrap=place not in (0, 1, 2))
        for place, (head, width) in enumerate(zip(heads, widths, strict=True))
    ]
    words = _WORDS if zh else _WORDS_EN
    return Sheet(
        kind=KIND,
        title="局长信访接待日公示" if zh else "Public notice: receptions by the chief and the deputies",
        subtitle=_period(planned, zh=zh),
        organ=str(register.setting("organ.name", "")),
        blocks=(
            Text(text=words[0]),
            Grid(columns=columns, rows=rows),
            Heading(text=words[1], level=3),
            *(Text(text=line) for line in words[2:]),
            Text(text=_signed(register, dated_on, zh=zh)),
        ),
        dated_on=dated_on,
        landscape=True,
        posted=True,
        language=language,
    )


def _signed(register: Register, dated_on: date, *, zh: bool) -> str:
    """Return who announces it, on which day, and the telephone of the bureau."""
    organ, phone = str(register.setting("organ.name", "")), str(register.setting("organ.phone", ""))
    if zh:
        return f"公示单位：{organ}　公示日期：{chinese_date(dated_on)}" + (f"　联系电话：{phone}" if phone else "")
    return f"{organ}, {dated_on}" + (f", telephone {phone}" if phone else "")


_WORDS = (
    "根据《信访工作条例》第十八条和本局接访安排，现将局领导接待群众来访的时间、地点等公布如下。",
    "来访须知",
    "1. 可以电话预约，也可以当日到接访地点领号等候；预约的按预约时间接访，当日到访的按领号顺序接访。",
    "2. 多人反映同一事项的，请推选代表，代表不超过五人。",
    "3. 请尽量带好身份证件和有关材料；没有携带的，不影响登记。",
    "4. 接访不收取任何费用；接访领导因故不能到场的，由指定的其他局领导接访。",
)
_WORDS_EN = (
    "Under REG-2022 Art. 18 and the bureau's plan, the days on which its leaders receive petitioners are made public.",
    "For visitors",
    "1. Make an appointment by telephone, or come on the day and take a number: appointments are received at their"
    " time, the others in the order of their numbers.",
    "2. Several people with one matter choose representatives, at most five.",
    "3. Please bring identity papers and documents; without them a visit is registered all the same.",
    "4. Nothing is charged. If a leader cannot be there, another leader who is named for it receives.",
)


def issue_notice(register: Register, frm: date, to: date, *, by: Staff, at: datetime) -> int:
    """Issue the public notice of a period; returns the paper's id. What is late about it is kept with it.

    Raises:
        NotAllowedError: Who asks has no part in the plan.
        RuleError, MissingPartError: as for `sheet`.
    """
    from models.sheets import data, issue

    policy.require_role(by, rules.PLANNERS, "公示接访安排", "announce receptions")
    on = at.astimezone().date()
    planned = plan(register, by, frm, to, on=on)
    paper = sheet(register, planned, dated_on=on)
    late = [list(message) for message in planned.late]
    facts = {**data.sheet_to_data(paper), _NOTICE: {"from": frm, "to": to, "days": len(planned.days), "late": late}}
    with register.act("announce_receptions", by=by, at=at) as act:
        document = issue.issue(act, paper, _subject(frm, to), facts)
        for one in planned.days:
            act.set("reception_day", one.id, notice=document)
    return document


def notices(register: Register, by: Staff) -> tuple[IssuedNotice, ...]:
    """Return the public notices that went out, newest first, with what was late about each when it went out."""
    policy.require_role(by, policy.WORKING_ROLES, "查看接访公示", "see the notices of receptions")
    found = []
    for row in register.records("office_document", "kind=? ORDER BY dated_on DESC, id DESC", (KIND,)):
        told = orjson.loads(row["facts"])[_NOTICE]
        found.append(
            IssuedNotice(
                id=row["id"],
                title=row["title"],
                subject=row["subject"] or "",
                dated_on=date.fromisoformat(row["dated_on"]),
                days=told["days"],
                late=tuple(Message(zh, en) for zh, en in told["late"]),
                spoiled=row["spoiled"] or "",
            )
        )
    return tuple(found)


def _subject(frm: date, to: date) -> str:
    """Return the period of a notice: a month as YYYY-MM, any other as first and last day."""
    whole = frm.day == 1 and to == (frm.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return f"{frm:%Y-%m}" if whole else f"{frm}/{to}"


def _check(planned: NoticePlan) -> None:
    if not planned.days:
        raise errors.RuleError(
            f"{planned.frm} 至 {planned.to} 没有今天及以后的定点（视频）接访安排，"
            f"没有可公示的内容：请先排定接访日（{_SOURCE[0]}）。",
            f"No reception is planned from today on between {planned.frm} and {planned.to}: plan the days first"
            f" ({_SOURCE[1]}).",
        )
    without = sorted({one.host.name for one in planned.days if not one.host.post})
    if without:
        raise errors.MissingPartError(
            ("post",),
            f"公示须写明接访领导的职务，人员目录中没有{'、'.join(without)}的职务：请先补上（{_SOURCE[0]}）。",
            f"The notice names each leader's post, and the directory has none for {', '.join(without)} ({_SOURCE[1]}).",
        )


def _period(planned: NoticePlan, *, zh: bool) -> str:
    frm, to = planned.frm, planned.to
    same_month = (frm.year, frm.month) == (to.year, to.month)
    if same_month:
        return f"{frm.year}年{frm.month}月" if zh else f"{frm:%Y-%m}"
    return f"{frm.year}年{frm.month}月{frm.day}日至{to.year}年{to.month}月{to.day}日" if zh else f"{frm} to {to}"
