"""The suggestion as a whole: worked examples with articles, units, level and place, and what holds for any text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import errors, routing
from models.records import PersonDraft
from models.register import Register
from models.routing import Facts, Unit, route, told
from tests.models.conftest import NOW, accused, draft, person, unit

UNITS = (
    Unit(id=1, name="信访科", short="信访", kind="petition"),
    Unit(id=2, name="刑事侦查大队", short="刑侦"),
    Unit(id=3, name="警务督察大队", short="督察", kind="inspection"),
    Unit(id=4, name="城关派出所", short="城关所", kind="station"),
    Unit(id=5, name="交通警察大队", short="交警", police="traffic"),
    Unit(id=6, name="法制大队", short="法制", kind="legal"),
    Unit(id=7, name="城北派出所", short="城北所", kind="station"),
)


def facts(title: str = "", **changed: Any) -> Facts:
    values = {"title": title, "units": UNITS, "organ": "示例县公安局", "county": "370829", **changed}
    return Facts(**values)


# --- class, exit, act: worked examples


@pytest.mark.parametrize(
    ("title", "category", "exit_", "act", "article"),
    [
        ("报案后不予立案", "claim", 1, "direct", "第三十一条第一项"),
        ("公司拖欠工资", "claim", 2, "direct", "第三十一条第二项"),
        ("对党内警告处分提出申诉", "claim", 3, "direct", "第三十一条第三项"),
        ("罚款不合理，请求撤销", "claim", 4, "direct", "第三十一条第四项"),
        ("楼下聚众赌博", "claim", 5, "direct", "第三十一条第五项"),
        ("请为我的损失说句话", "claim", 6, "accept", "第三十一条第六项"),
        ("关于夜间巡逻的建议", "suggestion", None, "reply", "第二十九条"),
        ("咨询派出所的上班时间", "other", None, "reply", "第二十八条"),
        ("城关派出所收受商户好处", "accusation", None, "pass_on", "第三十条"),
    ],
)
def test_class_exit_and_act_under_the_2022_regulation(
    title: str, category: str, exit_: int | None, act: str, article: str
) -> None:
    found = route(facts(title))
    assert (found.category, found.exit, found.act.act) == (category, exit_, act)
    first = found.exits[0] if found.exits else found.classes[0]
    assert f"《信访工作条例》{article}" in first.article.zh


@pytest.mark.parametrize(
    ("title", "ground", "act"),
    [
        ("法院判决后无人执行", "statutory", "direct"),
        ("申请国家赔偿", "statutory", "direct"),
        ("罚款不合理，请求撤销", "statutory", "direct"),
        ("楼下聚众赌博", None, "accept"),
        ("家中被盗", None, "accept"),
    ],
)
def test_under_the_2005_regulation_only_other_powers_and_procedures_are_grounds(
    title: str, ground: str | None, act: str
) -> None:
    """SC-431 Arts 15, 21: court, procuratorate, reconsideration; what the police must do themselves is accepted."""
    found = route(facts(title, rules="SC-431"))
    assert [one.value for one in found.grounds] == ([ground] if ground else [])
    assert found.act.act == act
    assert all("《信访条例》" in one.article.zh for one in found.grounds)
    if act == "direct":
        assert found.act.letter["ground_choice"] in ("other_power", "legal_procedure", "other")
        assert found.act.letter["open_route"]


def test_what_another_organ_decides_is_directed_there_or_objected_to() -> None:
    """REG-2022 Art. 23: told where to go when it came from the petitioner, objected to when an organ handed it over."""
    own = route(facts("小区物业收费"))
    assert own.act.act == "direct"
    assert own.act.letter["route_choice"] == "other_organ"
    assert own.act.letter["competent_organ"] == "住房和城乡建设主管部门"
    handed = route(facts("小区物业收费", transferred=True, from_above=True))
    assert (handed.act.act, handed.act.article.en) == ("object", "REG-2022 Art. 23")
    assert handed.act.inputs["reasons_detail"]
    before = route(facts("小区物业收费", transferred=True, rules="SC-431"))
    assert before.act.act == "direct"
    assert before.act.letter["article"] == "《信访条例》第二十二条"


def test_screening_that_a_person_decided_goes_before_every_rule() -> None:
    found = route(facts("楼下聚众赌博", category="claim", exit=6, screened=True))
    assert (found.category, found.exit, found.act.act) == ("claim", 6, "accept")
    assert found.exits[0].rule == "screened"
    assert "5" in [one.value for one in found.exits]


def test_the_statutory_routes_are_told_with_their_times() -> None:
    """Domain reference 4.5: MPS-CRIM Art. 179, 7 days to ask, 30 to decide."""
    found = {one.id: one for one in route(facts("报案后不予立案")).routes}
    first = found["criminal-nonfiling-reconsideration"]
    assert first.ask is not None
    assert (first.ask.length, first.ask.unit) == (7, "C")
    assert "179" in first.article.zh
    assert not {one.id for one in route(facts("小区里有人违法搭建")).routes} & {"public-order-case"}


# --- inside the bureau (Seed A Art. 15)


@pytest.mark.parametrize(
    ("changed", "lead"),
    [
        ({"title": "家中被盗"}, 2),
        ({"title": "路口红绿灯坏了"}, 5),
        ({"title": "认为这是错案"}, 6),
        ({"title": "民警在街上殴打群众"}, 3),
        ({"title": "我的自行车"}, 1),
        ({"title": "派出所的答复", "text": "城北派出所答复我了。"}, 7),
        ({"police": "traffic"}, 5),
    ],
)
def test_the_department_leads_that_the_problem_belongs_to(changed: dict[str, Any], lead: int) -> None:
    inner = route(facts(**changed)).inside
    assert inner.lead is not None
    assert inner.lead.unit == lead
    assert inner.lead.article.en.startswith("MPS-79 Art. 15")
    assert inner.co_ordination is None


def test_several_departments_have_a_lead_and_assisting_units_under_the_main_leader() -> None:
    inner = route(facts("被撞伤后肇事者逃逸，家中又被盗")).inside
    assert inner.lead is not None
    assert (inner.lead.unit, [one.unit for one in inner.assisting]) == (5, [2])
    assert inner.co_ordination is not None
    assert "主要负责人" in inner.co_ordination.zh


def test_a_department_without_a_unit_falls_back_and_says_so() -> None:
    inner = route(facts("护照过期")).inside
    assert inner.lead is not None
    assert inner.lead.unit == 1
    assert any("出入境" in one.zh for one in inner.left_out)
    bare = route(facts("护照过期", units=())).inside
    assert bare.lead is None


def test_a_station_that_is_not_named_is_left_to_a_person() -> None:
    inner = route(facts("派出所的答复")).inside
    assert inner.departments[0].value == "station"
    assert inner.lead is not None
    assert inner.lead.unit == 1


def test_a_unit_that_the_text_complains_of_is_not_suggested() -> None:
    inner = route(facts("派出所的答复", text="城北派出所拖延不办。城关派出所态度很好。")).inside
    assert inner.lead is not None
    assert inner.lead.unit == 4
    assert any("城北派出所" in one.zh for one in inner.left_out)


def test_an_accusation_of_the_inspectors_goes_above_and_of_a_leader_to_discipline() -> None:
    """Domain reference 6.1: by cadre rank, never to or through the accused."""
    inspectors = route(
        facts("民警在街上殴打群众", accused=(("unit", "警务督察大队", ""),), accused_units=frozenset({3}))
    )
    assert inspectors.act.act == "pass_on"
    assert inspectors.act.inputs["destination_name"] == "上一级公安机关警务督察部门"
    chief = route(facts("县公安局副局长收受好处"))
    assert chief.circle[0].value == "discipline"
    assert "纪检监察机关" in chief.act.inputs["destination_name"]
    other = route(facts("村支书挪用集体资金"))
    assert other.circle[0].value == "discipline"


# --- level and place: domain reference 6.4


def test_another_county_is_transferred_by_its_code_and_a_former_code_by_its_successor() -> None:
    found = route(facts("我的自行车", place_code="370828"))
    assert found.places[0].kind == "other_place"
    assert (found.act.act, found.act.inputs["destination_name"]) == ("transfer", "山东省济宁市金乡县公安局")
    assert route(facts("我的自行车", place_code="370829")).places == ()
    assert route(facts("我的自行车", place_code="370800")).places == ()
    assert route(facts("我的自行车", place_code="999999")).places == ()


def test_a_visit_past_the_proper_level_is_a_ground_and_a_letter_is_not() -> None:
    """REG-2022 Art. 20: the organ's own level or the one above; a province is two above a county."""
    visit = route(facts("我的自行车", county="370000", place_code="510104", channel="visit"))
    assert [one.value for one in visit.grounds] == ["skipped"]
    assert "Art. 20" in visit.grounds[0].article.en
    assert route(facts("我的自行车", county="370000", place_code="510104", channel="letter")).grounds == ()
    assert route(facts("我的自行车", place_code="510104", channel="visit")).grounds == ()


