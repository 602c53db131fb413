"""A year of figures over the real messages: desk, hub and a computation of its own agree, month by month.

What must come out is worked out here from the files themselves and from the State Council's days off, with nothing of
the program: each message is one item by the network; an answered one was answered, and its matter closed, on the day
of its reply; the notice of every message falls due after fifteen days (SC-431 Art. 22), rolled over days off.
"""

from __future__ import annotations

import calendar
import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from models.desk import Desk
from models.imports import run_import
from models.register import NewPerson, Register
from sync import joining
from sync.carriers.folder import FolderCarrier
from sync.hub import registry, sticks
from sync.hub.city import CityReport, city_report
from sync.hub.hub import Hub
from sync.hub.periods import Wanted
from sync.port import RegisterPort
from sync.round import run_once

COUNTY = "990101"
FILES = ("messages_hot", "messages_replied")
YEAR = 2019
MONTHS = [f"{YEAR}-{month:02}" for month in range(1, 13)]
ASKED = date(2020, 6, 1)
NOTICE_DAYS = 15


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the files have it: the day it was written, the day of the reply."""

    on: date
    replied_on: date | None
    due_on: date


def day_of(text: str) -> date:
    """Read a day in one of the two spellings of the files."""
    year, month, day = text.split()[0].replace("/", "-").split("-")
    return date(int(year), int(month), int(day))


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with gzip.open(folder / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def messages(real_data: Path) -> list[Message]:
    named = {date.fromisoformat(row["date"]): row["kind"] for row in read(real_data, "holidays")}

    def working(day: date) -> bool:
        return named[day] == "work" if day in named else day.weekday() < 5

    found = []
    for name in FILES:
        for row in read(real_data, name):
            on, last = day_of(row["留言时间"]), day_of(row["留言时间"]) + timedelta(days=NOTICE_DAYS)
            while not working(last):
                last += timedelta(days=1)
            found.append(Message(on, day_of(row["答复时间"]) if row.get("答复时间") else None, last))
    return found


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("real")
    keeper = NewPerson(login="keeper", name="郑管理", passphrase="seven-quiet-herons")
    with Register.create(folder / "a.register", county=COUNTY, name="示例县公安局", keeper=keeper) as register:
        made = Desk(register)
        for name in FILES:
            assert run_import(made, real_data / f"{name}.csv.gz", refused_to=folder / "refused.csv").refused == 0
        yield made


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, desk: Desk) -> Iterator[Hub]:
    folder = tmp_path_factory.mktemp("hub")
    stick = folder / "stick"
    stick.mkdir()
    port = RegisterPort(desk.register)
    with Hub.create(folder / "hub", city="示例市公安局", address="https://127.0.0.1:1") as one:
        registry.enrol(one, joining.accept_offer(port, registry.offer(one, COUNTY), at=datetime.now(UTC)))
        run_once(port, FolderCarrier(stick))
        assert sticks.read_folder(one, stick).refused == {}
        yield one


def expected(messages: list[Message], month: str) -> dict[str, int]:
    """Return a month's figures, worked out from the files."""
    year, number = int(month[:4]), int(month[5:])
    first, last = date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])

    def within(day: date | None) -> bool:
        return day is not None and first <= day <= last

    def late(one: Message) -> bool:
        return one.replied_on is not None and one.replied_on > one.due_on

    here = [one for one in messages if one.on <= last]
    waiting = [one for one in here if one.replied_on is None or one.replied_on > last]
    received = sum(within(one.on) for one in messages)
    replied = [one for one in here if within(one.replied_on)]
    due = [one for one in here if within(one.due_on)]
    return {
        "received": received,
        "web": received,
        "matters_new": received,
        "answered": len(replied),
        "closed": len(replied),
        "open_at_end": len(waiting),
        "late": sum(one.due_on < last for one in waiting),
        "late_met": 2 * sum(late(one) for one in replied),  # the notice, and the petition unit's sorting (MPS-79)
        "notices_due": len(due),
        "notices_on_time": sum(one.replied_on is not None and not late(one) for one in due),
        "days_to_the_answer": sum((one.replied_on - one.on).days for one in replied if one.replied_on),
    }


def counted(found: CityReport) -> dict[str, int]:
    figures = found.figures
    days = {"days_to_the_answer": figures["mean_answer_days"].numerator}
    return days | {code: one.numerator for code, one in figures.items() if one.denominator is None and one.numerator}


@pytest.mark.parametrize("month", MONTHS)
def test_a_month_agrees_with_a_computation_of_its_own_at_desk_and_hub(
    desk: Desk, hub: Hub, messages: list[Message], month: str
) -> None:
    found = city_report(hub, Wanted(month=month), on=ASKED)
    assert counted(found) == expected(messages, month)
    figures = desk.figures
    here = figures.report(figures.month(month), compare=False)
    (there,) = found.counted
    assert there.report is not None
    assert there.report.figures == here.figures, "to the unit, with the matters behind each"


def test_the_year_is_its_months(hub: Hub, messages: list[Message]) -> None:
    found = counted(city_report(hub, Wanted(year=str(YEAR)), on=ASKED))
    months = [expected(messages, month) for month in MONTHS]
    flows = Counter[str]()
    for month in months:
        flows.update({code: number for code, number in month.items() if code not in ("open_at_end", "late")})
    assert {code: found[code] for code in flows} == flows
    assert (found["open_at_end"], found["late"]) == (months[-1]["open_at_end"], months[-1]["late"])
