"""Someone who takes any lawful step: fills in what an act asks, hands in its papers, and goes on until the matter ends.

The walker knows no act by name. It reads the table as the window does (`handling.listed`), so that an act that cannot
be taken as it is declared, or a state from which nothing leads on, is found here.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from models import acts, codes, errors, handling, letters, policy, sight, steps
from models.desk import Desk
from models.records import AttachmentDraft, InputField, ItemDraft, PaperDraft, Staff
from models.register import Register
from tests.models.conftest import at

SCAN = AttachmentDraft(name="扫描件.png", media_type="image/png", data=b"scan")


@dataclass(slots=True)
class Walker:
    """Takes lawful steps on one matter, one day after the other.

    Attributes:
        register: The open register, with people of every role.
        chance: Where its choices come from.
        on: The day it has come to.
        taken: Acts taken, in order.
        refused: What was refused by an act's own rule over its inputs, as (act, sentence).
        states: States it came through.
    """

    register: Register
    chance: random.Random
    on: date
    matter: int = 0
    taken: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    states: list[str] = field(default_factory=list)

    def begin(self, draft: ItemDraft) -> Walker:
        """Register a matter."""
        self.matter = self._desk(self._people("REG")[0]).register_item(draft).matter
        self.states = [self.state]
        return self

    @property
    def state(self) -> str:
        """The matter's state."""
        return str(self._row()["state"])

    def open_acts(self) -> dict[str, Staff]:
        """Return the acts that someone may take now, each with one who may."""
        row = self._row()
        every = Staff(id=0, login="", name="", unit=None, roles=frozenset(policy.ROLES))
        rules = [rule for rule in acts.table().values() if acts.refusal(rule, row, every) is None]
        found: dict[str, Staff] = {}
        for staff in self.chance.sample(self._everyone(), len(self._everyone())):
            wanted = [rule for rule in rules if rule.name not in found and staff.roles & rule.roles]
            try:
                sight.matter_for(self.register, self.matter, staff)
            except errors.RegisterError:
                continue  # accused, recused, or no reader of what is sealed
            step = steps.Step(self.register, row, {}, staff, self.on)
            found |= {rule.name: staff for rule in wanted if handling.unmet(rule, step) is None}
        return found

    def take(self, name: str, by: Staff | None = None, **given: Any) -> bool:
        """Take one act with all it asks filled in; returns whether it was taken. Nothing changes when it was not."""
        staff, rule = by or self.open_acts()[name], acts.rule(name)
        inputs = {entry.name: self._value(entry) for entry in rule.inputs}
        inputs = {key: value for key, value in {**inputs, **given}.items() if value is not None}
        seq, row = self.register.seq, self._row()
        letter = self._letter(rule.documents_under(row["rules"]))
        papers = rule.papers or (() if rule.inputs else ("evidence",))  # an act that is nothing but a paper
        try:
            self._desk(staff).perform(self.matter, name, inputs, letter, papers=[self._paper(kind) for kind in papers])
        except errors.RuleError as refused:
            self.refused.append((name, refused.message.zh))
        if self.refused and self.register.seq == seq:
            assert self._row() == row, f"{name} was refused and changed something"
            assert self.refused[-1][1].endswith("。"), self.refused[-1]
            return False
        self.taken.append(name)
        if self.state != self.states[-1]:
            self.states.append(self.state)
        return True

    def wander(self, steps: int, *, wanted: set[str] | None = None, avoid: frozenset[str] = frozenset()) -> None:
        """Take up to `steps` steps, each on the same day or up to 40 days later; `wanted` acts come first."""
        for _ in range(steps):
            people = self.open_acts()
            names = [name for name in people if name not in avoid]
            assert names or self.state == "S13", f"nothing leads on from {self.state}"
            if not names:
                return
            moving = [name for name in names if acts.rule(name).targets]
            again = {act for act, _ in self.refused[-6:]}
            fresh = [
                name for name in names if wanted and name in wanted and name not in self.taken and name not in again
            ]
            pool = fresh or (moving if moving and self.chance.random() < 0.6 else names)
            name = self.chance.choice(pool)
            self.take(name, people[name])
            self.on += timedelta(days=self.chance.choice((0, 0, 1, 3, 10, 40)))

    def _everyone(self) -> list[Staff]:
        return [staff for staff in self.register.staff().values() if staff.login != "guan"]

    def _people(self, role: str) -> list[Staff]:
        return [staff for staff in self._everyone() if role in staff.roles]

    def _row(self) -> dict[str, Any]:
        row = self.register.record("matter", self.matter)
        assert row is not None
        return row

    def _desk(self, staff: Staff) -> Desk:
        desk = Desk(self.register, now=lambda: at(self.on.isoformat()))
        desk.person = staff
        return desk

    def _value(self, entry: InputField) -> Any:
        if entry.kind == "date":
            later = entry.name not in ("on", "dated_on") and entry.name.startswith(
                ("limit", "due", "hearing_on", "reply")
            )
            return self.on + timedelta(days=20) if later else self.on
        if entry.kind == "choice":
            return self.chance.choice(entry.choices)
        if entry.kind == "choices":
            return self.chance.sample(entry.choices, self.chance.randint(1, 2))
        if entry.kind == "number":
            return self.chance.choice((1, 5, 30, 60))
        if entry.kind == "flag":
            return entry.required or self.chance.random() < 0.5
        if entry.kind in ("unit", "staff") and not entry.required and self.chance.random() < 0.3:
            return None
        if entry.kind == "unit":  # mostly one that has a head, who answers for it
            headed = [staff.unit for staff in self._people("HU") if staff.unit]
            return self.chance.choice(headed if self.chance.random() < 0.8 else list(self.register.units()))
        if entry.kind == "staff":
            handling = self._people("HO")[:1] if entry.name == "handler" else self._everyone()
            return self.chance.choice(handling).id
        if entry.kind == "claims":
            places = self.register.rows("SELECT id FROM claim WHERE matter=? AND removed IS NULL", (self.matter,))
            decision = self.chance.choice(codes.codes("conclusion"))
            return {claim: {"decision": decision, "grounds": "经查证据"} for (claim,) in places}
        if entry.kind == "matter":
            found = self.register.row("SELECT id FROM matter WHERE id<>? LIMIT 1", (self.matter,))
            return found[0] if found else self.matter
        if entry.kind == "time":
            return "00:10"
        if entry.kind == "clock":
            return "C1"
        if entry.kind == "item":
            found = self.register.rows("SELECT number FROM item WHERE matter=? ORDER BY id DESC", (self.matter,))
            return found[0][0]
        if entry.name == "same_as":
            return "1"
        if entry.kind in ("document", "person"):
            rows = self.register.rows(f"SELECT id FROM {entry.kind} WHERE matter=?", (self.matter,))
            return self.chance.choice(rows)[0] if rows else None
        if entry.name == "covers":
            return None
        return f"{entry.zh}{self.chance.randint(1, 99)}"

    def _letter(self, kinds: tuple[str, ...]) -> dict[str, str]:
        rules = self._row()["rules"]
        typed: dict[str, str] = {}
        for kind in kinds:
            for entry in letters.fields_for(kind, rules=rules):
                if entry.required and entry.kind in ("text", "long") and entry.name not in ("destination",):
                    typed.setdefault(entry.name, f"{entry.zh}")
        return typed

    def _paper(self, kind: str) -> PaperDraft:
        return PaperDraft(kind=kind, dated_on=self.on, received_on=self.on, number="外〔2026〕1号", organ="外机关",
                          file=SCAN)  # fmt: skip
