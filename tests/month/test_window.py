"""The written month in the window: every ending and every kind of act, with the same days and the same letters.

Each matter has a register of its own and goes its way alone; who does a step unlocks the window for it. Steps that are
unlawful by the facts alone are looked for in the window's list of what is not open, the others are tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from app.window import _letter_fields
from models import codes
from models.letters import bundle
from models.records import MatterFile
from tests.month import read
from tests.month.bureau import Bureau, filled
from tests.month.clerk import Clerk, home
from ui.prefs import Preferences
from ui.services import Services
from ui.start import Window

WINDOW = [one for one in read.matters() if one.window]
Sit = Callable[[read.Matter], Clerk]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Bureau]:
    """Return how to get a bureau that was made once."""
    known: dict[str, Bureau] = {}

    def of(name: str) -> Bureau:
        if name not in known:
            known[name] = Bureau(name, tmp_path_factory.mktemp(name))
        return known[name]

    return of


@pytest.fixture
def sit(qtbot: Any, qapp: QApplication, made: Callable[[str], Bureau], tmp_path: Path) -> Iterator[Sit]:
    """Open a window on a register of its own, locked."""
    windows: list[Window] = []

    def at(matter: read.Matter) -> Clerk:
        bureau = made(matter.register).copy(home(tmp_path))
        services = Services(open_register=bureau.open, letter_fields=_letter_fields)
        window = Window(qapp, services, Preferences(language="zh", login=""), bureau.path, "")
        window.resize(1366, 768)
        window.show()
        windows.append(window)
        return Clerk(qtbot, window, bureau)

    yield at
    for window in windows:
        window.close()
        window.deleteLater()
    qapp.processEvents()


@pytest.mark.parametrize("matter", [pytest.param(one, id=f"{one.no:02d}") for one in WINDOW])
def test_a_matter_goes_the_same_way_in_the_window(sit: Sit, matter: read.Matter) -> None:
    clerk = sit(matter)
    item = matter.item
    clerk.bureau.turn_to(item["day"], item.get("time", "08:30"))
    clerk.sit(item.get("who", "deng"))
    clerk.register(item)
    found = clerk.file()
    states = [found.matter["state"]]
    assert found.matter["rules"] == matter.rules
    _same_cards(found, matter.first)
    for step in matter.steps:
        clerk.bureau.turn_to(step.day, step.time)
        clerk.sit(step.who)
        _take(clerk, step)
        if step.to or step.cards:
            found = clerk.file()
            states += [found.matter["state"]] * bool(step.to)
            assert states[-1] == (step.to or states[-1]), (step.day, step.act)
            _same_cards(found, step.cards)
    clerk.sit("xin")
    found = clerk.file()
    assert tuple(states) == matter.path
    row = found.matter
    assert (row["category"], {name: row[name] for name in matter.ends}) == (matter.category, filled(matter.ends, {}))
    came_in = {bundle.KEPT, *codes.codes("paper")}
    assert [one.kind for one in found.documents if one.kind not in came_in] == matter.letters
    stand = {one.clock: f"{one.status} {one.ended_on or ''}".strip() for one in found.clocks}
    assert {name: stand.get(name) for name in matter.clocks} == matter.clocks


def _take(clerk: Clerk, step: read.Step) -> None:
    if step.act == "add":
        clerk.register({"day": step.day, **step.inputs}, repeat=True)
        return
    if step.act == "letter":
        assert clerk.compose(step.inputs["kind"], filled(step.letter, {})) == "", step.inputs
        return
    if step.act == "look":
        assert clerk.open_matter().file is None, "the page is shown to somebody who may not know of it"
        return
    closed = clerk.closed(step.act)
    if step.refused and closed is not None:
        assert [word for word in step.refused if word not in closed.reason_zh] == []
        return
    if step.refused and clerk.file().sight == "outline":
        assert clerk.file().next_acts == (), "somebody who may not read it is offered an act"
        return
    desk = clerk.window.context.desk
    assert desk is not None
    sheet = clerk.begin(step.act)
    clerk.fill(sheet, _inputs(clerk, step.inputs), step.papers)
    before = desk.register.seq  # type: ignore[attr-defined]  # the real desk stands behind the port
    refusal = clerk.take(sheet, filled(step.letter, {}))
    after = desk.register.seq  # type: ignore[attr-defined]  # as above
    if not step.refused:
        assert refusal == "", (step.day, step.act)
        assert after > before, (step.day, step.act)
        return
    assert refusal, (step.day, step.act, "was not refused")
    assert after == before, (step.day, step.act, "something was written")
    assert clerk.window.frame is not None
    clerk.window.frame.escape()
    clerk.settle()


def _inputs(clerk: Clerk, inputs: dict[str, Any]) -> dict[str, Any]:
    """Return the inputs with what only the register knows."""
    words: dict[str, str] = {}
    if "'{" in repr(inputs):
        found = clerk.file()
        words["query"] = str(found.matter["query_code"])
        words |= {f"number:{one.kind}": one.number for one in found.documents}
        words |= {f"entry:{line.act}": line.entry for line in sorted(found.story, key=lambda line: line.at)}
    return {
        name: value if isinstance(value, dict) else filled(value, words) if isinstance(value, str) else value
        for name, value in inputs.items()
    }


def _same_cards(found: MatterFile, wanted: tuple[read.Count, ...]) -> None:
    cards = {(one.clock, one.start_on): one for one in found.clocks}
    for count in wanted:
        card = cards[count.clock, count.start_on]
        told = (card.due.raw_on, card.due.last_on) if card.due else (None, None)
        assert (*told, card.missing_year) == (count.raw_on, count.last_on, count.missing_year), count
