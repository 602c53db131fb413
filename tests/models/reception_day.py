"""A bureau on its reception day, for the tests of models/reception: leaders with posts, a planned day, visitors."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from models.desk import Desk
from models.reception.desk import Receptions
from models.reception.records import VisitLine
from models.records import PersonDraft
from models.register import Register
from tests.models.conftest import draft, person, unit

EVE, DAY = "2026-03-10", "2026-03-11"
"""A Tuesday, and the second Wednesday of March 2026."""
PLAN = {"begin": "09:00", "end": "11:30", "place": "信访接待大厅", "phone": "0000-0000110", "beside": "信访科、法制科"}
HEARD: dict[str, Any] = {
    "statement": "我的自行车丢了，报案一个月没人理我。",
    "answer_given": "向来访人说明了立案程序。",
    "decision": "由刑侦大队核查并书面答复。",
    "outcome": "assigned",
    "unit": "刑侦",
    "what": "核查是否应当立案，书面答复信访人。",
    "due_on": "2026-03-25",
    "present": "信访科信大明、法制科法小审",
    "read_back": True,
    "signed": True,
}
SETTLED = {**HEARD, "outcome": "answered", "unit": None, "what": None, "due_on": None}


class Reception:
    """A register with a reception of the chief planned for 2026-03-11; `turn` sets the local clock."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.now = _local(date(2026, 2, 20), "09:00")
        self.desk = Desk(register, now=lambda: self.now)
        with register.act("set_portfolio", by=register.person, at=self.now) as act:
            for login, post, charge in (("ch", "局长", "主持全面工作"), ("dl", "副局长", "分管刑侦、信访")):
                act.set("staff", self.id(login), post=post, portfolio=charge)
        self.day = self.of("pu").add_day(date.fromisoformat(DAY), self.id("ch"), **PLAN)
        self.people = 0

    def id(self, login: str) -> int:
        """Return a person's id."""
        return person(self.register, login).id

    def of(self, login: str) -> Receptions:
        """Return the reception days as somebody sees and changes them."""
        return Receptions(self.register, person(self.register, login), lambda: self.now)

    def desk_of(self, login: str) -> Desk:
        """Return somebody's desk."""
        desk = Desk(self.register, now=lambda: self.now)
        desk.person = person(self.register, login)
        return desk

    def turn(self, day: str, clock: str = "09:00") -> Reception:
        """Let it be a local time of a day."""
        self.now = _local(date.fromisoformat(day), clock)
        return self

    def matter(self, title: str = "关于自行车被盗的反映", **changed: Any) -> int:
        """Register a matter of a new petitioner today."""
        self.people += 1
        who = PersonDraft(
            name=f"来访{'甲乙丙丁戊己庚辛'[self.people - 1]}", phone=f"1990000{self.people:04d}", main=True
        )
        on = self.now.astimezone().date()
        values = {"title": title, "received_on": on, "people": (who,), **changed}
        return self.desk.register_item(draft(**values), at=self.now).matter

    def do(self, matter: int, act: str, by: str = "pu", **inputs: Any) -> Reception:
        """Take a step on a matter."""
        given = {name: value for name, value in inputs.items() if value is not None}
        if isinstance(given.get("unit"), str):
            given["unit"] = unit(self.register, given["unit"])
        self.desk_of(by).perform(matter, act, given)
        return self

    def receive(self, matter: int, by: str = "ch", **inputs: Any) -> Reception:
        """Call whoever is next and receive them."""
        return self.do(matter, "receive", by, **{**HEARD, **inputs})

    def hosts(self, matter: int) -> list[str]:
        """Return who receives on the days on which a matter stands."""
        found = self.register.rows("SELECT reception FROM reception_visit WHERE matter=?", (matter,))
        return [self.of("pu").day(day).host.name for (day,) in found]

    def visit(self, matter: int, by: str = "pu") -> VisitLine:
        """Return the last visit of a matter on the day."""
        return [line for line in self.of(by).docket(self.day).lines if line.matter == matter][-1]


def _local(on: date, clock: str) -> datetime:
    return datetime.combine(on, time.fromisoformat(clock)).astimezone().astimezone(UTC)
