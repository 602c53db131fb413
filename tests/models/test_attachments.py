"""Papers in the register: chunked, stored once, checked when read."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import attachments, errors
from models.desk import Desk
from models.records import AttachmentDraft
from models.register import Register
from tests.models.conftest import NOW, draft


def paper(data: bytes, name: str = "纸.png") -> AttachmentDraft:
    return AttachmentDraft(name=name, media_type="image/png", data=data)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=20)
@given(
    size=st.sampled_from(
        [1, 2, attachments.CHUNK_BYTES - 1, attachments.CHUNK_BYTES, attachments.CHUNK_BYTES + 1, 600_000]
    ),
    seed=st.binary(min_size=1, max_size=8),
)
def test_any_size_comes_back_as_it_went(register: Register, size: int, seed: bytes) -> None:
    data = (seed * (size // len(seed) + 1))[:size]
    with register.act("attach", by=register.person, at=NOW) as act:
        digest = attachments.store(act, data)
    assert digest == hashlib.sha256(data).hexdigest()
    assert attachments.load(register, digest) == data
    chunks = register.rows("SELECT length(data) FROM chunk WHERE sha256=? ORDER BY n", (digest,))
    assert all(length <= attachments.CHUNK_BYTES for (length,) in chunks)


def test_the_same_file_handed_in_twice_is_stored_once(register: Register, desk: Desk) -> None:
    first, second = (desk.register_item(draft(attachments=(paper(b"same", name),))) for name in ("a.png", "b.png"))
    assert register.rows("SELECT count(*) FROM chunk") == [(1,)]
    assert register.rows("SELECT matter, name FROM attachment ORDER BY id") == [
        (first.matter, "a.png"), (second.matter, "b.png"),
    ]  # fmt: skip


def test_an_empty_or_too_large_file_is_refused_by_name(
    register: Register, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = desk.register_item(draft())
    monkeypatch.setattr(attachments, "LARGEST_BYTES", 2**20)  # half a gibibyte would only slow the test
    for data in (b"", b"x" * (2**20 + 1)):
        with pytest.raises(errors.InputError, match=r"空的\.png"):
            desk.attach(done.matter, paper(data, "空的.png"))
    assert register.rows("SELECT count(*) FROM attachment") == [(0,)]


def test_a_paper_in_a_refused_act_leaves_no_chunk(register: Register, desk: Desk) -> None:
    with pytest.raises(errors.InputError):
        desk.register_item(draft(attachments=(paper(b"good"), paper(b""))))
    assert register.rows("SELECT count(*) FROM chunk") == [(0,)]


@pytest.mark.parametrize("harm", ["UPDATE chunk SET data=x'00' WHERE n=1", "DELETE FROM chunk WHERE n=1"])
def test_an_altered_or_missing_chunk_is_told_as_damage(harm: str, register: Register, desk: Desk) -> None:
    done = desk.register_item(draft())
    row = desk.attach(done.matter, paper(b"d" * (attachments.CHUNK_BYTES + 1)))
    register.connection.execute(harm)
    with pytest.raises(errors.RegisterDamagedError):
        desk.attachment_bytes(row)


def test_a_file_that_is_still_on_its_way_is_told_as_such_and_not_as_damage(register: Register, desk: Desk) -> None:
    done = desk.register_item(draft())
    row = desk.attach(done.matter, paper(b"d" * (attachments.CHUNK_BYTES + 1)))
    register.connection.execute("DELETE FROM chunk WHERE n=0")  # the first chunk of one that comes is written last
    with pytest.raises(errors.NotYetHereError, match="还在传来的路上"):
        desk.attachment_bytes(row)


def test_a_file_that_is_on_its_way_and_handed_in_here_too_is_whole_at_once(register: Register, desk: Desk) -> None:
    done = desk.register_item(draft())
    data = b"d" * (attachments.CHUNK_BYTES + 1)
    digest = hashlib.sha256(data).hexdigest()
    register.connection.executemany(
        "INSERT INTO chunk(sha256, n, data) VALUES(?,?,?)", [(digest, 1, b"other bytes"), (digest, 2, b"too many")]
    )
    row = desk.attach(done.matter, paper(data))
    assert desk.attachment_bytes(row) == data
