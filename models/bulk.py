"""One act on many matters: each in an act and a transaction of its own, with all its checks, and each told of.

The petition-unit head screens a morning's letters or sends a batch of notices at once; nothing is easier for that than
one by one, and nothing is skipped. With `suggested`, what differs from matter to matter comes from the rules of
`models.routing`: class, purpose, exit, branch and unit for screening; for the acts that follow, the unit, the
destination and the words of the notice, and only where the rules suggest this very act. Everything else is left for a
person and named so.

Matters that the person may not see in full are not touched and not counted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from models import acts, codes, errors, export, handling, policy, routing, sight, steps
from models.errors import Message

if TYPE_CHECKING:
    from datetime import datetime

    from models.records import Staff
    from models.register import Register

Outcome = Literal["done", "possible", "refused", "left"]
"""`possible`: of a dry run: the act is open; `left`: the rules suggest another act; a person decides."""

SCREEN = "screen"
_OUTCOMES = {
    "done": Message("已办", "done"),
    "possible": Message("可办", "possible"),
    "refused": Message("未办", "refused"),
    "left": Message("留待人工", "left to a person"),
}
_COLUMNS = Message(
    "事项编号,结果,说明,类别,途径,警种,单位或去向", "matter,result,reason,class,exit,branch,unit or destination"
)
_WIDTHS = (16, 12, 60, 12, 8, 14, 24)
_AT_A_TIME = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkLine:
    """What became of one matter.

    Attributes:
        seq: Number of the journal entry; None when nothing was written.
        reason: Why it was refused or left; for what is done, why the rules suggested it, or empty.
        inputs: What was put in.
    """

    matter: int
    number: str
    outcome: Outcome
    reason: Message
    inputs: Mapping[str, Any]
    seq: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkReport:
    """What became of all, in the order in which they were taken; `stopped`: not all were taken."""

    act: str
    lines: tuple[BulkLine, ...]
    total: int
    stopped: bool
    seconds: float

    def count(self, outcome: Outcome) -> int:
        """Return how many matters had this outcome."""
        return sum(line.outcome == outcome for line in self.lines)

    def of(self, outcome: Outcome) -> tuple[BulkLine, ...]:
        """Return the lines with this outcome."""
        return tuple(line for line in self.lines if line.outcome == outcome)

    @property
    def per_second(self) -> float:
        """Matters taken in a second."""
        return len(self.lines) / self.seconds if self.seconds else 0.0

    def message(self) -> Message:
        """Return the report as one sentence."""
        done, possible = self.count("done"), self.count("possible")
        refused, left = self.count("refused"), self.count("left")
        zh = f"“{acts.word(self.act, 'zh')}”：" + (f"可办 {possible} 件" if possible else f"已办 {done} 件")
        en = f"{acts.word(self.act, 'en')}: " + (f"{possible} possible" if possible else f"{done} done")
        zh += f"，未办 {refused} 件，留待人工 {left} 件"
        en += f", {refused} refused, {left} left to a person"
        if self.stopped:
            rest = self.total - len(self.lines)
            return Message(f"{zh}；已停止，还有 {rest} 件没有动。", f"{en}; stopped, {rest} not touched.")
        return Message(f"{zh}。", f"{en}.")


@dataclass(frozen=True, slots=True)
class _Ask:
    """What to put in for one matter, or why it is left."""

    inputs: Mapping[str, Any]
    letter: Mapping[str, str]
    reason: Message = field(default=Message("", ""))
    left: bool = False


def take(
    register: Register,
    matters: Sequence[int],
    act: str,
    inputs: Mapping[str, Any],
    *,
    by: Staff,
    now: Callable[[], datetime],
    letter: Mapping[str, str] | None = None,
    suggested: bool = False,
    dry_run: bool = False,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> BulkReport:
    """Take one act on many matters.

    Args:
        register: The open register.
        matters: Ids; those that the person does not see in full are left out without a word.
        act: Name of the act.
        inputs: Inputs for every matter; they go before what the rules suggest.
        by: Who does it.
        now: The clock, asked for each matter.
        letter: Fields of the letter for every matter.
        suggested: Fill in what the rules suggest.
        dry_run: Tell what would be asked, write nothing.
        on_progress: Told how many of how many are through.
        cancelled: Asked before each matter; what was done stays done.

    Returns:
        The report. A matter that a rule refuses changes nothing and does not stop the others.

    Raises:
        InputError: There is no such act, or an input that the act does not have.
        StorageError: The disk or the file: what was done stays done, the rest is not touched.
    """
    rule = acts.rule(act)
    handling.check_names(rule, inputs)  # once for all matters
    seen = _visible(register, matters, by)
    lines: list[BulkLine] = []
    begun = time.monotonic()
    for matter, number in seen:
        if cancelled():
            break
        lines.append(
            _one(
                register, rule, (matter, number), inputs, letter or {}, by, now(), suggested=suggested, dry_run=dry_run
            )
        )
        on_progress(len(lines), len(seen))
    return BulkReport(
        act=act,
        lines=tuple(lines),
        total=len(seen),
        stopped=len(lines) < len(seen),
        seconds=time.monotonic() - begun,
    )


def _one(
    register: Register,
    rule: acts.Rule,
    matter: tuple[int, str],
    inputs: Mapping[str, Any],
    letter: Mapping[str, str],
    by: Staff,
    at: datetime,
    *,
    suggested: bool,
    dry_run: bool,
) -> BulkLine:
    line: dict[str, Any] = {"matter": matter[0], "number": matter[1], "inputs": dict(inputs), "reason": Message("", "")}
    try:
        if suggested:
            ask = _suggested(register, rule, matter[0], by)
            line["reason"] = ask.reason
            if ask.left:
                return BulkLine(outcome="left", **line)
            inputs, letter = {**ask.inputs, **inputs}, {**ask.letter, **letter}
            line["inputs"] = dict(inputs)
        if dry_run:
            row = sight.matter_for(register, matter[0], by)
            closed = handling.why_closed(rule, steps.Step(register, row, {}, by, at.astimezone().date()))
            if closed is not None:
                raise closed
            return BulkLine(outcome="possible", **line)
        seq = handling.perform(register, matter[0], rule.name, inputs, by=by, at=at, letter=letter)
    except errors.RuleError as error:
        line["reason"] = error.message
        return BulkLine(outcome="refused", **line)
    return BulkLine(outcome="done", seq=seq, **line)


def _suggested(register: Register, rule: acts.Rule, matter: int, by: Staff) -> _Ask:
    """Return what the rules put in for this act, or that they suggest another one."""
    found = routing.suggest(register, matter, by)
    known = {one.name for one in rule.inputs}
    if rule.name == SCREEN:
        values = {
            "category": found.category,
            "purpose": found.purpose,
            "exit": found.exit if not _under_2005(register, matter) else None,
            "police": found.police,
            "unit": found.inside.lead.unit if found.inside.lead and found.category == "claim" else None,
        }
        given = {name: value for name, value in values.items() if name in known and value not in (None, "")}
        return _Ask(given, {}, _reasons(found, given))
    if found.act.act != rule.name:
        other = Message(acts.word(found.act.act, "zh"), acts.word(found.act.act, "en"))
        return _Ask(
            {},
            {},
            Message(
                f"建议的是“{other.zh}”：{found.act.reason.zh}", f"Suggested is “{other.en}”: {found.act.reason.en}"
            ),
            left=True,
        )
    given = {name: value for name, value in found.act.inputs.items() if name in known}
    return _Ask(given, found.act.letter, found.act.reason)


def _reasons(found: routing.Routing, given: Mapping[str, Any]) -> Message:
    """Return why class, exit and branch are suggested, in the order in which they are read."""
    said = [found.classes[0].reason]
    if "exit" in given and found.exits:
        said.append(found.exits[0].reason)
    if "police" in given and found.inside.departments:
        said.append(found.inside.departments[0].reason)
    once = list(dict.fromkeys(said))
    return Message("".join(one.zh for one in once), " ".join(one.en for one in once))


def _under_2005(register: Register, matter: int) -> bool:
    """Return whether SC-431 governs: it has no exits to record."""
    row = register.row("SELECT rules FROM matter WHERE id=?", (matter,))
    return row is not None and str(row[0]).startswith("SC-")


def _visible(register: Register, matters: Sequence[int], by: Staff) -> list[tuple[int, str]]:
    """Return id and number of those of `matters` that the person sees in full, in the order given, each once."""
    wanted = list(dict.fromkeys(matters))
    numbers: dict[int, str] = {}
    for start in range(0, len(wanted), _AT_A_TIME):
        some = wanted[start : start + _AT_A_TIME]
        numbers |= dict(
            register.rows(
                f"SELECT m.id, m.number FROM matter m WHERE m.id IN ({','.join('?' * len(some))})"
                f" AND ({policy.visible_sql(by)})",
                tuple(some),
            )
        )
    return [(matter, numbers[matter]) for matter in wanted if matter in numbers]


def write_report(report: BulkReport, path: Path, units: Mapping[int, str]) -> None:
    """Write the report as a table, one line a matter, as `models.export` writes the register.

    Raises:
        StorageError, DiskFullError: The file cannot be written; nothing of it is left.
    """
    export.write_table(report_rows(report, units), path, _WIDTHS)


def report_rows(report: BulkReport, units: Mapping[int, str]) -> list[tuple[str, ...]]:
    """Return the report as rows of a table, heads first, one line a matter, in the language spoken."""
    language = errors.spoken()
    rows = [tuple(str(_COLUMNS).split(","))]
    for line in report.lines:
        inputs = line.inputs
        unit = units.get(inputs.get("unit", 0), "") or str(inputs.get("destination_name", "") or "")
        rows.append(
            (
                line.number,
                str(_OUTCOMES[line.outcome]),
                " ".join(str(line.reason).split()),
                codes.word("category", inputs.get("category"), language),
                str(inputs.get("exit") or ""),
                codes.word("police", inputs.get("police"), language),
                unit,
            )
        )
    return rows
