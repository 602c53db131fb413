"""Pages: what stays together, what goes on, and that nothing is lost on the way."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.letters import kind_of
from models.letters.layout.flow import Piece, paginate
from tests.models.letters.cases import BASE, CASES, long_answer
from tests.models.letters.measure import Measured, pdf_of


def piece(height: float, **more: bool) -> Piece:
    return Piece(height, lambda _sheet, _top: None, **more)  # type: ignore[arg-type]  # flags only


@given(
    st.lists(st.tuples(st.integers(1, 40), st.booleans(), st.booleans()), max_size=60),
    st.integers(1, 100),
)
def test_every_piece_is_placed_once_and_inside_its_page(parts: list[tuple[int, bool, bool]], first: int) -> None:
    pieces = [piece(height, keep=keep and not blank, blank=blank) for height, keep, blank in parts]
    pages = paginate(pieces, first, 100)
    placed = [each.piece for page in pages for each in page]
    assert [p for p in placed if not p.blank] == [p for p in pieces if not p.blank]
    for number, page in enumerate(pages):
        room = first if number == 0 else 100
        for each in page:
            assert each.offset + each.piece.height <= room + 0.02
        if number:
            assert not page or not page[0].piece.blank


def test_kept_pieces_share_a_page() -> None:
    pages = paginate([piece(50), piece(30, keep=True), piece(30)], 100, 100)
    assert [len(page) for page in pages] == [1, 2]


@pytest.mark.parametrize("paragraphs", range(1, 26))
def test_the_signature_is_never_alone_on_a_page(paragraphs: int) -> None:
    letter = Measured(pdf_of("answer", long_answer(paragraphs)))
    last = ["".join(c.text for c in line) for line in letter.lines(letter.pages, 16)]
    assert last[-2:] == ["梓川县公安局", "2026年4月20日"]
    assert len(last) >= 4
    heads = ("一、", "二、", "三、", "四、", "五、", "（一）", "（二）")
    for page in range(1, letter.pages + 1):
        lines = ["".join(c.text for c in line) for line in letter.lines(page, 16)]
        assert not lines[-1].startswith(heads), "a heading at the foot of a page"


def test_a_long_answer_keeps_every_word_and_numbers_its_pages() -> None:
    facts = long_answer(40)
    letter = Measured(pdf_of("answer", facts))
    assert letter.pages >= 9
    assert letter.text(16).count("双方因楼道堆放杂物多次发生争吵") == 40
    for page in range(1, letter.pages + 1):
        assert f"—{page}—" in letter.text()


def test_a_long_statement_goes_on_over_the_pages_of_the_form() -> None:
    statement = "\n".join(
        f"第{place}次：民警到场后将其劝离，但此后没有任何处理结果，我到派出所询问未得到答复。" for place in range(1, 90)
    )
    letter = Measured(pdf_of("registration_form", replace(BASE, statement=statement)))
    assert letter.pages >= 3
    said = letter.text(14)
    for place in range(1, 90):
        assert f"第{place}次：民警到场后" in said
    assert "登记日期" in letter.text()
    for page in range(1, letter.pages + 1):
        assert max(rule.y2 for rule in letter.rules if rule.page == page) <= 265.1


def test_long_names_addresses_and_many_people_fit_the_form() -> None:
    people = tuple(
        replace(
            BASE.people[0],
            name="阿卜杜热合曼·麦麦提图尔荪·阿布都克里木" + str(place),
            address="梓川土家族苗族自治县城关镇人民路社区解放路东段325号阳光花园小区二期18栋3单元2402室" * 2,
            role=role,
        )
        for place, role in enumerate(("petitioner", "petitioner", "representative", "agent", "signatory"))
    )
    letter = Measured(pdf_of("registration_form", replace(BASE, people=people, people_count=5)))
    said = letter.text(14)
    for person in people:
        assert person.name in said
    assert said.count("2402室") == 10


@pytest.mark.parametrize("kind", sorted(CASES))
def test_common_letters_stand_on_one_page(kind: str) -> None:
    pages = Measured(pdf_of(kind, CASES[kind])).pages
    long = kind in (
        "answer",
        "hearing_conclusion",
        "mediation_agreement",
        "settlement_agreement",
        "evidence_index",
        "archive_index",
    )
    assert pages <= (2 if long or kind_of(kind).page == "official" else 1)
