"""People and units: a slot and a row together, roles, and who may not know of an accusation against themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from models import directory, errors, keyring
from models.desk import Desk
from models.records import AccusedDraft, Filters, ItemDraft
from models.register import NewPerson, Register

PASSPHRASE = "quiet-herons-seven"
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def register(tmp_path: Path) -> Register:
    keeper = NewPerson(login="keeper", name="郑管理", passphrase=PASSPHRASE)
    made = Register.create(tmp_path / "a.register", county="990101", name="示例县公安局", keeper=keeper)
    yield made  # type: ignore[misc]  # a fixture with an end
    made.close()


def _officer(**more: object) -> NewPerson:
    values = {"login": "li", "name": "李卫国", "passphrase": "another-seven-words", "roles": frozenset({"HO"}), **more}
    return NewPerson(**values)  # type: ignore[arg-type]  # the cases give wrong values on purpose


def test_a_new_person_can_open_the_register_in_their_roles(register: Register) -> None:
    unit = directory.add_unit(register, "城关派出所", "station", short="城关所", by=register.person, at=AT)
    directory.add_person(register, _officer(unit=unit), by=register.person, at=AT)
    register.close()
    with Register.open(register.path, "li", "another-seven-words") as again:
        assert again.person.roles == {"HO"}
        assert again.person.unit == unit
        with pytest.raises(errors.NotAllowedError):
            directory.add_unit(again, "另一单位", "station", by=again.person, at=AT)


@pytest.mark.parametrize(
    ("person", "field"),
    [
        (_officer(login="keeper"), "login"),
        (_officer(login=" "), "login"),
        (_officer(roles=frozenset({"KING"})), "roles"),
        (_officer(roles=frozenset()), "roles"),
        (_officer(passphrase="short"), "passphrase"),
        (_officer(unit=77), "unit"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_no_slot(register: Register, person: NewPerson, field: str) -> None:
    before = register.seq
    with pytest.raises(errors.InputError) as refused:
        directory.add_person(register, person, by=register.person, at=AT)
    assert refused.value.field == field
    assert keyring.logins(register.path) == ["keeper"]
    assert register.seq == before


def test_who_leaves_loses_the_slot_and_keeps_the_name(register: Register) -> None:
    number = directory.add_person(register, _officer(), by=register.person, at=AT)
    directory.close_person(register, "li", by=register.person, at=AT)
    assert keyring.logins(register.path) == ["keeper"]
    assert (register.record("staff", number) or {})["name"] == "李卫国"
    assert "li" not in {person.login for person in register.staff().values()}
    with pytest.raises(errors.NotAllowedError):
        directory.close_person(register, "keeper", by=register.person, at=AT)


def test_the_last_keeper_keeps_the_role(register: Register) -> None:
    with pytest.raises(errors.RuleError):
        directory.set_roles(register, "keeper", frozenset({"PU"}), by=register.person, at=AT)


def test_a_person_added_later_under_an_accused_name_is_barred_from_that_matter(register: Register) -> None:
    desk = Desk(register)
    desk.register_item(
        ItemDraft(
            received_on=date(2026, 11, 2), purpose="accusation", statement="反映民警收受钱物",
            accused=(AccusedDraft(name="李卫国"),),
        ),
        at=AT,
    )  # fmt: skip
    directory.add_person(register, _officer(), by=register.person, at=AT)
    register.close()
    with Register.open(register.path, "li", "another-seven-words") as again:
        assert Desk(again).count(Filters()) == 0
