"""Numbers: gapless, by year, with a legal start, and none is ever lost without a reason."""

from __future__ import annotations

from datetime import date

import pytest

from models import errors, numbers
from models.desk import Desk, put_setting
from models.register import Register
from models.verify import verify
from tests.models.conftest import NOW, draft


def test_items_and_matters_count_by_the_year_of_receipt(register: Register, desk: Desk) -> None:
    made = [desk.register_item(draft(received_on=date(year, 1, 5))) for year in (2025, 2026, 2025, 2026, 2024)]
    assert [one.matter_number for one in made] == [
        "S2025-000001", "S2026-000001", "S2025-000002", "S2026-000002", "S2024-000001",
    ]  # fmt: skip
    repeat = desk.register_item(draft(repeat_of_matter=made[0].matter))
    assert (repeat.item_number, repeat.matter_number) == ("J2026-000003", "S2025-000001")
    assert next(check for check in verify(register) if check.name == "numbers").holds


def test_a_year_beyond_its_last_number_says_so(register: Register, desk: Desk) -> None:
    done = desk.register_item(draft())
    with register.act("note", by=desk.person, at=NOW) as act:
        act.set("matter", done.matter, number="S2026-999999")
    with pytest.raises(errors.RuleError, match="999999"):
        desk.register_item(draft())


def test_query_codes_are_unlike_and_readable(desk: Desk) -> None:
    codes = [desk.register_item(draft()).query_code for _ in range(30)]
    assert len(set(codes)) == 30
    for code in codes:
        assert len(code) == numbers.QUERY_LENGTH
        assert not set(code) & set("0O1IL")


def test_document_numbers_start_where_the_bureau_says_and_have_no_gaps(register: Register, desk: Desk) -> None:
    done = desk.register_item(draft())
    with register.act("set_setting", by=desk.person, at=NOW) as act:
        put_setting(act, "number.answer.2026.start", 12)
    given = []
    for _ in range(3):
        with register.act("issue_letter", by=desk.person, at=NOW, matter=done.matter) as act:
            serial = numbers.take_document_number(act, "answer", 2026)
            document = act.insert("document", {"matter": done.matter, "kind": "answer", "state": "issued"})
            numbers.bear(act, "answer", 2026, serial, document=document)
            given.append((serial, document))
    assert [serial for serial, _ in given] == [12, 13, 14]
    with register.act("spoil_letter", by=desk.person, at=NOW, matter=done.matter) as act:
        numbers.spoil(act, given[2][1], "打印错误")
    with register.act("issue_letter", by=desk.person, at=NOW) as act:
        assert numbers.take_document_number(act, "answer", 2026) == 15, "a spoiled number is not given again"
        assert numbers.take_document_number(act, "receipt", 2026) == 1
        assert numbers.take_document_number(act, "answer", 2025) == 1
    row = register.records("number", "serial=14")[0]
    assert (row["state"], row["reason"], row["document"]) == ("spoiled", "打印错误", given[2][1])
    assert next(check for check in verify(register) if check.name == "numbers").holds


def test_spoiling_takes_a_reason(register: Register, desk: Desk) -> None:
    done = desk.register_item(draft())
    with register.act("issue_letter", by=desk.person, at=NOW) as act:
        document = act.insert("document", {"matter": done.matter, "kind": "answer", "state": "issued"})
    with pytest.raises(errors.InputError) as refused, register.act("spoil_letter", by=desk.person, at=NOW) as act:
        numbers.spoil(act, document, "  ")
    assert refused.value.field == "reason"


def test_a_gap_in_any_series_is_found(register: Register, desk: Desk) -> None:
    done = [desk.register_item(draft()) for _ in range(3)]
    with register.act("note", by=desk.person, at=NOW) as act:
        act.set("matter", done[2].matter, number="S2026-000009")
    found = next(check for check in verify(register) if check.name == "numbers")
    assert not found.holds
    assert "信访事项〔2026〕3–8" in found.finding.zh
