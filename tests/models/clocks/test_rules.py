"""The rule files as a whole, which set governs a day, and the names under which a set is found."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import pytest

from models.clocks import EVENT_NAMES, clock_name, routes, rule_set, rule_set_ids, rules_for
from models.clocks.rule_files import parse_rule_file, rule_files
from models.errors import BugError, InputError
from tests.models.clocks.second_clock import RULES

NAMES = sorted(entry.name for entry in (files("resources") / "rules").iterdir() if entry.name.endswith(".toml"))


def _text(name: str) -> str:
    return (files("resources") / "rules" / name).read_text(encoding="utf-8")


def test_all_files_load() -> None:
    assert [file.id for file in rule_files()] == [
        "LOCAL-beijing", "LOCAL-henan", "LOCAL-shandong", "LOCAL-shanghai", "LOCAL-zhejiang",
        "RATE-2014", "RATE-2022", "REG-2022", "SC-431", "SIMPLE-2016", "SIMPLE-2022",
    ]  # fmt: skip
    assert len(routes()) == 8


def test_every_clock_is_complete_in_both_languages() -> None:
    for file in rule_files():
        for clock in file.clocks:
            for message in (clock.name, clock.article, clock.start_text, clock.ends_text):
                assert message.zh.strip(), (file.id, clock.id)
                assert message.en.strip(), (file.id, clock.id)
                assert message.zh != message.en, (file.id, clock.id)
        for change in file.changes:
            assert change.article.zh
            assert change.article.en


def test_the_clocks_are_those_of_the_domain_reference() -> None:
    # The second clock's tables were typed from sections 4.1 to 4.6 by hand; C10, without a length, is not in them.
    for name, clocks in RULES.items():
        assert {clock.id for clock in rule_set(name).clocks} - {"C10"} == set(clocks), name


@pytest.mark.parametrize("name", [name for name in NAMES if name != "routes.toml"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\nid =", "\ncolour = 'red'\nid ="),
        ("\nfrom = ", "\nfrom_day = "),
        ("petition-desk/rules/1", "petition-desk/rules/2"),
        ("title = {", "title = { fr = 'x',"),
        ("en = ", "en = '' #"),
    ],
)
def test_a_file_that_says_something_else_is_refused(name: str, old: str, new: str) -> None:
    text = _text(name)
    assert old in text
    with pytest.raises(BugError) as caught:
        parse_rule_file(text.replace(old, new, 1), name)
    assert name in caught.value.message.en
    assert "规则文件有错" in caught.value.message.zh


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('start = ["received"]', 'start = ["arrived"]', "arrived"),
        ('start = ["received"]', "start = []", "no event that starts"),
        ("length = 15", "length = 0", "1 or more"),
        ("length = 15", "length = true", "length"),
        ("length = 15\n", "", "unit C"),
        ('unit = "at_once"', 'unit = "at_once"\nlength = 1', "unit at_once"),
        ('unit = "C"', 'unit = "D"', "'D'"),
        ('whose = "bureau"', 'whose = "nobody"', "nobody"),
        ('ends = [{ all = ["noticed"] }', 'ends = [{ all = [] }', "without events"),
        ('event = "extended"', 'event = "stretched"', "stretched"),
        ("hearing_left_out = true", "hearing_left_out = 1", "hearing_left_out"),
        ('id = "C1t"', 'id = "c1"', "two clocks"),
        ('length = 60\nunit = "C"', 'length = 60\nunit = "W"', "cannot be extended"),
        ('article = {', 'articles = {', "lacks article"),
    ],
)  # fmt: skip
def test_a_clock_that_says_something_else_is_refused(old: str, new: str, said: str) -> None:
    text = _text("sc-431.toml")
    assert old in text
    with pytest.raises(BugError) as caught:
        parse_rule_file(text.replace(old, new, 1), "sc-431.toml")
    assert said in caught.value.message.en


def test_a_file_that_is_not_toml_is_refused() -> None:
    with pytest.raises(BugError, match="TOML"):
        parse_rule_file("[", "x.toml")


@pytest.mark.parametrize(
    ("day", "base", "alongside"),
    [
        # Domain reference, section 3: the set in force on the day of receipt.
        (date(2005, 5, 1), "SC-431", ()),
        (date(2016, 6, 30), "SC-431", ("RATE-2014",)),
        (date(2016, 7, 1), "SC-431", ("RATE-2014", "SIMPLE-2016")),
        (date(2022, 4, 30), "SC-431", ("SIMPLE-2016", "RATE-2022")),
        (date(2022, 5, 1), "REG-2022", ("SIMPLE-2016", "RATE-2022")),
        (date(2022, 7, 16), "REG-2022", ("SIMPLE-2016", "RATE-2022")),
        (date(2022, 7, 17), "REG-2022", ("RATE-2022", "SIMPLE-2022")),
        (date(2026, 11, 21), "REG-2022", ("RATE-2022", "SIMPLE-2022")),
    ],
)
def test_the_set_in_force_on_the_day_of_receipt(day: date, base: str, alongside: tuple[str, ...]) -> None:
    rules = rules_for(day)
    assert (rules.id, rules.base, rules.overlay) == (base, base, "")
    assert rules.alongside == alongside
    assert rule_set(base, day) is not None
    assert [clock.id for clock in rule_set(base, day).clocks] == [clock.id for clock in rules.clocks]


@pytest.mark.parametrize(
    ("day", "sorts"),
    [
        (date(2005, 8, 17), False),  # MPS Order 79 is in force from 2005-08-18 ...
        (date(2005, 8, 18), True),
        (date(2022, 5, 1), True),  # ... beside REG-2022 where it does not conflict ...
        (date(2023, 6, 30), True),
        (date(2023, 7, 1), False),  # ... until MPS-2023
    ],
)
def test_sorting_clock_of_the_police_rule(day: date, sorts: bool) -> None:
    assert ("C1s" in {clock.id for clock in rules_for(day).clocks}) is sorts


def test_a_day_before_all_sets_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        rules_for(date(2005, 4, 30))
    assert caught.value.field == "received_on"
    assert "2005-05-01" in caught.value.message.zh


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("SC-431", "SC-431"), ("sc-431", "SC-431"), ("MPS-79", "SC-431"), ("SC-431+MPS-79", "SC-431"),
        (" sc 431 / mps_79 ", "SC-431"),
        ("REG-2022", "REG-2022"), ("MPS-2023", "REG-2022"), ("reg-2022+mps-2023", "REG-2022"), ("REG‑2022", "REG-2022"),
        ("SIMPLE-2016", "SIMPLE-2016"), ("simple-2022", "SIMPLE-2022"),
        ("RATE-2014", "RATE-2014"), ("RATE-2022", "RATE-2022"),
        ("REG-2022/LOCAL-zhejiang", "REG-2022/LOCAL-zhejiang"), ("sc-431/local-HENAN", "SC-431/LOCAL-henan"),
        ("LOCAL-Beijing", "REG-2022/LOCAL-beijing"),
    ],
)  # fmt: skip
def test_sets_are_found_by_liberal_names(name: str, found: str) -> None:
    assert rule_set(name).id == found


def test_an_overlay_alone_lies_over_the_set_in_force() -> None:
    assert rule_set("LOCAL-zhejiang", date(2022, 4, 30)).id == "SC-431/LOCAL-zhejiang"
    assert rule_set("LOCAL-zhejiang", date(2022, 5, 1)).id == "REG-2022/LOCAL-zhejiang"
    assert rule_set("LOCAL-zhejiang", date(2001, 1, 1)).id == "SC-431/LOCAL-zhejiang"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/",
        "SC-432",
        "SC-431/REG-2022",
        "SIMPLE-2016/LOCAL-henan",
        "LOCAL-henan/LOCAL-beijing",
        "REG-2022/LOCAL-mars",
    ],
)
def test_an_unknown_set_is_refused_with_a_list(name: str) -> None:
    with pytest.raises(InputError) as caught:
        rule_set(name)
    assert caught.value.field == "rules"
    for known in rule_set_ids():
        assert known in caught.value.message.zh
        assert known in caught.value.message.en


def test_an_unknown_clock_is_refused_with_a_list() -> None:
    rules = rule_set("REG-2022")
    assert rules.clock("c1T").id == "C1t"
    with pytest.raises(InputError) as caught:
        rules.clock("C99")
    assert caught.value.field == "clock"
    for clock in rules.clocks:
        assert clock.id in caught.value.message.zh


def test_the_overlay_of_the_settings() -> None:
    assert rules_for(date(2026, 3, 2), "LOCAL-zhejiang").id == "REG-2022/LOCAL-zhejiang"
    assert rules_for(date(2026, 3, 2), "zhejiang").overlay == "LOCAL-zhejiang"
    # Not yet in force on the day of receipt: the national set stands alone.
    assert rules_for(date(2015, 12, 31), "LOCAL-zhejiang").id == "SC-431"
    assert rules_for(date(2015, 12, 31), "LOCAL-zhejiang").clock("C2").length == 60
    with pytest.raises(InputError):
        rules_for(date(2026, 3, 2), "LOCAL-mars")


def test_an_overlay_tells_its_article_and_the_national_one() -> None:
    clock = rules_for(date(2026, 3, 2), "zhejiang").clock("C2")
    assert "浙江省信访条例" in clock.article.zh
    assert "第34条" in clock.article.zh
    assert "Zhejiang" in clock.article.en
    assert "REG-2022 Art. 34" in clock.article.en


def test_local_facts() -> None:
    assert [fact.id for fact in rules_for(date(2026, 3, 2), "zhejiang").facts] == ["representatives"]
    assert [fact.article.en for fact in rules_for(date(2026, 3, 2), "shanghai").facts] == [
        "Shanghai Reg. Art. 38", "Shanghai Reg. Art. 39", "Shanghai Reg. Art. 40",
    ]  # fmt: skip


def test_marks_of_what_no_text_says() -> None:
    assert "length" in rule_set("RATE-2022").clock("R-rate").unconfirmed
    assert "length" in rule_set("SIMPLE-2022").clock("S-notice").unconfirmed
    assert rule_set("SIMPLE-2016").clock("S-notice").unconfirmed == ()
    assert "article" in rule_set("SC-431").clock("C1s").unconfirmed
    assert "extension" in rule_set("REG-2022").clock("C8").unconfirmed
    assert "start" in rule_set("REG-2022").clock("C3").project_rule


def test_statutory_routes() -> None:
    found = {route.id: route for route in routes()}
    reconsideration = found["criminal-nonfiling-reconsideration"]
    assert reconsideration.ask is not None
    assert (reconsideration.ask.length, reconsideration.ask.unit) == (7, "C")  # MPS-CRIM Art. 179
    assert reconsideration.decide is not None
    assert (reconsideration.decide.length, reconsideration.decide.extension) == (30, 30)
    lawsuit = found["administrative-lawsuit"].ask
    assert lawsuit is not None
    assert (lawsuit.length, lawsuit.unit) == (6, "M")
    assert "Art. 46" in found["administrative-lawsuit"].article.en
    for route in routes():
        assert route.article.zh
        assert route.text.zh


def test_clock_names_come_from_the_newest_set() -> None:
    assert clock_name("C1", "zh") == "书面告知信访人"
    assert clock_name("S-answer", "en") == "Simplified: answer"
    assert clock_name("C1s", "zh") == "信访部门甄别分流"
    assert clock_name("C99", "en") == "C99"


def test_the_vocabulary_of_events_is_bilingual() -> None:
    for name in EVENT_NAMES.values():
        assert name.zh
        assert name.en
