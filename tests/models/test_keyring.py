"""Key slots: who opens, what a wrong passphrase is told, and that damage is never called a wrong passphrase."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import errors, keyring
from models.desk import Desk
from models.register import Register
from tests.models.conftest import LOGIN, PASSPHRASE, Template
from tests.passphrases import REAL, costing


def test_the_right_passphrase_opens_and_others_do_not(template: Template, tmp_path: Path) -> None:
    path = template.copy(tmp_path)
    register_id, keys = keyring.unlock(path, LOGIN, PASSPHRASE)
    assert register_id == template.register_id
    assert keys.register_key == template.keys.register_key
    for login, passphrase in ((LOGIN, "practice-1235"), (LOGIN, ""), ("nobody", PASSPHRASE), ("reg", PASSPHRASE)):
        with pytest.raises(errors.WrongPassphraseError):
            keyring.unlock(path, login, passphrase)


def test_a_new_slot_costs_a_guesser_what_the_security_page_says(template: Template, tmp_path: Path) -> None:
    path = template.copy(tmp_path)
    with costing(REAL), template.open(path) as register:
        Desk(register).change_passphrase(PASSPHRASE, "new-passphrase")
    assert keyring.read(path)["slots"][LOGIN]["kdf"] == {"memory_kib": 65_536, "passes": 3, "lanes": 4}


def test_a_passphrase_typed_in_full_width_is_the_same_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "b.register"
    keys = keyring.Keys.new(keyring.create(path, "id"))
    keyring.put_slot(path, "a", "café 口令 12345", keys)
    assert keyring.unlock(path, "a", "café 口令 １２３４５")[1].register_key == keys.register_key


def test_a_new_person_gets_a_slot_and_the_last_one_cannot_be_dropped(template: Template, tmp_path: Path) -> None:
    path = template.copy(tmp_path)
    keyring.put_slot(path, "reg", "another-passphrase", keyring.Keys.new(template.keys.register_key))
    assert keyring.logins(path) == [LOGIN, "reg"]
    assert keyring.unlock(path, "reg", "another-passphrase")[1].register_key == template.keys.register_key
    with Register.open(path, "reg", "another-passphrase") as register:
        assert register.person.name == "登小红"
    keyring.drop_slot(path, LOGIN)
    with pytest.raises(errors.RuleError, match="最后一个"):
        keyring.drop_slot(path, "reg")
    assert keyring.logins(path) == ["reg"]


def test_changing_a_passphrase_asks_for_the_old_one(template: Template, tmp_path: Path) -> None:
    path = template.copy(tmp_path)
    with template.open(path) as register:
        desk = Desk(register)
        with pytest.raises(errors.InputError):
            desk.change_passphrase(PASSPHRASE, "short")
        with pytest.raises(errors.WrongPassphraseError):
            desk.change_passphrase("wrong-passphrase", "new-passphrase")
        desk.change_passphrase(PASSPHRASE, "new-passphrase")
    with pytest.raises(errors.WrongPassphraseError):
        keyring.unlock(path, LOGIN, PASSPHRASE)
    assert keyring.unlock(path, LOGIN, "new-passphrase")[1].sign_seed == template.keys.sign_seed


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60)
@given(data=st.data())
def test_a_damaged_keyring_is_told_as_damaged_wherever_a_byte_changed(
    data: st.DataObject, template: Template, tmp_path: Path
) -> None:
    path = template.copy(tmp_path)
    raw = bytearray(keyring.path_of(path).read_bytes())
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    keyring.path_of(path).write_bytes(raw)
    whole = keyring.read(template.path)
    try:
        content = keyring.read(path)
    except errors.RegisterDamagedError as error:
        told = error.message.zh
    else:
        told = "密钥文件已损坏" if content == whole else "changed and not noticed"  # spaces may change without harm
    assert "密钥文件已损坏" in told


@pytest.mark.parametrize("size", [0, 1, 100, -1])
def test_a_cut_keyring_is_damaged(size: int, template: Template, tmp_path: Path) -> None:
    path = template.copy(tmp_path)
    raw = keyring.path_of(path).read_bytes()
    keyring.path_of(path).write_bytes(raw[:size])
    with pytest.raises(errors.RegisterDamagedError):
        Register.open(path, LOGIN, PASSPHRASE)


def test_a_keyring_of_a_newer_program_is_told_so(template: Template, tmp_path: Path) -> None:
    path = template.copy(tmp_path)
    content = keyring.read(path) | {"format": keyring.FORMAT + 1, "slots": "of another kind"}
    whole = {**content, "sum": keyring._checksum(content)}
    keyring.path_of(path).write_bytes(orjson.dumps(whole))
    with pytest.raises(errors.RegisterNewerError):
        Register.open(path, LOGIN, PASSPHRASE)


def test_keys_are_never_shown(template: Template) -> None:
    shown = repr(template.keys)
    assert template.keys.register_key.hex() not in shown
    assert str(template.keys.register_key) not in shown


def test_a_short_passphrase_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    from models.register import NewPerson

    with pytest.raises(errors.InputError) as refused:
        Register.create(
            tmp_path / "c.register",
            county="990101",
            name="局",
            keeper=NewPerson(login="a", name="甲", passphrase="1234567"),
        )
    assert refused.value.field == "passphrase"
    assert list(tmp_path.iterdir()) == []
