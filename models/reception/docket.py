"""The docket of a reception day: begun, kept in the order of the numbers, closed, and sealed.

A day begins when who receives is there: the leader of the plan, or the substitute who is named (domain reference,
section 13). It is closed when nobody waits and nothing is missing of a visit that was received: the record read back
and signed, or why it is not; what was decided; a unit and a day where it was not settled on the spot. Closing freezes
the docket as a paper with the hash of what it says, in the journal like every act: what is altered afterwards shows.

A paper has no reader of its own, so matters for named readers, and those from which somebody is barred, stand on the
printed docket with their number in the queue and nothing else (REG-2022 Art. 30).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import orjson

from models import codes, errors, policy
from models.errors import Message
from models.reception import brief_paper, briefs, days, promises, queue, rules
from models.reception.records import Docket, Promise, VisitLine
from models.sheets.content import Column, Grid, Heading, Kind, Pairs, Sheet, Sign, Text

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register

KIND = "reception_docket"
_RECORD = ("《信访条例》第十条、《信访工作条例》第十八条；公安机关局长接访须有记录和领导签名（2005）",
           "SC-431 Art. 10, REG-2022 Art. 18; a chief's reception is recorded and signed by hand, 2005")  # fmt: skip
_SEALED = (
    "id", "on_date", "form", "from_time", "to_time", "place", "leader", "substitute", "substitute_reason", "opened_at",
    "closed_at",
)  # fmt: skip
"""Columns of the day that the seal covers."""
_SEAL = "seal"
"""Key of what is sealed among the facts of the paper."""
_NOT_COME = "接访日结束时未到场"
_SET_ASIDE = "接访人依法回避，另行安排接访"


def begin(register: Register, reception: int, *, present: bool, by: Staff, at: datetime) -> None:
    """Open the reception of a day.

    Args:
        register: The open register.
        reception: The day.
        present: The leader who receives by the plan is there.
        by: Who opens it.
        at: Instant, aware.

    Raises:
        RuleError: The leader is absent and no substitute is named; the day has not come, has begun, or was cancelled.
    """
    row = days.row_of(register, reception)
    _require_counter(row, by, "开始接访", "open a reception")
    days.require_state(row, "planned")
    on, today = date.fromisoformat(row["on_date"]), at.astimezone().date()
    if on > today:
        raise errors.InputError(
            "on",
            f"接访日是 {on}，今天是 {today}，还不能开始接访。",
            f"The reception is on {on} and today is {today}: it cannot begin yet.",
        )
    if not present and row["substitute"] is None:
        name = days.host(register, row["leader"]).name
        raise errors.RuleError(
            f"{name}缺席 {on} 的接访，没有指定替代领导，不能开始："
            f"请先指定一位局领导并写明原因（{rules.DUTY[0]}；产品规则）。",
            f"{name} is absent on {on} and no substitute is named: name a leader with the reason before it begins"
            f" ({rules.DUTY[1]}; project rule).",
        )
    with register.act("begin_reception", by=by, at=at) as act:
        opened = queue.local_time(at) if on == today else row["from_time"]
        act.set("reception_day", reception, state="open", opened_at=opened)


def docket(register: Register, by: Staff, reception: int, *, on: date) -> Docket:
    """Return the day as it goes, or as it went; matters that the person may not know of are left out.

    Args:
        register: The open register.
        by: Who looks.
        reception: The day.
        on: Today, for instructions that are late.

    Raises:
        InputError: There is no such day.
    """
    day = days.day(register, by, reception, on=on)
    lines = _lines(register, by, reception)
    row = days.row_of(register, reception)
    sealed = _sealed(register, row)
    return Docket(
        day=day,
        lines=lines,
        promises=tuple(promise for line in lines for promise in promises.of_visit(register, line.id, by, on)),
        open_points=tuple(_open_points(lines)) if day.state == "open" else (),
        sealed=str(sealed.get("hash", "")),
        document=row["docket"],
        changed=_changed(register, reception, sealed, {line.id for line in lines}),
    )


def close(register: Register, reception: int, *, by: Staff, at: datetime) -> Docket:
    """Close the reception and seal its docket.

    Appointments that did not come are noted as such. A visit that who closes may not know of is set aside for another
    leader, without a word about it.

    Raises:
        RuleError: The day is not open; somebody waits; something is missing of a visit: each is named.
    """
    from models.sheets import data, issue

    row = days.row_of(register, reception)
    _require_counter(row, by, "结束接访", "close a reception")
    days.require_state(row, "open")
    today = at.astimezone().date()
    points = list(_open_points(_lines(register, by, reception)))
    if points:
        told_zh, told_en = "；".join(point.zh for point in points), "; ".join(point.en for point in points)
        raise errors.MissingPartError(
            tuple("visit" for _ in points),
            f"{row['on_date']} 的接访还不能结束：{told_zh}（{_RECORD[0]}）。",
            f"The reception of {row['on_date']} cannot be closed yet: {told_en} ({_RECORD[1]}).",
        )
    with register.act("close_reception", by=by, at=at) as act:
        for visit in register.records("reception_visit", "reception=? AND removed IS NULL", (reception,)):
            if visit["state"] == "booked":
                act.set("reception_visit", visit["id"], state="withdrawn", reason=_NOT_COME)
            elif visit["state"] in days.LIVE:
                act.set("reception_visit", visit["id"], state="left", reason=_SET_ASIDE)
        closed = queue.local_time(at) if row["on_date"] == today.isoformat() else row["to_time"]
        act.set("reception_day", reception, state="closed", closed_at=closed)
        content = _content(register, reception)
        paper, told = _paper(register, by, reception, on=today, sealed=content["hash"])
        facts = {**data.sheet_to_data(paper), _SEAL: content}
        document = issue.issue(act, paper, row["on_date"], facts, matters=told)
        act.set("reception_day", reception, docket=document)
    return docket(register, by, reception, on=today)


def _require_counter(row: Mapping[str, Any], by: Staff, zh: str, en: str) -> None:
    if by.id != days.host_of(row):
        policy.require_role(by, queue.COUNTER, zh, en)


def _lines(register: Register, by: Staff, reception: int) -> tuple[VisitLine, ...]:
    return queue.lines(register, by, "v.reception=?", (reception,))


def _open_points(lines: Sequence[VisitLine]) -> list[Message]:
    """Return why a day cannot be closed: who waits, and what is missing of who was received."""
    found = []
    for line in lines:
        turn_zh, turn_en = f"{line.turn} 号（{line.number}）", f"number {line.turn} ({line.number})"
        if line.state in ("waiting", "called"):
            word = codes.word("visit_state", line.state, "zh"), codes.word("visit_state", line.state, "en").lower()
            found.append(Message(f"{turn_zh}{word[0]}，须接访或者登记离开", f"{turn_en} is {word[1]}"))
        found += [Message(f"{turn_zh}{part.zh}", f"{turn_en}: {part.en}") for _, part in line.missing]
    return found


# --- the seal ---------------------------------------------------------------------------------------------------------


def _content(register: Register, reception: int) -> dict[str, Any]:
    """Return what is sealed: a digest for each visit, and the hash over the day with all of them."""
    row = days.row_of(register, reception)
    lines = [{"visit": visit, "turn": turn, "digest": digest} for visit, turn, digest in _digests(register, reception)]
    head = {name: row[name] for name in _SEALED}
    return {"day": head, "lines": lines, "hash": _hash({"day": head, "lines": lines})}


def _digests(register: Register, reception: int) -> list[tuple[int, int | None, str]]:
    """Return a digest of each visit, all of them: its row, the frozen record, and what was instructed on the day."""
    on = days.row_of(register, reception)["on_date"]
    found = []
    for visit in register.records("reception_visit", "reception=? ORDER BY turn IS NULL, turn, id", (reception,)):
        record = register.row("SELECT sha256, state FROM document WHERE id=?", (visit["record"],))
        tasks = register.rows(
            "SELECT what, unit, due_on, given_by, removed FROM task WHERE visit=? AND opened_on=? ORDER BY id",
            (visit["id"], on),
        )
        found.append((visit["id"], visit["turn"], _hash({"visit": visit, "record": record, "tasks": tasks})))
    return found


def _hash(value: Any) -> str:
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _sealed(register: Register, row: Mapping[str, Any]) -> dict[str, Any]:
    paper = register.record("office_document", row["docket"]) if row["docket"] else None
    found: dict[str, Any] = orjson.loads(paper["facts"])[_SEAL] if paper else {}
    return found


def _changed(register: Register, reception: int, sealed: Mapping[str, Any], known: set[int]) -> tuple[int, ...]:
    """Return the numbers in the queue of visits that are no longer what was sealed, of those the viewer may know."""
    if not sealed:
        return ()
    now = {visit: digest for visit, _turn, digest in _digests(register, reception)}
    return tuple(
        line["turn"] or 0
        for line in sealed["lines"]
        if line["visit"] in known and now.get(line["visit"]) != line["digest"]
    )


# --- the paper --------------------------------------------------------------------------------------------------------


def sheet(register: Register, by: Staff, reception: int, *, on: date) -> Sheet:
    """Return the docket as a paper, in the language of the process; before closing it bears no seal.

    Raises:
        InputError: There is no such day.
        NotAllowedError: The person does not work with the register.
    """
    row = days.row_of(register, reception)
    return _paper(register, by, reception, on=on, sealed=str(_sealed(register, row).get("hash", "")))[0]


def _paper(register: Register, by: Staff, reception: int, *, on: date, sealed: str) -> tuple[Sheet, set[int]]:
    """Return the paper, and the matters that it tells of."""
    language = errors.spoken()
    zh = language == "zh"
    day = days.day(register, by, reception, on=on)
    hidden = restricted(register, reception)
    shown = [line for line in _lines(register, by, reception) if line.id not in {visit for visit, _, _ in hidden}]
    given = {line.id: promises.of_visit(register, line.id, by, on) for line in shown}
    rows = sorted(
        [_row(register, line, given[line.id], zh=zh) for line in shown]
        + [_bare(turn, state, zh=zh) for _, turn, state in hidden],
        key=lambda row: (row[0] is None, row[0] or 0),
    )
    states = [line.state for line in shown] + [state for _, _, state in hidden]
    people = sum(line.people or 1 for line in shown if line.state == "received")
    instructed = [promise for line in shown for promise in given[line.id]]
    pairs: list[tuple[str, str | int | date | None]] = [
        ("接访日期" if zh else "Day", day.on),
        ("接访方式" if zh else "Way", codes.word("reception", day.form, language)),
        ("接访时间" if zh else "Time", f"{day.opened_at or day.begin}—{day.closed_at or day.end}"),
        ("接访地点" if zh else "Place", day.place),
        ("接访领导" if zh else "Received by", f"{day.host.name}　{day.host.post}".strip()),
        ("陪同接访" if zh else "Beside", day.beside),
        ("接访批次" if zh else "Visits received", states.count("received")),
        ("接访人次" if zh else "People received", people),
        ("交办要求" if zh else "Instructions", len(instructed)),
        ("未接先离" if zh else "Left unreceived", states.count("left")),
    ]
    if day.substitute:
        absent = f"{day.leader.name}：{day.substitute_reason}" if zh else f"{day.leader.name}: {day.substitute_reason}"
        pairs.insert(6, ("缺席领导和原因" if zh else "Absent, and why", absent))
    notes = [
        "限定知悉范围的事项只列排号，不列编号和内容。"
        if zh
        else "Matters for named readers stand with their number in the queue only."
    ] if hidden else []  # fmt: skip
    if sealed:
        notes.append(f"封存校验值（SHA-256）：{sealed}" if zh else f"Seal of the content (SHA-256): {sealed}")
    paper = Sheet(
        kind=KIND,
        title="局长信访接待日接访日志" if zh else "Docket of the reception day",
        subtitle=str(day.on),
        organ=str(register.setting("organ.name", "")),
        blocks=(
            Pairs(pairs=pairs),
            Heading(text="接访情况" if zh else "Visits", level=2),
            _grid(rows, zh=zh),
            Heading(text="交办要求" if zh else "Instructions", level=2),
            brief_paper.promise_grid(instructed, zh=zh, numbered=True),
            Text(
                text="以上各项交办要求已列入责任单位待办，至落实凭证登记为止。"
                if zh
                else "Each instruction stands among the unit's duties until its proof is entered."
            ),
        ),
        dated_on=on,
        landscape=True,
        sign=(
            Sign(label="接访领导（签名）" if zh else "Leader (signature)", name=day.host.name),
            Sign(
                label="记录人（签名）" if zh else "Recorder (signature)", name="" if by.id == day.host.id else by.name
            ),
        ),
        notes=tuple(notes),
        language=language,
    )
    return paper, {line.matter for line in shown}


def restricted(register: Register, reception: int) -> list[tuple[int, int | None, str]]:
    """Return the visits of a day whose matters are sealed, or from which somebody is barred: (id, turn, state)."""
    return register.rows(
        "SELECT v.id, v.turn, v.state FROM reception_visit v CROSS JOIN matter m ON m.id=v.matter WHERE v.reception=?"
        " AND v.removed IS NULL AND (m.sealed=1 OR EXISTS(SELECT 1 FROM bar b WHERE b.matter=m.id)) ORDER BY v.turn",
        (reception,),
    )


def _grid(rows: Sequence[Sequence[Any]], *, zh: bool) -> Grid:
    heads = (
        ("排号", "事项编号", "信访事项", "人数", "到场", "接访", "当场处理", "处理决定", "责任单位、期限", "签名核对")
        if zh
        else ("No.", "Matter", "About", "People", "Came", "Received", "Outcome", "Decision", "Unit, day", "Signed")
    )
    widths = (0.7, 1.8, 2.4, 0.7, 0.9, 1.5, 1.1, 2.8, 1.8, 1.1)
    kinds: Mapping[int, Kind] = {0: "int", 3: "int"}
    columns = [
        Column(head=head, kind=kinds.get(place, "text"), width=width, wrap=place not in (0, 1, 3, 4, 5))
        for place, (head, width) in enumerate(zip(heads, widths, strict=True))
    ]
    return Grid(columns=columns, rows=rows, empty="当日无人来访" if zh else "nobody came")


def _row(register: Register, line: VisitLine, given: Sequence[Promise], *, zh: bool) -> tuple[Any, ...]:
    language: errors.Language = "zh" if zh else "en"
    state = codes.word("visit_state", line.state, language)
    outcome = codes.word("on_the_spot", line.outcome, language) if line.outcome else ""
    paper = register.row("SELECT facts FROM document WHERE id=?", (line.record,)) if line.record else None
    signed = ("已签名" if zh else "signed") if line.signed else line.unsigned
    return (
        line.turn,
        line.number,
        line.title,
        line.people,
        line.came_at,
        f"{line.called_at}—{line.ended_at}" if line.state == "received" else state,
        outcome,
        briefs.decision_of(paper[0]) if paper else line.reason,
        "；".join(f"{one.unit} {one.due_on}" for one in given),
        signed if line.state == "received" else "",
    )


def _bare(turn: int | None, state: str, *, zh: bool) -> tuple[Any, ...]:
    """Return the line of a matter for named readers: its number in the queue, and whether it was received."""
    word = "限定知悉" if zh else "named readers"
    return (turn, "", word, None, "", codes.word("visit_state", state, "zh" if zh else "en"), "", "", "", "")
