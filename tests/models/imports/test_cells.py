from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.imports.cells import count_of, flag_of, moment_by, moment_of, text_of, tidy, time_of


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("2019/2/28 11:25:05", (date(2019, 2, 28), "11:25:05")),
        ("2019-11-13 11:20:21", (date(2019, 11, 13), "11:20:21")),
        ("2018/4/24", (date(2018, 4, 24), "")),
        ("2026年3月2日", (date(2026, 3, 2), "")),
        ("2026年3月2日 9时05分", (date(2026, 3, 2), "09:05:00")),
        ("2026.03.02 09：05", (date(2026, 3, 2), "09:05:00")),
        ("2026-03-02T09:05:07.123Z", (date(2026, 3, 2), "09:05:07")),
        ("20260302", (date(2026, 3, 2), "")),
        ("20260302090507", (date(2026, 3, 2), "09:05:07")),
        ("\n\t2026-3-2\u200b ", (date(2026, 3, 2), "")),
        (datetime(2019, 11, 13, 11, 20, 21), (date(2019, 11, 13), "11:20:21")),  # noqa: DTZ001  as workbooks give them
        (date(2019, 11, 13), (date(2019, 11, 13), "")),
        # Day 43782 of a workbook is 2019-11-13: 2019-01-01 is 43466 (ECMA-376 Part 1, 18.17.4.1), 316 days later.
        (43782, (date(2019, 11, 13), "")),
        (43782.5, (date(2019, 11, 13), "12:00:00")),
    ],
)  # fmt: skip
def test_days_in_their_spellings(cell: object, wanted: tuple[date, str]) -> None:
    assert moment_of(cell) == wanted  # type: ignore[arg-type]  # the table holds each kind of cell


@pytest.mark.parametrize(
    "cell",
    ["2019/2/29", "2026-13-01", "2026-00-10", "昨天", "", "2026-3-2 25:00", "12345", 7, True, "2026-3", "2026/3/2 x"],
)
def test_impossible_days(cell: object) -> None:
    with pytest.raises(ValueError, match=r".*"):
        moment_of(cell)  # type: ignore[arg-type]  # the table holds each kind of cell


def test_spellings_of_a_map_go_first() -> None:
    assert moment_by("02.03.2026", ["%d.%m.%Y"]) == (date(2026, 3, 2), "")
    assert moment_by("02.03.2026 14:30", ["%d.%m.%Y", "%d.%m.%Y %H:%M"]) == (date(2026, 3, 2), "14:30:00")
    assert moment_by("2026-3-2", ["%d.%m.%Y"]) == (date(2026, 3, 2), "")


@given(st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2099, 12, 31)))  # noqa: DTZ001  local days
def test_a_moment_reads_back_from_every_spelling(when: datetime) -> None:
    wanted = (when.date(), when.strftime("%H:%M:%S"))
    for text in (
        f"{when.year}/{when.month}/{when.day} {when.hour}:{when.minute:02d}:{when.second:02d}",
        when.strftime("%Y-%m-%d %H:%M:%S"),
        when.strftime("%Y%m%d%H%M%S"),
        f"{when.year}年{when.month}月{when.day}日{when.hour}时{when.minute}分{when.second}秒",
    ):
        assert moment_of(text) == wanted


def test_text_is_freed_of_its_carrier_and_otherwise_kept() -> None:
    assert tidy("\n\t\t\u00a0你好_x000D_\n第二行\u200b里面\u3000留着\u200b\n\t") == "你好\n第二行\u200b里面\u3000留着"
    assert tidy("a\r\nb\rc") == "a\nb\nc"
    assert tidy("文件_x_名 _x0041_ _xZZZZ_") == "文件_x_名 _x0041_ _xZZZZ_"
    assert tidy("前_x0007_后") == "前后"


@given(st.text())
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text) or "_x" in tidy(text)


def test_numbers_and_days_as_a_person_reads_them() -> None:
    assert text_of(188007) == "188007"
    assert text_of(188007.0) == "188007"
    assert text_of(1.5) == "1.5"
    assert text_of(None) == ""
    assert text_of(True) == "是"
    assert text_of(time(9, 5)) == "09:05:00"
    assert text_of(datetime(2019, 11, 13, 11, 20, 21)) == "2019-11-13 11:20:21"  # noqa: DTZ001  as workbooks give them


def test_flags_counts_and_times() -> None:
    assert [flag_of(cell) for cell in ("是", "1", "√", "Y", True, "否", "0", "", None)] == [True] * 5 + [False] * 4
    with pytest.raises(ValueError, match="也许"):
        flag_of("也许")
    assert [count_of(cell) for cell in ("5", "5人", 5, "1,200", "5.0")] == [5, 5, 5, 1200, 5]
    for cell in ("-1", "许多", "2.5"):
        with pytest.raises(ValueError, match=r".*"):
            count_of(cell)
    assert time_of("9:05") == time_of("9时5分") == time_of(time(9, 5)) == "09:05:00"
    with pytest.raises(ValueError, match=r".*"):
        time_of("25:00")
