"""Verb on key-case programmes: list, create from shipped data or a file, show, cases, case, progress, dates, roster.

What is done on a case (include_key_case, draw_plan, meet_petitioner ...) is taken with `act`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from app.common import Options, choose, day, open_desk, tell, verb
from models import codes, errors
from models.desk import Desk
from models.errors import Message
from models.programme import data
from models.programme.evidence import STEPS
from models.programme.programmes import Programmes
from models.programme.records import CaseFilter, CaseLine, Milestone, Programme, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What was asked: the desk, the programmes, and the options as typed."""

    options: Options
    desk: Desk
    which: str
    given: dict[str, Any]

    @property
    def programmes(self) -> Programmes:
        return self.desk.programmes

    @property
    def key(self) -> str:
        """The programme named, else the only one there is."""
        if self.which:
            return self.which
        found = self.programmes.all()
        if len(found) == 1:
            return found[0].key
        keys = "、".join(one.key for one in found)
        raise errors.InputError(
            "programme",
            f"请写明专项：{keys or '尚未建立'}。",
            f"Name the programme: {keys.replace('、', ', ') or 'none was made yet'}.",
        )

    def text(self, name: str) -> str:
        return str(self.given.get(name) or "")


@click.command("programme")
@click.argument("action", default="list", type=click.Choice(
    ["list", "shipped", "create", "show", "cases", "case", "progress", "milestones", "owed", "stage", "report",
     "roster", "liaison", "close"]))  # fmt: skip
