"""Verbs on people and units: person list | add | roles | close; unit list | add."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from app.common import Options, choose, open_desk, tell, verb
from models import codes, errors


def _roles(text: str) -> frozenset[str]:
    return frozenset(part.strip().upper() for part in text.replace("，", ",").split(",") if part.strip())


@click.command("person")
@click.argument("what", type=click.Choice(["list", "add", "roles", "close"]))
@click.argument("who", default="", metavar="LOGIN")
@click.option("--name", default="", help="Full name.")
@click.option("--roles", "roles_text", default="", help="Role codes with commas: REG PU HU HO LEG DL CH DI KEEPER.")
@click.option("--unit", default="", help="Name or id of the person's unit.")
@click.option("--post", default="", help="Post, as printed.")
@click.option("--new-passphrase-file", type=click.Path(path_type=Path, exists=True), default=None)
@verb
def person(
    options: Options,
    what: str,
    who: str,
    name: str,
    roles_text: str,
    unit: str,
    post: str,
    new_passphrase_file: Path | None,
) -> None:
    """Keep the people of the register (keeper): list, add, give roles, close."""
    from models import directory
    from models.register import NewPerson

    desk = open_desk(options)
    now = datetime.now(UTC)
    try:
        if what == "add":
            text = choose("新人员的口令", "The new person's passphrase")
            passphrase = (
                new_passphrase_file.read_text("utf-8").splitlines()[0]
                if new_passphrase_file
                else click.prompt(text, hide_input=True, confirmation_prompt=True, err=True)
            )
            number = None
            if unit:
                number = next((key for key, known in desk.units() if unit in (str(key), known)), None)
                if number is None:
                    raise errors.InputError("unit", f"目录中没有“{unit}”。", f"“{unit}” is not in the directory.")
            new = NewPerson(
                login=who, name=name, passphrase=passphrase, roles=_roles(roles_text), post=post, unit=number
            )
            directory.add_person(desk.register, new, by=desk.person, at=now)
        elif what == "roles":
            directory.set_roles(desk.register, who, _roles(roles_text), by=desk.person, at=now)
        elif what == "close":
            directory.close_person(desk.register, who, by=desk.person, at=now)
        people = sorted(desk.staff(), key=lambda one: one.id)
        words = {
            one.id: "、".join(codes.word("role", role, errors.spoken()) for role in sorted(one.roles)) for one in people
        }
        tell(options, {"people": people}, "\n".join(f"{one.login}  {one.name}  {words[one.id]}" for one in people))
    finally:
        desk.close()


@click.command("unit")
@click.argument("what", type=click.Choice(["list", "add"]))
@click.argument("name", default="")
@click.option("--kind", default="business", help="petition business legal inspection station other_organ.")
@click.option("--short", default="")
@verb
def unit_(options: Options, what: str, name: str, kind: str, short: str) -> None:
    """Keep the units of the bureau: list, add."""
    from models import directory

    desk = open_desk(options)
    try:
        if what == "add":
            directory.add_unit(desk.register, name, kind, short=short, by=desk.person, at=datetime.now(UTC))
        units = [{"id": number, "name": known} for number, known in desk.units()]
        tell(options, {"units": units}, "\n".join(f"{one['id']}  {one['name']}" for one in units))
    finally:
        desk.close()


COMMANDS = (person, unit_)
