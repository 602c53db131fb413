"""Lists: every matter in every order once and only once, filters and counts as a plain recount gives them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import errors, lists, policy
from models.desk import Desk
from models.records import Filters, MatterLine
from models.register import Register
from tests.models.conftest import NOW, Template, accused, draft, person, unit

TODAY = date(2026, 3, 2)
STATES = ("S1", "S2", "S5", "S13")
VIEWERS = ("guan", "pu", "reg", "ho", "suo", "keep")


@pytest.fixture(scope="module")
def many(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a register of 60 matters: some sealed, some closed, some late, some without handler, class or due date."""
    register = template.open(template.copy(tmp_path_factory.mktemp("many")))
    desk = Desk(register, now=lambda: NOW)
    handlers = [None, person(register, "ho").id, person(register, "suo").id]
    units = [unit(register, "信访"), unit(register, "刑侦")]
    for n in range(60):
        about = draft(
            title=f"题{n % 7}",
            channel=("visit", "letter", "call", "web")[n % 4],
            received_on=date(2026, 1 + n % 3, 1 + n % 2),
            purpose=("solution", "accusation", "suggestion", "")[n % 5 % 4],
            confidential=n % 11 == 0,
            accused=(accused("刑办案"),) if n % 6 == 0 else (),
            people=(),
        )
        matter = desk.register_item(about).matter
        with register.act("note", by=desk.person, at=NOW) as act:
            act.set("matter", matter, state=STATES[n % 4], unit=units[n % 2], handler=handlers[n % 3])
            if n % 4 == 3:
                act.insert("event", {"matter": matter, "kind": "noticed", "on_date": "2026-03-02"})
    yield register
    register.close()


filters = st.builds(
    Filters,
    states=st.sampled_from([(), ("S1",), ("S13",), ("S1", "S2"), ("S5", "S13"), ("S9",)]),
    categories=st.sampled_from([(), (), ("claim",), ("accusation", "claim")]),
    channels=st.sampled_from([(), (), ("visit",), ("visit", "web")]),
    unit=st.sampled_from([None, None, (1 << 32) + 1, (1 << 32) + 2]),
    handler=st.sampled_from([None, None, None, 1 << 32, (1 << 32) + 5]),
    received_from=st.sampled_from([None, date(2026, 2, 1), date(2026, 4, 1)]),
    received_to=st.sampled_from([None, date(2026, 1, 1), date(2026, 2, 2)]),
    late=st.booleans(),
    open_only=st.booleans(),
)


def expected(register: Register, login: str, wanted: Filters) -> dict[int, str]:
    """Return the matters and how they are seen, by plain Python over the rows."""
    staff = person(register, login)
    found = {}
    bars = set(register.rows("SELECT staff, matter FROM bar"))
    readers = set(register.rows("SELECT staff, matter FROM reader WHERE ended_on IS NULL"))
    for row in register.rows(
        "SELECT id, state, category, channel, unit, handler, received_on, due_on, sealed FROM matter"
    ):
        matter, state, category, channel, of_unit, handler, received, due, sealed = row
        sight = policy.sight(
            staff, sealed=bool(sealed), barred=(staff.id, matter) in bars, reader=(staff.id, matter) in readers
        )
        if sight is None:
            continue
        asks_content = wanted.categories or wanted.channels or wanted.handler is not None
        on = date.fromisoformat(received)
        keep = (
            (not wanted.states or state in wanted.states)
            and (not wanted.categories or category in wanted.categories)
            and (not wanted.channels or channel in wanted.channels)
            and (wanted.unit is None or of_unit == wanted.unit)
            and (wanted.handler is None or handler == wanted.handler)
            and (wanted.received_from is None or on >= wanted.received_from)
            and (wanted.received_to is None or on <= wanted.received_to)
            and (not wanted.late or (due is not None and due < TODAY.isoformat()))
            and (not wanted.open_only or state != "S13")
            and not (asks_content and sight == "outline")
        )
        if keep:
            found[matter] = sight
    return found


