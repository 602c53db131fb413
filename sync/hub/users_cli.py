"""`petition-hub user`: who of the city may work in the browser.

Passphrases are typed, or read from a file, never given on the command line, where others would see them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson

from models import door
from models.errors import InputError, spoken

if TYPE_CHECKING:
    from sync.hub.users import User

_hub = click.option(
    "--hub", "folder", type=click.Path(path_type=Path), envvar="PETITION_HUB", default=Path(), help="the hub's folder"
)
_json = click.option("--json", "as_json", is_flag=True, help="machine-readable output")
_passphrase = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="file whose first line is the passphrase; else it is asked for",
)


@click.group()
def user() -> None:
    """People of the city who work in the browser."""


@user.command()
@click.argument("login")
@click.option("--name", required=True, help="full name")
@click.option(
    "--role", required=True, help="reviewer (matters, reviews, assignments) or keeper (state, calendars, looks)"
)
@_passphrase
@_hub
@_json
def add(login: str, name: str, role: str, passphrase_file: Path | None, folder: Path, as_json: bool) -> None:
    """Add a person."""
    from sync.hub import users
    from sync.hub.hub import Hub

    passphrase = _asked(passphrase_file)
    with Hub.open(folder) as hub:
        made = users.add(hub, login, name, role, passphrase)
    _show(as_json, _content(made), [_say(f"已增加：{_line(made)}", f"Added: {_line(made)}")])


@user.command("list")
@_hub
@_json
def list_(folder: Path, as_json: bool) -> None:
    """List everybody, those too who are closed."""
    from sync.hub import users
    from sync.hub.hub import Hub

    with Hub.open(folder) as hub:
        found = users.everyone(hub)
    _show(as_json, {"users": [_content(one) for one in found]}, [_line(one) for one in found])


@user.command()
@click.argument("login")
@_hub
@_json
def close(login: str, folder: Path, as_json: bool) -> None:
    """Close a person: their sessions end, the login opens nothing any more, the name stays behind what they did."""
    from sync.hub import users
    from sync.hub.hub import Hub

    with Hub.open(folder) as hub:
        closed = users.close(hub, login)
    _show(as_json, _content(closed), [_say(f"已停用：{_line(closed)}", f"Closed: {_line(closed)}")])


@user.command()
@click.argument("login")
@_passphrase
@_hub
def passphrase(login: str, passphrase_file: Path | None, folder: Path) -> None:
    """Give a person another passphrase; their sessions end."""
    from sync.hub import users
    from sync.hub.hub import Hub

    typed = _asked(passphrase_file)
    with Hub.open(folder) as hub:
        users.set_passphrase(hub, login, typed)
    click.echo(_say(f"{login} 的口令已更换。", f"The passphrase of {login} is changed."))


def _asked(file: Path | None) -> str:
    if file is not None:
        try:
            lines = file.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            if isinstance(error, OSError):
                raise door.file_trouble(file, error) from error
            raise InputError("passphrase-file", f"{file} 不是文本文件。", f"{file} is no text file.") from error
        return lines[0] if lines else ""
    typed: str = click.prompt(
        _say("新口令", "New passphrase"), hide_input=True, confirmation_prompt=_say("再输入一次", "Once more"), err=True
    )
    return typed


def _content(one: User) -> dict[str, Any]:
    return {
        "login": one.login,
        "name": one.name,
        "role": one.role,
        "made_at": one.made_at.isoformat(timespec="seconds"),
        "closed_at": one.closed_at.isoformat(timespec="seconds") if one.closed_at else None,
    }


def _line(one: User) -> str:
    from sync.hub.users import ROLE_WORDS

    closed = _say("（已停用）", " (closed)") if one.closed_at else ""
    return f"{one.login}  {one.name}  {ROLE_WORDS[one.role]}{closed}"


def _say(zh: str, en: str) -> str:
    return zh if spoken() == "zh" else en


def _show(as_json: bool, content: dict[str, Any], lines: list[str]) -> None:
    if as_json:
        click.echo(orjson.dumps(content, option=orjson.OPT_INDENT_2))
        return
    for line in lines:
        click.echo(line)
