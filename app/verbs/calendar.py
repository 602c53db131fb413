"""The verb calendar: which years count, what a new one would move, and applying what was reviewed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.common import Options, choose, day, open_desk, tell, verb
from models import errors
from models.clocks import clock_name

if TYPE_CHECKING:
    from models.candidates import Candidate
    from models.desk import Desk
    from models.shifts import Difference, RuleChange, Shift

_WHAT = ("show", "check", "load", "apply", "overlay")


@click.command("calendar")
@click.argument("what", type=click.Choice(_WHAT))
@click.argument("file", required=False)
@click.option("--digest", default="", help="apply, overlay: the digest that check told; what was reviewed is applied.")
@click.option("--from", "from_text", default=None, help="overlay: first day of receipt that it counts for.")
@verb
def calendar(options: Options, what: str, file: str | None, digest: str, from_text: str | None) -> None:
    """Show the calendars and what waits; check, load or apply FILE or a waiting YEAR; overlay NAME --from DAY.

    check tells which last days would move and a digest; apply takes that digest, so that what counts is what was
    reviewed. `rules` in place of FILE is what a newer program brings.
    """
    desk = open_desk(options)
    try:
        if what == "show":
            content = _shown(desk)
            tell(options, content, lambda: _show_text(content))
        elif file is None and what != "overlay":
            raise click.UsageError("calendar check|load|apply FILE")
        elif what == "load":
            found = desk.load_calendar(_bytes(file or ""), Path(file or "").name)
            words = choose(f"已提交 {found.name} 年安排待核", f"{found.name} was handed in for review")
            tell(options, {"loaded": found.name, "cause": found.cause}, words)
        else:
            difference = _difference(desk, what, file or "", from_text)
            if what == "check" or (what == "overlay" and not digest):
                content = told(difference)
                tell(options, content, lambda: text_of(difference))
                return
            _same(difference, digest)
            moved = desk.apply_calendar(difference)
            words = choose(
                f"已采用“{difference.candidate.cause.zh}”，移动 {moved} 个期限，前后日期均已保存",
                f"“{difference.candidate.cause.en}” counts now; {moved} last days moved, both days are kept",
            )
            tell(options, {"applied": difference.candidate.name, "moved": moved, "digest": digest}, words)
    finally:
        desk.close()


def _difference(desk: Desk, what: str, named: str, from_text: str | None) -> Difference:
    if what == "overlay":
        return desk.overlay_difference(named, day(from_text, "from") or desk.on)
    waiting = {("rules" if one.kind == "rules" else one.name): one for one in desk.pending_changes()}
    if named in waiting and not Path(named).exists():
        return desk.difference(waiting[named])
    return desk.calendar_difference(_bytes(named), Path(named).name)


def _same(difference: Difference, digest: str) -> None:
    """Refuse to apply what was not reviewed.

    Raises:
        RuleError: No digest, or another one.
    """
    if not digest:
        raise errors.RuleError(
            f"采用之前须先核对：共 {len(difference.shifts)} 个期限变动。核对后加 --digest {difference.digest} 再执行。",
            f"Look at it first: {len(difference.shifts)} last days would move. Then apply with --digest"
            f" {difference.digest}.",
        )
    if digest != difference.digest:
        raise errors.RuleError(
            "核对之后登记库或文件有变动，未予采用。请重新执行 calendar check。",
            "Register or file have changed since the review; nothing was applied. Run calendar check again.",
        )


def _bytes(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise errors.InputError(
            "file", f"读不到文件 {path}（{error.strerror}）。", f"The file {path} cannot be read ({error.strerror})."
        ) from error


def _shown(desk: Desk) -> dict[str, Any]:
    from models import lawbook

    known = desk.register.calendar
    own = {int(name.removeprefix("calendar.")) for name in desk.settings() if name.startswith("calendar.")}
    return {
        "years": [
            {"year": one.year, "titles": one.titles, "days": len(one.days), "own": one.year in own}
            for one in known.notices
        ],
        "overlays": lawbook.overlays(desk.register),
        "waiting": [_candidate(one) for one in desk.pending_changes()],
    }


def _candidate(one: Candidate) -> dict[str, Any]:
    return {"kind": one.kind, "name": one.name, "cause": one.cause}


def _show_text(content: dict[str, Any]) -> str:
    lines = [
        f"{one['year']}  {one['titles'][0]}{choose('（本局采用）', ' (applied by the bureau)') if one['own'] else ''}"
        for one in content["years"]
    ]
    for one in content["overlays"]:
        name = one["overlay"] or choose("无地方规定", "no overlay")
        lines.append(choose(f"自 {one['from']} 起：{name}", f"from {one['from']}: {name}"))
    lines += [choose(f"待核：{one['cause'].zh}", f"waits: {one['cause'].en}") for one in content["waiting"]]
    return "\n".join(lines)


def told(difference: Difference) -> dict[str, Any]:
    """Return a difference as JSON knows it."""
    return {
        **_candidate(difference.candidate),
        "on": difference.on,
        "digest": difference.digest,
        "matters": difference.matters,
        "clocks": difference.clocks,
        "moved": len(difference.shifts),
        "shifts": difference.shifts,
        "from": difference.from_on,
        "future": difference.future,
    }


def text_of(difference: Difference) -> str:
    """Return a difference in lines for people."""
    lines = [
        str(difference.candidate.cause),
        choose(
            f"未办结事项 {difference.matters} 件、期限 {difference.clocks} 个，其中 {len(difference.shifts)} 个变动：",
            f"{difference.matters} open matters with {difference.clocks} clocks; {len(difference.shifts)} change:",
        ),
        *map(_line, difference.shifts),
    ]
    if difference.from_on is not None:
        lines.append(
            choose(
                f"自 {difference.from_on} 起收到的事项适用，已收到的事项保持原规则：",
                f"For matters received from {difference.from_on} on; matters already received keep their rules:",
            )
        )
    lines += map(_rule, difference.future)
    return "\n".join([*lines, f"digest {difference.digest}"])


def _line(shift: Shift) -> str:
    name = clock_name(shift.clock, errors.spoken())
    days = f"{_day(shift.before_on)} → {_day(shift.after_on)}"
    return f"{shift.number}  {shift.unit}  {shift.clock} {name}  {days}  {shift.title}".rstrip()


def _rule(change: RuleChange) -> str:
    none = choose("无", "none")
    return f"{change.clock} {change.name}  {change.before or none} → {change.after or none}  {change.article}"


def _day(on: date | None) -> str:
    return on.isoformat() if on else choose("无法推算", "unknown")


COMMANDS = (calendar,)
