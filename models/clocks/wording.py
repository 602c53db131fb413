"""How a due date came about, in words, in Chinese and English.

`explain` tells a due date step by step: rule and article, start not counted, days counted, extension, hearing time,
rest days rolled over, the last day, and what is not certain about any of it. Every clock card, letter and command shows
these lines, so that whoever doubts a date can count it again by hand.

The other functions are single sentences about a clock's state.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from models.clocks.engine import Due, Step
from models.clocks.rule_files import Unit
from models.errors import Language, Message

_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

UNIT_NAMES: dict[Unit, Message] = {
    "C": Message("日（自然日）", "calendar days"),
    "W": Message("个工作日", "working days"),
    "at_once": Message("立即", "at once"),
    "as_set": Message("按来文或决定所定", "as set"),
    "none": Message("无期限", "no length"),
}

HOLIDAY_NAMES_EN = {
    "元旦": "New Year",
    "春节": "Spring Festival",
    "清明节": "Qingming",
    "劳动节": "Labour Day",
    "“五一”": "Labour Day",
    "“五一”国际劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-Autumn Festival",
    "国庆节": "National Day",
    "“十一”": "National Day",
    "中秋节、国庆节": "Mid-Autumn Festival and National Day",
    "国庆节、中秋节": "National Day and Mid-Autumn Festival",
    "抗日战争暨世界反法西斯战争胜利70周年纪念日": "70th anniversary of victory in the war",
}
"""English names of the holidays; one that is not listed is told in Chinese."""

NO_LIMIT_SET = Message("来文或决定没有定期限。", "No limit was set.")

_CIVIL_CODE_FROM = date(2021, 1, 1)
_MPS_ADM_FROM = date(2013, 1, 1)

_KEY_NAMES = {
    "length": Message("天数", "length"),
    "article": Message("条号", "article number"),
    "start": Message("起算点", "start"),
    "ends": Message("终止条件", "what ends it"),
    "ceased_by": Message("中止条件", "what stops it"),
    "extension": Message("延长", "extension"),
    "remark": Message("备注", "remark"),
    "from": Message("施行日期", "first day in force"),
    "to": Message("失效日期", "last day in force"),
    "not_later_than": Message("受理日期规则", "acceptance date rule"),
}


def explain(due: Due, language: Language) -> list[str]:
    """Return the derivation of `due`, one sentence a line.

    Args:
        due: The end of a clock.
        language: `zh` or `en`.
    """
    return [message.zh if language == "zh" else message.en for message in derivation(due)]


def derivation(due: Due) -> list[Message]:
    """Return the derivation of `due` in both languages."""
    lines = [_rule(due), _start(due)]
    if due.clock.unit == "at_once":
        lines.append(Message("应当立即办理，不因休息日顺延。", "To be done at once; rest days move nothing."))
    elif not due.counted:
        lines.append(
            Message(
                f"截止日已定为 {_zh(due.raw_on)}，不再顺延。",
                f"The last day was set as {_en(due.raw_on)}; it stands as set.",
            )
        )
    elif due.clock.unit == "W":
        lines += _working_days(due)
    else:
        lines += _calendar_days(due)
    lines.append(_last_day(due))
    return lines + _cautions(due)


def extended_again(day: date) -> Message:
    """Say that a second extension does not count (project rule)."""
    return Message(
        f"{day} 的再次延期不计：只能延长一次。", f"The further extension of {day} does not count: only one is allowed."
    )


def extended_too_late(day: date, last_on: date) -> Message:
    """Say that an extension was told after the original last day."""
    return Message(
        f"{day} 的延期告知晚于原期限 {last_on}，不计。",
        f"The extension told on {day} came after the original last day {last_on} and does not count.",
    )


def extended_without_days(day: date) -> Message:
    """Say that an extension names no days."""
    return Message(f"{day} 的延期没有天数，不计。", f"The extension of {day} names no days and does not count.")


def extended_too_long(day: date, days: int, most: int) -> Message:
    """Say that an extension counts only up to its maximum."""
    return Message(
        f"{day} 延长 {days} 日，超过最多 {most} 日，按 {most} 日计。",
        f"The extension of {day} by {days} days counts as {most}, the most allowed.",
    )


def accepted_late(accepted_on: date, day: date) -> Message:
    """Say that acceptance was later than its notice was due (domain reference 4.2, acceptance date)."""
    return Message(
        f"受理日期 {accepted_on} 晚于告知期限，办理期限另自 {day} 起提示。",
        f"Acceptance on {accepted_on} came after its notice was due; handling is also shown counted from {day}.",
    )


def not_yet_accepted(day: date) -> Message:
    """Say that handling is shown as a warning before acceptance (same rule)."""
    return Message(
        f"告知已逾期，尚未受理：办理期限暂自 {day} 起提示，受理告知书所载日期不变。",
        f"The notice is late and nothing is accepted yet: handling is shown from {day} as a warning; "
        "the date printed on the acceptance notice will stand.",
    )


def holiday_name_en(name: str) -> str:
    """Return the English name of a holiday of the calendar files, or the name itself."""
    return HOLIDAY_NAMES_EN.get(name, name)


def _zh(day: date) -> str:
    return f"{day}（星期{_WEEKDAYS_ZH[day.weekday()]}）"


def _en(day: date) -> str:
    return f"{day} ({_WEEKDAYS_EN[day.weekday()]})"


def _rule(due: Due) -> Message:
    clock, unit = due.clock, UNIT_NAMES[due.clock.unit]
    zh, en = unit.zh, unit.en
    if due.length:
        counted = UNIT_NAMES["W" if clock.unit == "W" else "C"]
        zh, en = f"{due.length} {counted.zh}", f"{due.length} {counted.en}"
    return Message(
        f"{due.rules.id} {clock.id} {clock.name.zh}：{zh}。依据：{clock.article.zh}。",
        f"{due.rules.id} {clock.id} {clock.name.en}: {en}. Article: {clock.article.en}.",
    )


def _start(due: Due) -> Message:
    if not due.counted:
        return Message(
            f"起点：{_zh(due.start)}，{due.clock.start_text.zh}。",
            f"Start: {_en(due.start)}, {due.clock.start_text.en}.",
        )
    source = _counting_source(due.start, 201)
    following = due.start + timedelta(days=1)
    return Message(
        f"起点：{_zh(due.start)}，{due.clock.start_text.zh}；当日不计，自 {following} 起算{source.zh}。",
        f"Start: {_en(due.start)}, {due.clock.start_text.en}; that day is not counted, "
        f"counting starts on {following}{source.en}.",
    )


def _counting_source(start: date, article: int) -> Message:
    """Return the text that the way of counting rests on: the Civil Code applies from 2021, MPS-ADM (read) from 2013."""
    if start >= _CIVIL_CODE_FROM:
        return Message(
            f"（《民法典》第{article}条；《公安机关办理行政案件程序规定》第35条）",
            f" (Civil Code Art. {article}; MPS-ADM Art. 35)",
        )
    if start >= _MPS_ADM_FROM:
        return Message("（《公安机关办理行政案件程序规定》第35条）", " (MPS-ADM Art. 35)")
    return Message("（本系统规则：按同样方法计算）", " (project rule: counted in the same way)")


def _calendar_days(due: Due) -> list[Message]:
    lines = []
    # What hearing time and the extension add is told in lines of its own, so the plain end comes first.
    plain = due.raw_on - timedelta(days=due.extended_days + due.hearing_days)
    if due.length:
        lines.append(Message(f"数满 {due.length} 日为 {_zh(plain)}。", f"{due.length} days end on {_en(plain)}."))
    else:
        lines.append(Message(f"原截止日为 {_zh(plain)}。", f"The last day set was {_en(plain)}."))
    raw = plain
    if due.extended_days:
        raw += timedelta(days=due.extended_days)
        granted = due.clock.extension
        by = Message(f"（{granted.by.zh}）", f" ({granted.by.en})") if granted is not None else Message("", "")
        lines.append(
            Message(
                f"延长 {due.extended_days} 日{by.zh}，加在顺延前的期满日上：{_zh(raw)}。",
                f"Extended by {due.extended_days} days{by.en}, added to the end before rolling: {_en(raw)}.",
            )
        )
    if due.hearing_days:
        lines.append(
            Message(
                f"听证 {due.hearing_days} 日不计算在内，期满日为 {_zh(due.raw_on)}。",
                f"{due.hearing_days} days of hearing are left out, so the end is {_en(due.raw_on)}.",
            )
        )
    rolled = due.rolled
    if rolled:
        source = _counting_source(due.start, 203)
        lines.append(
            Message(
                f"期满日为休息日（{_days_zh(rolled)}），顺延至休息日结束的次日 {_zh(due.last_on)}{source.zh}。",
                f"The end is a rest day ({_days_en(rolled)}), so it moves to the day after the rest ends, "
                f"{_en(due.last_on)}{source.en}.",
            )
        )
    elif due.calendar.kind(due.raw_on) == "make-up":
        lines.append(
            Message(f"{_zh(due.raw_on)}是调休上班日，不顺延。", f"{_en(due.raw_on)} is a make-up working day: no move.")
        )
    made_up = [step for step in due.steps if step.kind == "make-up" and step.on == due.last_on and rolled]
    if made_up:
        lines.append(
            Message(
                f"{_zh(due.last_on)}是调休上班日，算工作日。",
                f"{_en(due.last_on)} is a make-up working day and counts as a working day.",
            )
        )
    return lines


def _working_days(due: Due) -> list[Message]:
    lines = [
        Message(
            f"只数工作日，数满 {due.length} 个工作日为 {_zh(due.raw_on)}。",
            f"Only working days count; {due.length} of them end on {_en(due.raw_on)}.",
        )
    ]
    holidays = [step for step in due.steps if step.kind == "holiday"]
    made_up = [step for step in due.steps if step.kind == "make-up"]
    if holidays:
        lines.append(Message(f"放假不计：{_days_zh(holidays)}。", f"Left out as days off: {_days_en(holidays)}."))
    if made_up:
        lines.append(
            Message(f"调休上班日计入：{_days_zh(made_up)}。", f"Counted as make-up working days: {_days_en(made_up)}.")
        )
    return lines


def _last_day(due: Due) -> Message:
    if due.clock.unit == "at_once":
        return Message(f"应于当日 {_zh(due.last_on)}完成。", f"Due the same day, {_en(due.last_on)}.")
    return Message(
        f"最后一日：{_zh(due.last_on)}，至当日24时止；有业务时间的，至停止业务活动时止。",
        f"Last day: {_en(due.last_on)}, until 24:00, or close of business where there are business hours.",
    )


def _cautions(due: Due) -> list[Message]:
    clock = due.clock
    lines = []
    if clock.remark is not None:
        lines.append(Message(f"备注：{clock.remark.zh}", f"Remark: {clock.remark.en}"))
    if clock.unconfirmed:
        names = [_KEY_NAMES[key] for key in clock.unconfirmed]
        lines.append(
            Message(
                f"未核实：{'、'.join(name.zh for name in names)}。请本单位确认。",
                f"Unconfirmed: {', '.join(name.en for name in names)}. The bureau has to confirm it.",
            )
        )
    if clock.project_rule:
        names = [_KEY_NAMES[key] for key in clock.project_rule]
        lines.append(
            Message(
                f"本系统规则（非法律规定）：{'、'.join(name.zh for name in names)}。",
                f"Project rule, not law: {', '.join(name.en for name in names)}.",
            )
        )
    if due.start < due.rules.from_on:
        lines.append(
            Message(
                f"注意：起点早于 {due.rules.base} 施行之日 {due.rules.from_on}；适用的规则按收到之日确定。",
                f"Note: the start is before {due.rules.base} came into force on {due.rules.from_on}; "
                "the day of receipt decides which set applies.",
            )
        )
    if due.next_notice_pending:
        year = due.last_on.year + 1
        lines.append(
            Message(
                f"注意：{year} 年放假通知尚未导入，它可能调整 {due.last_on.year} 年12月的休息日。",
                f"Note: the notice for {year} is not here yet; "
                f"it may still touch rest days of December {due.last_on.year}.",
            )
        )
    return lines


def _days_zh(steps: Iterable[Step]) -> str:
    return "、".join(f"{span} {name or '周末'}" for span, name in _spans(steps))


def _days_en(steps: Iterable[Step]) -> str:
    return ", ".join(f"{span} {holiday_name_en(name) or 'weekend'}" for span, name in _spans(steps))


def _spans(steps: Iterable[Step]) -> list[tuple[str, str]]:
    """Return runs of days with the same name as `first..last` and the name, so that a week off is one entry."""
    runs: list[tuple[date, date, str]] = []
    for step in steps:
        if runs and runs[-1][2] == step.name and step.on - runs[-1][1] == timedelta(days=1):
            runs[-1] = (runs[-1][0], step.on, step.name)
        else:
            runs.append((step.on, step.on, step.name))
    return [(f"{first}" if first == last else f"{first}..{last}", name) for first, last, name in runs]