def key_of(order: str) -> Callable[[MatterLine], Any]:
    return {
        "received": lambda line: line.place,
        "number": lambda line: line.number,
        "title": lambda line: line.title,
        "who": lambda line: line.who,
        "state": lambda line: line.state,
        "category": lambda line: line.category,
        "channel": lambda line: line.channel,
        "unit": lambda line: line.unit,
        "handler": lambda line: line.handler,
        "due": lambda line: line.due_on,
    }[order]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=150)
@given(
    wanted=filters,
    login=st.sampled_from(VIEWERS),
    order=st.sampled_from(sorted(lists.ORDERS)),
    down=st.sampled_from([None, True, False]),
    limit=st.sampled_from([1, 7, 200]),
)
def test_pages_show_every_matter_once_in_order_and_nothing_else(
    many: Register, wanted: Filters, login: str, order: str, down: bool | None, limit: int
) -> None:
    staff = person(many, login)
    want = expected(many, login, wanted)
    lines: list[MatterLine] = []
    after: Any = None
    for _ in range(100):
        page = lists.page(many, staff, wanted, after=after, limit=limit, order=order, descending=down, today=TODAY)
        assert len(page.lines) <= limit
        lines += page.lines
        after = page.after
        if after is None:
            break
    assert {line.id: line.sight for line in lines} == want
    assert len(lines) == len(want)
    assert lists.count(many, staff, wanted, TODAY) == len(want)
    if order in ("unit", "handler"):  # ordered by their ids; names are what a line shows
        return
    content = order in ("title", "who", "category", "channel")
    ahead = [line for line in lines if not (content and line.sight == "outline") and key_of(order)(line) not in (None,)]
    ahead = [line for line in ahead if not (order == "category" and line.category == "")]
    assert lines[: len(ahead)] == ahead, "what has no value for the order comes last"
    keys = [(key_of(order)(line), line.place) for line in ahead]
    downwards = lists.ORDERS[order][1] if down is None else down
    assert keys == sorted(keys, reverse=downwards)
    behind = [line.place for line in lines[len(ahead) :]]
    assert behind == sorted(behind, reverse=True)


@pytest.mark.parametrize("login", VIEWERS)
def test_today_counts_what_its_lines_would_show(many: Register, login: str) -> None:
    staff = person(many, login)
    desk = Desk(many, now=lambda: NOW)
    desk.person = staff
    today = desk.today(TODAY, lines=1000)
    known = expected(many, login, Filters())
    duties = [(matter, last) for matter, last in many.rows("SELECT matter, last_on FROM duty") if matter in known]
    assert sum(group.total for group in today.groups) == len(duties)
    for group in today.groups:
        assert group.total == len(group.lines)
        for line in group.lines:
            assert line.last_on is not None
            days = (line.last_on - TODAY).days
            assert line.days_left == days
            assert group.name == ("late" if days < 0 else "today" if not days else "week" if days <= 7 else "later")
            assert (line.title != "") == (known[line.matter] == "full")
        assert [line.last_on for line in group.lines] == sorted(line.last_on for line in group.lines if line.last_on)
    states = dict(many.rows("SELECT id, state FROM matter"))
    assert today.open_matters == sum(states[matter] != "S13" for matter in known)
    assert today.unscreened == sum(states[matter] == "S1" for matter in known)


def test_an_order_that_does_not_exist_is_named(desk: Desk) -> None:
    with pytest.raises(errors.InputError) as refused:
        desk.page(Filters(), order="risk")
    assert refused.value.field == "order"
    assert "received" in refused.value.message.zh


def test_lines_at_places_keep_the_order_asked_and_leave_out_what_is_barred(many: Register) -> None:
    places = [row[0] for row in many.rows("SELECT place FROM matter ORDER BY number LIMIT 20")]
    ho = person(many, "ho")
    lines = lists.lines_at(many, ho, [*places[::-1], -1])
    known = expected(many, "ho", Filters())
    assert [line.place for line in lines] == [
        place
        for place in places[::-1]
        if many.row("SELECT id FROM matter WHERE place=?", (place,))[0] in known  # type: ignore[index]
    ]
    assert lists.lines_at(many, ho, []) == ()