@click.argument("which", default="")
@click.option(
    "--file", "file", default=None, type=click.Path(path_type=Path), help="Data of a programme, TOML: create."
)
@click.option("--on", "on", default=None, help="Day, YYYY-MM-DD: as of which, or on which a report went out.")
@click.option("--state", default="", help="cases: open rebound solved closed excluded, with commas.")
@click.option("--source", default="", help="cases: codes of sources, with commas.")
@click.option("--step", default="", help="cases: those whose next step is this one.")
@click.option("--late", is_flag=True, help="cases: open past the limit of their plan.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="cases: at most so many.")
@click.option("--after", default=None, type=int, help="cases: go on from here.")
@click.option("--stage", default=None, type=int, help="stage: which one, from 1.")
@click.option("--from", "frm", default=None, help="stage: its first day.")
@click.option("--to", "to", default=None, help="stage: its last day.")
@click.option("--key", "key", default="", help="report: which one, as milestones lists it.")
@click.option("--duty", default="", help="liaison: leader or liaison.")
@click.option("--name", default="", help="liaison: name. stage: its name.")
@click.option("--phone", default="", help="liaison: office telephone.")
@click.option("--post", default="", help="liaison: post.")
@verb
def programme(options: Options, action: str, which: str, **given: Any) -> None:
    """Tell and keep key-case programmes: stages, targets, cases as evidence reached, what is due, roster."""
    desk = open_desk(options)
    try:
        _ACTIONS[action](_Asked(options=options, desk=desk, which=which, given=given))
    finally:
        desk.close()


# --- programmes -------------------------------------------------------------------------------------------------------


def _list(asked: _Asked) -> None:
    found = asked.programmes.all()
    lines = [f"{one.key}  {one.name}  {one.from_on} – {one.to_on}  {_state(one)}" for one in found]
    tell(asked.options, {"total": len(found), "results": found}, "\n".join(lines) or choose("没有", "none"))


def _shipped(asked: _Asked) -> None:
    found = asked.programmes.shipped()
    lines = [f"{one.key}  {one.name}  {one.from_on} – {one.to_on}" for one in found]
    tell(asked.options, {"total": len(found), "results": found}, "\n".join(lines))


def _create(asked: _Asked) -> None:
    path: Path | None = asked.given["file"]
    if path is not None:
        try:
            drawn = data.parse(path.read_text("utf-8"), path.name)
        except (OSError, UnicodeDecodeError):
            raise errors.InputError(
                "file", f"读不到文件：{path}。请核对路径。", f"The file cannot be read: {path}. Check the path."
            ) from None
        made = asked.programmes.create(drawn)
    else:
        made = asked.programmes.create(asked.which)
    _show_one(asked, asked.programmes.one(made))


def _show(asked: _Asked) -> None:
    _show_one(asked, asked.programmes.one(asked.key, day(asked.text("on"), "on")))


def _show_one(asked: _Asked, one: Programme) -> None:
    counted = one.counts

    def text() -> str:
        head = [f"{one.key}  {one.name}  {one.from_on} – {one.to_on}  {_state(one)}", one.basis, one.goal]
        stages = [f"{stage.place}. {stage.name}  {stage.from_on} – {stage.to_on}" for stage in one.stages]
        numbers = choose(
            f"列入 {counted.entered}，化解 {counted.solved}（评查同意结案 {counted.closed}），未化解 {counted.open}"
            f"（反弹 {counted.rebound}，逾期 {counted.late}），不列入 {counted.excluded}",
            f"entered {counted.entered}, solved {counted.solved} (closed after review {counted.closed}), open"
            f" {counted.open} (came up again {counted.rebound}, late {counted.late}), out {counted.excluded}",
        )
        goals = [_target(target) for target in one.targets]
        return "\n".join([*(line for line in head if line), *stages, numbers, *goals])

    tell(asked.options, _programme_data(one), text)


def _programme_data(one: Programme) -> dict[str, Any]:
    counted = one.counts
    return {
        **{name: getattr(one, name) for name in ("id", "key", "name", "basis", "goal", "from_on", "to_on", "state")},
        **{name: getattr(counted, name) for name in ("entered", "included", "open", "rebound", "solved", "closed",
                                                      "excluded", "late", "by_source", "by_exclusion")},
        "on": counted.on,
        "stages": one.stages,
        "targets": one.targets,
        "milestones": one.milestones,
    }  # fmt: skip


def _state(one: Programme) -> str:
    words = {
        "ahead": ("未开始", "ahead"),
        "running": ("进行中", "running"),
        "over": ("已到期", "over"),
        "closed": ("已关闭", "closed"),
    }
    return choose(*words[one.state])


def _target(one: Target) -> str:
    words = {
        "reached": ("已达到", "reached"),
        "missed": ("未达到", "missed"),
        "open": ("进行中", "open"),
        "empty": ("尚无案件", "no case yet"),
    }
    return (
        f"{one.by_on}  {one.name}  {one.share}%  {one.solved}/{one.included}  {choose(*words[one.state])}"
        f"{choose('（截至 ', ' (as of ')}{one.counted_on}{choose('）', ')')}"
    )


# --- cases ------------------------------------------------------------------------------------------------------------


def _codes(text: str) -> tuple[Any, ...]:
    return tuple(part.strip() for part in text.replace("，", ",").split(",") if part.strip())


def _cases(asked: _Asked) -> None:
    filters = CaseFilter(
        states=_codes(asked.text("state")),
        sources=_codes(asked.text("source")),
        late=bool(asked.given["late"]),
        step=asked.text("step"),
    )
    page = asked.programmes.cases(asked.key, filters, asked.given["after"], asked.given["limit"])

    def text() -> str:
        lines = [_case_line(line) for line in page.lines]
        total = choose(f"共 {page.total} 件，列出 {len(lines)} 件", f"{page.total} in all, {len(lines)} shown")
        return "\n".join([*lines, total])

    result = {"total": page.total, "shown": len(page.lines), "after": page.after, "results": page.lines}
    tell(asked.options, result, text)


def _case_line(line: CaseLine) -> str:
    words = {
        "open": ("未化解", "open"),
        "rebound": ("反弹", "came up again"),
        "solved": ("已化解", "solved"),
        "closed": ("已结案", "closed"),
        "excluded": ("不列入", "out"),
    }
    if line.sight != "full":
        return f"{line.number}  {choose(*words[line.state])}  {line.unit}"
    parts = (
        line.number,
        choose(*words[line.state]),
        codes.word("key_source", line.source, errors.spoken()),
        line.leader,
        line.unit,
        line.officer,
        str(line.limit_on or ""),
        choose("逾期", "late") if line.late else "",
        _in(STEPS[line.next_step]) if line.next_step else "",
    )
    return "  ".join(part for part in parts if part)


def _case(asked: _Asked) -> None:
    file = asked.programmes.case(asked.desk.find(asked.which))

    def text() -> str:
        steps = [f"{one.on or '—'}  {_in(one.words)}" for one in file.evidence]
        parts = [
            f"{choose('有', 'in the file') if part.present else choose('缺', 'missing')}  {_in(part.words)}"
            f"{choose('：', ': ')}{_in(part.told)}"
            for part in file.dossier
        ]
        return "\n".join([f"{file.programme_key}  {file.programme_name}", _case_line(file.line), *steps, *parts])

    tell(asked.options, file, text)


def _progress(asked: _Asked) -> None:
    found = asked.programmes.progress(asked.key, day(asked.text("on"), "on"))

    def text() -> str:
        reached = [f"{one.cases}/{one.of}  {_in(one.words)}" for one in found.reached]
        none = choose("（尚无方案）", "(no plan yet)")
        late = choose("逾期", "late")
        groups = [
            f"{one.name or none}  {one.open}" + (f"  {late} {one.late}" if one.late else "")
            for one in (*found.by_leader, *found.by_unit)
        ]
        return "\n".join([*reached, *(_target(one) for one in found.programme.targets), *groups])

    result = {
        **_programme_data(found.programme),
        "reached": {one.step: one.cases for one in found.reached},
        "by_leader": found.by_leader,
        "by_unit": found.by_unit,
    }
    tell(asked.options, result, text)


# --- dates ------------------------------------------------------------------------------------------------------------


def _milestone(one: Milestone) -> str:
    words = {
        "done": ("已报送", "done"),
        "done_late": ("逾期报送", "done late"),
        "late": ("逾期", "late"),
        "due": ("将到期", "due"),
        "ahead": ("", ""),
    }
    last = one.due_on or choose("缺该年节假日安排", "no calendar of that year")
    return f"{last}  {one.key}  {one.name}  {choose(*words[one.state])}".rstrip()


def _milestones(asked: _Asked) -> None:
    found = asked.programmes.milestones(asked.key)
    tell(asked.options, {"total": len(found), "results": found}, "\n".join(_milestone(one) for one in found))


def _owed(asked: _Asked) -> None:
    found = [one for _, one in asked.programmes.owed()]
    text = "\n".join(_milestone(one) for one in found)
    tell(asked.options, {"total": len(found), "results": found}, text or choose("没有", "none"))


def _stage(asked: _Asked) -> None:
    stages = asked.programmes.one(asked.key).stages
    place = asked.given["stage"]
    found = next((one for one in stages if one.place == place), None)
    if found is None:
        raise errors.InputError(
            "stage",
            f"没有第 {place} 阶段，共 {len(stages)} 个：请用 --stage 写明。",
            f"There is no stage {place}; there are {len(stages)}: name one with --stage.",
        )
    asked.programmes.change_stage(
        found.id,
        name=asked.text("name") or None,
        from_on=day(asked.text("frm"), "from"),
        to_on=day(asked.text("to"), "to"),
    )
    _show_one(asked, asked.programmes.one(asked.key))


def _report(asked: _Asked) -> None:
    wanted = asked.text("key")
    found = next((one for one in asked.programmes.milestones(asked.key) if one.key == wanted), None)
    if found is None:
        keys = [one.key for one in asked.programmes.milestones(asked.key)]
        raise errors.InputError(
            "key",
            f"没有“{wanted}”这个报送节点。可用：{'、'.join(keys)}。",
            f"There is no report “{wanted}”; there are: {', '.join(keys)}.",
        )
    asked.programmes.report_out(found.id, day(asked.text("on"), "on"))
    _milestones(asked)


def _close(asked: _Asked) -> None:
    asked.programmes.close(asked.key)
    _show_one(asked, asked.programmes.one(asked.key))


# --- roster -----------------------------------------------------------------------------------------------------------


def _roster(asked: _Asked) -> None:
    found = asked.programmes.roster(asked.which or None)
    lines = [
        "  ".join(
            part
            for part in (codes.word("liaison_duty", one.duty, errors.spoken()), one.name, one.post, one.phone)
            if part
        )
        for one in found
    ]
    tell(asked.options, {"total": len(found), "results": found}, "\n".join(lines) or choose("没有", "none"))


def _liaison(asked: _Asked) -> None:
    asked.programmes.set_liaison(
        asked.text("duty"),
        asked.text("name"),
        asked.text("phone"),
        post=asked.text("post"),
        programme=asked.which or None,
    )
    _roster(asked)


def _in(words: Message) -> str:
    return choose(words.zh, words.en)


_ACTIONS: dict[str, Callable[[_Asked], None]] = {
    "list": _list,
    "shipped": _shipped,
    "create": _create,
    "show": _show,
    "cases": _cases,
    "case": _case,
    "progress": _progress,
    "milestones": _milestones,
    "owed": _owed,
    "stage": _stage,
    "report": _report,
    "roster": _roster,
    "liaison": _liaison,
    "close": _close,
}

COMMANDS = (programme,)
