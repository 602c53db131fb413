"""What workstations do in the tests of working apart: small acts over the tables that arrive everywhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from hypothesis import strategies as st

from models.register import Register
from tests.models.conftest import NOW, TODAY
from tests.models.twins import pull

_serial = count(1)
DAYS = ("2026-03-01", "2026-03-02", "2026-03-09")
_VALUES: dict[str, tuple[Any, ...]] = {
    "title": ("路灯", "噪声", "拆迁款"),
    "state": ("S1", "S4", "S5"),
    "received_on": DAYS,
    "accepted_on": (*DAYS, None),
    "cause": ("久拖不决", None),
    "conclusion": ("支持", "不予支持", None),
}


def matter(register: Register, title: str, *, number: str = "", at: datetime = NOW) -> int:
    """Register a matter with its first item, person and event; numbers differ between all workstations."""
    serial = next(_serial)
    on = TODAY.isoformat()
    with register.act("register_item", by=register.person, at=at) as act:
        made = act.insert("matter", {
            "number": number or f"S2026〇{register.device}-{serial}", "title": title, "received_on": on,
            "rules": "REG-2022", "state": "S0", "unit": (1 << 32) + 1, "query_code": f"{register.device}{serial:07d}",
        })  # fmt: skip
        item = act.insert("item", {
            "matter": made, "number": f"J2026〇{register.device}-{serial}", "channel": "letter", "received_on": on,
            "registered_at": at.isoformat(), "registered_by": register.person.id,
        })  # fmt: skip
        act.insert(
            "person", {"matter": made, "item": item, "name": "张三", "role": "petitioner", "kind": "person", "main": 1}
        )
        act.insert("passage", {"matter": made, "item": item, "kind": "statement", "body": f"反映{title}的情况"})
        act.insert("event", {"matter": made, "item": item, "kind": "received", "on_date": on})
    return made


def seal(register: Register, which: int) -> None:
    """Seal a matter."""
    with register.act("seal", by=register.person, at=NOW, matter=which) as act:
        act.set("matter", which, sealed=1)


Step = tuple[int, str, int, int, int]
"""Who (0, 1), what, and three numbers that choose among what there is."""
STEPS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(["new", "set", "set", "set", "both", "event", "claim", "seal", "accuse", "pull", "pull"]),
        st.integers(0, 7),
        st.integers(0, 7),
        st.integers(0, 7),
    ),
    min_size=1,
    max_size=24,
)


def do(stations: list[Register], step: Step) -> None:
    """Do one step."""
    who, what, a, b, c = step
    register, other = stations[who], stations[1 - who]
    at = NOW + timedelta(minutes=next(_serial), days=(b - 3) * 365 if what == "both" and a == 7 else 0)
    if what == "pull":
        pull(register, other, other.device, a + 1 if b % 2 else None)
        return
    matters = [row[0] for row in register.rows("SELECT id FROM matter ORDER BY id")]
    if what == "new" or not matters:
        matter(register, _VALUES["title"][a % 3], at=at)
        return
    one = matters[a % len(matters)]
    columns = list(_VALUES)
    with register.act(what, by=register.person, at=at, matter=one) as act:
        if what in ("set", "both"):
            for column in {columns[b % 6], *((columns[c % 6],) if what == "both" else ())}:
                act.set("matter", one, **{column: _VALUES[column][(b + c) % len(_VALUES[column])]})
        elif what == "event":
            kind = ("screened", "accepted", "noticed")[b % 3]
            act.insert("event", {"matter": one, "kind": kind, "on_date": DAYS[c % 3]})
        elif what == "claim":
            act.insert("claim", {"matter": one, "place": b + 1, "request": "要求赔偿"})
        elif what == "seal":
            act.set("matter", one, sealed=c % 2)
        elif what == "accuse":
            staff = register.rows("SELECT id FROM staff ORDER BY id")[b][0]
            act.insert("accused", {"matter": one, "kind": "person", "staff": staff, "name": "某某"})
