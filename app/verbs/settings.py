"""The verbs setting and wording: the bureau's own settings and its own wording of letters."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import click

from app.common import Options, choose, day, open_desk, tell, verb
from models import errors


@click.command("setting")
@click.argument("name", default="")
@click.argument("value", required=False)
@verb
def setting(options: Options, name: str, value: str | None) -> None:
    """Show the bureau's settings, one of them, or change one: setting organ.phone 0000-0000000."""
    desk = open_desk(options)
    try:
        if value is not None:
            desk.set_setting(name, _read(value))
        found = {key: known for key, known in desk.settings().items() if not name or key == name}
        tell(options, found, "\n".join(f"{key} = {known}" for key, known in found.items()))
    finally:
        desk.close()


def _read(text: str) -> object:
    """Return a number, true or false as such; anything else is text."""
    try:
        found: object = json.loads(text)
    except ValueError:
        return text
    return found if isinstance(found, bool | int | float) else text


@click.command("wording")
@click.argument("kind")
@click.option(
    "--save", "source", type=click.Path(path_type=Path, exists=True), default=None, help="TOML of a new version."
)
@click.option("--approve", type=int, default=None, help="Put a saved version in force.")
@click.option("--from", "from_text", default=None, help="First day of the letters that it counts for.")
@verb
def wording(options: Options, kind: str, source: Path | None, approve: int | None, from_text: str | None) -> None:
    """Show the wording of a kind of letter as TOML, save an edited version of it, or approve one."""
    from models import templates

    desk = open_desk(options)
    now = datetime.now(UTC)
    try:
        if source is not None:
            number = templates.save(desk.register, kind, _toml(source), by=desk.person, at=now)
            words = choose(f"已保存第 {number} 版，批准后生效", f"Saved version {number}; it counts once approved")
            tell(options, {"kind": kind, "version": number, "approved": False}, words)
        elif approve is not None:
            start = day(from_text, "from")
            templates.approve(desk.register, kind, approve, from_on=start, by=desk.person, at=now)
            words = choose(f"第 {approve} 版已生效", f"Version {approve} is in force")
            tell(options, {"kind": kind, "version": approve, "approved": True}, words)
        else:
            found = templates.in_force(desk.register, kind, desk.on)
            texts = {"texts": dict(found.texts["2022"]), "texts_2005": dict(found.texts["2005"])}
            tell(options, {"id": found.id, "version": found.version, **texts}, _as_toml(texts))
    finally:
        desk.close()


def _toml(path: Path) -> dict[str, dict[str, str]]:
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise errors.InputError(
            "save", f"{path} 不是可读的 TOML 文件：{error}。", f"{path} is no TOML that can be read: {error}."
        ) from error
    if not all(isinstance(texts, dict) for name, texts in found.items() if name.startswith("texts")):
        raise errors.InputError("save", f"{path} 缺少 [texts] 一节。", f"{path} has no section [texts].")
    return {name: texts for name, texts in found.items() if name in ("texts", "texts_2005")}


def _as_toml(parts: dict[str, dict[str, str]]) -> str:
    lines = []
    for part, texts in parts.items():
        lines += [
            f"[{part}]",
            *(f"{name} = {json.dumps(text, ensure_ascii=False)}" for name, text in texts.items()),
            "",
        ]
    return "\n".join(lines).rstrip()


COMMANDS = (setting, wording)
