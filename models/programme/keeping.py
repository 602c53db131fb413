"""Writing programmes: made from data, changed while they run, their reports sent, closed when nothing is owed.

Petition-unit head and leaders of the bureau may. A programme belongs to no matter, so its acts are entries of the
journal without one. What a report has gone out on is fixed: its milestone is done and no longer moves.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from models import codes, errors, policy
from models.programme import data
from models.programme.records import MilestoneDraft, ProgrammeDraft, StageDraft

if TYPE_CHECKING:
    from models.act import Act
    from models.records import Staff
    from models.register import Register

KEEPERS = frozenset({"PU", "DL", "CH"})


def find(register: Register, reference: str | int) -> dict[str, Any]:
    """Return the row of a programme by its key or row.

    Raises:
        InputError: There is none; lists those there are.
    """
    text = str(reference)
    found = register.records("programme", "key=? OR CAST(id AS TEXT)=? ORDER BY id LIMIT 1", (text, text))
    if found:
        return found[0]
    keys = [key for (key,) in register.rows("SELECT key FROM programme ORDER BY from_on, id")]
    raise errors.InputError(
        "programme",
        f"没有“{reference}”这个专项。{'现有：' + '、'.join(keys) if keys else '本局尚未建立专项'}。",
        f"There is no programme “{reference}”; {'there are: ' + ', '.join(keys) if keys else 'none was made yet'}.",
    )


def create(register: Register, draft: ProgrammeDraft | str, *, by: Staff, at: datetime) -> int:
    """Write a programme, drawn up by hand or the shipped one of this key; returns its row.

    Raises:
        NotAllowedError: Neither head of the petition unit nor a leader.
        InputError, MissingPartError: What cannot be, named (`models.programme.data`); a key that is taken.
    """
    policy.require_role(by, KEEPERS, "建立专项", "make a programme")
    drawn = data.shipped_one(draft) if isinstance(draft, str) else draft
    data.check(drawn)
    if register.row("SELECT 1 FROM programme WHERE key=?", (drawn.key,)):
        raise errors.InputError(
            "key",
            f"专项“{drawn.key}”已经建立，不能重复建立：请在原专项中修改阶段和节点。",
            f"The programme “{drawn.key}” was made already: change its stages and dates in place of making it twice.",
        )
    with register.act("create_programme", by=by, at=at) as act:
        programme = act.insert(
            "programme",
            {
                "key": drawn.key,
                "name": drawn.name,
                "basis": drawn.basis,
                "from_on": drawn.from_on,
                "to_on": drawn.to_on,
                "goal": drawn.goal,
            },
        )
        stages = [
            act.insert(
                "stage",
                {
                    "programme": programme,
                    "place": place,
                    "name": stage.name,
                    "from_on": stage.from_on,
                    "to_on": stage.to_on,
                },
            )
            for place, stage in enumerate(drawn.stages, start=1)
        ]
        for one in drawn.milestones:
            _insert(act, programme, one, drawn.stages, stages)
    return programme


def _insert(act: Act, programme: int, draft: MilestoneDraft, drawn: tuple[StageDraft, ...], stages: list[int]) -> int:
    target = draft.kind == "target"
    follows = None if draft.stage is None else draft.stage - 1
    return act.insert(
        "milestone",
        {
            "programme": programme,
            "stage": None if follows is None else stages[follows],
            "kind": draft.kind,
            "name": draft.name,
            "on_date": draft.on_date if follows is None else drawn[follows].to_on,
            "days": None if target else draft.days,
            "share": draft.share if target else None,
        },
    )


# --- changing ---------------------------------------------------------------------------------------------------------


def change_stage(
    register: Register,
    stage: int,
    *,
    name: str | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
    by: Staff,
    at: datetime,
) -> None:
    """Change a stage; reports that follow its end, and did not go out, move with it.

    Raises:
        NotAllowedError, InputError: As for making a programme; the stage and what is wrong with it are named.
        RuleError: The programme is closed.
    """
    policy.require_role(by, KEEPERS, "修改专项阶段", "change a stage")
    found = register.record("stage", stage)
    if found is None or found["removed"]:
        raise errors.InputError("stage", f"没有这个阶段：{stage}。", f"There is no such stage: {stage}.")
    programme = _open(register, found["programme"])
    rows = stages_of(register, programme["id"])
    drafts = [_stage_draft(row) for row in rows]
    place = [row["id"] for row in rows].index(stage)
    before = drafts[place]
    drafts[place] = StageDraft(
        name=before.name if name is None else name,
        from_on=from_on or before.from_on,
        to_on=to_on or before.to_on,
    )
    data.check_stages(tuple(drafts), _day(programme["from_on"]), _day(programme["to_on"]))
    after = drafts[place]
    with register.act("change_programme", by=by, at=at) as act:
        act.set("stage", stage, name=after.name, from_on=after.from_on, to_on=after.to_on)
        for row in register.records("milestone", "stage=? AND removed IS NULL AND done_on IS NULL", (stage,)):
            act.set("milestone", row["id"], on_date=after.to_on)


def add_milestone(register: Register, programme: str | int, draft: MilestoneDraft, *, by: Staff, at: datetime) -> int:
    """Add a target or a report to a programme; returns its row.

    Raises:
        NotAllowedError, InputError, MissingPartError, RuleError: As above.
    """
    policy.require_role(by, KEEPERS, "修改专项节点", "change the dates of a programme")
    row = _open(register, find(register, programme)["id"])
    stages = stages_of(register, row["id"])
    data.check_milestone(draft, _day(row["from_on"]), _day(row["to_on"]), len(stages))
    with register.act("change_programme", by=by, at=at) as act:
        return _insert(act, row["id"], draft, tuple(_stage_draft(one) for one in stages), [one["id"] for one in stages])


def change_milestone(
    register: Register,
    milestone: int,
    *,
    name: str | None = None,
    on_date: date | None = None,
    days: int | None = None,
    share: int | None = None,
    by: Staff,
    at: datetime,
) -> None:
    """Change a target or a report that did not go out. A day given by itself takes it off the stage it followed.

    Raises:
        NotAllowedError, InputError, MissingPartError: As above.
        RuleError: It is done, or the programme is closed.
    """
    policy.require_role(by, KEEPERS, "修改专项节点", "change the dates of a programme")
    row = _waiting(register, milestone)
    programme = _open(register, row["programme"])
    stages = stages_of(register, programme["id"])
    places = {stage["id"]: place for place, stage in enumerate(stages, start=1)}
    before = MilestoneDraft(
        kind=row["kind"],
        name=row["name"],
        stage=places.get(row["stage"]),
        on_date=_day(row["on_date"]),
        days=row["days"] or 0,
        share=row["share"],
    )
    after = replace(
        before,
        name=before.name if name is None else name,
        stage=before.stage if on_date is None else None,
        on_date=on_date or before.on_date,
        days=before.days if days is None else days,
        share=before.share if share is None else share,
    )
    data.check_milestone(after, _day(programme["from_on"]), _day(programme["to_on"]), len(stages))
    with register.act("change_programme", by=by, at=at) as act:
        act.set(
            "milestone",
            milestone,
            name=after.name,
            stage=row["stage"] if after.stage else None,
            on_date=after.on_date,
            days=None if row["kind"] == "target" else after.days,
            share=after.share if row["kind"] == "target" else None,
        )


def remove_milestone(register: Register, milestone: int, reason: str, *, by: Staff, at: datetime) -> None:
    """Take a target or a report that did not go out off the programme; the row stays with the reason.

    Raises:
        NotAllowedError, InputError, RuleError: As above.
        MissingPartError: No reason.
    """
    policy.require_role(by, KEEPERS, "修改专项节点", "change the dates of a programme")
    row = _waiting(register, milestone)
    _open(register, row["programme"])
    if not reason.strip():
        raise errors.MissingPartError(
            ("reason",), "取消节点须写明理由（产品规则）。", "Taking a date off takes a reason (project rule)."
        )
    with register.act("change_programme", by=by, at=at) as act:
        act.set("milestone", milestone, removed=reason.strip())


# --- reports ----------------------------------------------------------------------------------------------------------


def report_out(register: Register, milestone: int, on: date, *, by: Staff, at: datetime) -> None:
    """Record that a report of a programme went out.

    Raises:
        NotAllowedError: Neither head of the petition unit nor a leader.
        InputError: No such report, a target, or a day in the future.
        RuleError: It is done, or it is a summary: that goes out with its figures.
    """
    policy.require_role(by, KEEPERS, "登记专项报送", "record a report of a programme")
    row = _waiting(register, milestone)
    if row["kind"] == "target":
        raise errors.InputError(
            "milestone",
            f"“{row['name']}”是化解目标，由案件证据算出，不能登记为已报送。",
            f"“{row['name']}” is a target: it is counted from the evidence of the cases and is not reported by hand.",
        )
    if on > at.astimezone().date():
        raise errors.InputError(
            "on", f"报送日期 {on} 在今天之后，请核对。", f"The day of the report, {on}, lies after today: check it."
        )
    if row["kind"] in ("summary", "final", "figures"):
        word_zh, word_en = codes.word("milestone", row["kind"], "zh"), codes.word("milestone", row["kind"], "en")
        raise errors.RuleError(
            f"“{row['name']}”（{word_zh}）随数据报送：请在报表中提交，报送日期随之登记（产品规则）。",
            f"“{row['name']}” ({word_en}) goes out with its figures: submit the report; its day is recorded with it"
            " (project rule).",
        )
    with register.act("report_milestone", by=by, at=at) as act:
        mark_reported(act, milestone, on)


def mark_reported(act: Act, milestone: int, on: date, report: int | None = None) -> None:
    """Mark a milestone as done within an act: `report` is the row of period_report that went out."""
    act.set("milestone", milestone, done_on=on, report=report)


def close(register: Register, programme: str | int, on: date, *, by: Staff, at: datetime) -> None:
    """Close a programme.

    Raises:
        NotAllowedError: Neither head of the petition unit nor a leader.
        RuleError: It is closed, its time is not over, or it owes a report, which is named.
    """
    policy.require_role(by, KEEPERS, "结束专项", "close a programme")
    row = _open(register, find(register, programme)["id"])
    if on <= _day(row["to_on"]):
        raise errors.RuleError(
            f"专项“{row['name']}”到 {row['to_on']} 才结束，现在不能关闭（{data.RULE_ZH}）。",
            f"The programme “{row['name']}” runs until {row['to_on']} and cannot be closed before ({data.RULE_EN}).",
        )
    owed = register.records(
        "milestone",
        "programme=? AND kind<>'target' AND done_on IS NULL AND removed IS NULL ORDER BY on_date, id",
        (row["id"],),
    )
    if owed:
        names = "、".join(one["name"] for one in owed)
        raise errors.RuleError(
            f"专项“{row['name']}”还有未报送的：{names}。报送之后再关闭（{data.RULE_ZH}）。",
            f"The programme “{row['name']}” still owes: {names}. Close it once they went out ({data.RULE_EN}).",
        )
    with register.act("close_programme", by=by, at=at) as act:
        act.set("programme", row["id"], closed_on=on)


# --- rows -------------------------------------------------------------------------------------------------------------


def stages_of(register: Register, programme: int) -> list[dict[str, Any]]:
    """Return the stages of a programme in their order."""
    return register.records("stage", "programme=? AND removed IS NULL ORDER BY place, id", (programme,))


def _stage_draft(row: dict[str, Any]) -> StageDraft:
    return StageDraft(name=row["name"], from_on=_day(row["from_on"]), to_on=_day(row["to_on"]))


def _open(register: Register, programme: int) -> dict[str, Any]:
    row = find(register, programme)
    if row["closed_on"]:
        raise errors.RuleError(
            f"专项“{row['name']}”已于 {row['closed_on']} 关闭，不再修改（产品规则）。",
            f"The programme “{row['name']}” was closed on {row['closed_on']} and is not changed any more"
            " (project rule).",
        )
    return row


def _waiting(register: Register, milestone: int) -> dict[str, Any]:
    """Return a milestone that is not done."""
    row = register.record("milestone", milestone)
    if row is None or row["removed"]:
        raise errors.InputError(
            "milestone", f"没有这个节点：{milestone}。", f"There is no such date of a programme: {milestone}."
        )
    if row["done_on"]:
        raise errors.RuleError(
            f"“{row['name']}”已于 {row['done_on']} 报送，不再变动（产品规则）。",
            f"“{row['name']}” went out on {row['done_on']} and stays as it is (project rule).",
        )
    return row


def _day(text: str) -> date:
    return date.fromisoformat(text)
