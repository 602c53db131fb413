"""Invented matters with a whole life, a crowd or a repeat, put into the register of `staging`."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import orjson

from models import attachments
from models.act import Act
from models.records import AttachmentDraft
from models.register import Register
from tests.ui.staging import LOGIN, ONE_PIXEL, PASSPHRASE

LIVED = "请求更正户口登记的出生日期"
"""Title of the matter to which `add_life` gives a life."""
CROWDED = "反映夜间施工噪声报警后处理不及时"
"""Title of the matter to which `add_crowd` gives signatories and steps."""
REPEATED, JOINED = "反映城东路口停车收费无票据", "再次反映城东路口停车收费问题"
"""Titles of the matters that `add_repeat` joins."""


def matter_called(register: Register, title: str) -> int:
    """Return the id of an invented matter."""
    found = register.row("SELECT id FROM matter WHERE title=?", (title,))
    assert found is not None, title
    return int(found[0])


def add_life(path: Path, today: date) -> int:
    """Give one matter a row of every ledger, with papers; returns its id."""
    register = Register.open(path, LOGIN, PASSPHRASE)
    try:
        now = datetime.combine(today, time(9, 45)).astimezone().astimezone(UTC)
        by, matter = register.person, matter_called(register, LIVED)
        units = {name: number for number, name in register.units().items()}
        people = {person.name: person.id for person in register.staff().values()}
        ago = [today - timedelta(days=count) for count in range(40)]
        with register.act("accept", by=by, at=now, matter=matter) as act:
            act.set(
                "matter", matter, state="S9", category="claim", exit=6, accepted_on=ago[30], opinion_on=ago[12],
                unit=units["城东派出所"], handler=people["周敏"], supervised=1, major=1,
            )  # fmt: skip
            for kind, on in (("noticed", 30), ("accepted", 30), ("opinion_issued", 12), ("served", 10)):
                act.insert("event", {"matter": matter, "kind": kind, "on_date": ago[on], "staff": by.id})
        with register.act("assign", by=by, at=now, matter=matter) as act:
            _papers_of_life(act, matter, ago, units, people)
    finally:
        register.close()
    return matter


def _papers_of_life(act: Act, matter: int, ago: list[date], units: dict[str, int], people: dict[str, int]) -> None:
    """Write a row of every ledger."""

    def ahead(days: int) -> date:
        return ago[0] + timedelta(days=days)

    scan = attachments.add(
        act, matter, AttachmentDraft(name="送达回证扫描.png", media_type="image/png", data=ONE_PIXEL)
    )
    proof = act.insert(
        "document",
        {
            "matter": matter,
            "kind": "proof_of_service",
            "state": "incoming",
            "title": "送达回证",
            "dated_on": ago[10],
            "received_on": ago[9],
            "organ": "城东派出所",
            "told": "本人当面签收",
            "attachment": scan,
        },
    )
    opinion = act.insert(
        "document",
        {
            "matter": matter,
            "kind": "review_opinion",
            "state": "incoming",
            "title": "复查意见书",
            "number": "云复〔2026〕8号",
            "dated_on": ago[4],
            "received_on": ago[3],
            "organ": "云州市公安局",
            "told": "维持",
        },
    )
    claim = act.connection.execute("SELECT id FROM claim WHERE matter=?", (matter,)).fetchone()[0]
    act.set("claim", claim, decision="support", grounds="出生证明与户口登记不一致，经核查属实。")
    rows: tuple[tuple[str, dict[str, Any]], ...] = (
        (
            "handover",
            {
                "kind": "assign",
                "receiver": units["刑侦大队"],
                "on_date": ago[29],
                "limit_on": ago[20],
                "ended_on": ago[27],
                "ended": "returned",
                "answer": "户口登记不属本单位职责",
            },
        ),
        (
            "handover",
            {
                "kind": "assign",
                "sender": units["刑侦大队"],
                "receiver": units["城东派出所"],
                "officer": people["周敏"],
                "on_date": ago[26],
                "limit_on": ago[2],
                "ground": "户籍窗口所在单位",
            },
        ),
        (
            "service",
            {
                "document": proof,
                "way": "in_person",
                "on_date": ago[11],
                "outcome": "failed",
                "place": "柳岸路 8 号",
                "reason": "两次上门均无人",
                "server": people["周敏"],
            },
        ),
        (
            "service",
            {
                "document": proof,
                "way": "in_person",
                "on_date": ago[10],
                "outcome": "served",
                "place": "城东派出所",
                "receiver": "邹志明",
                "server": people["周敏"],
                "proof": proof,
                "checked_on": ago[9],
            },
        ),
        (
            "review",
            {
                "level": "review",
                "organ": "云州市公安局",
                "requested_on": ago[8],
                "sent_on": ago[7],
                "decided_on": ago[4],
                "result": "upheld",
                "opinion": opinion,
                "served_on": ago[3],
            },
        ),
        ("review", {"level": "rereview", "organ": "云海省公安厅", "requested_on": ago[1]}),
        (
            "hearing",
            {
                "ordered_on": ago[22],
                "ordered_by": people["钱伟"],
                "on_date": ago[18],
                "place": "局三楼会议室",
                "chair": "钱伟",
                "participants": "信访人、户籍窗口、居委会代表",
                "ended_on": ago[18],
                "conclusion": "出生证明真实有效，应当更正。",
            },
        ),
        (
            "agreement",
            {
                "kind": "mediation",
                "parties": "邹志明；城东派出所",
                "terms": "十五日内更正户口登记并当面说明。",
                "signed_on": ago[16],
                "due_on": ahead(3),
                "covers": orjson.dumps([claim]).decode(),
            },
        ),
        (
            "task",
            {
                "kind": "execution",
                "claim": claim,
                "what": "更正户口登记的出生日期",
                "unit": units["城东派出所"],
                "opened_on": ago[12],
                "due_on": ago[2],
            },
        ),
        (
            "supervision",
            {
                "trigger": "1",
                "clock": "C2",
                "unit": units["城东派出所"],
                "raised_on": ago[6],
                "way": "letter",
                "demand": "说明逾期未更正的原因，三日内更正并反馈。",
                "due_on": ahead(2),
            },
        ),
        (
            "major_log",
            {
                "kind": "known",
                "at": f"{ago[5]} 08:40",
                "staff": people["周敏"],
                "source": "居委会来电",
                "what": "十余人到窗口要求当场更正",
                "place": "户籍窗口",
                "people": 12,
                "claim": "当场更正",
            },
        ),
        (
            "major_log",
            {"kind": "measure", "at": f"{ago[5]} 09:20", "staff": people["周敏"], "what": "所长到场说明办理进度"},
        ),
        (
            "follow_up",
            {
                "on_date": ago[1],
                "way": "电话",
                "officer": people["孙浩"],
                "carried_out": "partly",
                "view": "disagrees",
                "record": "尚未拿到新户口簿，希望尽快。",
            },
        ),
        (
            "recusal",
            {
                "staff": people["孙浩"],
                "ground": "与信访人为邻居",
                "asked_by": "officer",
                "asked_on": ago[28],
                "decided_on": ago[27],
                "decision": "granted",
                "decided_by": people["钱伟"],
            },
        ),
        ("rating", {"target": "petition", "state": "rated", "value": "fairly", "rated_on": ago[1]}),
        ("rating", {"target": "unit", "state": "pending"}),
        (
            "shift",
            {
                "clock": "C2",
                "start_on": ago[30],
                "before_on": ahead(30),
                "after_on": ahead(31),
                "cause": "国务院办公厅关于调整放假安排的通知",
                "on_date": ago[20],
            },
        ),
    )
    for table, columns in rows:
        act.insert(table, {"matter": matter, **columns})


def add_crowd(path: Path, today: date, *, people: int, lines: int) -> int:
    """Give one matter many signatories and many steps; returns its id."""
    register = Register.open(path, LOGIN, PASSPHRASE)
    try:
        now = datetime.combine(today, time(9, 50)).astimezone().astimezone(UTC)
        by, matter = register.person, matter_called(register, CROWDED)
        with register.act("add_signatories", by=by, at=now, matter=matter) as act:
            for number in range(people):
                act.insert(
                    "person",
                    {
                        "matter": matter,
                        "role": "signatory",
                        "kind": "person",
                        "name": f"联名人{number:04}",
                        "phone": f"139{number:08}",
                    },
                )
        for number in range(lines):
            with register.act("note", by=by, at=now + timedelta(seconds=number), matter=matter) as act:
                act.insert("passage", {"matter": matter, "kind": "note", "body": f"第 {number} 次加记"})
    finally:
        register.close()
    return matter


def add_repeat(path: Path, today: date) -> None:
    """Join one matter to another, and give that one a further item."""
    register = Register.open(path, LOGIN, PASSPHRASE)
    try:
        now = datetime.combine(today, time(9, 55)).astimezone().astimezone(UTC)
        by, first, second = register.person, matter_called(register, REPEATED), matter_called(register, JOINED)
        with register.act("join_matter", by=by, at=now, matter=second) as act:
            act.set("matter", second, joined=first, state="S13", closed_on=today, closing="joined")
            act.insert("event", {"matter": second, "kind": "closed", "on_date": today, "staff": by.id})
        item = register.records("item", "matter=?", (first,))[0]
        with register.act("register_item", by=by, at=now, matter=first) as act:
            again = {name: value for name, value in item.items() if name != "id"}
            act.insert("item", {**again, "number": "J2026-009999", "received_on": today, "repeat": True})
    finally:
        register.close()