def test_person_and_household_apart_stays_with_the_place_of_the_matter() -> None:
    found = route(facts("我的自行车", place_code="370829", home_code="510104"))
    assert [one.kind for one in found.places] == ["apart"]
    assert found.act.act == "accept"


def test_what_is_against_a_review_opinion_is_raised_above() -> None:
    found = route(facts("不服复查意见"))
    assert found.places[0].kind == "above"
    assert found.act.letter["competent_organ"] == "上一级机关"
    assert "open_route" in route(facts("不服复查意见", rules="SC-431")).act.letter


# --- simplified procedure (4.3)


@pytest.mark.parametrize(
    ("changed", "failed"),
    [
        ({}, None),
        ({"initial": False}, "initial"),
        ({"from_above": True}, "from_above"),
        ({"joint": True}, "joint"),
        ({"group_visit": True}, "joint"),
        ({"text": "上百户联名。"}, "joint"),
        ({"major": True}, "major"),
        ({"three_cross": True}, "duty"),
        ({"address_unclear": True}, "facts"),
        ({"text": "多次反映无果。"}, "dispute"),
        ({"title": "小区物业收费"}, "duty"),
        ({"title": "楼下聚众赌博"}, "exit"),
        ({"title": "民警在街上殴打群众"}, "kind"),
        ({"received_on": date(2016, 6, 30), "rules": "SC-431"}, "in_force"),
        ({"title": "楼下聚众赌博", "rules": "SC-431"}, None),
        ({"title": "申请国家赔偿", "rules": "SC-431"}, "procedure"),
    ],
)
def test_each_condition_of_the_simplified_procedure(changed: dict[str, Any], failed: str | None) -> None:
    found = route(facts(**{"title": "请为我的损失说句话", **changed})).simplified
    assert found.fits == (failed is None)
    assert [one.code for one in found.conditions if not one.holds] == ([failed] if failed else [])


