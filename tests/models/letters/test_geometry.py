"""The measures of GB/T 9704-2012 and of the petition forms, read back from the PDF to the tenth of a millimetre."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from models.letters import blocks, compose, layout, wording
from tests.models.letters.cases import CASES, long_answer
from tests.models.letters.measure import MM, Char, Measured, pdf_of

NEAR = 0.1
"""Millimetres."""


def long_slip(paragraphs: int) -> Measured:
    """An official letter over several pages, its body of Han characters only."""
    facts = replace(
        CASES["transfer_slip"], summary="地" * 200 + "\n" + "\n".join("天" * 120 for _ in range(paragraphs))
    )
    return Measured(pdf_of("transfer_slip", facts))


def whole_line(letter: Measured, text: str) -> list[Char]:
    """Return the last body line of page 1 that is `text` and nothing else."""
    return [line for line in letter.lines(1, 16) if "".join(char.text for char in line) == text][-1]


def test_official_lines_hold_28_characters_in_156_mm() -> None:
    letter = long_slip(3)
    full = [line for page in (1, 2) for line in letter.lines(page, 16) if "".join(c.text for c in line) == "天" * 28]
    assert full
    for line in full:
        assert line[0].x == pytest.approx(28, abs=NEAR)
        assert line[-1].x + line[-1].width == pytest.approx(184, abs=NEAR)
        steps = {round(b.x - a.x, 3) for a, b in pairwise(line)}
        assert max(steps) - min(steps) < 0.01
        assert sum(steps) / len(steps) == pytest.approx(156 / 28, abs=0.01)


def test_official_pages_hold_22_lines_of_10_23_mm() -> None:
    letter = long_slip(30)
    assert letter.pages >= 4
    lines = letter.lines(2, 16)
    assert len(lines) == 22
    assert lines[0][0].top == pytest.approx(37, abs=NEAR)
    tops = [line[0].top for line in lines]
    assert [b - a for a, b in pairwise(tops)] == pytest.approx([225 / 22] * 21, abs=0.01)
    assert tops[-1] + 16 * MM <= 297 - 35


def test_official_front_page_is_placed_clause_by_clause() -> None:
    letter = Measured(pdf_of("transfer_slip", CASES["transfer_slip"]))
    mark = letter.find("梓川县公安局")
    number = letter.find("梓公（信）转〔2026〕9号")
    title = letter.find("信访事项转送单")
    addressee = letter.find("梓川县自然资源局：")
    (red,) = [rule for rule in letter.rules if rule.colour[0] > 0.5]
    assert mark[0].top == pytest.approx(37 + 35, abs=NEAR)
    pitch = 225 / 22
    assert number[0].top == pytest.approx(mark[0].top + mark[0].size * MM + 2 * pitch, abs=NEAR)
    assert red.y1 == red.y2 == pytest.approx(number[0].top + 16 * MM + 4, abs=NEAR)
    assert (red.x1, red.x2) == pytest.approx((28, 184), abs=NEAR)
    assert title[0].size == 22
    assert title[0].top == pytest.approx(red.y1 + 2 * pitch, abs=NEAR)
    assert addressee[0].top == pytest.approx(title[0].top + 22 * MM + pitch, abs=NEAR)
    assert addressee[0].x == pytest.approx(28, abs=NEAR)
    for centred in (mark, number, title):
        assert (centred[0].x + centred[-1].x + centred[-1].width) / 2 == pytest.approx(106, abs=NEAR)


def test_the_first_page_shows_body_text_even_with_many_addressees() -> None:
    many = "、".join(f"梓川县第{place}街道办事处" for place in range(1, 60))
    letter = Measured(pdf_of("transfer_slip", replace(CASES["transfer_slip"], receiving_organ=many)))
    first = "".join(char.text for char in letter.chars if char.page == 1)
    assert "我局收到" in first
    assert "主送：" in "".join(char.text for char in letter.chars if char.page == letter.pages)


def test_long_organ_names_stay_inside_the_type_area() -> None:
    organ = "江南土家族苗族自治州梓川土家族自治县公安局经济技术开发区分局"
    letter = Measured(pdf_of("transfer_slip", replace(CASES["transfer_slip"], organ=organ)))
    outside = [char for char in letter.chars if char.x < 28 - NEAR or char.x + char.width / 2 > 184 + NEAR]
    assert not outside


@pytest.mark.parametrize(("kind", "right", "left"), [("transfer_slip", 184, 28), ("answer", 180, 30)])
def test_page_numbers_odd_right_even_left(kind: str, right: float, left: float) -> None:
    letter = long_slip(30) if kind == "transfer_slip" else Measured(pdf_of("answer", long_answer(20)))
    bottom = 262 if kind == "transfer_slip" else 265
    em = 14 * MM
    for page in range(1, letter.pages + 1):
        (line,) = [row for row in letter.lines(page, 14) if "—" in row[0].text]
        assert "".join(c.text for c in line).replace(" ", "") == f"—{page}—"
        dash = line[0].top + line[0].size * MM / 2
        assert dash == pytest.approx(bottom + 7, abs=0.2)
        if page % 2:
            assert line[-1].x + line[-1].width == pytest.approx(right - em, abs=NEAR)
        else:
            assert line[0].x == pytest.approx(left + em, abs=NEAR)


def test_sealed_date_ends_four_characters_from_the_right_under_a_centred_name() -> None:
    letter = Measured(pdf_of("acceptance_notice", CASES["acceptance_notice"]))
    date = whole_line(letter, "2026年3月5日")
    organ = whole_line(letter, "梓川县公安局")
    assert date[-1].x + date[-1].width == pytest.approx(180 - 4 * 150 / 26, abs=NEAR)
    assert (organ[0].x + organ[-1].x + organ[-1].width) / 2 == pytest.approx(
        (date[0].x + date[-1].x + date[-1].width) / 2, abs=NEAR
    )
    assert organ[0].top < date[0].top


@pytest.mark.parametrize("organ", ["梓川县公安局", "公安局", "梓川县公安局交通警察大队城关中队"])
def test_unsealed_name_and_date(organ: str) -> None:
    letter = compose("acceptance_notice", CASES["acceptance_notice"], wording("acceptance_notice"))
    unsealed = replace(letter, signature=blocks.Signature(organ=organ, date="2026年3月5日", sealed=False))
    measured = Measured(layout(unsealed))
    step = 150 / 26
    date = whole_line(measured, "2026年3月5日")
    name = whole_line(measured, organ)
    assert date[0].x == pytest.approx(name[0].x + 2 * step, abs=NEAR)
    furthest = max(date[-1].x + date[-1].width, name[-1].x + name[-1].width)
    assert furthest == pytest.approx(180 - 2 * step, abs=NEAR)


def test_imprint_lies_on_the_last_page_with_its_last_line_on_the_lower_edge() -> None:
    letter = Measured(pdf_of("transfer_slip", CASES["transfer_slip"]))
    lines = [rule for rule in letter.rules if rule.page == letter.pages and rule.colour[0] < 0.5]
    assert [round(rule.width, 2) for rule in lines] == [0.35, 0.25, 0.35]
    assert lines[-1].y1 == pytest.approx(262, abs=NEAR)
    assert all((rule.x1, rule.x2) == pytest.approx((28, 184), abs=NEAR) for rule in lines)
    copies = letter.find("抄送：梓川县信访局。")
    assert copies[0].size == 14
    assert copies[0].x == pytest.approx(28 + 14 * MM, abs=NEAR)
    assert letter.find("2026年3月5日印发")[-1].x + 14 * MM == pytest.approx(184 - 14 * MM, abs=NEAR)


def test_form_sizes_and_margins() -> None:
    letter = Measured(pdf_of("acceptance_notice", CASES["acceptance_notice"]))
    organ = letter.lines(1, 15)[0]
    title = letter.lines(1, 18)[0]
    assert "".join(c.text for c in organ) == "梓川县公安局"
    assert organ[0].top == pytest.approx(35, abs=NEAR)
    assert "".join(c.text for c in title) == "信访事项受理告知书"
    body = [c for line in letter.lines(1, 16) for c in line]
    assert min(c.x for c in body) == pytest.approx(30, abs=NEAR)
    assert max(c.x + c.width / 2 for c in body) <= 180 + NEAR
    assert all(c.top >= 35 - NEAR and c.top + c.size * MM <= 265 + NEAR for c in body)
    number = letter.find("梓公（信）受〔2026〕12号")
    assert number[-1].x + number[-1].width == pytest.approx(180, abs=NEAR)


def test_headings_use_their_faces() -> None:
    letter = Measured(pdf_of("answer", CASES["answer"]))
    faces = {
        "body": letter.find("经查")[0].font,
        "one": letter.find("一、诉求")[2].font,
        "two": letter.find("（一）关于")[0].font,
        "title": letter.find("信访处理意见书")[0].font,
    }
    assert len(set(faces.values())) == 4, faces


@pytest.mark.parametrize("kind", sorted(CASES))
def test_nothing_leaves_the_paper_or_covers_another(kind: str) -> None:
    letter = Measured(pdf_of(kind, CASES[kind]))
    width, height = (float(v) * MM for v in letter.reader.pages[0].mediabox[2:])
    for page in range(1, letter.pages + 1):
        chars = [char for char in letter.chars if char.page == page and char.text.strip()]
        for char in chars:
            assert char.x > 3
            assert char.x + char.width / 2 < width - 3
            assert 3 < char.top < height - 3
        for place, one in enumerate(chars):
            for other in chars[place + 1 :]:
                apart_x = abs((one.x + one.width / 2) - (other.x + other.width / 2))
                apart_y = abs((one.top + one.size * MM / 2) - (other.top + other.size * MM / 2))
                wide = (one.width + other.width) / 2 * 0.55
                tall = (one.size + other.size) / 2 * MM * 0.8
                assert apart_x > wide or apart_y > tall, (one, other)


@pytest.mark.parametrize("size", ["A5", "80mm"])
def test_receipt_papers(size: str) -> None:
    kind = {"A5": "receipt", "80mm": "receipt_roll"}[size]
    letter = Measured(pdf_of(kind, CASES[kind]))
    assert letter.pages == 1
    box = [float(v) * MM for v in letter.reader.pages[0].mediabox[2:]]
    assert box[0] == pytest.approx({"A5": 148, "80mm": 80}[size], abs=NEAR)
    code, number = letter.find("7KX2MQPA"), letter.find("J2026-000012")
    ordinary = letter.find("信访人")[0].size
    assert code[0].size > 1.4 * ordinary
    assert number[0].size > 1.4 * ordinary


def test_roll_grows_with_a_long_title() -> None:
    facts = CASES["receipt_roll"]
    short = Measured(pdf_of("receipt_roll", facts)).reader.pages[0].mediabox.height
    longer = Measured(pdf_of("receipt_roll", replace(facts, title="反映道路两侧长期违法停车" * 12)))
    assert longer.pages == 1
    assert longer.reader.pages[0].mediabox.height > short + 40
    assert "反映道路两侧长期违法停车" * 2 in longer.text()
