"""The city's figures on the command line: as JSON with flat keys, and as a few lines for people."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models import codes, door, errors
from models.errors import Message, spoken
from models.figures.indicators import indicator
from models.figures.records import Correction, Figure, ProgrammeFigures
from models.sheets.content import Sheet
from sync.hub.circular import circular, digest_of
from sync.hub.city import CityReport, CountyFigures, city_report
from sync.hub.completeness import Gap
from sync.hub.hub import Hub
from sync.hub.periods import Wanted
from sync.hub.roster import RosterLine
from sync.hub.roster import roster as roster_of
from sync.hub.roster import sheet as roster_sheet

_LINE = ("received", "accepted", "answered", "closed", "open_at_end", "late")
_CASES = ("case_included", "case_solved", "case_closed", "case_open", "case_overdue", "case_excluded")


def as_json(found: CityReport) -> dict[str, Any]:
    """Return the city's report: the sum's figures by code at the top, each county with its own, what is missing."""
    return {
        **_values(found.figures),
        "city": found.city,
        "period": found.period.key,
        "from": found.period.from_on,
        "to": found.period.to_on,
        "partial": found.partial,
        "compared": {name: _values(figures) for name, figures in found.compared.items()},
        "programmes": [_programme(one) for one in found.programmes],
        "counties": [_county(one) for one in found.counties],
        "not_submitted": [one.county for one in found.not_submitted],
        "incomplete": [one.county for one in found.incomplete],
        "other_days": [one.county for one in found.other_days],
        "definitions": {code: _definition(code) for code in found.figures}
        | {code: _definition(code) for one in found.programmes for code in one.figures},
        "digest": digest_of(found),
    }


def _values(figures: Mapping[str, Figure]) -> dict[str, int | float | None]:
    return {code: figure.value for code, figure in figures.items()}


def _county(one: CountyFigures) -> dict[str, Any]:
    if one.report is None:
        return {"county": one.county, "name": one.name, "has_figures": False}
    return {
        **_values(one.report.figures),
        "county": one.county,
        "name": one.name,
        "has_figures": True,
        "from": one.report.period.from_on,
        "to": one.report.period.to_on,
        "as_of": one.report.as_of,
        "partial": one.report.partial,
        "unknown_clocks": one.report.unknown_clocks,
        "programmes": [_programme(programme) for programme in one.report.programmes],
        "complete": not one.gaps,
        "gaps": [_gap(gap) for gap in one.gaps],
        "submitted_on": one.submitted.submitted_on if one.submitted else None,
        "differences": [_difference(correction) for correction in one.differences],
        "unread": one.unread._asdict() if one.unread else None,
    }


def _programme(one: ProgrammeFigures) -> dict[str, Any]:
    return {
        "key": one.key,
        "name": one.name,
        **_values(one.figures),
        "by_source": {group.key: _values(group.figures) for group in one.by_source},
        "by_exclusion": {group.key: group.figures["case_excluded"].numerator for group in one.by_exclusion},
        "targets": [
            {
                "name": target.name,
                "on": target.on,
                "share": target.share,
                "solved": target.solved,
                "included": target.included,
                "reached": target.reached,
                "due": target.due,
            }
            for target in one.targets
        ],
    }


def _gap(gap: Gap) -> dict[str, Any]:
    until = gap.until.astimezone().isoformat(timespec="minutes") if gap.until else None
    return {
        "kind": gap.kind,
        "device": gap.device,
        "first": gap.first,
        "last": gap.last,
        "count": gap.count,
        "until": until,
        **gap.words._asdict(),
    }


def _difference(one: Correction) -> dict[str, Any]:
    return {
        "code": one.code,
        "programme": one.programme,
        "submitted": one.submitted.value,
        "computed": one.now.value,
        "added": one.added,
        "gone": one.gone,
        **_said(one)._asdict(),
    }


def _said(one: Correction) -> Message:
    name = indicator(one.code).name
    zh = f"“{name.zh}”报送 {_written(one.submitted)}，现算 {_written(one.now)}"
    en = f"“{name.en}”: submitted {_written(one.submitted)}, computed now {_written(one.now)}"
    if one.submitted.numerator == one.now.numerator and one.submitted.denominator == one.now.denominator:
        zh, en = f"{zh}（数同而事项不同）", f"{en} (the same number of other matters)"
    return Message(f"{zh}。", f"{en}.")


def _written(figure: Figure) -> str:
    return str(figure.numerator) if figure.denominator is None else f"{figure.numerator}/{figure.denominator}"


def _definition(code: str) -> dict[str, Any]:
    meant = indicator(code)
    return {
        "zh": meant.name.zh,
        "en": meant.name.en,
        "unit": str(meant.unit),
        "formula": str(meant.formula),
        "version": meant.version,
    }


# --- lines for people -------------------------------------------------------------------------------------------------


def lines(found: CityReport) -> list[str]:
    """Return a report in a few lines: the city, its counties, its programmes, what is missing or differs."""
    days = f"{found.period.from_on} … {found.period.to_on}"
    told = [f"{found.city} {found.period.name}（{days}）" if spoken() == "zh" else f"{found.city}, {found.period.name}"]
    if found.partial:
        told.append(_say("本期尚未结束，以下为截至今日的数据。", "The period has not ended: figures up to today."))
    told.append(_say("合计：", "City: ") + _figures(found.figures, _LINE))
    for one in found.counted:
        assert one.report is not None  # noqa: S101  what `counted` says
        told.append(f"{one.county} {one.name}：{_figures(one.report.figures, _LINE)}")
        told += [f"  {programme.name}：{_figures(programme.figures, _CASES)}" for programme in one.report.programmes]
        told += [f"  {gap.words}" for gap in one.gaps]
        if one.submitted is None:
            told.append(_say("  未报送本期数据。", "  has not submitted its report."))
        told += [f"  {_said(correction)}" for correction in one.differences]
        if one.unread is not None:
            told.append(f"  {one.unread}")
    told += [f"{programme.name}：{_figures(programme.figures, _CASES)}" for programme in found.programmes]
    return told


def _say(zh: str, en: str) -> str:
    return zh if spoken() == "zh" else en


def _figures(figures: Mapping[str, Figure], wanted: tuple[str, ...]) -> str:
    return _say("，", ", ").join(f"{indicator(code).name} {figures[code].numerator:,}" for code in wanted)


def roster_json(found: tuple[RosterLine, ...]) -> list[dict[str, Any]]:
    """Return the roster as JSON, a line each."""
    return [
        {
            "county": one.county,
            "bureau": one.bureau,
            "duty": one.duty,
            "name": one.name,
            "post": one.post,
            "phone": one.phone,
            "from": one.from_on,
        }
        for one in found
    ]


def roster_lines(found: tuple[RosterLine, ...]) -> list[str]:
    """Return the roster for people, a line each."""
    return [
        f"{one.bureau} {codes.word('liaison_duty', one.duty, spoken())}："
        + (f"{one.name} {one.post} {one.phone}" if one.name else _say("尚未报送", "not named yet"))
        for one in found
    ]


# --- what the command does --------------------------------------------------------------------------------------------

Told = tuple[dict[str, Any], list[str]]


def figures(hub: Hub, wanted: Wanted, *, number: str = "", out: Path | None = None) -> Told:
    """Return the city's report as JSON and as lines; write its circular where a file is named.

    Raises:
        InputError: No such period; no county runs the programme; a file that is neither .pdf nor .xlsx.
        StorageError: The file cannot be written.
    """
    if out is not None:
        _check_suffix(out)
    found = city_report(hub, wanted)
    content, told = as_json(found), lines(found)
    if out is not None:
        told.append(_write(circular(found, number=number, language=spoken()), out))
        content["out"] = str(out)
    return content, told


def roster(hub: Hub, programme: str = "", *, out: Path | None = None) -> Told:
    """Return the roster of the counties as JSON and as lines; write it where a file is named.

    Raises:
        InputError: No county runs the programme; a file that is neither .pdf nor .xlsx.
        StorageError: The file cannot be written.
    """
    if out is not None:
        _check_suffix(out)
    found = roster_of(hub, programme)
    content: dict[str, Any] = {"city": hub.place.city, "programme": programme, "roster": roster_json(found)}
    told = roster_lines(found)
    if out is not None:
        day = hub.now().astimezone().date()
        told.append(_write(roster_sheet(found, hub.place.city, dated_on=day, language=spoken()), out))
        content["out"] = str(out)
    return content, told


def _check_suffix(out: Path) -> None:
    if out.suffix.lower() not in (".pdf", ".xlsx"):
        raise errors.InputError(
            "out",
            f"文件名须以 .pdf 或 .xlsx 结尾：{out}。",
            f"The file is to end in .pdf or .xlsx: {out}.",
        )


def _write(sheet: Sheet, out: Path) -> str:
    if out.suffix.lower() == ".pdf":
        from models.sheets.pdf import to_pdf

        door.write_file(out, to_pdf(sheet))
    else:
        from models.sheets.xlsx import to_xlsx

        to_xlsx(sheet, out)
    return _say(f"已写入 {out}", f"Written to {out}")
