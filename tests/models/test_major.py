"""Major and urgent matters: who knew when, who was told when; late stays late, and nothing is taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from models import clocks, errors, major_log, matters
from models.desk import Desk, put_setting
from models.register import Register
from tests.models.conftest import NOW, at, draft, person

KNOWN: dict[str, Any] = {
    "what": "多人在大门口聚集反映工资",
    "place": "县政府门前",
    "people": 40,
    "claim": "支付工资",
    "source": "接访",
}


class Case:
    def __init__(self, register: Register, received: str = "2026-03-02", **changed: Any) -> None:
        self.register = register
        self.now = at(received, 1)
        self.desk = Desk(register, now=lambda: self.now)
        values = {"received_on": date.fromisoformat(received), "received_at": "08:30", **changed}
        self.matter = self.desk.register_item(draft(**values)).matter

    def do(self, act: str, moment: datetime | None = None, **inputs: Any) -> None:
        self.now = moment or self.now
        self.desk.perform(self.matter, act, inputs)

    def refused(self, kind: type[errors.RegisterError], act: str, **inputs: Any) -> errors.RegisterError:
        """Assert that the act is refused in one sentence with its article, and that nothing was written."""
        before = (self.register.seq, self.register.rows("SELECT * FROM major_log"), self.events())
        with pytest.raises(kind) as found:
            self.do(act, **inputs)
        assert (self.register.seq, self.register.rows("SELECT * FROM major_log"), self.events()) == before
        assert found.value.message.zh.endswith("。")
        assert found.value.message.zh.count("。") == 1
        assert found.value.message.en.endswith(".")
        return found.value

    def events(self) -> list[tuple[Any, ...]]:
        return self.register.rows("SELECT kind, on_date FROM event WHERE matter=? ORDER BY id", (self.matter,))

    def clock(self) -> clocks.ClockState:
        row = self.register.record("matter", self.matter)
        assert row
        states = matters.clock_states(self.register, self.matter, row, self.now.date())
        return next(state for state in states if state.clock == "C9")

    def log(self) -> major_log.MajorLog:
        return major_log.major_log(self.register, self.matter, self.desk.person)


def report(organ: str, time: str, **more: Any) -> dict[str, Any]:
    return {"organ": organ, "time": time, "to_whom": "总值班室", "how": "call", "what": "聚集情况", **more}


@pytest.fixture
def case(register: Register) -> Callable[..., Case]:
    return lambda *given, **changed: Case(register, *given, **changed)


def test_the_duty_ends_when_party_committee_and_government_were_told(case: Callable[..., Case]) -> None:
    """REG-2022 Art. 25; the competent departments and the joint meeting's office are shown as not told yet."""
    one = case()
    one.do("mark_major", time="08:40", **KNOWN)
    assert one.register.record("matter", one.matter)["major"] == 1  # type: ignore[index]  # the row is there
    assert one.clock().status == "open"
    one.do("report_major", **report("government", "08:50"))
    assert one.clock().status == "open"
    one.do("report_major", **report("higher", "08:52"))
    assert one.clock().status == "open"
    one.do("measure_major", time="08:53", what="派员到场听取诉求")
    one.do("report_major", **report("party", "08:55", how="writing"))
    assert one.clock().status == "met"
    (letter,) = [line for line in one.desk.matter(one.matter).documents if line.kind == "major_report"]
    assert one.log().lines[-1].document == letter.id
    row = one.register.record("document", letter.id)
    assert row
    for words in ("派员到场听取诉求", "县政府门前", "支付工资", "08:40"):
        assert words in row["facts"]
    log = one.log()
    assert [(line.kind, line.at) for line in log.lines] == [
        ("known", "2026-03-02 08:40"),
        ("reported", "2026-03-02 08:50"),
        ("reported", "2026-03-02 08:52"),
        ("measure", "2026-03-02 08:53"),
        ("reported", "2026-03-02 08:55"),
    ]
    assert log.lines[0].people == 40
    assert log.lines[1].organ == "government"
    assert log.missing == ()
    assert log.missing_beside == ("department", "joint_office")
    assert (log.minutes, log.late, log.warning) == (15, False, None)


