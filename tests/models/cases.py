"""A matter and what is done on it, for the tests of lawful steps: each step on its day, by whoever takes it."""

from __future__ import annotations

from typing import Any

import pytest

from models import clocks, errors
from models.desk import Desk
from models.records import PaperDraft
from models.register import Register
from tests.models.conftest import NOW, at, draft, person

TAKEN_BY = {"declare": "ho", "draft": "ho", "answer_unit": "hu", "return_unit": "hu", "legal_check": "leg"}
"""Who takes the steps that not everybody may; all others are taken by the founder, who has every role."""

REPLY = {"facts_text": "查明已立案侦查。", "handling_text": "依法调查核实。", "opinion_text": "建议书面答复。"}
BASIS = "《信访工作条例》第三十二条"


class Case:
    """A matter received on 2026-03-02 and what is done on it; each step on its own day."""

    def __init__(self, register: Register, **changed: Any) -> None:
        self.register = register
        self.desk = Desk(register, now=lambda: self.now)
        self.founder = self.desk.person
        self.now = NOW
        if "received_on" in changed:
            self.now = at(changed["received_on"].isoformat())
        self.matter = self.desk.register_item(draft(**changed)).matter

    def do(
        self,
        act: str,
        day: str = "",
        /,
        letter: Any = None,
        *,
        papers: Any = "",
        by: Any = "",
        **inputs: Any,
    ) -> Case:
        """Take a step.

        Args:
            act: The act.
            day: The day it is taken, ISO; that of the step before when empty.
            letter: What is typed for its letters.
            papers: Kinds of the incoming papers handed in with it, with spaces between.
            by: Login of who takes it; who may by default.
            inputs: Inputs of the act.
        """
        if day:
            self.now = at(day)
        login = by or TAKEN_BY.get(act, "")
        self.desk.person = person(self.register, login) if login else self.founder
        handed = [PaperDraft(kind=kind) for kind in papers.split()]
        try:
            self.desk.perform(self.matter, act, inputs, letter, papers=handed)
        finally:
            self.desk.person = self.founder
        return self

    def serve(self, day: str = "", **inputs: Any) -> Case:
        """Serve the answer with its proof, and have the proof confirmed."""
        self.do("serve", day, papers="proof_of_service", **inputs)
        return self.do("confirm_service")

    def accept(self, **inputs: Any) -> Case:
        """Screen as a claim under exit (6), and accept."""
        return self.do("screen", category="claim", exit="6").do("accept", **inputs)

    def assign(self, **inputs: Any) -> Case:
        """Hand it to the criminal police and its officer, who declares to have no interest."""
        self.do("assign", **{"unit": "刑侦", "handler": "ho", **inputs})
        return self.do("declare", interest="none")

    def find_out(self) -> Case:
        """Hear the petitioner, and have the department answer in writing."""
        return self.do("hear", record="当面听取").do("answer_unit", **REPLY)

    def draft(self, decision: str = "explain", *, day: str = "", **inputs: Any) -> Case:
        """Draft the same decision on every claim."""
        places = self.register.rows("SELECT place FROM claim WHERE matter=? AND removed IS NULL", (self.matter,))
        claims = {str(place): {"decision": decision, "grounds": "经查属实"} for (place,) in places}
        return self.do("draft", day, **{"facts": "查明已立案。", "basis": BASIS, "claims": claims, **inputs})

    def check(self, **inputs: Any) -> Case:
        """Have the draft agreed to by law."""
        return self.do("legal_check", **{"result": "agree", "opinion_text": "事实清楚，适用依据正确。", **inputs})

    def refused(self, act: str, kind: type[errors.RuleError], day: str = "", /, **inputs: Any) -> errors.RuleError:
        """Assert that an act is refused and that nothing changed by it."""
        seq, row = self.register.seq, self.register.record("matter", self.matter)
        with pytest.raises(kind) as found:
            self.do(act, day, **inputs)
        assert type(found.value) is kind
        assert (self.register.seq, self.register.record("matter", self.matter)) == (seq, row)
        error = found.value
        assert error.message.zh.endswith("。")
        assert error.message.en.endswith(".")
        assert error.message.zh.count("。") <= 3
        return error

    @property
    def state(self) -> str:
        row = self.register.record("matter", self.matter)
        assert row
        return str(row["state"])

    def column(self, name: str) -> Any:
        row = self.register.record("matter", self.matter)
        assert row
        return row[name]

    def clock(self, name: str) -> clocks.ClockState:
        found: clocks.ClockState = next(state for state in self.desk.matter(self.matter).clocks if state.clock == name)
        return found

    def events(self) -> list[tuple[Any, ...]]:
        return self.register.rows("SELECT kind, on_date FROM event WHERE matter=? ORDER BY id", (self.matter,))

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return the matter's rows of a table that were not reversed, in the order of their writing."""
        return self.register.records(table, "matter=? AND removed IS NULL ORDER BY id", (self.matter,))

    def open(self, login: str) -> set[str]:
        """Return the acts that stand open for a person."""
        desk = Desk(self.register, now=lambda: self.now)
        desk.person = person(self.register, login)
        return {act.name for act in desk.open_acts(self.matter)[0]}
