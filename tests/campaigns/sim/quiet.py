"""Quiet: all faults end, every workstation does its rounds until nothing moves, and then everything must agree.

What is looked at each time, county by county: the outboxes are empty; every register holds what the hub holds, entry
for entry, and all that may not be lost; the digests are one; the conflicts are one; the hub knows of no gap and neither
side keeps anything in quarantine; no number was given twice. At the end of a world also: the rows of every register and
of the hub are those that follow from the entries (`truth.tell`), and `verify` of a register and of the hub finds
nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app import services
from models import attachments, errors
from models.verify import verify
from sync import outbox
from sync.hub import checks, storage
from sync.round import SyncReport
from tests.campaigns.sim import truth
from tests.campaigns.sim.ground import County
from tests.campaigns.sim.rounds import by_hand, by_line, repaired
from tests.campaigns.sim.station import Desk

if TYPE_CHECKING:
    from tests.campaigns.sim.world import World

ROUNDS = 8
"""Rounds of every workstation within which all must have come to rest."""


def mend(world: World, desk: Desk, report: SyncReport) -> None:
    """Do what a keeper does when a round stops and asks."""
    if report.trouble_code == "hub_behind":
        world.tell(f"  {desk.name} sends again")
        services.send_again(desk.register)
    elif report.trouble_code == "elsewhere":
        world.tell(f"  {desk.name} gets by stick what a sibling has")
        world.figures["got back from a sibling"] += 1
        by_hand(world, desk)
    elif report.trouble_code == "fork" or any(one.code == "fork_of" for one in report.down.refused):
        world.tell(f"  {desk.name} is repaired")
        world.figures["repairs"] += 1
        repaired(world, desk)


def rest(world: World) -> None:
    """Let all come to rest, and look."""
    world.figures["quiet"] += 1
    world.city.delayed.clear()
    for _ in range(ROUNDS):
        before, reports = _state(world), {}
        for desk in world.desks:
            reports[desk.name], _ = by_line(world, desk, "", 0)
            world.after(desk, reports[desk.name], "quiet")
        if _state(world) == before:
            break
    else:
        raise AssertionError(f"no rest after {ROUNDS} rounds of all")
    world.open_disaster = world.city.restored = False
    for county in world.ground.counties:
        _look(world, county, reports)


def _state(world: World) -> list[object]:
    hub = world.city.hub
    return [
        *(truth.desk_heads(desk) for desk in world.desks),
        *(truth.hub_heads(hub, county.code) for county in world.ground.counties),
        *(desk.port.run(outbox.enrolled_hub).receipted for desk in world.desks),
        *(desk.register.must_fetch for desk in world.desks),
    ]


def _look(world: World, county: County, reports: dict[str, SyncReport]) -> None:
    hub = world.city.hub
    desks = [desk for desk in world.desks if desk.county is county]
    told, heads = world.truths[county.code], truth.hub_heads(hub, county.code)
    digests = {name: value for name, value in hub.digests(county.code).items() if value[0]}
    conflicts = truth.hub_conflicts(hub, county.code)
    for desk in desks:
        report, who = reports[desk.name], f"{desk.name}: "
        assert report.trouble is None, f"{who}{report.trouble_code} {report.trouble}"
        assert (report.unsent, report.handed) == (0, 0), f"{who}{report.unsent} unsent, {report.handed} on the way"
        assert desk.connection.execute("SELECT count(*) FROM sync_batch").fetchone() == (0,), f"{who}batches are left"
        _same(f"{who}entries", truth.desk_heads(desk), heads)
        _same(f"{who}digests", truth.digests_of(desk), digests)
        _same(f"{who}conflicts", truth.desk_conflicts(desk), conflicts)
        left = desk.connection.execute("SELECT device, seq, code, en FROM quarantine").fetchall()
        assert not left, f"{who}quarantine {left[:3]}"
        _numbers(desk)
    _files(desks)
    _forked(told, desks)
    for device, known in told.must.items():
        if known:
            seq, _ = heads.get(device, (0, b""))
            assert seq >= len(known), f"{county.code}: {seq} entries of {device} are held, {len(known)} were written"
            found = (
                desks[0]
                .connection.execute("SELECT hash FROM entry WHERE device=? AND seq=?", (device, len(known)))
                .fetchone()
            )
            assert found == (known[-1],), f"{county.code}: entry {len(known)} of {device} is another one"
    _kept_at_hub(world, county)


def _kept_at_hub(world: World, county: County) -> None:
    """Look that nothing is in quarantine at the hub, and that no batch waits there which something can still join.

    One may wait, with its gap named, for entries that were lost with a disk before they got anywhere.
    """
    hub, told = world.city.hub, world.truths[county.code]
    with hub.reading() as connection:
        q, b = storage.quarantine, storage.batch
        count = connection.execute(sa.select(sa.func.count()).select_from(q).where(q.c.county == county.code)).scalar()
        assert count == 0, f"{county.code}: {count} in quarantine at the hub"
        mine = (b.c.county == county.code, b.c.state == "waiting")
        waiting = connection.execute(sa.select(b.c.device, b.c.first).where(*mine)).all()
    for device, first in waiting:
        where, position = f"{county.code}/{device}", hub.position(county.code, device)
        assert first <= told.lost[device], f"{where}: a batch waits from {first} on, and nothing was lost there"
        assert position.have + 1 < first, f"{where}: a batch waits from {first} on, and {position.have} are held"
        assert any(last < first for _, last in position.missing), f"{where}: the gap before {first} is not named"
        world.figures["batches that wait for what a disk took"] += 1


def _files(desks: list[Desk]) -> None:
    """Look that a file which any workstation has is whole at each of them."""
    here = {desk.name: {name for (name,) in desk.connection.execute(_HERE)} for desk in desks}
    for desk in desks:
        missing = set().union(*here.values()) - here[desk.name]
        assert not missing, f"{desk.name}: {len(missing)} files are missing: {sorted(missing)[:2]}"
    for (name,) in desks[-1].connection.execute(_HERE).fetchall():
        attachments.load(desks[-1].register, name)


_HERE = "SELECT DISTINCT a.sha256 FROM attachment a JOIN chunk c ON c.sha256=a.sha256 AND c.n=0"


def _forked(told: truth.Truth, desks: list[Desk]) -> None:
    """Look that every entry which a repair set aside is kept."""
    for desk in desks:
        kept = set(desk.connection.execute("SELECT seq, hash FROM sync_forked WHERE device=?", (desk.device,)))
        lost = set(told.forked[desk.device]) - kept
        assert not lost, f"{desk.name}: {len(lost)} entries that were entered apart are not kept: {sorted(lost)[:2]}"


def _numbers(desk: Desk) -> None:
    """Look that no number was given twice."""
    for table, columns in (("matter", "number"), ("item", "number"), ("number", "series, year, serial")):
        twice = desk.connection.execute(
            f"SELECT {columns}, count(*) FROM {table} GROUP BY {columns} HAVING count(*)>1"
        ).fetchall()
        assert not twice, f"{desk.name}: numbers of {table} given twice: {twice[:3]}"


def _same(what: str, here: object, there: object) -> None:
    if here == there:
        return
    if isinstance(here, dict) and isinstance(there, dict):
        names = [name for name in {**here, **there} if here.get(name) != there.get(name)]
        lines = "; ".join(f"{name}: {here.get(name)} / {there.get(name)}" for name in names[:4])
        raise AssertionError(f"{what} differ in {len(names)}: {lines}"[:1500])
    raise AssertionError(f"{what}: {here} / {there}"[:1500])


def look_closely(world: World, *, whole: bool) -> None:
    """Compare all rows with what follows from the entries; where the `whole` is asked for, verify register and hub."""
    for county in world.ground.counties:
        desks = [desk for desk in world.desks if desk.county is county]
        told = truth.tell(truth.desk_entries(desks[0]))
        world.figures["values"] += told.values
        for desk in desks:
            _same(f"{desk.name}: rows", truth.desk_rows(desk), told.rows)
        _same(f"{county.code}: rows at the hub", truth.hub_rows(world.city.hub, county.code), told.rows)
        conflicts = {(t, row, c, other) for t, row, c, _, other in truth.desk_conflicts(desks[0])}
        assert conflicts == told.unseen, (
            f"{county.code}: {len(conflicts - told.unseen)} conflicts that are none, "
            f"{len(told.unseen - conflicts)} values that are nowhere: {sorted(told.unseen ^ conflicts)[:3]}"
        )
        world.figures["conflicts"] += len(conflicts)
    if not whole:
        return
    desk = world.dice.choice(world.desks)
    try:
        wrong = [f"{check.name}: {check.finding.en}" for check in verify(desk.register) if not check.holds]
    except errors.RegisterError as error:
        wrong = [error.message.en]
    assert not wrong, f"{desk.name}: verify: {wrong}"
    faults = checks.verify(world.city.hub).faults
    assert not faults, f"hub: verify: {faults[:3]}"
