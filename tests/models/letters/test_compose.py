"""Facts to letters: golden texts for every kind, and the facts' own round trip."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import InputError
from models.letters import ClaimFacts, LetterFacts, PersonFacts, chinese_date, compose, document_number, wording
from models.letters.blocks import Letter, Pair, Paragraph, Table, texts_of
from models.letters.draft import GAP, numeral, one_line, sentence
from tests.models.letters.cases import ANSWER, BASE, CASES, OLD
from tests.models.letters.measure import Measured, pdf_of

GOLDEN = Path(__file__).parent / "golden"
RENEW = "RENEW_GOLDEN"
"""Set this variable to write the golden texts anew, and read the difference before committing it."""


def written(letter: Letter) -> str:
    """Return a letter as plain text, one part a line."""
    lines = [f"机关：{letter.organ}", f"标题：{letter.title}"]
    lines += [f"文号：{letter.number}"] * bool(letter.number) + [f"表头：{' | '.join(letter.head)}"] * any(letter.head)
    lines += [f"收件：{letter.addressee}"] * bool(letter.addressee) + [""]
    for block in letter.blocks:
        if isinstance(block, Table):
            lines += [" | ".join(cell.text.replace("\n", "⏎") for cell in row.cells) for row in block.rows]
        elif isinstance(block, Pair):
            lines.append(f"{block.label}：{block.value}{'（大字）' if block.large else ''}")
        else:
            lines.append(f"{'#' * block.level + ' ' if block.level else ''}{block.text}")
    lines.append("")
    lines += [f"附件：{name}" for name in letter.attachments]
    if letter.signature:
        lines.append(
            f"落款：{letter.signature.organ}，{letter.signature.date}{'（盖章）' if letter.signature.sealed else ''}"
        )
    lines += [f"附注：{note}" for note in letter.notes]
    if letter.imprint:
        lines.append(f"版记：{letter.imprint.copies} | {letter.imprint.printed_by} | {letter.imprint.printed_on}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("name", "kind", "facts"),
    [(kind, kind, facts) for kind, facts in CASES.items()]
    + [(f"{kind}_2005", kind, facts) for kind, facts in OLD.items()],
)
def test_golden_text(name: str, kind: str, facts: LetterFacts) -> None:
    found = written(compose(kind, facts, wording(kind)))
    path = GOLDEN / f"{name}.txt"
    if os.environ.get(RENEW):
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", sorted(CASES))
def test_all_that_was_composed_is_printed(kind: str) -> None:
    letter = compose(kind, CASES[kind], wording(kind))
    printed = Counter(Measured(pdf_of(kind, CASES[kind])).text())
    shown = replace(letter, title=letter.plain_title, number=letter.number)
    wanted = Counter("".join("".join(texts_of(shown)).split()).replace("\u3000", ""))
    if letter.page in ("a5", "roll"):
        wanted -= Counter(letter.head[0])  # only in the file's own description
    assert not wanted - printed


def test_one_claim_is_answered_without_numbering() -> None:
    letter = compose("answer", replace(ANSWER, claims=ANSWER.claims[:1]), wording("answer"))
    texts = [block.text for block in letter.blocks if isinstance(block, Paragraph)]
    assert "依法处理邻居踢门滋事的行为。" in texts
    assert not any(text.startswith("（一）") for text in texts)


def test_each_claim_gets_its_own_decision() -> None:
    claims = tuple(
        ClaimFacts(request=f"请求{place}", decision=decision, grounds=f"理由{place}")
        for place, decision in enumerate(("support", "partly", "explain", "refuse"), 1)
    )
    letter = compose("answer", replace(ANSWER, claims=claims), wording("answer"))
    decided = [block.text for block in letter.blocks if isinstance(block, Paragraph) and block.part == "decision"]
    assert decided == [
        "对该项诉求，我局予以支持。理由1。",
        "对该项诉求，我局部分予以支持。理由2。",
        "对该项诉求，我局作如下解释说明：理由3。",
        "对该项诉求，我局不予支持。理由4。",
    ]


def test_a_transfer_slip_hides_the_petitioner_unless_asked() -> None:
    facts = CASES["transfer_slip"]
    hidden = "".join(texts_of(compose("transfer_slip", facts, wording("transfer_slip"))))
    assert "张𬱖" not in hidden
    assert "13800000000" not in hidden
    shown = compose("transfer_slip", replace(facts, show_identity=True), wording("transfer_slip"))
    assert "信访人：张𬱖，联系电话：13800000000。" in "".join(texts_of(shown))


def test_a_transferred_item_names_its_sender_and_the_day_it_reached_us() -> None:
    facts = replace(
        CASES["acceptance_notice"],
        source="梓川县信访局",
        source_number="梓信转〔2026〕31号",
        transferred_on=date(2026, 3, 4),
    )
    letter = compose("acceptance_notice", facts, wording("acceptance_notice"))
    assert isinstance(letter.blocks[0], Paragraph)
    assert letter.blocks[0].text.startswith(
        "2026年3月4日，我局收到梓川县信访局转来的（梓信转〔2026〕31号）你通过来访提出的"
    )


@pytest.mark.parametrize(("kind", "you"), [("person", "你"), ("people", "你们"), ("organisation", "你单位")])
def test_the_petitioner_is_addressed_rightly(kind: str, you: str) -> None:
    facts = replace(ANSWER, addressee_kind=kind)
    said = "".join(texts_of(compose("answer", facts, wording("answer"))))
    assert f"我局收到{you}通过来访提出的" in said
    assert f"{you}如不服本处理意见" in said


def test_missing_facts_leave_a_visible_gap_in_the_preview() -> None:
    letter = compose(
        "extension_notice", LetterFacts(rules="REG-2022", organ="梓川县公安局"), wording("extension_notice")
    )
    assert GAP in "".join(texts_of(letter))
    assert (
        Measured(pdf_of("extension_notice", LetterFacts(rules="REG-2022", organ="梓川县公安局"), draft=True)).pages == 1
    )


def test_words_inside_sentences_bring_no_marks_of_their_own() -> None:
    assert one_line(" 第一行。\n第二行。") == "第一行。；第二行"
    assert sentence("事实清楚") == "事实清楚。"
    assert sentence("是吗？") == "是吗？"
    assert [numeral(n) for n in (1, 10, 11, 20, 21, 99)] == ["一", "十", "十一", "二十", "二十一", "九十九"]


def test_numbers_and_dates_follow_the_standard() -> None:
    assert document_number("梓公", "信", "受", 2026, 12) == "梓公（信）受〔2026〕12号"
    assert document_number("梓公", "", "复", 2026, 3) == "梓公复〔2026〕3号"
    assert document_number("梓公", "信访", "处", 2026, None) == "梓公（信访）处〔2026〕　　号"
    assert chinese_date(date(2026, 3, 2)) == "2026年3月2日"
    for year, serial in ((26, 1), (2026, 0), (2026, -4)):
        with pytest.raises(InputError):
            document_number("梓公", "信", "受", year, serial)


@pytest.mark.parametrize("kind", sorted(CASES))
def test_facts_survive_json(kind: str) -> None:
    text = CASES[kind].to_json()
    assert LetterFacts.from_json(text) == CASES[kind]
    assert LetterFacts.from_json(text).to_json() == text


@given(
    st.builds(
        LetterFacts,
        rules=st.sampled_from(("SC-431", "REG-2022")),
        organ=st.text(max_size=9),
        title=st.text(max_size=20),
        dated_on=st.none() | st.dates(),
        people=st.lists(st.builds(PersonFacts, name=st.text(max_size=5)), max_size=3).map(tuple),
        claims=st.lists(st.builds(ClaimFacts, request=st.text(max_size=9)), max_size=3).map(tuple),
        attachments=st.lists(st.text(max_size=5), max_size=3).map(tuple),
        show_identity=st.booleans(),
        extended_days=st.integers(0, 40),
    )
)
def test_any_facts_survive_json(facts: LetterFacts) -> None:
    assert LetterFacts.from_json(facts.to_json()) == facts


def test_facts_of_a_newer_program_are_read_and_broken_ones_refused() -> None:
    newer = BASE.to_json()[:-1] + ',"zz_unknown":1}'
    assert LetterFacts.from_json(newer) == BASE
    for broken in ("", "[]", '{"organ":1', '{"rules":"REG-2022","organ":"x","dated_on":"2026-13-01"}', '{"organ":"x"}'):
        with pytest.raises(InputError):
            LetterFacts.from_json(broken)
