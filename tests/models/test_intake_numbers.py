"""Telephone and identity numbers are stored so that the same one is found again however it was typed."""

from __future__ import annotations

from datetime import date

import pytest

from models.desk import Desk
from models.records import ItemDraft, PersonDraft
from models.register import Register


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("199 0000 0318", "19900000318"),
        ("+86 199-0000-0318", "19900000318"),
        ("１９９０００００３１８", "19900000318"),
        ("0000-1234567", "00001234567"),
        ("19900000318、19900000319", "19900000318、19900000319"),
        ("", None),
    ],
)
def test_one_number_is_stored_as_digits(desk: Desk, register: Register, typed: str, stored: str | None) -> None:
    draft = ItemDraft(received_on=date(2026, 2, 10), statement="反映", people=(PersonDraft(name="赵", phone=typed),))
    desk.register_item(draft)
    assert register.records("person", "1")[0]["phone"] == stored
    again = ItemDraft(received_on=date(2026, 2, 11), people=(PersonDraft(phone="19900000318"),))
    assert bool(desk.hints(again)) == (stored == "19900000318")  # two numbers in one field are searched, not hinted


def test_an_identity_number_keeps_its_capital_x(desk: Desk, register: Register) -> None:
    """GB 11643-1999, check character of 11010519491231002: X (domain reference, section 11)."""
    person = PersonDraft(name="赵", id_number="110105 19491231 002x")
    desk.register_item(ItemDraft(received_on=date(2026, 2, 10), statement="反映", people=(person,)))
    assert register.records("person", "1")[0]["id_number"] == "11010519491231002X"


def test_a_matter_sealed_later_leaves_no_words_in_the_index_once_upkeep_is_done(desk: Desk, register: Register) -> None:
    draft = ItemDraft(received_on=date(2026, 2, 10), statement="琥珀色的笔记本", purpose="solution")
    matter = desk.register_item(draft).matter
    desk.perform(matter, "screen", {"category": "accusation"})
    assert register.row("SELECT value FROM meta WHERE name='search.purge'") == (1,)
    for _ in range(200):
        if not register.tidy():
            break
    assert register.row("SELECT value FROM meta WHERE name='search.purge'") == (2,)
    index = b"".join(row[0] for row in register.rows("SELECT block FROM search_text_data"))
    assert "琥珀".encode() not in index
