"""What every verb of the command line shares: the register, who asks, the passphrase, results and refusals.

Exit codes: 0 done, 1 a rule or input says no, 2 wrong usage, 3 storage or key trouble, 4 sync trouble.
"""

from __future__ import annotations

import contextlib
import functools
import json
import mimetypes
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from app import paths
from models import console, errors
from models.desk import Desk
from models.records import AttachmentDraft


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Options:
    """The options that every verb takes."""

    register: Path
    as_json: bool
    login: str
    passphrase_file: Path | None


def verb(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the common options; it gets `options` first, and errors become one line and an exit code."""

    @click.option(
        "--register",
        "register_path",
        type=click.Path(path_type=Path),
        default=None,
        help="Register file (default: the user's data folder).",
    )
    @click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
    @click.option("--as", "login", default="", help="Login of the person asking.")
    @click.option(
        "--passphrase-file",
        type=click.Path(path_type=Path),
        default=None,
        help="File whose first line is the passphrase.",
    )
    @click.option("--lang", type=click.Choice(["zh", "en"]), default=None, help="Language of messages.")
    @functools.wraps(function)
    def wrapped(
        *args: Any,
        register_path: Path | None,
        as_json: bool,
        login: str,
        passphrase_file: Path | None,
        lang: str | None,
        **kwargs: Any,
    ) -> Any:
        console.bear_any_text()
        speak(lang)
        try:
            options = Options(
                register=register_path or paths.default_register(),
                as_json=as_json,
                login=login,
                passphrase_file=passphrase_file,
            )
            return function(options, *args, **kwargs)
        except errors.RegisterError as error:
            refuse(error)

    return wrapped


def speak(language: str | None) -> None:
    """Choose the language of messages: the option, PETITION_DESK_LANG, else Chinese."""
    chosen = language or os.environ.get("PETITION_DESK_LANG", "zh")
    errors.speak("en" if chosen == "en" else "zh")


def refuse(error: errors.RegisterError) -> NoReturn:
    """Tell why not, on one line of standard error, and end with the error's exit code."""
    click.echo(" ".join(str(error).split()), err=True)
    sys.exit(error.exit_code)


def passphrase(options: Options, prompt: str = "") -> str:
    """Return the passphrase: from the file, the environment, or a prompt."""
    if options.passphrase_file:
        try:
            return options.passphrase_file.read_text("utf-8").splitlines()[0]
        except (OSError, IndexError):
            raise errors.StorageError(
                f"读不到口令文件：{options.passphrase_file}。",
                f"The passphrase file cannot be read: {options.passphrase_file}.",
            ) from None
    found = os.environ.get("PETITION_DESK_PASSPHRASE")
    if found:
        return found
    text = prompt or ("口令" if errors.spoken() == "zh" else "Passphrase")
    return str(click.prompt(text, hide_input=True, err=True))


def login_of(options: Options) -> str:
    """Return who asks: `--as`, else the only person with a key, else the first keeper.

    Raises:
        StorageError: There is no register there, or its keyring is damaged.
    """
    from models import keyring

    if options.login:
        return options.login
    return keyring.logins(options.register)[0]


def open_desk(options: Options) -> Desk:
    """Unlock the register for the person asking."""
    from app.services import open_desk as opened

    return opened(options.register, login_of(options), passphrase(options))


def tell(options: Options, data: Any, text: str | Callable[[], str]) -> None:
    """Print a result: as JSON, or as the text for people."""
    if options.as_json:
        click.echo(json.dumps(plain(data), ensure_ascii=False, indent=2).encode())
    else:
        click.echo(text() if callable(text) else text)


def plain(value: Any) -> Any:
    """Return `value` as JSON knows it: records as objects, days and instants as ISO text, bytes as hex."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(item) for name, item in asdict(value).items()}
    if isinstance(value, errors.Message):
        return value._asdict()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    return value.hex() if isinstance(value, bytes) else value


def pairs(values: tuple[str, ...]) -> dict[str, str]:
    """Read `name=value` arguments.

    Raises:
        UsageError: One has no equals sign.
    """
    found = {}
    for value in values:
        name, sign, content = value.partition("=")
        if not sign:
            raise click.UsageError(f"“{value}”: name=value")
        found[name.strip()] = content
    return found


def day(text: str | None, option: str) -> date | None:
    """Read a day of an option; None for none.

    Raises:
        InputError: It is no day.
    """
    from models.clocks import read_day

    return read_day(text, option) if text else None


def attachment_of(path: Path) -> AttachmentDraft:
    """Read a file as a paper handed in.

    Raises:
        InputError: It cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError:
        raise errors.InputError(
            "file", f"读不到文件：{path}。请核对路径。", f"The file cannot be read: {path}. Check the path."
        ) from None
    media = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return AttachmentDraft(name=path.name, media_type=media, data=data)


@contextlib.contextmanager
def stopped_by_interrupt() -> Iterator[Callable[[], bool]]:
    """Turn Ctrl+C into "stop after this one", so that what was done stays and is told of; yields what tells of it."""
    asked: list[bool] = []
    before = signal.signal(signal.SIGINT, lambda _number, _frame: asked.append(True))
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGINT, before)


def choose(zh: str, en: str) -> str:
    """Return the text in the language of this process."""
    return zh if errors.spoken() == "zh" else en