@pytest.mark.parametrize(
    ("day", "year"), [(date(2016, 7, 1), "2016"), (date(2022, 7, 16), "2016"), (date(2022, 7, 17), "2022")]
)
def test_the_simplified_procedure_follows_the_rules_of_the_day(day: date, year: str) -> None:
    assert f"SIMPLE-{year}" in route(facts("请为我的损失说句话", received_on=day)).simplified.article.en


# --- whatever the text

WORDS = st.sampled_from(
    [
        *("派出所", "民警", "打人", "收受", "法院", "判决", "工资", "小区", "建议", "咨询", "赌博", "不立案", "交警"),
        *("城北派出所", "拖延", "罚款", "不服", "护照", "复查意见", "，", "。", "\u200b", "的", "Ａ", "x", "\n"),
    ]
)
ANY_TEXT = st.one_of(st.text(max_size=120), st.lists(WORDS, max_size=20).map("".join))
FLAGS = {
    name: st.booleans()
    for name in ("initial", "transferred", "joint", "group_visit", "major", "litigation", "three_cross")
}


@given(title=ANY_TEXT, text=ANY_TEXT, rules=st.sampled_from(["REG-2022", "SC-431"]), flags=st.fixed_dictionaries(FLAGS),
       barred=st.frozensets(st.sampled_from([one.id for one in UNITS])))  # fmt: skip
