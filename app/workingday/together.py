"""Working together: a second workstation joins by stick, both write apart, a conflict is settled, the city assigns."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from app import services
from app.workingday.day import Day
from models.desk import Desk
from models.practice.folk import COUNTY_CODE
from models.records import ItemDraft, PersonDraft, Registered
from models.register import Register
from sync import newcomer
from sync.hub import orders, papers, registry, sticks
from sync.hub.hub import Hub
from sync.invitation import read_invitation

LAPTOP = 2
TITLES = ("反映路灯长期不亮", "反映东街路灯损坏无人修")


def together(day: Day) -> None:
    """Let a laptop join, work apart from it, and meet again on one stick that goes to the city too."""
    for old in day.folder.glob("laptop.register*"):
        old.unlink()
    stick = day.folder / "stick-together"
    shutil.rmtree(stick, ignore_errors=True)
    _join(day, stick)
    matter = _apart(day, stick)
    _settle(day, stick, matter)
    _assigned(day, stick)
    day.say(
        "第二台工作站经 U 盘加入，冲突已裁定，市局交办已接收",
        "A second workstation joined by stick; a conflict was settled; the city's assignment was taken in",
    )


@contextmanager
def _laptop(day: Day, login: str = "xinfang") -> Iterator[Desk]:
    desk = services.open_desk(day.folder / "laptop.register", login, day.passphrase)
    try:
        yield desk
    finally:
        desk.close()


def _join(day: Day, stick: Path) -> None:
    invitation = day.folder / "laptop.invitation"
    invitation.unlink(missing_ok=True)
    with day.at_desk("guanli") as desk:
        services.invite(desk.register, LAPTOP, "下访便携机", invitation)
        services.sync_by_folder(desk.register, stick)
        entries = desk.register.seq
    with Hub.open(day.folder / "hub") as hub:
        offer = registry.offer(hub, COUNTY_CODE)
    state = newcomer.join(
        read_invitation(invitation.read_bytes()),
        day.folder / "laptop.register",
        login="xinfang",
        passphrase=day.passphrase,
        now=lambda: datetime.now(UTC),
        folder=stick,
        offer=offer,
    )
    invitation.unlink()
    day.check("second_workstation_joins_by_stick", state.done and state.came >= entries and not state.refused)


def _meet(day: Day, stick: Path) -> None:
    """Carry the stick between the two until both have written and read."""
    for _ in range(2):
        with day.at_desk("guanli") as desk:
            services.sync_by_folder(desk.register, stick)
        with _laptop(day, "guanli") as desk:
            services.sync_by_folder(desk.register, stick)
    with day.at_desk("guanli") as desk:
        services.sync_by_folder(desk.register, stick)


def _apart(day: Day, stick: Path) -> int:
    """Register at both, and let both name the same matter without knowing of each other; returns the matter."""
    made = []
    with day.at_desk("xinfang") as desk:
        matter = _visit(desk, "东街路灯问题").matter
    _meet(day, stick)
    with day.at_desk("xinfang") as desk:
        _rename(desk, matter, TITLES[0], "听取陈述后更正标题")
        made.append(_visit(desk, "窗口登记的一件").item_number)
    with _laptop(day) as desk:
        _rename(desk, matter, TITLES[1], "下访时当面核对后更正")
        made.append(_visit(desk, "下访登记的一件").item_number)
    _meet(day, stick)
    with day.at_desk("xinfang") as here, _laptop(day) as there:
        day.check("numbers_given_apart_differ", made[0] != made[1])
        day.check("both_have_both_items", all(_has(desk.register, number) for desk in (here, there) for number in made))
        found = [desk.conflicts.open_ones() for desk in (here, there)]
        day.check("conflict_is_found_at_both", [page.total for page in found] == [1, 1])
        line = found[0].lines[0]
        values = {line.kept.value, line.other.value}
        day.check("both_values_are_kept", values == set(TITLES))
    return matter


def _settle(day: Day, stick: Path, matter: int) -> None:
    with day.at_desk("xinfang") as desk:
        line = desk.conflicts.open_ones().lines[0]
        desk.conflicts.settle(
            line.key, "kept" if line.kept.value == TITLES[1] else "other", reason="以下访当面核对的为准"
        )
    _meet(day, stick)
    with day.at_desk("xinfang") as here, _laptop(day) as there:
        titles = [(desk.register.record("matter", matter) or {})["title"] for desk in (here, there)]
        day.check("conflict_is_settled_everywhere", titles == [TITLES[1]] * 2)
        day.check("no_conflict_is_left", here.conflicts.count() == 0 and there.conflicts.count() == 0)


def _assigned(day: Day, stick: Path) -> None:
    """Let the city assign an item by the stick, take it in, and let the city see it."""
    hub_folder = day.folder / "hub"
    today = datetime.now().astimezone().date()
    facts = {
        "channel": "letter",
        "received_on": (today - timedelta(days=5)).isoformat(),
        "purpose": "solution",
        "statement": "反映夜间施工扰民，报警后没有处理结果。",
        "claims": ["书面告知处理结果"],
        "people": [{"name": "孔向东", "main": True, "phone": "13900020002"}],
    }
    with Hub.open(hub_folder) as hub:
        sticks.read_folder(hub, stick)
        heading = papers.Heading(number="示市公信交〔2026〕1号", limit_on=_later(today), signed_by="市局信访处")
        sent = papers.assign(hub, COUNTY_CODE, facts, heading, by="demo")
        sticks.write_folder(hub, stick)
    with day.at_desk("guanli") as desk:
        services.receipts_from(desk.register, stick)
    with day.at_desk("xinfang") as desk:
        waiting = desk.city.inbox()
        day.check("assignment_waits_in_the_inbox", sent.paper in [line.id for line in waiting.lines])
        taken = desk.city.take(sent.paper)
        day.check("assignment_is_registered", taken.registered is not None)
    with day.at_desk("guanli") as desk:
        services.sync_by_folder(desk.register, stick)
    with Hub.open(hub_folder) as hub:
        sticks.read_folder(hub, stick)
        day.check("city_sees_it_taken_in", orders.paper(hub, COUNTY_CODE, sent.paper).line.state == "taken")
        sticks.write_folder(hub, stick)
    with day.at_desk("guanli") as desk:
        report = services.receipts_from(desk.register, stick)
        day.check("all_receipted_after_it", report.trouble is None and desk.sync_state().unsent == 0)


def _later(today: date) -> date:
    return today + timedelta(days=30)


def _rename(desk: Desk, matter: int, title: str, reason: str) -> None:
    desk.perform(matter, "amend", {"row": "matter", "column": "title", "value": title, "reason": reason})


def _visit(desk: Desk, title: str) -> Registered:
    return desk.register_item(
        ItemDraft(
            received_on=desk.on,
            title=title,
            statement=f"{title}，请求处理。",
            claims=("请求处理",),
            people=(PersonDraft(name="孔向东", phone="13900020002", main=True),),
            purpose="solution",
        )
    )


def _has(register: Register, number: str) -> bool:
    return register.row("SELECT 1 FROM item WHERE number=?", (number,)) is not None
