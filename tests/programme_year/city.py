"""The city of the written programme: a real hub, three counties that are enrolled with it, and the stick between them.

The stick goes round once a month. Everything travels as files: batches to the hub, receipts back.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from models import errors
from sync.hub import registry, sticks
from sync.hub.hub import Hub
from tests.programme_year import read
from tests.programme_year.county import County, Step, in_order

PROGRAMME = "2011-key-cases"


@dataclass
class City:
    """A hub and its counties."""

    folder: Path
    stick: Path
    hub: Hub
    counties: dict[str, County]
    today: date = date(2010, 1, 4)
    """The day by the hub's own clock."""
    lived: date = date(2009, 12, 31)
    """The last day whose written steps were taken."""
    faults: dict[tuple[str, int], str] = field(default_factory=dict)
    """What was refused where the written programme says that it is done; the matter goes no further."""

    @classmethod
    def make(cls, folder: Path, made: Path | None = None) -> City:
        """Make the hub (or take the one `made` in a folder) and the registers, and enrol them with each other."""
        wanted = read.counties()
        home, stick = made or folder / "hub", folder / "stick"
        stick.mkdir()
        hub = Hub.open(home) if made else Hub.create(home, city=wanted["city"], address="https://127.0.0.1:8443")
        counties = {one["key"]: County.make(one, wanted["settings"], folder) for one in wanted["county"]}
        for county in counties.values():
            registry.enrol(hub, county.enrol(registry.offer(hub, county.code)))
        city = cls(home, stick, hub, counties)
        hub._clock = city.now
        return city

    def copy(self, folder: Path) -> City:
        """Return the same city with a hub and registers of its own, as they are now; these are closed for good."""
        self.hub.close()
        shutil.copytree(self.folder, folder / "hub")
        (folder / "stick").mkdir()
        counties = {key: county.copy(folder) for key, county in self.counties.items()}
        city = City(folder / "hub", folder / "stick", Hub.open(folder / "hub"), counties, self.today, self.lived)
        city.hub._clock = city.now
        return city

    def now(self) -> datetime:
        """Return noon of the hub's day."""
        return datetime(self.today.year, self.today.month, self.today.day, 4, tzinfo=UTC)

    def close(self) -> None:
        """Close all registers and the hub."""
        for county in self.counties.values():
            county.register.close()
        self.hub.close()

    def exchange(self, day: date, *keys: str) -> None:
        """Let the stick go round on a day: all counties, or those named; everything of theirs is receipted."""
        self.today = max(self.today, day)
        going = [self.counties[key] for key in keys] or list(self.counties.values())
        for county in going:
            county.exchange(self.stick, day)
        assert sticks.read_folder(self.hub, self.stick).refused == {}
        for county in going:
            report = county.exchange(self.stick, day)
            assert report.quiet, report

    def mobilise(self, day: date) -> None:
        """Let every county make the programme that comes with the product."""
        for county in self.counties.values():
            county.desk("xin", day).programmes.create(PROGRAMME)

    def live(self, matters: dict[str, list[dict[str, Any]]], until: date) -> None:
        """Let all happen in the counties that stands written for the days after those lived, up to `until`."""
        for key, county in self.counties.items():
            for day, entry, step, item in in_order(matters[key]):
                if self.lived < day <= until and (key, entry["no"]) not in self.faults:
                    self._happen(county, day, entry, step, item)
        self.lived = until

    def _happen(
        self, county: County, day: date, entry: dict[str, Any], step: Step | None, item: dict[str, Any]
    ) -> None:
        try:
            if step is None:
                county.receive(entry["no"], item, of=None if item is entry else entry["no"])
            else:
                county.take(entry["no"], step)
        except errors.RegisterError as refused:
            self.faults[county.key, entry["no"]] = f"{day} {step.act if step else 'coming in'}: {refused}"
