"""Programmes as data: those that come with the product, and the check that a programme passes before it is written.

A programme is data and nothing but data: stages, targets, reporting dates (domain reference, 7.1 and 7.6). The plan of
2011 is the first; another campaign is another file, or typed by hand. Checked is what every later figure stands on: no
stage without its days, none outside the programme, none before the one before it; no target without day and share.
"""

from __future__ import annotations

import calendar
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from models import codes, errors
from models.programme.records import MilestoneDraft, ProgrammeDraft, StageDraft

RULE_ZH = "省厅方案关于阶段、目标和报送时间的要求；产品规则"
RULE_EN = "the plan's stages, targets and reporting dates; project rule"

LONGEST_DAYS = 60
"""A report is due at most so many days after the day that it is counted from."""

_LAST_OF_MONTH = 31
_KEY = re.compile(r"[0-9a-z]([0-9a-z-]{0,38}[0-9a-z])?")


@cache
def shipped() -> tuple[ProgrammeDraft, ...]:
    """Return the programmes that come with the product, in the order of their files."""
    folder = files("resources").joinpath("programmes")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return tuple(read(tomllib.loads(folder.joinpath(name).read_text("utf-8"))) for name in names)


def shipped_one(key: str) -> ProgrammeDraft:
    """Return a shipped programme by its key.

    Raises:
        InputError: There is none; lists those there are.
    """
    for draft in shipped():
        if draft.key == key:
            return draft
    keys = [draft.key for draft in shipped()]
    raise errors.InputError(
        "programme",
        f"没有“{key}”这个随附的专项方案。可用：{'、'.join(keys)}。",
        f"No programme “{key}” comes with the product. There are: {', '.join(keys)}.",
    )


def parse(text: str, name: str) -> ProgrammeDraft:
    """Return the programme that a file in the form of `resources/programmes` describes; it is not checked yet.

    Args:
        text: The file's text, TOML.
        name: What the file is called, for a refusal.

    Raises:
        InputError: It is no TOML, or a part is absent or of another kind; names the file and the part.
    """
    try:
        return read(tomllib.loads(text))
    except tomllib.TOMLDecodeError as wrong:
        zh, en = f"不是有效的 TOML（{wrong}）", f"is not TOML ({wrong})"
    except KeyError as absent:
        zh, en = f"缺少“{absent.args[0]}”", f"lacks “{absent.args[0]}”"
    except (TypeError, AttributeError):
        zh, en = "有一项的类型不对（日期不加引号，列表用方括号）", "has a part of another kind (days are not quoted)"
    raise errors.InputError("file", f"专项文件 {name} {zh}。请对照随附的样式。", f"The programme file {name} {en}.")


def read(raw: Mapping[str, Any]) -> ProgrammeDraft:
    """Return the programme that a file of `resources/programmes` (or one like it) describes; it is not checked yet."""
    stages = tuple(
        StageDraft(name=_of(str, one["name"]), from_on=_of(date, one.get("from")), to_on=_of(date, one.get("to")))
        for one in raw["stage"]
    )
    milestones = [
        MilestoneDraft(
            kind="target",
            name=_of(str, one["name"]),
            on_date=_of(date, one.get("by")),
            share=_of(int, one.get("share")),
        )
        for one in raw.get("target", ())
    ]
    milestones += [
        MilestoneDraft(
            kind=_of(str, one["kind"]),
            name=_of(str, one["name"]),
            stage=_of(int, one.get("stage")),
            on_date=_of(date, one.get("on")),
            days=_of(int, one.get("days", 0)),
        )
        for one in raw.get("report", ())
    ]
    first, last = _of(date, raw.get("from")), _of(date, raw.get("to"))
    if "monthly" in raw and first and last:
        monthly = raw["monthly"]
        day_of_month = _of(int, monthly.get("day"))
        if day_of_month is not None and not 1 <= day_of_month <= _LAST_OF_MONTH:
            raise errors.InputError(
                "day",
                f"每月报送日须在 1 至 {_LAST_OF_MONTH} 之间：{day_of_month}。",
                f"The day of each month is from 1 to {_LAST_OF_MONTH}, not {day_of_month}.",
            )
        milestones += [
            MilestoneDraft(
                kind=_of(str, monthly["kind"]), name=f"{monthly['name']}（{day.year}年{day.month}月）", on_date=day
            )
            for day in _months(first, last, day_of_month)
        ]
    return ProgrammeDraft(
        key=_of(str, raw["key"]),
        name=_of(str, raw["name"]),
        basis=_of(str, raw.get("basis", "")),
        goal=_of(str, raw.get("goal", "")),
        from_on=first,
        to_on=last,
        stages=stages,
        milestones=tuple(milestones),
    )


