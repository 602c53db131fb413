"""The verb wording: the unit's own wording of letters, from the first edit to its approval and its end."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.common import Options, choose, day, open_desk, tell, verb
from models import door, errors

if TYPE_CHECKING:
    from models.desk import Desk
    from models.records import LetterPreview
    from models.templates import Version

Texts = dict[str, dict[str, str]]


@click.command("wording")
@click.argument("kind")
@click.option("--list", "listed", is_flag=True, help="The unit's versions, with who wrote and approved them.")
@click.option("--show", type=int, default=None, help="The texts of one version (0: those that ship).")
@click.option("--diff", type=int, nargs=2, default=None, help="What two versions say differently (0: those that ship).")
@click.option(
    "--try", "tried", type=click.Path(path_type=Path, exists=True), default=None, help="TOML to try, with --out."
)
@click.option("--out", type=click.Path(path_type=Path), default=None, help="Where the PDF of --try goes.")
@click.option(
    "--rules", type=click.Choice(["REG-2022", "SC-431"]), default="REG-2022", help="Rule set of the matter for --try."
)
@click.option(
    "--save", "source", type=click.Path(path_type=Path, exists=True), default=None, help="TOML of a new version."
)
@click.option("--approve", type=int, default=None, help="Put a saved version in force: somebody who did not write it.")
@click.option("--withdraw", type=int, default=None, help="End a version; letters issued with it keep it.")
@click.option("--from", "from_text", default=None, help="First day of the letters that --approve or --withdraw is for.")
@verb
def wording(
    options: Options,
    kind: str,
    listed: bool,
    show: int | None,
    diff: tuple[int, int] | None,
    tried: Path | None,
    out: Path | None,
    rules: str,
    source: Path | None,
    approve: int | None,
    withdraw: int | None,
    from_text: str | None,
) -> None:
    """Show the wording of a kind of letter as TOML, try, save, approve or withdraw the unit's own version of it."""
    start = day(from_text, "from")
    desk = open_desk(options)
    try:
        if listed:
            found = desk.wordings(kind)
            tell(options, {"kind": kind, "versions": found}, lambda: "\n".join(_line(desk, each) for each in found))
        elif diff:
            _differ(options, desk, kind, *diff)
        elif tried is not None:
            _try(options, desk.preview_wording(kind, _toml(tried), rules), out)
        elif source is not None:
            number = desk.save_wording(kind, _toml(source))
            words = choose(f"已保存第 {number} 版，批准后生效", f"Saved version {number}; it counts once approved")
            tell(options, {"kind": kind, "version": number, "approved": False}, words)
        elif approve is not None:
            desk.approve_wording(kind, approve, start)
            words = choose(f"第 {approve} 版已生效", f"Version {approve} is in force")
            tell(options, {"kind": kind, "version": approve, "approved": True}, words)
        elif withdraw is not None:
            desk.withdraw_wording(kind, withdraw, start)
            on = start or desk.on
            words = choose(f"第 {withdraw} 版自 {on} 起停用", f"Version {withdraw} is withdrawn from {on} on")
            tell(options, {"kind": kind, "version": withdraw, "ended_on": on}, words)
        else:
            said = desk.wording_of(kind, show)
            texts: Texts = {"texts": dict(said.texts["2022"]), "texts_2005": dict(said.texts["2005"])}
            tell(options, {"id": said.id, "version": said.version, **texts}, _as_toml(texts))
    finally:
        desk.close()


def _line(desk: Desk, version: Version) -> str:
    people = {person.id: person.name for person in desk.staff()}
    written = people.get(version.written_by or 0, choose("不详", "unknown"))
    if version.approved_by is None:
        state = choose("未批准", "not approved")
    else:
        approved = people.get(version.approved_by, choose("不详", "unknown"))
        state = choose(f"{approved}批准，自 {version.from_on} 起", f"approved by {approved}, from {version.from_on}")
    if version.ended_on:
        state += choose(f"，{version.ended_on} 停用", f", withdrawn from {version.ended_on}")
    elif version.counts_on(desk.on):
        state += choose("，在用", ", in force")
    return choose(f"第 {version.version} 版  {written}起草  {state}", f"{version.version}  by {written}  {state}")


def _differ(options: Options, desk: Desk, kind: str, before: int, after: int) -> None:
    found = desk.wording_differences(kind, before, after)
    words = "\n".join(f"[{each.family}] {each.name}\n- {each.before}\n+ {each.after}" for each in found)
    told = words or choose("没有不同", "no difference")
    tell(options, {"kind": kind, "before": before, "after": after, "differences": found}, told)


def _try(options: Options, shown: LetterPreview, out: Path | None) -> None:
    if out:
        door.write_file(out, shown.pdf)
    faults = [{"part": code, "zh": zh, "en": en} for code, zh, en in shown.missing]
    words = "\n".join(choose(zh, en) for _, zh, en in shown.missing) or choose("可以批准", "it may be approved")
    tell(options, {"kind": shown.kind, "faults": faults, "out": out}, words)


def _toml(path: Path) -> Texts:
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise errors.InputError(
            "save", f"{path} 不是可读的 TOML 文件：{error}。", f"{path} is no TOML that can be read: {error}."
        ) from error
    if not all(isinstance(texts, dict) for name, texts in found.items() if name.startswith("texts")):
        raise errors.InputError("save", f"{path} 缺少 [texts] 一节。", f"{path} has no section [texts].")
    return {name: texts for name, texts in found.items() if name in ("texts", "texts_2005")}


def _as_toml(parts: Mapping[str, Mapping[str, str]]) -> str:
    lines = []
    for part, texts in parts.items():
        lines += [
            f"[{part}]",
            *(f"{name} = {json.dumps(text, ensure_ascii=False)}" for name, text in texts.items()),
            "",
        ]
    return "\n".join(lines).rstrip()


COMMANDS = (wording,)
