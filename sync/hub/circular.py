"""The city's circular (通报): a month, stage or programme of its counties as a paper, printed or as a workbook.

It tells, in this order: the whole in a few figures and beside the month before; every county in one table; the key-case
programmes by county, by source and by ground of exclusion, and how far each target is reached; and of every county
whether its own report came, where that differs from what its rows say now, and what may be missing. Counties stand in
the order of their codes. Of bureaus and duties, never of persons; nobody is ranked.

The hub keeps no papers: the figures of a circular are bound to it by their digest, which is printed under it. Whoever
computes the same figures again gets the same digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import orjson

from models.errors import Language, Message
from models.figures import report
from models.figures.indicators import indicator
from models.figures.records import Figure, Group, ProgrammeFigures, Target
from models.sheets.content import Block, Chart, Column, Grid, Heading, Limit, Series, Sheet, Text, Tile, Tiles, Value
from sync.hub.city import CityReport, CountyFigures

FIRST = ("received", "accepted", "answered", "closed", "open_at_end", "late")
"""What a chief reads first."""
OF_COUNTIES = (
    "received", "matters_new", "repeat_items", "accepted", "answered", "closed", "open_at_end", "late", "late_met",
)  # fmt: skip
IN_TIME = ("notices_due", "notices_on_time", "notice_rate", "answers_due", "answers_on_time", "answer_rate")
OF_PROGRAMMES = (
    "case_included", "case_solved_month", "case_solved", "case_solved_share", "case_closed", "case_rebound",
    "case_open", "case_overdue", "case_excluded",
)  # fmt: skip
_TOO_SMALL = Message("数量过小", "too few")


def digest_of(found: CityReport) -> str:
    """Return the digest of a report's figures, hex: SHA-256 over the numbers of every county and their sum."""
    content = {
        "period": [found.period.key, found.period.from_on, found.period.to_on],
        "counties": [
            [one.county, _numbers(one.report.figures), {p.key: _numbers(p.figures) for p in one.report.programmes}]
            for one in found.counted
            if one.report is not None
        ],
        "city": [_numbers(found.figures), {one.key: _numbers(one.figures) for one in found.programmes}],
    }
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _numbers(figures: Mapping[str, Figure]) -> dict[str, list[int | None]]:
    return {code: [figure.version, figure.numerator, figure.denominator] for code, figure in figures.items()}


def circular(found: CityReport, *, number: str = "", dated_on: date | None = None, language: Language = "zh") -> Sheet:
    """Return the circular of a report.

    Args:
        found: The city's report.
        number: Document number as the city's office gave it; empty while it has none.
        dated_on: Day printed; the day of asking by default.
        language: Of its texts.
    """
    paper = _Paper(found, language)
    what = "信访工作" if paper.of_all else ""
    return Sheet(
        kind="circular",
        title=paper.say(f"关于{{0}}{what}情况的通报", "Circular on petition work: {0}", found.period.name),
        organ=found.city,
        blocks=tuple(paper.blocks()),
        number=number,
        dated_on=dated_on or found.on,
        official=True,
        addressee=paper.say("各县（市、区）公安局", "To all county bureaus"),
        notes=tuple(paper.notes()),
        language=language,
    )


