"""Every fault that a rule file may have is told with its place: a wrong rule must not be counted by in silence."""

from __future__ import annotations

import pytest

from models.clocks import RuleBook, check_extension, due, load_calendar, rule_set
from models.clocks.rule_files import parse_rule_file, read_rule_files, rule_texts
from models.clocks.wording import derivation
from models.errors import BugError, InputError
from tests.models.clocks.test_edges import day


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        # unknown keys, at every level
        ("local-zhejiang.toml", 'clock = "C2"\n', 'clock = "C2"\nlenght = 30\n', "['lenght']"),
        ("local-zhejiang.toml", "max_days = 60,", "max_days = 60, most = 1,", "['most']"),
        ("local-zhejiang.toml", 'id = "representatives"', 'id = "representatives"\nmost = 5', "['most']"),
        ("sc-431.toml", "{ all = [\"noticed\"] }", "{ all = [\"noticed\"], any = [] }", "['any']"),
        ("sc-431.toml", 'en = "receipt from the petitioner" }', 'en = "receipt", de = "x" }', "['de']"),
        ("sc-431.toml", 'id = "C1"\n', 'id = "C1"\ncolour = 1\n', "['colour']"),
        # what is missing
        ("local-zhejiang.toml", 'clock = "C2"\n', "", "lacks clock"),
        ("local-zhejiang.toml", 'event = "extended", ', "", "lacks event"),
        ("sc-431.toml", 'whose = "bureau"\n', "", "lacks whose"),
        ("sc-431.toml", 'unit = "C"\n', "", "lacks unit"),
        ("sc-431.toml", 'kind = "national"\n', "", "lacks kind"),
        ("simple-2016.toml", 'track = "simple"\n', "", "lacks track"),
        ("sc-431.toml", "zh = \"告知是否受理\", ", "", "lacks zh"),
        # what is of another kind
        ("sc-431.toml", "from = 2005-05-01", "from = 2005-05-01T00:00:00", "from is not of the kind date"),
        ("sc-431.toml", "to = 2022-04-30", 'to = "2022-04-30"', "to is not of the kind date"),
        ("sc-431.toml", "at_once_first = true", "at_once_first = 1", "at_once_first is not of the kind bool"),
        ("sc-431.toml", "length = 15", "length = -1", "1 or more"),
        ("local-zhejiang.toml", "max_days = 60", "max_days = 0", "1 or more"),
        ("sc-431.toml", 'en = "Notice whether accepted" }', 'en = " " }', "empty in one language"),
        ("sc-431.toml", 'zh = "告知是否受理",', 'zh = " ",', "empty in one language"),
        ("sc-431.toml", 'ceased_by = ["withdrawn"', 'ceased_by = [1, "withdrawn"', "names 1, which is not known"),
        ("sc-431.toml", 'exempt_by = ["exempted"]', 'exempt_by = ["spared"]', "'spared'"),
        ("sc-431.toml", 'project_rule = ["ends", "not_later_than"]', 'project_rule = ["end"]', "'end'"),
        ("sc-431.toml", 'unconfirmed = ["to"]', 'unconfirmed = ["until"]', "'until'"),
        ("reg-2022.toml", 'aliases = ["MPS-2023"]', "aliases = [2023]", "2023"),
        ("sc-431.toml", 'ends = [{ all = ["noticed"] }', 'ends = ["noticed"', "is not a table"),
        # what does not go together
        ("sc-431.toml", 'unit = "at_once"', 'unit = "C"', "length that does not go with the unit C"),
        ("sc-431.toml", 'unit = "at_once"', 'unit = "none"\nlength = 3', "does not go with the unit none"),
        ("sc-431.toml", "hearing_left_out = true", "hearing_left_out = true\nto = 5", "to is not of the kind date"),
        ("simple-2016.toml", "at_once_first = true", "hearing_left_out = true", "cannot be extended or leave out"),
        ("sc-431.toml", 'ends = [{ all = ["review_decided"] }]', "ends = []", "no event that starts or ends it"),
        ("local-zhejiang.toml", 'unit = "W"', 'unit = "X"', "'X'"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_file_and_place(name: str, old: str, new: str, said: str) -> None:
    text = rule_texts()[name]
    assert old in text
    with pytest.raises(BugError) as caught:
        parse_rule_file(text.replace(old, new, 1), name)
    assert said in caught.value.message.en
    assert name in caught.value.message.en


def test_a_clock_that_is_not_ours_may_lack_a_start_and_one_of_ours_may_not() -> None:
    text = rule_texts()["reg-2022.toml"]
    assert parse_rule_file(text, "x").clocks
    start = text.index('id = "C11"')
    with pytest.raises(BugError, match=r"C11|开始"):
        parse_rule_file(text[:start] + text[start:].replace("tracked = false\n", "", 1), "reg-2022.toml")


def test_only_an_overlay_changes_clocks_and_tells_facts() -> None:
    texts = rule_texts()
    change = '\n[[change]]\nclock = "C1"\narticle = { zh = "x", en = "y" }\n'
    with pytest.raises(BugError, match="change"):
        parse_rule_file(texts["sc-431.toml"] + change, "sc-431.toml")
    assert len(parse_rule_file(texts["local-shanghai.toml"] + change, "x").changes) == 1


def test_a_change_to_a_clock_that_is_not_there_is_told() -> None:
    texts = rule_texts()
    wrong = texts["local-zhejiang.toml"].replace('clock = "C1t"', 'clock = "C1z"')
    with pytest.raises(BugError) as caught:
        read_rule_files({**texts, "local-zhejiang.toml": wrong})
    assert "LOCAL-zhejiang changes C1z" in caught.value.message.en


def test_an_overlay_that_makes_a_clock_impossible_is_told_when_it_is_laid_over() -> None:
    texts = rule_texts()
    old = 'clock = "C2"\nlength = 30'
    assert old in texts["local-zhejiang.toml"]
    wrong = texts["local-zhejiang.toml"].replace(old, old + '\nunit = "W"')  # working days are never extended
    book = RuleBook(read_rule_files({**texts, "local-zhejiang.toml": wrong}))
    assert book.rules_for(day("03-02")).id == "REG-2022"
    with pytest.raises(BugError) as caught:
        book.rules_for(day("03-02"), "zhejiang")
    assert "C2 as changed by Zhejiang" in caught.value.message.en


def test_a_track_says_which_it_is_and_its_clocks_bear_it() -> None:
    file = parse_rule_file(rule_texts()["simple-2016.toml"], "x")
    assert {clock.track for clock in file.clocks} == {"simple"}
    assert {clock.track for clock in parse_rule_file(rule_texts()["reg-2022.toml"], "x").clocks} == {""}


def test_an_extension_of_nothing_and_of_the_most_is_allowed() -> None:
    clock = rule_set("REG-2022").clock("C2")
    check_extension(clock, 0)
    check_extension(clock, 30)
    for days in (-1, 31):
        with pytest.raises(InputError):
            check_extension(clock, days)
    check_extension(rule_set("REG-2022").clock("C8"), 10_000)


def test_days_of_one_name_that_lie_apart_are_told_apart() -> None:
    # 10 working days from Thursday 2026-02-12: 02-14 (worked), 02-24..28 (02-28 worked), 03-02..04, and 02-13.
    end = due(rule_set("SIMPLE-2022"), "S-answer", day("02-12"), calendar=load_calendar())
    assert end.last_on == day("03-04")
    assert "Counted as make-up working days: 2026-02-14 Spring Festival, 2026-02-28 Spring Festival." in [
        message.en for message in derivation(end)
    ]
    assert [step.on for step in end.steps if step.kind == "make-up"] == [day("02-14"), day("02-28")]
