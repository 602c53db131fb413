"""Inviting a workstation and joining with the invitation: by stick and by line, cut and gone on with, refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from models import errors, keyring, leases, stations
from models.register import NewPerson, Register
from models.verify import verify
from sync import newcomer, siblings
from sync.causes import NotEnrolledError, RefusedError
from sync.hub import registry, sticks
from sync.hub.hub import Hub
from sync.invitation import open_seeds, read_invitation
from sync.inviting import invite
from sync.port import RegisterPort
from sync.round import run_once
from tests.sync.conftest import COUNTY, Served
from tests.sync.desks import AT, PASSPHRASE, enrol, first_desk, tables, visit


def now() -> datetime:
    return datetime(2026, 6, 2, 1, tzinfo=UTC)


@pytest.fixture
def first(tmp_path: Path) -> Iterator[Register]:
    register = first_desk(tmp_path / "one.register")
    for number in range(3):
        visit(register, number)
    yield register
    register.close()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def invited(first: Register, number: int = 2) -> bytes:
    return invite(first, number, "局长笔记本", by=first.person, at=AT)


def hand_over(register: Register, stick: Path, **options: Any) -> siblings.SiblingReport:
    return siblings.exchange(RegisterPort(register), stick, now=now, **options)


def join(invitation: bytes, target: Path, **options: Any) -> newcomer.Joining:
    chosen = {"login": "keeper", "passphrase": PASSPHRASE, "now": now, **options}
    return newcomer.join(read_invitation(invitation), target, **chosen)


def opened(path: Path) -> Register:
    return Register.open(path, "keeper", PASSPHRASE)


def test_a_workstation_joins_by_stick_and_numbers_on(first: Register, tmp_path: Path, stick: Path) -> None:
    target = tmp_path / "two.register"
    invitation = invited(first)
    assert hand_over(first, stick).written == {2: first.seq}
    state = join(invitation, target, folder=stick)
    assert (state.done, state.lacking, state.refused) == (True, {}, [])
    assert state.came == first.seq
    assert sorted(path.name for path in tmp_path.glob("two*") if path.suffix != ".lock") == [
        "two.register", "two.register.keys"
    ]  # fmt: skip
    with opened(target) as second:
        assert (second.device, second.seq, second.id, second.epoch) == (2, 1, first.id, 1)
        assert second.row("SELECT act FROM entry WHERE device=2") == ("join_workstation",)
        matter = visit(second, 9)
        number = second.row("SELECT number FROM matter WHERE id=?", (matter,))
        assert number == ("S2026-000004",), "the block follows what the first had given"
        assert [check for check in verify(second) if not check.holds] == []
        assert hand_over(second, stick).written == {1: 2}
        assert hand_over(first, stick).taken == {2: 2}
        assert visit(first, 5)
        hand_over(first, stick)
        assert hand_over(second, stick).taken == {1: 1}
        one, two = tables(first), tables(second)
        for name in one:
            assert one[name] == two[name], name
        assert second.row("SELECT max(number) FROM matter") == ("S2026-000204",)
    assert [check for check in verify(first) if not check.holds] == []


def test_the_law_and_the_people_come_with_the_invitation(first: Register, tmp_path: Path, stick: Path) -> None:
    from models import directory

    another = NewPerson(login="reg", name="登小红", passphrase="another-1234", roles=frozenset({"REG"}))
    directory.add_person(first, another, by=first.person, at=AT)
    invitation = invited(first)
    hand_over(first, stick)
    target = tmp_path / "two.register"
    assert join(invitation, target, folder=stick).done
    with Register.open(target, "reg", "another-1234") as second:
        assert second.person.name == "登小红"
        assert second.law.digest == first.law.digest
        assert keyring.logins(target) == keyring.logins(first.path)


def test_joining_goes_on_where_it_was_cut(first: Register, tmp_path: Path, stick: Path) -> None:
    target = tmp_path / "two.register"
    invitation = invited(first)
    with pytest.raises(NotEnrolledError):
        join(invitation, target)
    state = join(invitation, target, folder=stick)
    assert not state.done
    assert state.lacking == {1: (1, first.seq)}
    assert "还缺" in state.message().zh
    assert "batch write" in str(newcomer.NotJoinedError(state))
    assert not target.exists()
    hand_over(first, stick)
    making = target.with_name("two.register.joining")
    assert making.exists()
    assert join(invitation, target, folder=stick).done
    assert not making.exists()
    with pytest.raises(errors.StorageError, match="已有登记库"):
        join(invitation, target, folder=stick)


def test_joining_survives_a_stop_at_any_rename(
    first: Register, tmp_path: Path, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "two.register"
    invitation = invited(first)
    hand_over(first, stick)
    whole = Path.replace
    stopped: list[str] = []

    def replace(path: Path, to: Path) -> Path:
        if Path(to).name == "two.register" and not stopped:
            stopped.append(path.name)
            raise OSError(5, "pulled")
        return whole(path, to)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(errors.StorageError):
        join(invitation, target, folder=stick)
    assert stopped == ["two.register.joining"]
    assert join(invitation, target, folder=stick).done
    with opened(target) as second:
        assert second.seq == 1, "it joined once"


def test_a_half_made_file_is_made_anew(first: Register, tmp_path: Path, stick: Path) -> None:
    target = tmp_path / "two.register"
    invitation = invited(first)
    hand_over(first, stick)
    target.with_name("two.register.joining").write_bytes(b"cut")
    assert join(invitation, target, folder=stick).done


def test_an_invitation_takes_a_passphrase_and_is_whole_or_nothing(first: Register, tmp_path: Path, stick: Path) -> None:
    invitation = invited(first)
    with pytest.raises(errors.WrongPassphraseError):
        join(invitation, tmp_path / "two.register", folder=stick, passphrase="guessed-1234")
    fields = orjson.loads(invitation)
    for name, value in (
        ("device_name", "别处"), ("county", "110101"), ("heads", []), ("sealed", "00" * 124), ("inviter", 2),
    ):  # fmt: skip
        with pytest.raises(RefusedError):
            read_invitation(orjson.dumps({**fields, name: value}, option=orjson.OPT_SORT_KEYS))
    with pytest.raises(RefusedError) as refused:
        read_invitation(invitation[:-1])
    assert refused.value.code == "cut"


def test_an_invitation_that_another_signs_does_not_open(first: Register, tmp_path: Path) -> None:
    """Who has the file can sign another one, and cannot bind the sealed keys to it."""
    from sync.documents import sign_document
    from sync.invitation import INVITATION
    from sync.keys import SecretKeys

    invitation = invited(first)
    fields = orjson.loads(invitation)
    keys = SecretKeys(b"x" * 32, b"x" * 64, b"x" * 32)
    forged = {name: value for name, value in fields.items() if name not in ("kind", "format", "signature")}
    forged["workstations"] = [
        [number, keys.public().sign.hex(), keys.public().seal.hex()] if number == 1 else [number, sign, seal]
        for number, sign, seal in fields["workstations"]
    ]
    other = read_invitation(sign_document(INVITATION, forged, keys))
    with pytest.raises(RefusedError) as refused:
        open_seeds(other, first.keys.register_key)
    assert refused.value.code == "wrong_signature"
    assert open_seeds(read_invitation(invitation), first.keys.register_key)[0]


def test_a_number_that_two_machines_join_with_is_noticed(first: Register, tmp_path: Path, stick: Path) -> None:
    invitation = invited(first)
    hand_over(first, stick)
    for name in ("two", "again"):
        assert join(invitation, tmp_path / f"{name}.register", folder=stick).done
    with opened(tmp_path / "two.register") as one:
        visit(one, 1)
        hand_over(one, stick)
    assert hand_over(first, stick).taken == {2: 2}
    with opened(tmp_path / "again.register") as two:
        for number in range(3):
            visit(two, number)
        other = stick.with_name("other")
        other.mkdir()
        hand_over(two, other)
    report = hand_over(first, other)
    assert not report.taken
    assert "2-" in report.refused[0].en, "the workstation and the entry are named"


def test_two_invitations_under_one_number_are_named(first: Register, tmp_path: Path, stick: Path) -> None:
    assert join_of(first, tmp_path, stick, 2)
    with opened(tmp_path / "2.register") as second:
        three = invite(first, 3, "一号", by=first.person, at=AT)
        invite(second, 3, "二号", by=second.person, at=AT)
        hand_over(first, stick)
        hand_over(second, stick)
        hand_over(first, stick)
        doubled = [one for one in stations.workstations(first) if one.doubled]
        assert [(one.number, one.name) for one in doubled] == [(3, "一号"), (3, "二号")]
        assert read_invitation(three).device == 3


def join_of(first: Register, tmp_path: Path, stick: Path, number: int) -> bool:
    invitation = invited(first, number)
    hand_over(first, stick)
    return join(invitation, tmp_path / f"{number}.register", folder=stick).done


def test_a_third_joins_from_two_sticks(first: Register, tmp_path: Path, stick: Path) -> None:
    assert join_of(first, tmp_path, stick, 2)
    with opened(tmp_path / "2.register") as second:
        visit(second, 4)
        hand_over(second, stick)
        hand_over(first, stick)
        invitation = invited(first, 3)
        hand_over(first, stick)
        state = join(invitation, tmp_path / "3.register", folder=stick)
        assert state.lacking == {2: (1, 2)}
        hand_over(second, stick)  # hears of the third
        hand_over(second, stick)
        assert join(invitation, tmp_path / "3.register", folder=stick).done
        with opened(tmp_path / "3.register") as third:
            assert tables(third)["matter"] == tables(first)["matter"]
            assert leases.free_numbers(third.connection, 3, "S", 2026) == 200


def test_joining_by_line(first: Register, tmp_path: Path, served: Served) -> None:
    from sync.carriers.https import HttpsCarrier

    with Hub.open(served.folder) as hub:
        port = enrol(first, hub, address=served.address)
        offer = registry.offer(hub, COUNTY, address=served.address)
    invitation = invited(first)
    target = tmp_path / "two.register"
    with HttpsCarrier(served.address, served.ready["certificate"], waits_s=(0.0,), timeout_s=20) as carrier:
        assert run_once(port, carrier).quiet
    state = join(invitation, target, offer=offer)
    assert state.done, state.message()
    with opened(target) as second:
        assert tables(second)["matter"] == tables(first)["matter"]
        assert second.seq == 1


def test_joining_through_the_hub_s_stick(first: Register, tmp_path: Path, stick: Path, hub: Hub) -> None:
    from sync.carriers.folder import FolderCarrier

    port = enrol(first, hub)
    invitation = invited(first)
    offer = registry.offer(hub, COUNTY)
    assert run_once(port, FolderCarrier(stick)).trouble is None
    target = tmp_path / "two.register"
    assert not join(invitation, target, folder=stick, offer=offer).done
    sticks.read_folder(hub, stick)
    sticks.write_folder(hub, stick)
    state = join(invitation, target, folder=stick)
    assert state.done, state.message()


def test_an_offer_of_another_hub_is_refused(first: Register, tmp_path: Path, hub: Hub) -> None:
    enrol(first, hub)
    invitation = invited(first)
    with Hub.create(tmp_path / "foreign", city="别的市公安局", address="https://x") as other:
        offer = registry.offer(other, COUNTY)
    with pytest.raises(RefusedError) as refused:
        join(invitation, tmp_path / "two.register", offer=offer)
    assert refused.value.code == "foreign_hub"
