"""Before anyone says "no longer accepted": each check with its article, both matters side by side, other grounds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import errors, exhausted
from models.comparison import sentences, side_by_side
from models.desk import Desk, put_setting
from models.records import PersonDraft
from models.register import Register
from tests.models.conftest import accused, at, draft, person

WANG = {"name": "王小明", "phone": "19900001234", "id_number": "11010519491231002X", "main": True}


@pytest.fixture
def pu(desk_of: Callable[..., Desk]) -> Desk:
    return desk_of("pu", at("2026-03-02"))


def enter(desk: Desk, day: str = "2026-03-02", **changed: Any) -> int:
    received = date.fromisoformat(day)
    return desk.register_item(draft(received_on=received, **changed), at(max(day, "2026-03-02"))).matter


def someone(**changed: Any) -> tuple[PersonDraft, ...]:
    return (PersonDraft(**{**WANG, **changed}),)


def end(
    register: Register, matter: int, *, on: str = "2026-01-20", result: str = "upheld", paper: bool = True,
    event: bool = True, level: str = "rereview",
) -> None:  # fmt: skip
    """Write what a re-review leaves in the file: its row, the opinion and the dated fact."""
    with register.act("rereview_decided", by=register.person, at=at("2026-03-02"), matter=matter) as act:
        document = None
        if paper:
            row = {"matter": matter, "kind": "rereview_opinion", "state": "incoming", "dated_on": on}
            document = act.insert("document", row)
        act.insert(
            "review",
            {
                "matter": matter,
                "level": level,
                "organ": "示例省公安厅",
                "requested_on": "2026-01-02",
                "decided_on": on,
                "result": result,
                "opinion": document,
            },
        )
        if event:
            act.insert("event", {"matter": matter, "kind": "rereview_decided", "on_date": on, "document": document})


def findings(earlier: exhausted.Earlier) -> dict[str, bool]:
    return {one.code: one.ok for one in earlier.findings}


# --- what ended, and whose it is


def test_a_rereview_that_upheld_lets_it_be_said_after_comparing(register: Register, pu: Desk) -> None:
    """REG-2022 Art. 36: same facts and reasons after the re-review; the officer compares and says so."""
    first = enter(pu, "2025-06-02")
    end(register, first)
    again = enter(pu)
    found = pu.exhausted(again)
    assert found.ok
    (earlier,) = found.earlier
    assert (earlier.matter, earlier.ground) == (first, "rereviewed")
    assert findings(earlier) == dict.fromkeys(["same_person", "rereview", "before", "paper", "same_facts"], True)
    assert earlier.comparison.new == ()
    with pytest.raises(errors.MissingPartError) as missing:
        exhausted.require(register, again, first, "", pu.person)
    assert missing.value.parts == ("compared",)
    assert "REG-2022 Art. 36" in missing.value.message.en
    assert exhausted.require(register, again, first, "逐句对照，事实和理由相同", pu.person) == earlier
    assert exhausted.require(register, again, first, True, pu.person).qualifies


@pytest.mark.parametrize(
    ("changed", "failed"),
    [
        ({"result": "quashed"}, "rereview"),
        ({"result": "redo"}, "rereview"),
        ({"event": False}, "rereview"),
        ({"paper": False}, "paper"),
        ({"level": "review"}, "rereview"),
        ({"on": "2026-03-03"}, "before"),
    ],
)
def test_each_check_refuses_by_its_article(register: Register, pu: Desk, changed: dict[str, Any], failed: str) -> None:
    first = enter(pu, "2025-06-02")
    end(register, first, **changed)
    again = enter(pu)
    found = pu.exhausted(again, first)
    assert not found.ok
    assert [code for code, ok in findings(found.earlier[0]).items() if not ok] == [failed]
    with pytest.raises(errors.RuleError) as refused:
        exhausted.require(register, again, first, "对照过", pu.person)
    assert type(refused.value) is errors.RuleError
    assert "《信访工作条例》第三十六条" in refused.value.message.zh


def test_nothing_is_said_without_an_earlier_matter(register: Register, pu: Desk) -> None:
    again = enter(pu)
    found = pu.exhausted(again)
    assert (found.ok, found.earlier) == (False, ())
    assert "应当受理" in found.findings[0].reason.zh
    with pytest.raises(errors.MissingPartError) as missing:
        exhausted.require(register, again, None, "对照过", pu.person)
    assert missing.value.parts == ("earlier",)
    with pytest.raises(errors.RuleError):
        exhausted.require(register, again, again, "对照过", pu.person)
    with pytest.raises(errors.InputError):
        exhausted.require(register, again, 12345, "对照过", pu.person)


def test_a_matter_that_was_only_answered_is_not_ended(register: Register, pu: Desk) -> None:
    first = enter(pu, "2025-06-02")
    again = enter(pu)
    assert pu.exhausted(again).earlier == ()
    found = pu.exhausted(again, first)
    assert findings(found.earlier[0]) == {"same_person": True, "rereview": False, "same_facts": True}


def test_under_the_2005_regulation_it_is_article_35(register: Register, pu: Desk) -> None:
    first = enter(pu, "2014-06-02")
    end(register, first, on="2015-01-20")
    again = enter(pu, "2016-03-01")
    assert pu.exhausted(again).ok
    assert pu.exhausted(again).findings[0].article.en == "SC-431 Art. 35"


def test_a_law_and_litigation_matter_needs_its_end_and_its_paper(register: Register, pu: Desk) -> None:
    first = enter(pu, "2025-06-02")
    again = enter(pu)
    with register.act("close", by=register.person, at=at("2026-03-02"), matter=first) as act:
        act.set("matter", first, litigation=True)
    assert findings(pu.exhausted(again).earlier[0])["litigation"] is False
    with register.act("close", by=register.person, at=at("2026-03-02"), matter=first) as act:
        act.set("matter", first, closed_on="2026-01-05", state="S13")
    assert findings(pu.exhausted(again).earlier[0])["paper"] is False
    with register.act("receive_paper", by=register.person, at=at("2026-03-02"), matter=first) as act:
        act.insert("document", {"matter": first, "kind": "conclusion", "state": "incoming"})
    found = pu.exhausted(again)
    assert found.ok
    assert found.earlier[0].ground == "litigation_ended"


# --- same person


@pytest.mark.parametrize(
    ("people", "named", "same"),
    [
        (someone(phone="", id_number="110105491231002"), False, True),
        (someone(id_number=""), False, True),
        (someone(phone="", id_number=""), False, False),
        (someone(phone="", id_number=""), True, True),
        (someone(phone="", id_number="53010219200508011X"), True, False),
        (someone(name="李大山", phone="", id_number=""), True, False),
        (someone(name="李大山", phone="19900001234", id_number=""), True, False),
        ((), True, True),
    ],
)
def test_who_is_the_same_person(
    register: Register, pu: Desk, people: tuple[PersonDraft, ...], named: bool, same: bool
) -> None:
    """Domain reference 10.4: one identity in common; a name alone only when the officer names the matter."""
    first = enter(pu, "2025-06-02")
    end(register, first)
    again = enter(pu, people=people)
    found = pu.exhausted(again, first if named else None)
    assert found.ok == same
    if found.earlier:
        assert findings(found.earlier[0])["same_person"] == same


def test_an_agent_is_not_the_person(register: Register, pu: Desk) -> None:
    first = enter(pu, "2025-06-02")
    end(register, first)
    again = enter(pu, people=(PersonDraft(name="李大山", main=True), *someone(role="agent", main=False)))
    assert not pu.exhausted(again).ok


def test_entries_that_were_joined_and_matters_that_were_joined_are_the_same(register: Register, pu: Desk) -> None:
    first = enter(pu, "2025-06-02")
    end(register, first)
    again = enter(pu, people=someone(name="王晓明", phone="", id_number=""))
    assert not pu.exhausted(again, first).ok
    ids = [register.row("SELECT id FROM person WHERE matter=?", (matter,))[0] for matter in (again, first)]  # type: ignore[index]
    with register.act("join_person", by=register.person, at=at("2026-03-02"), matter=again) as act:
        act.insert("same_person", {"matter": again, "person": ids[0], "same_as": ids[1], "ground": "户口簿"})
    assert pu.exhausted(again).ok
    other = enter(pu, people=someone(name="赵一", phone="", id_number=""))
    with register.act("join_matter", by=register.person, at=at("2026-03-02"), matter=other) as act:
        act.set("matter", other, joined=first)
    assert pu.exhausted(other).ok


def test_anonymous_matters_are_one_by_the_accused(register: Register, pu: Desk) -> None:
    first = enter(pu, "2025-06-02", people=(), anonymous=True, purpose="", accused=(accused("甲某"),))
    end(register, first)
    same = enter(pu, people=(), anonymous=True, purpose="", accused=(accused("甲某"),))
    other = enter(pu, people=(), anonymous=True, purpose="", accused=(accused("乙某"),))
    assert pu.exhausted(same).ok
    assert not pu.exhausted(other).ok


def test_what_the_person_may_not_see_is_never_looked_at(
    register: Register, pu: Desk, desk_of: Callable[..., Desk]
) -> None:
    first = enter(pu, "2025-06-02", purpose="accusation", accused=(accused("城关派出所", kind="unit"),))
    end(register, first)
    again = enter(pu)
    assert pu.exhausted(again).ok
    for login in ("ho", "suo"):
        assert pu.exhausted(again).earlier
        assert exhausted.exhausted(register, again, person(register, login)).earlier == ()
    with pytest.raises(errors.InputError):
        exhausted.exhausted(register, again, person(register, "suo"), first)
    with pytest.raises(errors.NotAllowedError):
        exhausted.exhausted(register, again, person(register, "ho"), first)


# --- side by side


def test_new_sentences_and_new_requests_are_shown_and_decide_nothing(register: Register, pu: Desk) -> None:
    first = enter(pu, "2025-06-02")
    end(register, first)
    again = enter(
        pu,
        statement="二月十日自行车在家门口被盗，报案后没有消息。\n昨天我在旧货市场看见了这辆车！",
        claims=("要求书面答复是否立案", "要求扣下旧货市场的车"),
    )
    found = pu.exhausted(again)
    assert found.ok
    (earlier,) = found.earlier
    assert findings(earlier)["same_facts"] is False
    assert [(one.part, one.text) for one in earlier.comparison.new] == [
        ("text", "昨天我在旧货市场看见了这辆车"),
        ("claim", "要求扣下旧货市场的车"),
    ]
    assert "2 句" in earlier.findings[-1].reason.zh
    assert earlier.qualifies


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("您好。自行车被盗！没有消息；\n已经报案", ["自行车被盗", "没有消息", "已经报案"]),
        ("", []),
        ("。。。！", []),
    ],
)
def test_sentences_that_say_something(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


PIECES = st.lists(st.tuples(st.sampled_from(["text", "claim"]), st.text(min_size=1, max_size=30)), max_size=8)


@given(one=PIECES, other=PIECES)
def test_every_sentence_of_both_sides_is_shown_once(one: list[tuple[str, str]], other: list[tuple[str, str]]) -> None:
    found = side_by_side(one, other)
    assert [(each.part, each.text) for each in found.later] == one
    assert [(each.part, each.text) for each in found.earlier] == other
    for each in found.later:
        assert not each.match or each.match in [text for _, text in other]
    assert all(each.same for each in side_by_side(one, one).later)


# --- in hand above; window passed


def accepted(register: Register, matter: int, on: str) -> None:
    with register.act("accept", by=register.person, at=at("2026-03-02"), matter=matter) as act:
        for kind in ("noticed", "accepted"):
            act.insert("event", {"matter": matter, "kind": kind, "on_date": on})
        act.set("matter", matter, state="S4", accepted_on=on)


def test_in_hand_and_brought_above_is_a_ground_only_while_in_time(register: Register, pu: Desk) -> None:
    """REG-2022 Art. 19; SC-431 Art. 16. Accepted on 2026-02-02: sixty days end on Friday 2026-04-03."""
    first = enter(pu, "2026-01-26")
    accepted(register, first, "2026-02-02")
    direct = enter(pu)
    (own,) = exhausted.too_early_above(register, direct, pu.person, date(2026, 3, 2))
    assert not own.ok
    assert "并入原事项" in own.reason.zh
    above = enter(pu, source="city_police", transferred_on=date(2026, 3, 2))
    found = exhausted.too_early_above(register, above, pu.person, date(2026, 4, 3))
    assert [one.ok for one in found].count(True) == 1
    assert next(one for one in found if one.ok).article.en == "REG-2022 Art. 19"
    late = exhausted.too_early_above(register, above, pu.person, date(2026, 4, 4))
    assert not any(one.ok for one in late)
    assert any("已过" in one.reason.zh for one in late)


def test_brought_above_without_an_earlier_matter_is_no_ground(register: Register, pu: Desk) -> None:
    above = enter(pu, source="city_police", transferred_on=date(2026, 3, 2))
    (found,) = exhausted.too_early_above(register, above, pu.person, date(2026, 3, 2))
    assert not found.ok
    older = enter(pu, "2016-03-01", source="city_police", transferred_on=date(2016, 3, 1), people=())
    assert exhausted.too_early_above(register, older, pu.person, date(2026, 3, 2))[0].article.en == "SC-431 Art. 16"


def test_a_window_that_passed_is_a_ground_in_two_places_only(register: Register, pu: Desk) -> None:
    """Beijing Art. 37, Shandong Art. 33. Served on 2025-09-01: thirty days end on 10-01, a holiday; last day 10-09."""
    plain = enter(pu)
    (nowhere,) = exhausted.window_passed(register, plain, pu.person, date(2026, 3, 2))
    assert not nowhere.ok
    assert "北京" in nowhere.reason.zh
    with register.act("set_setting", by=register.person, at=at("2026-03-02")) as act:
        put_setting(act, "rules.overlay", "LOCAL-shandong")
    first = enter(pu, "2025-07-01", people=someone(name="周一", phone="19900005678", id_number=""))
    again = enter(pu, people=someone(name="周一", phone="19900005678", id_number=""))
    (unserved,) = exhausted.window_passed(register, again, pu.person, date(2026, 3, 2))
    assert not unserved.ok
    accepted(register, first, "2025-07-10")
    with register.act("serve", by=register.person, at=at("2026-03-02"), matter=first) as act:
        for kind, on in (("opinion_issued", "2025-08-29"), ("sent", "2025-08-29"), ("served", "2025-09-01")):
            act.insert("event", {"matter": first, "kind": kind, "on_date": on})
    (passed,) = exhausted.window_passed(register, again, pu.person, date(2026, 3, 2))
    assert passed.ok
    assert passed.article.en == "Shandong Reg. Art. 33"
    assert "2025-10-09" in passed.reason.zh
    end(register, first)
    (asked,) = exhausted.window_passed(register, again, pu.person, date(2026, 3, 2))
    assert not asked.ok
