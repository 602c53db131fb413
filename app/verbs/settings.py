"""The verb setting: the bureau's own settings."""

from __future__ import annotations

import json

import click

from app.common import Options, open_desk, tell, verb


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


COMMANDS = (setting,)
