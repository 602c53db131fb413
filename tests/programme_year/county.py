"""A county of the written programme: a real register with its people, and what somebody does there on a day.

A step is one line of the data files:

    2012-01-16 an serve way=in_person receiver=白云 +proof_of_service

day, login, act, inputs, `+kind` for a paper that is handed in with it, `@name=text` for what is typed into its letter.
Words that say nothing to the figures (what was found, what was said) come from `WORDS`, so that the lines stay short
enough to be counted by hand.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import orjson

from models.desk import Desk, put_setting
from models.records import ItemDraft, PaperDraft, PersonDraft, Staff
from models.register import NewPerson, Register, take_lock
from sync import joining
from sync.carriers.folder import FolderCarrier
from sync.port import RegisterPort
from sync.round import SyncReport, run_once

SINCE = date(2010, 1, 4)
"""The registers were made in 2010: the oldest key cases of the programme were received in that year."""
KEEPER = "guan"
PASSPHRASE = "nine-steady-cranes"
_UNITS = (("治安", "治安管理大队", "business"), ("刑侦", "刑事侦查大队", "business"), ("法制", "法制大队", "legal"))
_PEOPLE = {  # login: unit, role, post; the name is the county's own for those whom it names
    "deng": ("信访", "REG", "登记员"),
    "xin": ("信访", "PU", "信访科科长"),
    "zhi": ("治安", "HU", "大队长"),
    "an": ("治安", "HO", "民警"),
    "xing": ("刑侦", "HU", "大队长"),
    "kou": ("刑侦", "HO", "民警"),
    "fa": ("法制", "LEG", "法制民警"),
    "fen": ("", "DL", "副局长"),
    "ju": ("", "CH", "局长"),
}
WORDS: dict[str, dict[str, Any]] = {
    "hear": {"way": "in_person", "record": "信访人当面陈述了经过和请求，看过笔录后签名。"},
    "declare": {"interest": "none"},
    "answer_unit": {
        "facts_text": "经查，信访人反映的情况基本属实。",
        "handling_text": "调取了登记和出警记录，询问了当事人。",
        "opinion_text": "建议书面答复信访人。",
    },
    "draft": {"facts": "有记录和证人证言为证。", "basis": "《信访条例》第三十一条、第三十二条"},
    "legal_check": {"result": "agree", "opinion_text": "事实清楚，依据正确，程序合法。"},
    "screen": {"category": "claim", "exit": "6"},
    "serve": {"way": "in_person"},
    "draw_plan": {"plan": "先行调解，查清症结，逐项答复。"},
    "redraw_plan": {"plan": "换人换思路，重新调查，先行调解。", "reason": "多轮工作未果。"},
    "meet_petitioner": {
        "place": "信访接待室",
        "present": "包案领导、责任人、信访人",
        "note": "信访人说明真实诉求。",
        "signed": True,
    },
    "meet_handler": {"present": "包案领导、原承办人", "note": "原承办人说明办理的来龙去脉。"},
    "read_case_file": {"volumes": "正卷一册、副卷一册", "note": "症结在于当时没有逐项答复。"},
    "record_round": {"what": "当面做工作，有记录。"},
    "readmit_key_case": {"reason": "判决已经生效，法律程序终结。"},
    "solve_case": {"told": "向信访人当面告知了结论，信访人认可。"},
    "record_rebound": {"told": "信访人反映围墙再次损坏，生活困难。"},
    "look_back": {"told": "已逐项核对落实情况。"},
}


PAPERS = {"serve": ("proof_of_service",), "record_city_review": ("city_review",)}
"""Papers that come with an act wherever it is taken."""
_HANDLE = {"declare": "", "hear": "", "answer_unit": "", "draft": "", "legal_check": "fa"}
"""Acts of the macro `handle`, and who takes them when it is neither the officer nor the head of his unit."""

_MEETINGS = ("meet_petitioner", "meet_handler", "read_case_file")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the data files."""

    day: date
    who: str
    act: str
    inputs: dict[str, Any]
    letter: dict[str, str]
    papers: tuple[str, ...]