def test_any_text_has_one_first_suggestion_with_a_reason_and_never_an_accused_unit(
    title: str, text: str, rules: str, flags: dict[str, bool], barred: frozenset[int]
) -> None:
    found = route(facts(title, text=text, rules=rules, accused_units=barred, **flags))
    assert found.category in ("suggestion", "accusation", "claim", "other")
    assert bool(found.exits) == (found.category == "claim")
    for table in (found.classes, found.exits, found.organs, found.inside.departments, found.circle, found.grounds):
        assert len({one.value for one in table}) == len(table)
        for one in table:
            assert one.reason.zh
            assert one.reason.en
            assert one.article.zh
    units = [one.unit for one in (found.inside.lead, *found.inside.assisting) if one]
    assert len(set(units)) == len(units)
    assert not barred & set(units)
    assert found.act.inputs.get("unit") not in barred
    names = {one.name for one in UNITS if one.id in barred}
    assert found.act.inputs.get("destination_name") not in names
    assert found.act.act in ("accept", "direct", "reply", "pass_on", "transfer", "object")
    assert all(sentence.zh and sentence.en for sentence in told(found))
    assert route(facts(title, text=text, rules=rules, accused_units=barred, **flags)) == found


# --- from the register


def test_the_register_gives_the_facts_and_the_policy_is_asked(register: Register, desk_of: Any) -> None:
    desk = desk_of("pu")
    matter = desk.register_item(draft(place_code="370829")).matter
    found = desk.suggest(matter)
    assert (found.category, found.exit) == ("claim", 1)
    assert found.inside.lead is not None
    assert found.inside.lead.unit == unit(register, "刑侦")
    assert register.rows("SELECT act FROM entry WHERE matter=? ORDER BY seq DESC LIMIT 1", (matter,)) == [
        ("read_matter",)
    ]
    seq = register.seq
    desk.suggest(matter)
    assert register.seq == seq
    known = routing.facts_of(register, matter, desk.person)
    assert (known.initial, known.claims, known.transferred) == (True, ("要求书面答复是否立案",), False)
    assert (
        routing.route(replace(known, title="路口红绿灯坏了", text="", claims=())).inside.departments[0].value
        == "traffic"
    )


def test_nothing_of_a_matter_is_suggested_to_whom_it_accuses(register: Register, desk_of: Any) -> None:
    desk = desk_of("pu")
    matter = desk.register_item(
        draft(purpose="accusation", accused=(accused("城关派出所", kind="unit"), accused("督小察")))
    ).matter
    facts_ = routing.facts_of(register, matter, desk.person)
    forbidden = {
        unit(register, "城关所"),
        unit(register, "城关一队"),
        unit(register, "一队二组"),
        unit(register, "督察"),
    }
    assert facts_.accused_units == forbidden
    found = desk.suggest(matter)
    assert found.inside.lead is None
    assert found.act.inputs["destination_name"] == "上一级公安机关警务督察部门"
    for login in ("suo", "zu"):
        with pytest.raises(errors.InputError):
            routing.suggest(register, matter, person(register, login))
    with pytest.raises(errors.NotAllowedError):
        routing.suggest(register, matter, person(register, "ho"))


def test_a_name_of_an_accused_unit_is_known_with_and_without_the_bureau(register: Register, desk_of: Any) -> None:
    desk = desk_of("pu")
    matter = desk.register_item(draft(accused=(accused("示例县公安局刑事侦查大队", kind="unit"),))).matter
    assert unit(register, "刑侦") in routing.facts_of(register, matter, desk.person).accused_units


def test_a_repeat_item_is_no_initial_matter(register: Register, desk_of: Any) -> None:
    desk = desk_of("pu")
    first = desk.register_item(draft()).matter
    desk.register_item(draft(repeat_of_matter=first, people=(PersonDraft(name="王小明", main=True),)), NOW)
    assert not routing.facts_of(register, first, desk.person).initial
