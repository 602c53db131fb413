from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import codes
from models.errors import BugError

ALL = [(name, one) for name in codes.tables() for one in codes.table(name).values]


@pytest.mark.parametrize("name", codes.tables())
def test_codes_of_a_table_are_unique_and_named_in_both_languages(name: str) -> None:
    table = codes.table(name)
    listed = [one.code for one in table.values]
    assert listed
    assert len(set(listed)) == len(listed)
    assert table.zh
    assert table.en
    assert all(one.zh and one.en for one in table.values)
    assert len({one.zh for one in table.values}) == len(listed), "two values with one Chinese word"


@pytest.mark.parametrize(("name", "one"), ALL, ids=lambda v: v if isinstance(v, str) else v.code)
def test_each_word_of_a_value_leads_back_to_its_code(name: str, one: codes.Code) -> None:
    for word in (one.code, one.zh, one.en, *one.also):
        assert codes.code_for(name, word) == one.code, word


# The values that the register's own declarations and acts rely on (models.tables, resources/acts).
@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("channel", ("letter", "visit", "call", "web", "fax")),
        ("category", ("suggestion", "accusation", "claim", "other")),
        ("exit", ("1", "2", "3", "4", "5", "6")),
        ("conclusion", ("support", "partly", "explain", "refuse")),
        ("review_state", ("none", "review", "rereview")),
        ("closing_nature", ("substantive", "procedural")),
        ("role", ("REG", "PU", "HU", "HO", "LEG", "DL", "CH", "DI", "KEEPER", "UP")),
        ("person_role", ("petitioner", "representative", "agent", "signatory")),
        ("unit_kind", ("petition", "business", "legal", "inspection", "station", "other_organ")),
        ("document_state", ("issued", "spoiled", "incoming")),
        ("rating_target", ("petition", "unit")),
    ],
)
def test_tables_have_the_values_that_the_schema_names(name: str, wanted: tuple[str, ...]) -> None:
    assert codes.codes(name) == wanted


def test_states_are_those_of_the_lifecycle() -> None:
    # Domain reference, section 5: S0..S2, S3a..S3f, S4, S5, S5h, S5x, S6..S15.
    assert codes.codes("state") == (
        "S0", "S1", "S2", "S3a", "S3b", "S3c", "S3d", "S3e", "S3f", "S4", "S5", "S5h", "S5x", "S6", "S7", "S8", "S9",
        "S10", "S11", "S12", "S13", "S14", "S15",
    )  # fmt: skip
    assert all(one.state in codes.codes("state") for one in codes.table("status").values)


def test_words_of_imports_are_read_liberally() -> None:
    assert codes.code_for("channel", " 来 访 ") == "visit"
    assert codes.code_for("purpose", "揭发（检举）控告") == "accusation"
    assert codes.code_for("purpose", "99") == "other"  # an older interface, domain reference 10.2
    assert codes.code_for("id_kind", "身份证") == "111"
    assert codes.code_for("police", "户政（人口）") == "household"
    assert codes.code_for("sex", "1") == "male"
    assert codes.code_for("service_way", "1") == "post"
    assert codes.code_for("channel", "信鸽") is None
    assert codes.code_for("channel", "") is None


def test_words_for_people() -> None:
    assert codes.word("state", "S4") == "已受理"
    assert codes.word("state", "S4", "en") == "Accepted"
    assert codes.word("exit", 6, "en").startswith("Petition procedure")
    assert codes.word("state", None) == codes.word("state", "") == ""
    assert codes.word("state", "S99") == "S99", "a code of a newer program is shown as it is"


def test_purposes_derive_the_class() -> None:
    derived = {purpose: codes.category_of(purpose) for purpose in codes.codes("purpose")}
    assert derived == {
        "suggestion": "suggestion", "appeal": "claim", "solution": "claim", "accusation": "accusation",
        "inquiry": "other", "thanks": "other", "other": "other",
    }  # fmt: skip
    assert codes.category_of("nonsense") == ""


@given(st.integers(0, 100_000))
def test_bands_hold_each_number_once(people: int) -> None:
    for name in ("people_band", "group_band"):
        holding = [
            one.code
            for one in codes.table(name).values
            if one.first is not None and one.first <= people and (one.last is None or people <= one.last)
        ]
        assert len(holding) == (1 if people >= (codes.table(name).values[0].first or 0) else 0)
        assert codes.band(name, people) == (holding[0] if holding else "")


def test_an_unknown_table_is_our_own_mistake() -> None:
    with pytest.raises(BugError):
        codes.codes("colour")
