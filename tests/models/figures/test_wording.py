"""Figures as words: number and unit in both languages, one thing and several, a share and why there is none."""

from __future__ import annotations

import pytest

from models.errors import speak
from models.figures import wording
from models.figures.records import Figure


def of(code: str, numerator: int, denominator: int | None = None) -> Figure:
    return Figure(code=code, version=1, numerator=numerator, denominator=denominator)


@pytest.mark.parametrize(
    ("figure", "zh", "en"),
    [
        (of("received", 0), "0 件次", "0 items"),
        (of("received", 1), "1 件次", "1 item"),
        (of("received", 1200), "1,200 件次", "1,200 items"),
        (of("visits_people", 1), "1 人次", "1 person"),
        (of("visits_batches", 1), "1 批", "1 batch"),
        (of("supervision", 1), "1 次", "1 time"),
        (of("mean_accept_days", 7, 7), "1.0 天", "1.0 days"),
        (of("mean_accept_days", 0, 0), "—", "—"),
        (of("answer_rate", 142, 163), "87.1%（142/163）", "87.1% (142/163)"),
        (of("answer_rate", 1, 4), "数量过小（1/4）", "too few (1/4)"),
        (of("answer_rate", 0, 0), "—", "—"),
        (of("satisfied_rate", 72, 100), "72.0%", "72.0%"),
        (of("case_open", 1), "1 件", "1 matter"),
    ],
)
def test_a_figure_in_words(figure: Figure, zh: str, en: str) -> None:
    assert wording.text(figure, with_base=True) == zh
    speak("en")
    assert wording.text(figure, with_base=True) == en


def test_number_and_unit_apart() -> None:
    """As a tile shows them: the number large, its unit small beside it."""
    speak("en")
    assert (wording.number(of("late", 1)), wording.unit_of(of("late", 1))) == ("1", "matter")
    assert (wording.number(of("answer_rate", 1, 4)), wording.unit_of(of("answer_rate", 1, 4))) == ("too few", "")