class _Paper:
    """The blocks of one circular in one language."""

    def __init__(self, found: CityReport, language: Language) -> None:
        self.found = found
        self.language = language
        self.of_all = found.period.kind in ("month", "annual")
        """It tells of all matters; else of a programme only."""

    def say(self, zh: str, en: str, *values: object) -> str:
        words = [
            (value.zh if self.language == "zh" else value.en) if isinstance(value, Message) else value
            for value in values
        ]
        return (zh if self.language == "zh" else en).format(*words)

    def word(self, message: Message) -> str:
        return message.zh if self.language == "zh" else message.en

    # --- the parts ---------------------------------------------------------------------------------------------------

    def blocks(self) -> Iterable[Block]:
        yield from self._whole()
        if self.of_all:
            yield from self._counties()
        for at, programme in enumerate(self.found.programmes):
            yield from self._programme(programme, at)
        yield from self._reporting()

    def _whole(self) -> Iterable[Block]:
        found = self.found
        yield Heading(text=self.say("一、总体情况", "1. The whole"))
        days = self.say(
            "本期自{0}至{1}。", "The period runs from {0} to {1}.", found.period.from_on, found.period.to_on
        )
        partial = self.say(
            "本期尚未结束，数据截至{0}，不是全期数据。",
            "The period has not ended: the figures stand as of {0} and are partial.",
            found.on,
        )
        yield Text(text=days + (partial if found.partial else ""), strong=found.partial)
        if self.of_all:
            before = found.compared.get("last_month") or found.compared.get("last_year") or {}
            yield Tiles(tiles=tuple(self._tile(code, before) for code in FIRST))
        else:
            yield from (Text(text=self._progress(one)) for one in found.programmes)

    def _tile(self, code: str, before: Mapping[str, Figure]) -> Tile:
        now = self.found.figures[code]
        remark = ""
        if code in before:
            change = now.numerator - before[code].numerator
            month = "last_month" in self.found.compared
            name = self.say("上月", "last month") if month else self.say("上年", "last year")
            remark = (
                self.say("比{0} {1:+d}", "{1:+d} on {0}", name, change)
                if change
                else self.say("与{0}持平", "as {0}", name)
            )
        return Tile(label=self.word(indicator(code).name), value=f"{now.numerator:,}", remark=remark)

    def _progress(self, one: ProgrammeFigures) -> str:
        f = one.figures
        share = f["case_solved_share"]
        return self.say(
            "{0}：列入{1}件，已化解{2}件（{3}），评查结案{4}件，未化解{5}件，其中超过方案期限{6}件；不列入{7}件。",
            "{0}: {1} included, {2} solved ({3}), {4} closed after review, {5} open, {6} of them past the limit of"
            " their plan; {7} left out.",
            one.name, f["case_included"].numerator, f["case_solved"].numerator, _percent(share),
            f["case_closed"].numerator, f["case_open"].numerator, f["case_overdue"].numerator,
            f["case_excluded"].numerator,
        )  # fmt: skip

    def _counties(self) -> Iterable[Block]:
        yield Heading(text=self.say("二、各县（市、区）局情况", "2. County by county"))
        yield self._table(OF_COUNTIES, self.say("收到、受理和办结", "Received, accepted and closed"))
        yield self._table(IN_TIME, self.say("按期告知和按期办结", "Notices and answers in time"))

    def _table(self, codes: Sequence[str], title: str) -> Grid:
        rows = [
            (one.name, *(self._value(one.report.figures.get(code)) for code in codes))
            for one in self.found.counted
            if one.report is not None
        ]
        return Grid(
            title=title,
            columns=(Column(head=self.say("单位", "Bureau"), width=2.2), *map(self._column, codes)),
            rows=rows,
            totals=(self.say("合计", "City"), *(self._value(self.found.figures.get(code)) for code in codes)),
        )

    def _column(self, code: str) -> Column:
        meant = indicator(code)
        rate = meant.kind != "count"
        return Column(head=self.word(meant.name), kind="percent" if rate and meant.unit.zh == "%" else "int")

    def _value(self, figure: Figure | None) -> Value:
        if figure is None:
            return None
        told = report.guarded(figure)
        return self.word(_TOO_SMALL) if told.too_small and told.denominator else told.value

    def _programme(self, one: ProgrammeFigures, at: int) -> Iterable[Block]:
        place = at + (3 if self.of_all else 2)
        yield Heading(text=self.say("{0}、{1}", "{2}. {1}", _nth(place), one.name, place))
        if self.of_all:
            yield Text(text=self._progress(one))
        rows = [
            (county.name, *(self._plain(figures.figures.get(code)) for code in OF_PROGRAMMES))
            for county, figures in self._of_counties(one.key)
        ]
        columns = (Column(head=self.say("单位", "Bureau"), width=2.2), *map(self._column, OF_PROGRAMMES))
        totals = (self.say("合计", "City"), *(self._plain(one.figures.get(code)) for code in OF_PROGRAMMES))
        yield Grid(title=self.say("各局进展", "Progress by county"), columns=columns, rows=rows, totals=totals)
        yield self._parts(self.say("按列入来源", "By source"), one.by_source, ("case_included", "case_solved"))
        if one.by_exclusion:
            yield self._parts(self.say("不列入的情形", "Left out, by ground"), one.by_exclusion, ("case_excluded",))
        yield from self._targets(one)

    def _of_counties(self, key: str) -> Iterable[tuple[CountyFigures, ProgrammeFigures]]:
        for county in self.found.counted:
            for figures in county.report.programmes if county.report else ():
                if figures.key == key:
                    yield county, figures

    def _plain(self, figure: Figure | None) -> Value:
        return None if figure is None else figure.value

    def _parts(self, title: str, groups: Sequence[Group], codes: Sequence[str]) -> Grid:
        """Return a table by source or ground; a part in which nothing is counted by these codes is left out."""
        rows: list[Sequence[Value]] = [
            (self.word(group.words), *(group.figures[code].numerator for code in codes))
            for group in groups
            if any(group.figures[code].numerator for code in codes)
        ]
        heads = (Column(head=self.say("类别", "Kind"), width=3), *map(self._column, codes))
        return Grid(title=title, columns=heads, rows=rows)

    def _targets(self, one: ProgrammeFigures) -> Iterable[Block]:
        for target in one.targets:
            if not target.due:
                continue
            yield Text(text=self.say(
                "目标“{0}”（{1}）：{2}/{3}，{4}。", "Target “{0}” ({1}): {2} of {3}: {4}.", target.name, target.on,
                target.solved, target.included,
                Message("达到", "reached") if target.reached else Message("未达到", "not reached"),
            ))  # fmt: skip
        found = [(county.name, figures.figures) for county, figures in self._of_counties(one.key)]
        yield Chart(
            kind="target",
            title=self.say("各局已化解件数", "Cases solved, by county"),
            unit=self.say("件", "cases"),
            limits=tuple(
                Limit(
                    name=self.say("目标{0}%（{1}前）", "target {0} % (by {1})", target.share, target.on),
                    value=target.share / 100,
                )
                for target in _standing(one.targets)
            ),
            labels=tuple(name for name, _ in found),
            series=(
                Series(
                    name=self.say("已化解", "solved"),
                    values=tuple(float(figures["case_solved"].numerator) for _, figures in found),
                ),
                Series(
                    name=self.say("列入", "included"),
                    values=tuple(float(figures["case_included"].numerator) for _, figures in found),
                ),
            ),
        )

    def _reporting(self) -> Iterable[Block]:
        found = self.found
        place = len(found.programmes) + (3 if self.of_all else 2)
        yield Heading(text=self.say("{0}、报送情况", "{1}. Reporting", _nth(place), place))
        rows: list[Sequence[Value]] = [
            (
                one.name,
                one.submitted.submitted_on if one.submitted else self.say("未报送", "not submitted"),
                len(one.differences),
                "".join(self.word(gap.words) for gap in one.gaps) or self.say("齐全", "complete"),
            )
            for one in found.counted
        ]
        columns = (
            Column(head=self.say("单位", "Bureau"), width=2),
            Column(head=self.say("报送日期", "Submitted on"), kind="date", width=1.2),
            Column(head=self.say("报送后更正", "Corrections since"), kind="int"),
            Column(head=self.say("流水是否到齐", "Whether its entries are all here"), width=4),
        )
        yield Grid(columns=columns, rows=rows)
        differing = [(one, correction) for one in found.counted for correction in one.differences]
        if differing:
            yield Grid(
                title=self.say(
                    "报送数与现算数不一致的", "Where the submitted figure differs from the one computed now"
                ),
                columns=(
                    Column(head=self.say("单位", "Bureau"), width=2),
                    Column(head=self.say("指标", "Figure"), width=2),
                    Column(head=self.say("报送数", "Submitted")),
                    Column(head=self.say("现算数", "Computed now")),
                ),
                rows=[
                    (one.name, self.word(indicator(c.code).name), _written(c.submitted), _written(c.now))
                    for one, c in differing
                ],
            )
        for one in found.counted:
            if one.unread is not None:
                yield Text(text=f"{one.name}：{self.word(one.unread)}")

    def notes(self) -> Iterable[str]:
        found = self.found
        codes = (*OF_COUNTIES, *IN_TIME) if self.of_all else ()
        codes = (*codes, *(OF_PROGRAMMES if found.programmes else ()))
        for code in dict.fromkeys(codes):
            meant = indicator(code)
            yield self.say("{0}（第{2}版）：{1}", "{0} (version {2}): {1}", meant.name, meant.formula, meant.version)
        for one in found.other_days:
            if one.report is not None:
                period = one.report.period
                yield self.say(
                    "{0}的期间为{1}至{2}。", "{0}: its period is {1} to {2}.", one.name, period.from_on, period.to_on
                )
        yield self.say(
            "由汇集中心按各局上报的流水计算；数据摘要（SHA-256）：{0}",
            "Computed by the hub from the entries that the bureaus sent. Digest of the figures (SHA-256): {0}",
            digest_of(found),
        )


def _standing(targets: Sequence[Target]) -> Sequence[Target]:
    """Return the target that counts now: the next one, the last one when all their days have come; none without any."""
    ahead = [target for target in targets if not target.due]
    return ahead[:1] or targets[-1:]


def _nth(place: int) -> str:
    return "一二三四五六七八九十"[place - 1] if place <= 10 else str(place)


def _percent(figure: Figure) -> str:
    return "—" if figure.value is None else f"{figure.value:.1%}"


def _written(figure: Figure) -> str:
    return str(figure.numerator) if figure.denominator is None else f"{figure.numerator}/{figure.denominator}"