def step_of(line: str) -> Step:
    """Read one line; see the head of this room."""
    day, who, act, *rest = line.split()
    inputs: dict[str, Any] = {}
    letter: dict[str, str] = {}
    papers = []
    for word in rest:
        name, equals, value = word.partition("=")
        if word.startswith("+"):
            papers.append(word[1:])
        elif not equals:
            raise ValueError(f"neither name=value nor +paper: {word} in {line}")
        elif name.startswith("@"):
            letter[name[1:]] = value
        else:
            inputs[name] = value
    return Step(date.fromisoformat(day), who, act, inputs, letter, tuple(papers))


@dataclass
class County:
    """One county: its register, the people at it, and what day it is there."""

    key: str
    code: str
    name: str
    register: Register
    now: datetime = field(default_factory=lambda: _at(SINCE))
    matters: dict[int, int] = field(default_factory=dict)
    """Row of each matter, by its number in the written programme."""

    @classmethod
    def make(cls, wanted: dict[str, Any], settings: dict[str, Any], folder: Path) -> County:
        """Make the register of a county with its units, people and settings."""
        keeper = NewPerson(login=KEEPER, name="管守钥", passphrase=PASSPHRASE)
        path = folder / f"{wanted['key']}.register"
        register = Register.create(path, county=wanted["code"], name=wanted["name"], keeper=keeper, at=_at(SINCE))
        named = {"fen": wanted["leader"], "xin": wanted["liaison"]}
        with register.act("add_unit", by=register.person, at=_at(SINCE)) as act:
            units: dict[str, int | None] = {"": None, "信访": register.person.unit}
            for short, name, kind in _UNITS:
                units[short] = act.insert("unit", {"name": wanted["name"] + name, "short": short, "kind": kind})
            for login, (unit, role, post) in _PEOPLE.items():
                roles = orjson.dumps([role]).decode()
                row = {"login": login, "name": named.get(login, f"{post}{login}"), "unit": units[unit], "roles": roles}
                act.insert("staff", {**row, "post": post, "phone": "0000-1234567"})
            for name, value in {**settings, "documents.code": wanted["documents"]}.items():
                put_setting(act, name, value)
        return cls(wanted["key"], wanted["code"], wanted["name"], register)

    def copy(self, folder: Path) -> County:
        """Return the same county with a register of its own, as this one is now; this one is closed."""
        path, register_id, keys = self.register.path, self.register.id, self.register.keys
        self.register.close()
        for file in path.parent.glob(f"{path.name}*"):
            if not file.name.endswith(".lock"):
                shutil.copy(file, folder / file.name)
        opened = Register._finish(folder / path.name, take_lock(folder / path.name), register_id, keys, KEEPER)
        return County(self.key, self.code, self.name, opened, self.now, dict(self.matters))

    def person(self, login: str) -> Staff:
        """Return somebody of this county."""
        return next(one for one in self.register.staff().values() if one.login == login)

    def desk(self, login: str, day: date) -> Desk:
        """Return somebody's desk on a day; each asking is a minute later, so that a day's steps keep their order."""
        self.now = max(_at(day), self.now + timedelta(minutes=1))
        assert self.now.date() == day, f"{day} comes after {self.now}"
        desk = Desk(self.register, now=lambda: self.now)
        desk.person = self.person(login)
        return desk

    def receive(self, no: int, item: dict[str, Any], *, of: int | None = None) -> None:
        """Register what comes in; `of`: the matter of the programme of which it is a repeat."""
        desk = self.desk("deng", item["day"])
        draft = ItemDraft(
            channel=item.get("channel", "letter"),
            received_on=item["day"],
            title=item["title"],
            statement=f"{item['title']}。",
            claims=(item["title"],),
            people=(PersonDraft(name=item["name"], main=True, address="某乡某村"),),
            people_count=item.get("people"),
            purpose=item.get("purpose", "solution"),
            source=item.get("source", "own"),
            confidential=item.get("confidential", False),
            repeat_of_matter=None if of is None else self.matters[of],
        )
        made = desk.register_item(draft)
        if of is None:
            self.matters[no] = made.matter

    def take(self, no: int, step: Step) -> None:
        """Take a step of a matter.

        `handle` stands for the five steps from the officer's declaration to the check, `meetings` for the lead's three.
        """
        if step.act == "meetings":
            for act in _MEETINGS:
                self.take(no, Step(step.day, step.who, act, step.inputs, {}, ()))
            return
        if step.act == "handle":
            for act, who in _HANDLE.items():
                login = who or (self.head_of(step.who) if act == "answer_unit" else step.who)
                inputs = step.inputs if act == "draft" else {}
                self.take(no, Step(step.day, login, act, inputs, {}, ()))
            return
        inputs = {**WORDS.get(step.act, {}), **step.inputs}
        if step.act == "serve":
            inputs |= {"on": step.day, "receiver": self.known(no, "name")}
        for name, value in inputs.items():
            if isinstance(value, str) and value.startswith("{"):
                inputs[name] = self.known(no, value[1:-1])
        for name in ("methods", "outcomes"):
            if name in inputs:
                inputs[name] = str(inputs[name]).split(",")
        if "claims" in inputs:
            inputs["claims"] = {"1": {"decision": inputs["claims"], "grounds": "经查属实。"}}
        papers = [
            PaperDraft(kind=kind, dated_on=step.day, organ="某机关", number="某字〔2012〕1号")
            for kind in (*step.papers, *PAPERS.get(step.act, ()))
        ]
        self.desk(step.who, step.day).perform(self.matters[no], step.act, inputs, step.letter, papers=papers)

    def head_of(self, login: str) -> str:
        """Return the login of the head of somebody's unit."""
        unit = self.person(login).unit
        return next(one.login for one in self.register.staff().values() if one.unit == unit and "HU" in one.roles)

    def known(self, no: int, what: str) -> str:
        """Return what only the register knows: `item` (the last one's number), `name` (petitioner), `entry:ACT`."""
        matter = self.matters[no]
        if what == "name":
            found = self.register.row("SELECT name FROM person WHERE matter=?", (matter,))
        elif what == "item":
            found = self.register.row("SELECT number FROM item WHERE matter=? ORDER BY id DESC LIMIT 1", (matter,))
        else:
            found = self.register.row(
                "SELECT device || '-' || seq FROM entry WHERE matter=? AND act=? ORDER BY seq DESC LIMIT 1",
                (matter, what.removeprefix("entry:")),
            )
        assert found, (no, what)
        return str(found[0])

    def enrol(self, offer: bytes) -> bytes:
        """Answer the city's enrolment offer."""
        return joining.accept_offer(RegisterPort(self.register), offer, at=self.now)

    def exchange(self, stick: Path, day: date) -> SyncReport:
        """Write what is unsent onto the stick, and take what came back on it."""
        self.now = max(_at(day), self.now + timedelta(minutes=1))
        return run_once(RegisterPort(self.register), FolderCarrier(stick), now=lambda: self.now)


def in_order(entries: list[dict[str, Any]]) -> Iterator[tuple[date, dict[str, Any], Step | None, dict[str, Any]]]:
    """Yield all that happens as the days go: (day, matter, step, item); the step is None where something comes in."""
    found: list[tuple[date, int, int, dict[str, Any], Step | None, dict[str, Any]]] = []
    for entry in entries:
        lines = [step_of(line) for line in entry.get("steps", ())]
        days = [step.day for step in lines]
        if days != sorted(days):
            raise ValueError(f"matter {entry['no']}: the days of the steps do not rise")
        found.append((entry["day"], entry["no"], 0, entry, None, entry))
        found += [(again["day"], entry["no"], 0, entry, None, again) for again in entry.get("again", ())]
        found += [(step.day, entry["no"], at, entry, step, {}) for at, step in enumerate(lines, start=1)]
    for day, _, _, entry, step, item in sorted(found, key=lambda one: one[:3]):
        yield day, entry, step, item


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9)).astimezone()