def _of(kind: type, value: Any) -> Any:
    """Return a part of the file, or None where it is absent; raises TypeError when it is of another kind."""
    if value is not None and type(value) is not kind:  # a date with a time is a date too, and a flag a number
        raise TypeError(value)
    return value


def _months(first: date, last: date, day: int | None) -> Iterator[date]:
    """Return the day of each month of a time on which it reports: `day`, or the month's last, never after `last`."""
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        end = calendar.monthrange(year, month)[1]
        yield min(date(year, month, min(day or end, end)), last)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


# --- the check --------------------------------------------------------------------------------------------------------


def check(draft: ProgrammeDraft) -> None:
    """Refuse a programme that cannot be.

    Raises:
        MissingPartError: A stage, target or the programme itself lacks a day; names it.
        InputError: Days out of order or outside, an impossible key, a report of an unknown kind; names it.
    """
    if not _KEY.fullmatch(draft.key):
        raise errors.InputError(
            "key",
            f"专项标识“{draft.key}”须由小写字母、数字和连字符组成，不超过 40 个字符：各县同名，市局才能汇总。",
            f"The key “{draft.key}” is of small letters, digits and hyphens, at most 40: the city adds up by it.",
        )
    if not draft.name.strip():
        raise errors.MissingPartError(("name",), "专项缺少名称。", "The programme has no name.")
    if draft.from_on is None or draft.to_on is None:
        raise errors.MissingPartError(
            ("from_on", "to_on"),
            f"专项“{draft.name}”缺少起止日期（{RULE_ZH}）。",
            f"The programme “{draft.name}” lacks its first or last day ({RULE_EN}).",
        )
    _check_order(f"专项“{draft.name}”", f"The programme “{draft.name}”", draft.from_on, draft.to_on)
    if not draft.stages:
        raise errors.MissingPartError(
            ("stages",),
            f"专项“{draft.name}”没有阶段（{RULE_ZH}）。",
            f"The programme “{draft.name}” has no stage ({RULE_EN}).",
        )
    check_stages(draft.stages, draft.from_on, draft.to_on)
    for one in draft.milestones:
        check_milestone(one, draft.from_on, draft.to_on, len(draft.stages))


def check_stages(stages: tuple[StageDraft, ...], from_on: date, to_on: date) -> None:
    """Refuse stages that lack a day, lie outside the programme, or begin before the one before has ended.

    Raises:
        MissingPartError, InputError: Names the stage.
    """
    before: StageDraft | None = None
    for place, stage in enumerate(stages, start=1):
        zh, en = f"第 {place} 阶段“{stage.name}”", f"Stage {place}, “{stage.name}”,"
        if not stage.name.strip():
            raise errors.MissingPartError(("stage",), f"第 {place} 阶段缺少名称。", f"Stage {place} has no name.")
        if stage.from_on is None or stage.to_on is None:
            which_zh = "起始" if stage.from_on is None else "结束"
            which = "first" if stage.from_on is None else "last"
            raise errors.MissingPartError(
                ("from_on" if stage.from_on is None else "to_on",),
                f"{zh}没有{which_zh}日期：没有日期的阶段无从计算小结期限，请填写（{RULE_ZH}）。",
                f"{en} has no {which} day: no summary can fall due without it; give it ({RULE_EN}).",
            )
        _check_order(zh, en, stage.from_on, stage.to_on)
        if stage.from_on < from_on or stage.to_on > to_on:
            raise errors.InputError(
                "from_on" if stage.from_on < from_on else "to_on",
                f"{zh}（{stage.from_on} 至 {stage.to_on}）超出专项的时间 {from_on} 至 {to_on}（{RULE_ZH}）。",
                f"{en} {stage.from_on} to {stage.to_on}, lies outside the programme, {from_on} to {to_on} ({RULE_EN}).",
            )
        if before is not None and before.to_on is not None and stage.from_on <= before.to_on:
            raise errors.InputError(
                "from_on",
                f"{zh}从 {stage.from_on} 开始，上一阶段“{before.name}”到 {before.to_on} 才结束（{RULE_ZH}）。",
                f"{en} begins on {stage.from_on}, before “{before.name}” ends on {before.to_on} ({RULE_EN}).",
            )
        before = stage


