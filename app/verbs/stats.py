"""Verb on figures: a month, a stage, a programme, a year or any days; on paper, submitted, with the list behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from app.common import Options, choose, day, open_desk, tell, verb
from models.figures import wording
from models.figures.desk import Figures
from models.figures.indicators import CASE_TABLE, TABLE, indicator
from models.figures.records import (
    Behind,
    Correction,
    Evaluation,
    Figure,
    Group,
    Period,
    ProgrammeFigures,
    Report,
    Submitted,
)  # fmt: skip


@click.command("stats")
@click.option("--month", default="", help="Month, YYYY-MM; this month by default.")
@click.option("--year", default="", help="Year, YYYY: its twelve months.")
@click.option("--stage", default="", help="Stage or summary of a programme, e.g. 2011-key-cases/stage-1.")
@click.option("--programme", default="", help="Alone: the whole programme. With a month: its key cases only.")
@click.option("--from", "from_text", default=None, help="First day of any days.")
@click.option("--to", "to_text", default=None, help="Last day of any days; today by default.")
@click.option("--out", type=click.Path(path_type=Path), default=None, help="Write the report as .pdf or .xlsx.")
@click.option(
    "--submit",
    is_flag=True,
    help="Submit the figures: they are frozen and the paper is issued; with --evaluation, issue that.",
)
@click.option("--analysis", default="", help="What the figures say.")
@click.option("--suggestions", default="", help="What is advised.")
@click.option("--behind", default="", help="The matters behind this figure.")
@click.option("--group", default="", help="With --behind, a part of it: DIMENSION=KEY, e.g. channel=letter.")
@click.option("--base", is_flag=True, help="With --behind, what a rate is taken over.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="With --behind, lines at most.")
@click.option("--evaluation", is_flag=True, help="How each unit did its duties; never persons.")
@verb
def stats(
    options: Options,
    month: str,
    year: str,
    stage: str,
    programme: str,
    from_text: str | None,
    to_text: str | None,
    out: Path | None,
    submit: bool,
    analysis: str,
    suggestions: str,
    behind: str,
    group: str,
    base: bool,
    limit: int,
    evaluation: bool,
) -> None:
    """Tell the figures of a period, each with its formula; write, submit or open them. Never of persons."""
    if out is not None and out.suffix.lower() not in (".pdf", ".xlsx"):
        raise click.UsageError(choose("--out 须为 .pdf 或 .xlsx 文件", "--out is a .pdf or an .xlsx file"))
    if sum(map(bool, (month, year, stage, from_text or to_text))) > 1:
        raise click.UsageError(
            choose(
                "--month、--year、--stage、--from/--to 只能选一项",
                "Choose one of --month, --year, --stage, --from/--to",
            )
        )
    desk = open_desk(options)
    try:
        asked = desk.figures
        period = _period(asked, month, year, stage, programme, from_text, to_text)
        if behind:
            _behind(options, asked, period, behind, group, programme, base, limit)
            return
        if evaluation:
            document = asked.issue_evaluation(period) if submit else None
            _evaluation(options, asked, period, document)
        else:
            one = (
                asked.submit(period, analysis=analysis, suggestions=suggestions) if submit else asked.of_period(period)
            )
            _report(options, asked, asked.report(period), one, programme if month else "")
        if out is not None:
            desk.exported()
            _write(asked, period, out, evaluation, analysis, suggestions)
    finally:
        desk.close()


def _period(
    asked: Figures, month: str, year: str, stage: str, programme: str, from_text: str | None, to_text: str | None
) -> Period:
    if from_text or to_text:
        to = day(to_text, "to") or asked.on
        return asked.span(day(from_text, "from") or to.replace(day=1), to)
    if year:
        return asked.year(year)
    if stage:
        return asked.stage(stage)
    if programme and not month:
        return asked.final(programme)
    return asked.month(month) if month else asked.month_of(asked.on)


# --- a report ---------------------------------------------------------------------------------------------------------


def _report(options: Options, asked: Figures, report: Report, one: Submitted | None, only: str) -> None:
    corrections = asked.corrections(report.period) if one else ()
    programmes = tuple(found for found in report.programmes if only in ("", found.key))
    data: dict[str, Any] = {code: figure.value for code, figure in report.figures.items()}
    data |= {
        "period": _period_data(report),
        "partial": report.partial,
        "submitted": None if one is None else _submitted_data(one),
        "fractions": {code: _fraction(figure) for code, figure in report.figures.items()
                      if figure.denominator is not None},
        "groups": {name: [_group_data(part) for part in parts] for name, parts in report.groups.items()},
        "compared": {name: {code: figure.value for code, figure in found.items()}
                     for name, found in report.compared.items()},
        "programmes": {found.key: _programme_data(found) for found in programmes},
        "corrections": [_correction_data(change) for change in corrections],
        "definitions": _definitions(),
        "unknown_clocks": report.unknown_clocks,
    }  # fmt: skip
    tell(options, data, lambda: _text(report, one, corrections, programmes))


def _text(
    report: Report,
    one: Submitted | None,
    corrections: tuple[Correction, ...],
    programmes: tuple[ProgrammeFigures, ...],
) -> str:
    period = report.period
    head = f"{period.name}  {period.from_on} .. {period.to_on}"
    if report.partial:
        head += choose(f"  期间未结束，统计至 {report.as_of}", f"  not ended, counted until {report.as_of}")
    if one is not None:
        head += choose(f"  已于 {one.submitted_on} 报送", f"  submitted on {one.submitted_on}")
    lines = [head]
    for code, figure in report.figures.items():
        changes = [
            f"{choose('环比', 'month') if name == 'last_month' else choose('同比', 'year')} {change}"
            for name, found in report.compared.items()
            if (change := wording.change(figure, found.get(code)))
        ]
        lines.append("  ".join([str(TABLE[code].name), wording.text(figure, with_base=True), *changes]))
    for found in programmes:
        lines += ["", found.name]
        lines += [f"{CASE_TABLE[code].name}  {wording.text(figure, with_base=True)}"
                  for code, figure in found.figures.items()]  # fmt: skip
    for one_change in corrections:
        name = indicator(one_change.code).name
        lines.append(
            f"{choose('更正', 'Correction')}  {name}  {wording.text(one_change.submitted, with_base=True)} → "
            f"{wording.text(one_change.now, with_base=True)}"
        )
    return "\n".join(lines)


def _period_data(report: Report) -> dict[str, Any]:
    period = report.period
    return {
        "kind": period.kind,
        "key": period.key,
        "from": period.from_on,
        "to": period.to_on,
        "as_of": report.as_of,
        "programme": period.programme,
    }


def _submitted_data(one: Submitted) -> dict[str, Any]:
    return {
        "on": one.submitted_on,
        "by": one.submitted_by,
        "document": one.document,
        "analysis": one.analysis,
        "suggestions": one.suggestions,
        "figures": {code: figure.value for code, figure in one.figures.items()},
    }


def _fraction(figure: Figure) -> dict[str, Any]:
    return {"numerator": figure.numerator, "denominator": figure.denominator}


def _group_data(group: Group) -> dict[str, Any]:
    return {
        "key": group.key,
        "words": group.words,
        **{code: figure.value for code, figure in group.figures.items()},
    }


def _programme_data(one: ProgrammeFigures) -> dict[str, Any]:
    return {
        "name": one.name,
        **{code: figure.value for code, figure in one.figures.items()},
        "by_source": [_group_data(group) for group in one.by_source],
        "by_exclusion": [_group_data(group) for group in one.by_exclusion],
        "by_leader": [_group_data(group) for group in one.by_leader],
        "by_unit": [_group_data(group) for group in one.by_unit],
        "targets": one.targets,
    }


def _correction_data(change: Correction) -> dict[str, Any]:
    return {
        "code": change.code,
        "programme": change.programme,
        "submitted": change.submitted.value,
        "now": change.now.value,
        "difference": change.difference,
        "added": change.added,
        "gone": change.gone,
    }


def _definitions() -> dict[str, Any]:
    return {
        code: {
            "name": meant.name,
            "unit": meant.unit,
            "formula": meant.formula,
            "source": meant.source,
            "version": meant.version,
        }
        for code, meant in {**TABLE, **CASE_TABLE}.items()
    }


# --- the list behind, the evaluation, the paper -----------------------------------------------------------------------


def _behind(
    options: Options, asked: Figures, period: Period, code: str, group: str, programme: str, base: bool, limit: int
) -> None:
    dimension, sign, key = group.partition("=")
    if group and not sign:
        raise click.UsageError(choose("--group 写作 DIMENSION=KEY", "--group is written DIMENSION=KEY"))
    found = asked.behind(period, code, dimension, key, programme=programme, base=base, limit=limit)
    data = {
        "period": period.key,
        "figure": code,
        "total": found.total,
        "shown": len(found.lines),
        "hidden": found.hidden,
        "results": [
            {"id": line.id, "number": line.number, "title": line.title, "state": line.state, "unit": line.unit,
             "received_on": line.received_on, "sight": line.sight, "count": count}
            for line, count in zip(found.lines, found.counts, strict=True)
        ],
    }  # fmt: skip
    tell(options, data, lambda: _behind_text(found))


def _behind_text(found: Behind) -> str:
    lines = [
        "  ".join(part for part in (line.number, str(line.received_on), line.unit, line.title) if part)
        + (f"  ×{count}" if count != 1 else "")
        for line, count in zip(found.lines, found.counts, strict=True)
    ]
    if found.hidden:
        lines.append(choose(f"另有 {found.hidden} 件密件", f"sealed, not listed: {found.hidden}"))
    lines.append(choose(f"共 {found.total} 件，列出 {len(found.lines)} 件",
                        f"matters in all: {found.total}, shown: {len(found.lines)}"))  # fmt: skip
    return "\n".join(lines)


def _evaluation(options: Options, asked: Figures, period: Period, document: int | None) -> None:
    found = asked.evaluation(period)
    tell(options, {**_evaluation_data(found), "document": document}, lambda: _evaluation_text(found))


def _evaluation_data(found: Evaluation) -> dict[str, Any]:
    return {
        "period": found.period.key,
        "partial": found.partial,
        "guard": found.guard,
        "measures": [
            {
                "code": measure.code,
                "name": measure.name,
                "formula": measure.formula,
                "numerator": measure.numerator,
                "denominator": measure.denominator,
                "overall": measure.overall,
                "units": [
                    {"unit": line.name, "numerator": line.numerator, "denominator": line.denominator,
                     "share": line.share, "limits_95": [line.low, line.high],
                     "limits_998": [line.far_low, line.far_high], "verdict": line.verdict}
                    for line in measure.lines
                ],
            }
            for measure in found.measures
        ],
    }  # fmt: skip


def _evaluation_text(found: Evaluation) -> str:
    from models.figures.evaluation_contents import VERDICTS

    lines = []
    for measure in found.measures:
        lines.append(f"{measure.name}  {measure.numerator}/{measure.denominator}")
        lines += [
            f"  {line.name}  {line.numerator}/{line.denominator}  {VERDICTS[line.verdict]}" for line in measure.lines
        ]
    return "\n".join(lines)


def _write(asked: Figures, period: Period, out: Path, evaluation: bool, analysis: str, suggestions: str) -> None:
    from models import door
    from models.sheets import issue
    from models.sheets.xlsx import to_xlsx

    one = asked.of_period(period)
    if evaluation:
        sheet = asked.evaluation_sheet(period)
    else:
        sheet = asked.sheet(period, analysis=analysis, suggestions=suggestions)
    if out.suffix.lower() == ".xlsx":
        to_xlsx(sheet, out)
    elif one is not None and one.document is not None and not evaluation:
        door.write_file(out, issue.pdf_of(asked.register, one.document, asked.person))  # as it was submitted
    else:
        door.write_file(out, issue.preview(asked.register, sheet, asked.on))


COMMANDS = (stats,)
"""The verbs of this room."""