def test_under_the_regulation_of_2005_government_and_higher_organ_are_told(case: Callable[..., Case]) -> None:
    """SC-431 Art. 26."""
    one = case("2015-03-02")
    one.do("mark_major", time="08:40", **KNOWN)
    one.do("report_major", **report("party", "08:50"))
    one.do("report_major", **report("government", "08:50"))
    assert one.clock().status == "open"
    assert one.log().missing == ("higher",)
    one.do("report_major", **report("higher", "08:59"))
    assert one.clock().status == "met"
    assert one.log().missing_beside == ()


def test_a_late_report_stays_late(case: Callable[..., Case]) -> None:
    one = case()
    one.do("mark_major", time="08:40", **KNOWN)
    assert one.log().late is False
    one.do("report_major", at("2026-03-03", 2), **report("government", "09:00"))
    one.do("report_major", **report("party", "09:10"))
    assert one.clock().status == "met_late"
    assert one.log().late is True
    assert one.log().minutes == 24 * 60 + 30


def test_the_day_of_the_report_is_that_of_the_last_organ_told(case: Callable[..., Case]) -> None:
    """What is entered later does not move it: the party committee was told on the day itself."""
    one = case()
    one.do("mark_major", time="08:40", **KNOWN)
    one.do("report_major", at("2026-03-04", 2), on="2026-03-03", **report("government", "09:00"))
    one.do("report_major", on="2026-03-02", **report("party", "10:00"))
    assert ("major_reported", "2026-03-03") in one.events()


def test_known_a_second_time_it_is_reported_a_second_time(case: Callable[..., Case]) -> None:
    one = case()
    one.do("mark_major", time="08:40", **KNOWN)
    for organ in ("party", "government"):
        one.do("report_major", **report(organ, "08:50"))
    one.do("mark_major", at("2026-03-05", 3), time="10:00", **KNOWN)
    assert one.log().missing == ("party", "government")
    one.do("report_major", **report("party", "10:30"))
    one.do("report_major", **report("government", "10:40"))
    assert [event for event in one.events() if event[0] == "major_reported"] == [
        ("major_reported", "2026-03-02"),
        ("major_reported", "2026-03-05"),
    ]


def test_refusals(case: Callable[..., Case]) -> None:
    one = case()
    one.do("screen", category="claim", exit="6")
    for act in ("report_major", "measure_major"):
        values = report("party", "08:50") if act == "report_major" else {"time": "08:50", "what": "甲"}
        error = one.refused(errors.RuleError, act, **values)
        assert "第二十五条" in error.message.zh
        assert "Art. 25" in error.message.en
    one.refused(errors.InputError, "mark_major", time="08:20", **KNOWN)  # before the item was received at 08:30
    one.refused(errors.InputError, "mark_major", time="09:30", **KNOWN)  # it is 09:00
    one.refused(errors.InputError, "mark_major", time="25:00", **KNOWN)
    one.refused(errors.InputError, "mark_major", time="08:40", **{**KNOWN, "people": -1})
    one.do("mark_major", time="08:40", **KNOWN)
    error = one.refused(errors.InputError, "report_major", **report("party", "08:39"))
    assert "08:40" in error.message.zh
    one.refused(errors.InputError, "report_major", **report("party", "09:30"))
    one.refused(errors.InputError, "measure_major", time="08:10", what="甲")
    one.desk.person = person(one.register, "ho")
    with pytest.raises(errors.NotAllowedError):
        one.do("report_major", **report("party", "08:50"))


def test_the_bureau_may_set_hours_and_is_warned(case: Callable[..., Case]) -> None:
    one = case()
    with one.register.act("set_setting", by=one.desk.person, at=NOW) as act:
        put_setting(act, "major.hours", 2)
    one.do("mark_major", time="08:40", **KNOWN)
    one.do("report_major", at("2026-03-02", 3), **report("party", "10:41"))
    one.do("report_major", **report("government", "10:00"))
    warning = one.log().warning
    assert warning is not None
    assert "2" in warning.zh
    assert "121" in warning.zh
    assert one.clock().status == "met"  # the local limit is shown and decides nothing


def test_a_log_is_read_by_those_who_see_the_matter(case: Callable[..., Case]) -> None:
    one = case(purpose="accusation")
    one.do("mark_major", time="08:40", **KNOWN)
    with pytest.raises(errors.NotAllowedError):
        major_log.major_log(one.register, one.matter, person(one.register, "ho"))


def test_no_row_of_the_log_can_be_removed() -> None:
    from models.tables import BY_NAME

    assert "removed" not in BY_NAME["major_log"].names