def check_milestone(draft: MilestoneDraft, from_on: date, to_on: date, stages: int) -> None:
    """Refuse a target or a report that cannot be.

    Raises:
        MissingPartError: It lacks its name, day or share.
        InputError: Unknown kind, stage or day outside the programme, share or days out of range.
    """
    if draft.kind not in codes.codes("milestone"):
        words = "、".join(codes.word("milestone", code, "zh") for code in codes.codes("milestone"))
        raise errors.InputError(
            "kind",
            f"没有“{draft.kind}”这种节点。可用：{words}。",
            f"There is no date of the kind “{draft.kind}”; there are: {', '.join(codes.codes('milestone'))}.",
        )
    name = draft.name.strip() or codes.word("milestone", draft.kind, "zh")
    name_en = draft.name.strip() or codes.word("milestone", draft.kind, "en")
    if not draft.name.strip():
        raise errors.MissingPartError(("name",), f"“{name}”缺少名称。", f"A {name_en} lacks its name.")
    if draft.stage is not None and not 1 <= draft.stage <= stages:
        raise errors.InputError(
            "stage",
            f"“{name}”所指的第 {draft.stage} 阶段不存在。",
            f"“{name_en}” names stage {draft.stage}, which is none.",
        )
    if draft.stage is None and draft.on_date is None:
        raise errors.MissingPartError(
            ("on_date",),
            f"“{name}”没有日期，也没有所依附的阶段（{RULE_ZH}）。",
            f"“{name_en}” has neither a day nor a stage that it follows ({RULE_EN}).",
        )
    if draft.on_date is not None and not from_on <= draft.on_date <= to_on:
        raise errors.InputError(
            "on_date",
            f"“{name}”的日期 {draft.on_date} 不在专项的时间 {from_on} 至 {to_on} 之内（{RULE_ZH}）。",
            f"“{name_en}” is dated {draft.on_date}, outside the programme, {from_on} to {to_on} ({RULE_EN}).",
        )
    if draft.kind == "target" and draft.share is None:
        raise errors.MissingPartError(
            ("share",),
            f"目标“{name}”没有写明百分之几（{RULE_ZH}）。",
            f"The target “{name_en}” does not say how many percent ({RULE_EN}).",
        )
    if draft.kind == "target" and not 1 <= (draft.share or 0) <= 100:
        raise errors.InputError(
            "share", f"目标“{name}”的百分比须在 1 至 100 之间：{draft.share}。",
            f"The target “{name_en}” is a percentage from 1 to 100, not {draft.share}.",
        )  # fmt: skip
    if draft.kind != "target" and not 0 <= draft.days <= LONGEST_DAYS:
        raise errors.InputError(
            "days", f"“{name}”的报送天数须在 0 至 {LONGEST_DAYS} 之间：{draft.days}。",
            f"“{name_en}” is due within 0 to {LONGEST_DAYS} days, not {draft.days}.",
        )  # fmt: skip


def _check_order(zh: str, en: str, from_on: date, to_on: date) -> None:
    if to_on < from_on:
        raise errors.InputError(
            "to_on",
            f"{zh}的结束日期 {to_on} 早于起始日期 {from_on}（{RULE_ZH}）。",
            f"{en} ends on {to_on}, before it begins on {from_on} ({RULE_EN}).",
        )
