"""A register with a chief, a deputy and a rule of reception, and a clock that stands on a working day to come.

The window's own clock is the computer's; a reception is held on a working day, and the tests run on any day. The desk
takes its instants from `Clock`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from models.desk import Desk
from models.records import ItemDraft, PersonDraft
from models.register import Register
from tests.ui import staging
from ui.parts.fields import Choice
from ui.screens.reception.record import RecordForm
from ui.screens.reception.rules import RuleSheet

LEADERS = (("liu", "刘正", '["CH"]', "局长"), ("gao", "高远", '["DL"]', "副局长"))
PHONE, PLACE = "0339-5550102", "信访接待室"
GROUP = "反映小区加装充电桩未公示"
REPEAT = "请求出具户口迁移证明"
THIRD = "请求返还暂扣物品"


@dataclass
class Clock:
    """The instant of the desk; the test moves it."""

    at: datetime

    def __call__(self) -> datetime:
        """Return the instant."""
        return self.at

    def to(self, on: date, hour: int, minute: int = 0) -> None:
        """Go to a local time of a day."""
        self.at = datetime.combine(on, time(hour, minute)).astimezone().astimezone(UTC)


@dataclass
class Reception:
    """What was staged: the day of the reception, the clock, people and matters by title."""

    on: date
    clock: Clock
    people: dict[str, int]
    units: dict[str, int]
    matters: dict[str, int]

    def opener(self, path: Path, login: str, passphrase: str) -> Desk:
        """Open a register as the window's service does, under this clock."""
        return Desk(Register.open(path, login, passphrase), now=self.clock)


def prepare(path: Path, today: date) -> Reception:
    """Add leaders, their posts and a group's matter to a staged register; the clock stands on the evening before."""
    register = Register.open(path, staging.LOGIN, staging.PASSPHRASE)
    try:
        calendar = register.calendar
        before = date.fromordinal(calendar.next_working(today.toordinal() + 1))
        on = date.fromordinal(calendar.next_working(before.toordinal() + 1))
        clock = Clock(datetime.now(UTC))
        clock.to(before, 17)
        desk = Desk(register, now=clock)
        with register.act("add_staff", by=desk.person, at=clock()) as act:
            for login, name, roles, post in LEADERS:
                act.insert("staff", {"login": login, "name": name, "roles": roles, "post": post})
        people = {one.login: one.id for one in register.staff().values()}
        desk.register_item(_group(before))
        units = {name: number for number, name in register.units().items()}
        matters = {row["title"]: row["id"] for row in register.records("matter", "1 ORDER BY id")}
    finally:
        register.close()
    return Reception(on, clock, people, units, matters)


def _group(on: date) -> ItemDraft:
    return ItemDraft(
        channel="letter",
        received_on=on - timedelta(days=1),
        title=GROUP,
        statement="小区加装充电桩，物业和派出所都没有公示安全评估，居民多次询问没有答复。",
        claims=("公开安全评估", "书面答复"),
        people=(PersonDraft(name="苏明", phone="13900010021", main=True, address="云溪县城东街道柳岸路 20 号"),),
        purpose="solution",
    )


def book(desk: Any, reception: Reception) -> None:
    """Book the group and the matter that has come before."""
    for title, slot in ((GROUP, "09:00"), (REPEAT, "09:30")):
        given = {"reception_on": reception.on.isoformat(), "slot": slot}
        desk.perform(reception.matters[title], "book_reception", given)


def arrive(desk: Any, reception: Reception, title: str) -> None:
    """Give a number to a matter whose petitioner has come without an appointment."""
    desk.perform(reception.matters[title], "arrive", {"on": reception.on.isoformat()})


def leave(desk: Any, reception: Reception, title: str) -> None:
    """Say that somebody left unreceived."""
    desk.perform(
        reception.matters[title], "leave_reception", {"on": reception.on.isoformat(), "reason": "身体不适，改日再来"}
    )


def fill_rule(sheet: RuleSheet, reception: Reception) -> None:
    """Fill in a rule that gives the day of the reception."""
    values = {"leader": reception.people["liu"], "every": "month", "way": "day", "day": reception.on.day}
    for name, value in values.items():
        field = sheet.fields[name]
        assert isinstance(field, Choice)
        field.set_value(value)
    for name, words in (("place", PLACE), ("phone", PHONE), ("beside", "法制大队、城东派出所负责人")):
        sheet.fields[name].setText(words)  # type: ignore[attr-defined]  # the two text fields


def fill_record(form: RecordForm, reception: Reception) -> None:
    """Fill in what is said and decided, with two instructions."""
    form.texts["statement"].setText("我们八户反映充电桩离楼太近，没有看到安全评估，问了三次没人答复。")
    form.texts["answer_given"].setText("当场说明公示的规定，承诺查明并书面答复。")
    form.texts["decision"].setText("由责任单位查明并公开安全评估，书面答复。")
    assert form.outcome is not None
    form.outcome.set_value("assigned")
    for unit, ahead, what in (("城东派出所", 10, "查明安全评估并在小区公示"), ("法制大队", 15, "审核公示内容")):
        if form.rows[-1].value:
            form.add_row()
        last = form.rows[-1]
        last.unit.set_value(reception.units[unit])
        last.due_on.set_day(reception.on + timedelta(days=ahead))
        last.what.setText(what)


def plan(desk: Any, reception: Reception) -> int:
    """Plan the day by hand; returns its id."""
    more = {"begin": "09:00", "end": "11:30", "place": PLACE, "phone": PHONE, "beside": "法制大队"}
    day: int = desk.reception.add_day(reception.on, reception.people["liu"], **more)
    return day
