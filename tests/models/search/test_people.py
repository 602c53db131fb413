"""Identity numbers, codes of organisations and telephone numbers: doubts are told, nothing is barred."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import people
from models.records import ItemDraft, PersonDraft

ON = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("first_17", "check"),
    # Domain reference, section 11; the first and third are the examples printed in GB 11643-1999.
    [("11010519491231002", "X"), ("53010219200508011", "X"), ("44052418800101001", "4")],
)
def test_check_characters_of_the_standard(first_17: str, check: str) -> None:
    assert people.check_character(first_17) == check
    assert not any("校验码" in doubt.zh for doubt in people.id_doubts(first_17 + check, on=ON))
    assert people.id_doubts(first_17 + check.lower(), on=ON) == people.id_doubts(first_17 + check, on=ON)


@given(st.integers(0, 10**17 - 1))
def test_the_check_character_makes_the_weighted_sum_one(number: int) -> None:
    """ISO 7064 said the other way round: with weights 2**(17-i) mod 11 over all 18 places the sum leaves 1."""
    digits = f"{number:017d}"
    whole = [*map(int, digits), 10 if people.check_character(digits) == "X" else int(people.check_character(digits))]
    assert sum(digit * pow(2, 17 - place, 11) for place, digit in enumerate(whole)) % 11 == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("110105194912310021", "校验码"), ("11010519491231", "18 位"), ("1101051949123100ZX", "18 位"),
        ("11010519490231002X", "出生日期"),
        ("110105491231002", "2013"), ("110105490231002", "出生日期"), ("99010519491231002X", "地址码"),
        ("11010520991231002X", "出生日期"),
    ],
)  # fmt: skip
def test_doubts_say_what_is_wrong_in_both_languages(typed: str, words: str) -> None:
    found = people.id_doubts(typed, on=ON)
    assert any(words in doubt.zh for doubt in found)
    assert all(doubt.en.isascii() and doubt.zh and doubt.field == "id_number" for doubt in found)


def test_nothing_typed_and_a_good_number_raise_no_doubt() -> None:
    assert people.id_doubts("", on=ON) == people.id_doubts(" ", on=ON) == ()
    assert people.id_doubts("11010519491231002x", on=ON) == ()


def test_an_unknown_address_code_is_told_only_when_codes_are_known() -> None:
    number = "11019919491231002"
    number += people.check_character(number)
    assert people.id_doubts(number, on=ON) == ()
    assert len(people.id_doubts(number, on=ON, known_codes={"110105"})) == 1
    assert people.id_doubts("11010519491231002X", on=ON, known_codes={"110105"}) == ()


def test_forms_of_one_number() -> None:
    assert people.id_forms("110105491231002") == ("110105491231002", "11010519491231002X")
    assert people.id_forms(" 11010519491231002x ") == ("11010519491231002X", "110105491231002")
    assert people.id_forms("110105200512310020") == ("110105200512310020",)
    assert people.id_forms("Ｇ1234567") == ("G1234567",)
    assert people.id_forms("") == ()


@given(st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_both_lengths_mean_each_other(born: date, sequence: int) -> None:
    short = f"430111{born:%y%m%d}{sequence:03d}"
    long_one = people.to_18_digits(short)
    assert people.id_forms(long_one) == (long_one, short)
    assert people.birth_date(long_one) == people.birth_date(short) == born


def test_birth_date_entered_and_written_are_compared() -> None:
    person = PersonDraft(name="甲", id_number="11010519491231002X", born_on=date(1949, 12, 30))
    draft = ItemDraft(received_on=ON, people=(PersonDraft(name="乙"), person))
    assert [doubt.field for doubt in people.doubts(draft, ON)] == ["people.1.born_on"]


def test_other_documents_are_not_taken_for_citizen_numbers() -> None:
    passport = PersonDraft(name="甲", id_kind="414", id_number="E12345678")
    assert people.person_doubts(passport, on=ON) == ()
    organisation = PersonDraft(name="某公司", kind="organisation", id_number="91350100M000100Y43")
    assert people.person_doubts(organisation, on=ON) == ()
    wrong = PersonDraft(name="某公司", kind="organisation", id_number="91350100M000100Y44")
    assert [doubt.field for doubt in people.person_doubts(wrong, on=ON)] == ["id_number"]


@pytest.mark.parametrize("first", ["91350100M000100Y4", "12100000000018032", "51100000500000005"])
def test_credit_codes_satisfy_the_standard(first: str) -> None:
    """GB 32100-2015: weights 3**i mod 31 over the first 17, check = 31 - sum mod 31 (31 counts as 0)."""
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    rest = sum(letters.index(letter) * weight for letter, weight in zip(first, weights, strict=True)) % 31
    assert people.credit_code_check(first) == letters[(31 - rest) % 31]


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("138 0013 8000", ("13800138000",)), ("+86-13800138000", ("13800138000",)),
        ("008613800138000", ("13800138000",)),
        ("０７３１－８４４４１２３４", ("073184441234",)),
        ("13800138000/0731-84441234", ("13800138000", "073184441234")),
        ("013800138000", ("13800138000",)), ("", ()), ("无", ()), ("12", ()), ("+86 731 84441234", ("8673184441234",)),
    ],
)  # fmt: skip
def test_telephone_numbers_as_compared(typed: str, numbers: tuple[str, ...]) -> None:
    assert people.phone_forms(typed) == numbers


def test_odd_telephone_numbers_are_doubted() -> None:
    for good in ("13800138000", "0731-84441234", "84441234", "", "12345", "13800138000、15900001111"):
        assert people.phone_doubts(good) == ()
    for odd in ("1380013800", "无", "23", "11111111111"):
        assert [doubt.field for doubt in people.phone_doubts(odd)] == ["phone"]


def test_names_compared() -> None:
    assert people.same_name("阿卜杜拉·买买提", "阿卜杜拉 买买提")
    assert not people.same_name("", " ")
    assert people.homophones("张伟", "章玮")
    assert not people.homophones("张伟", "张伟")
    assert people.sound_near("程兰", "陈南")
    assert not people.sound_near("程兰", "王南")
