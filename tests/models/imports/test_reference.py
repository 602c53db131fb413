from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from models.clocks import load_calendar
from models.desk import Desk
from models.errors import InputError, NotAllowedError
from models.imports import run_import
from tests.models.conftest import NOW
from tests.models.imports.test_run import message, write


def holidays(path: Path, rows: list[tuple[str, str, str, str]]) -> Path:
    return write(path, [dict(zip(("date", "name", "kind", "notice_year"), row, strict=True)) for row in rows])


def test_a_new_year_is_handed_in_for_review_once(desk: Desk, tmp_path: Path) -> None:
    path = holidays(tmp_path / "h.csv", [("2027-01-01", "元旦", "off", "2027"), ("2027-01-03", "元旦", "work", "2027")])
    assert 2027 not in desk.register.calendar.years
    report = run_import(desk, path, at=NOW)
    assert (report.kind, report.added) == ("holidays", 2)
    assert 2027 not in desk.register.calendar.years, "it moves no last day before a person has looked at it"
    assert [(one.kind, one.name) for one in desk.pending_changes()] == [("calendar", "2027")]
    desk.apply_calendar(desk.difference(desk.pending_changes()[0]))
    calendar = desk.register.calendar
    assert calendar.years[-1] == 2027
    assert not calendar.is_working(date(2027, 1, 1))
    assert calendar.is_working(date(2027, 1, 3)), "a Sunday that is worked"
    assert desk.pending_changes() == ()
    before = desk.register.seq
    assert run_import(desk, path, at=NOW).added == 0
    assert desk.register.seq == before


def test_differences_in_a_known_year_are_told_and_not_taken_over(desk: Desk, tmp_path: Path) -> None:
    # 2026-03-04 is an ordinary Wednesday.
    path = holidays(tmp_path / "h.csv", [("2026-03-04", "某节", "off", "2026"), ("2026-01-01", "元旦", "off", "2026")])
    report = run_import(desk, path, at=NOW)
    assert report.added == 0
    told = "\n".join(one.zh for one in report.messages())
    assert "2026-03-04" in told
    assert "2026-01-01" not in told
    assert desk.register.calendar.years == load_calendar().years


@pytest.mark.parametrize("row", [("2027-02-30", "x", "off", "2027"), ("2027-01-01", "x", "half", "2027")])
def test_an_impossible_holiday_is_refused_with_its_line(
    desk: Desk, tmp_path: Path, row: tuple[str, str, str, str]
) -> None:
    with pytest.raises(InputError, match="第 2 行"):
        run_import(desk, holidays(tmp_path / "h.csv", [row]), at=NOW)


def test_content_classes_keep_their_codes_and_label_messages(desk: Desk, tmp_path: Path) -> None:
    headers = ("一级分类", "二级分类", "三级分类")
    rows = [("甲类", "甲一", "甲一1"), ("甲类", "甲一", "甲一2"), ("乙类", "乙一", "")]
    table = [dict(zip(headers, row, strict=True)) for row in rows]
    report = run_import(desk, write(tmp_path / "c.csv", table), at=NOW)
    assert (report.kind, report.added) == ("content_tree", 3)
    first = {tuple(path): code for code, path in desk.register.setting("content.tree")}
    assert first[("甲类",)] == "T01"
    assert first[("甲类", "甲一", "甲一2")] == "T010102"
    longer = [dict(zip(headers, ("丙类", "丙一", ""), strict=True)), *table]
    assert run_import(desk, write(tmp_path / "d.csv", longer), at=NOW).added == 1
    second = {tuple(path): code for code, path in desk.register.setting("content.tree")}
    assert second.items() >= first.items()
    assert run_import(desk, tmp_path / "c.csv", at=NOW).added == 0
    run_import(desk, write(tmp_path / "m.csv", [{**message(1), "一级标签": "乙类"}]), at=NOW)
    assert desk.register.row("SELECT content_code, content_label FROM matter") == ("T02", "乙类")


def test_divisions_are_compared_with_the_built_in_ones(desk: Desk, tmp_path: Path) -> None:
    headers = ("code", "name", "parent", "level")
    rows = [
        ("110000", "北京市", "", "province"),
        ("110101", "东城区", "110000", "county"),
        ("110199", "新设区", "110000", "county"),
    ]
    path = write(tmp_path / "d.csv", [dict(zip(headers, row, strict=True)) for row in rows])
    report = run_import(desk, path, at=NOW)
    assert (report.kind, report.rows, report.added) == ("divisions", 3, 1)
    assert "110199 新设区" in report.messages()[0].zh
    assert list(desk.register.setting("divisions.changed")) == ["110199"]
    assert run_import(desk, path, at=NOW).added == 0
    former = write(tmp_path / "o.csv", [{"code": "110103", "name": "崇文区", "replaced_by": "110101"}])
    assert run_import(desk, former, at=NOW).added == 0


def test_reference_data_is_the_keepers(desk_of: Callable[..., Desk], tmp_path: Path) -> None:
    path = holidays(tmp_path / "h.csv", [("2027-01-01", "元旦", "off", "2027")])
    with pytest.raises(NotAllowedError):
        run_import(desk_of("reg"), path, at=NOW)
    assert run_import(desk_of("keep"), path, at=NOW, dry_run=True).added == 1
    assert run_import(desk_of("keep"), path, at=NOW).added == 1
