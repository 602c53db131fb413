"""The command line: its verbs, and the window where none is given.

Rooms are loaded when their verb is asked for, so that the window's start and each verb pay for nothing else.
"""

from __future__ import annotations

import importlib
from pathlib import Path

import click

_ROOMS = {
    "app.verbs.matters": ("add", "show", "list", "search", "due"),
    "app.verbs.steps": ("act", "clock"),
    "app.verbs.bulk": ("suggest", "bulk"),
    "app.verbs.duties": ("duties",),
    "app.verbs.reception": ("reception",),
    "app.verbs.ledger": ("ledger",),
    "app.verbs.programme": ("programme",),
    "app.verbs.stats": ("stats",),
    "app.verbs.letters": ("letter",),
    "app.verbs.keeping": ("init", "import", "verify", "backup", "restore", "rebuild", "schema", "passwd"),
    "app.verbs.people": ("person", "unit"),
    "app.verbs.settings": ("setting",),
    "app.verbs.wording": ("wording",),
    "app.verbs.calendar": ("calendar",),
    "app.verbs.inbox": ("inbox",),
    "app.verbs.conflicts": ("conflicts",),
    "app.verbs.syncing": ("sync", "batch", "enrol", "repair"),
    "app.verbs.stations": ("station",),
    "app.verbs.demo": ("demo",),
}
_ROOM_OF = {verb: room for room, verbs in _ROOMS.items() for verb in verbs}


class _Verbs(click.Group):
    """Finds a verb's room by name and loads only that."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click calls it so
        return list(_ROOM_OF)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click calls it so
        if cmd_name not in _ROOM_OF:
            return None
        commands: tuple[click.Command, ...] = importlib.import_module(_ROOM_OF[cmd_name]).COMMANDS
        return next((command for command in commands if command.name == cmd_name), None)


@click.command(cls=_Verbs, invoke_without_command=True)
@click.option(
    "--register", "register_path", type=click.Path(path_type=Path), default=None, help="Register that the window opens."
)
@click.option("--practice", is_flag=True, help="Open the window on a practice register, made when it is not there yet.")
@click.version_option(package_name="petition-desk")
@click.pass_context
def main(context: click.Context, register_path: Path | None, practice: bool) -> None:
    """Petition Desk (信访登记台): the register of letters and visits of a county public-security bureau."""
    if context.invoked_subcommand is None:
        from app.window import show

        context.exit(show(register_path, practice=practice))
