"""Who counts what: a barred matter is in no figure and no list; a sealed one counts and is not listed by content."""

from __future__ import annotations

import pytest

from models import errors
from models.figures.groups import DIMENSIONS, TELLS_NOTHING
from models.figures.indicators import TABLE
from tests.models.figures.bureau import MARCH
from tests.models.figures.conftest import Bureau

DAY = "2026-04-10"


def test_who_is_accused_counts_as_if_there_were_no_such_matter(office: Bureau) -> None:
    """REG-2022 Art. 30; SC-431 Art. 23: 所民警 is accused in I."""
    accused = office.figures(DAY, "suo")
    report = accused.report(accused.month("2026-03"))
    found = {code: figure.value for code, figure in report.figures.items()}
    assert found == {
        **MARCH,
        "received": 7,
        "letters": 2,
        "matters_new": 6,
        "repeat_rate": 1 / 7,
        "passed_on": 0,
        "open_at_end": 8,
        "notices_due": 3,
        "notices_on_time": 2,
        "notice_rate": 2 / 3,
        "contact_rate": 1 / 6,
    }
    told = [group.key for groups in report.groups.values() for group in groups]
    assert "accusation" not in told
    for code in TABLE:
        for thing in (*report.figures[code].things, *report.figures[code].base):
            assert thing.matter != office.matters["I"]


def test_no_list_and_no_number_behind_a_figure_names_a_barred_matter(office: Bureau) -> None:
    accused = office.figures(DAY, "suo")
    for code in TABLE:
        for base in (False, True):
            page = accused.behind(accused.month("2026-03"), code, base=base, limit=100)
            assert office.matters["I"] not in [line.id for line in page.lines]
            assert page.hidden == 0
    assert accused.behind(accused.month("2026-03"), "received", "purpose", "accusation").total == 0


def test_a_sealed_matter_counts_for_whoever_does_not_read_it(office: Bureau) -> None:
    officer = office.figures(DAY, "ho")
    report = officer.report(officer.month("2026-03"))
    assert {code: figure.value for code, figure in report.figures.items()} == MARCH


def test_its_outline_is_listed_only_where_the_list_tells_no_more(office: Bureau) -> None:
    officer = office.figures(DAY, "ho")
    march = officer.month("2026-03")
    sealed = office.matters["I"]
    page = officer.behind(march, "received")
    shown = next(line for line in page.lines if line.id == sealed)
    assert (shown.sight, shown.title, shown.who, shown.channel) == ("outline", "", "", "")
    for code in ("letters", "passed_on"):
        page = officer.behind(march, code)
        assert sealed not in [line.id for line in page.lines]
        assert page.hidden == 1
        assert page.total == len(page.lines) + 1
    for dimension in DIMENSIONS:
        key = next(
            group.key
            for group in officer.report(march).groups[dimension]
            if any(thing.matter == sealed for thing in group.figures["matters_new"].things)
        )
        page = officer.behind(march, "matters_new", dimension, key)
        assert (sealed in [line.id for line in page.lines]) == (dimension in TELLS_NOTHING), dimension
        assert page.hidden == (0 if dimension in TELLS_NOTHING else 1)


def test_a_reader_sees_it_in_every_list(office: Bureau) -> None:
    head = office.figures(DAY, "pu")
    page = head.behind(head.month("2026-03"), "received", "purpose", "accusation")
    assert [line.id for line in page.lines] == [office.matters["I"]]
    assert page.hidden == 0


@pytest.mark.parametrize("code", TABLE)
def test_a_figure_is_as_long_as_its_list(office: Bureau, code: str) -> None:
    figures = office.figures(DAY)
    march = figures.month("2026-03")
    figure = figures.report(march).figures[code]
    page = figures.behind(march, code, limit=1000)
    if TABLE[code].kind != "product":
        assert sum(page.counts) == sum(thing.weight for thing in figure.things if thing.matter) == figure.numerator
    assert page.total == len(page.lines) == len({thing.matter for thing in figure.things})
    assert page.after is None


def test_pages_of_a_list_go_on_to_its_end(office: Bureau) -> None:
    figures = office.figures(DAY)
    march = figures.month("2026-03")
    whole = [line.id for line in figures.behind(march, "received", limit=1000).lines]
    seen: list[int] = []
    after = None
    while True:
        page = figures.behind(march, "received", after=after, limit=3)
        seen += [line.id for line in page.lines]
        assert page.total == 8 - 1  # A with its repeat item is one line
        if page.after is None:
            break
        after = page.after
    assert seen == whole
    assert figures.behind(march, "received").counts[whole.index(office.matters["A"])] == 2


def test_what_is_no_figure_and_no_part_is_refused(office: Bureau) -> None:
    figures = office.figures(DAY)
    march = figures.month("2026-03")
    for code, dimension, programme, named in (
        ("visitors", "", "", "received"),
        ("received", "person", "", "channel"),
        ("case_open", "", "2011-key-cases", "2011-key-cases"),
    ):
        with pytest.raises(errors.InputError) as refused:
            figures.behind(march, code, dimension, programme=programme)
        assert named in refused.value.message.zh
        assert named in refused.value.message.en
    assert figures.behind(march, "received", "channel", "smoke").total == 0
