"""A chunk proves by itself who packed it, for whom, and that it came whole; every way to fail has a cause."""

from __future__ import annotations

import hashlib

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.causes import RefusedError
from sync.chunks import (
    CHUNK_BYTES,
    CHUNK_LIMIT_BYTES,
    MAGIC,
    chunk_count,
    chunk_length,
    open_chunk,
    read_header,
    write_chunk,
)
from tests.sync.conftest import COUNTY, new_keys

DESK, HUB, OTHER = new_keys(1), new_keys(2), new_keys(3)
DATA = b"scan " * 40
NAME = hashlib.sha256(DATA).hexdigest()


def packed(data: bytes = DATA, *, n: int = 0, whole: int | None = None, file: str = NAME, device: int = 1) -> bytes:
    return write_chunk(
        data,
        county=COUNTY,
        device=device,
        keys=DESK,
        to=HUB.public(),
        file=file,
        n=n,
        whole=len(data) if whole is None else whole,
    )


def opened(chunk: bytes, keys=HUB, sign_key: bytes = DESK.public().sign) -> bytes:
    return open_chunk(chunk, keys=keys, to=keys.public().key_id, sign_key_of=lambda _c, _d: sign_key)[1]


def relabelled(chunk: bytes, **changed: object) -> bytes:
    """Return a chunk whose clear header says something else, with a right check."""
    _, line, sealed = chunk.split(b"\n", 2)
    line = orjson.dumps({**orjson.loads(line), **changed}, option=orjson.OPT_SORT_KEYS)
    return MAGIC + b"1 " + hashlib.sha256(line).hexdigest()[:16].encode() + b"\n" + line + b"\n" + sealed


def cause(chunk: bytes, **options) -> str:
    with pytest.raises(RefusedError) as error:
        opened(chunk, **options)
    assert error.value.message.zh != error.value.message.en
    return error.value.code


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_a_file_of_any_size_is_chunks_of_256_kib_and_a_rest(size: int) -> None:
    lengths = [chunk_length(size, n) for n in range(chunk_count(size))]
    assert sum(lengths) == size
    assert all(length == CHUNK_BYTES for length in lengths[:-1])
    assert lengths[-1] > 0 or size == 0


@settings(max_examples=30, deadline=None)
@given(data=st.binary(max_size=5000), device=st.integers(1, 4095))
def test_a_chunk_comes_back_as_it_went(data: bytes, device: int) -> None:
    chunk = packed(data, device=device, file=hashlib.sha256(data).hexdigest())
    assert opened(chunk) == data
    header, _ = read_header(chunk)
    assert (header.device, header.whole, header.to) == (device, len(data), HUB.public().key_id)


def test_the_largest_chunk_stays_within_the_limit() -> None:
    noise = hashlib.shake_256(b"noise").digest(CHUNK_BYTES)
    chunk = packed(noise, whole=1 << 29, n=2047)
    assert CHUNK_BYTES < len(chunk) <= CHUNK_LIMIT_BYTES
    assert opened(chunk) == noise


@settings(max_examples=60, deadline=None)
@given(part=st.floats(0, 1, exclude_max=True))
def test_a_chunk_that_is_cut_at_any_byte_is_told_as_cut(part: float) -> None:
    chunk = packed()
    at = int(part * len(chunk))
    assert cause(chunk[:at]) == "cut"


@settings(max_examples=150, deadline=None)
@given(part=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_chunk_with_any_bit_altered_is_refused(part: float, bit: int) -> None:
    chunk = bytearray(packed())
    chunk[int(part * len(chunk))] ^= 1 << bit
    assert cause(bytes(chunk)) in ("altered", "not_a_batch", "newer", "cut", "too_large")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"n": 1, "whole": CHUNK_BYTES + 5}, "altered"),
        ({"file": "ab" * 32}, "altered"),
        ({"device": 2}, "altered"),
        ({"county": "430182"}, "altered"),
        ({"to": OTHER.public().key_id}, "other_receiver"),
        ({"n": -1}, "altered"),
        ({"n": 1}, "altered"),
        ({"whole": 1 << 40}, "altered"),
        ({"device": 4096}, "altered"),
        ({"file": "../../etc/passwd"}, "altered"),
        ({"county": "a\0b"}, "altered"),
        ({"size": 1 << 30}, "too_large"),
        ({"more": 1}, "altered"),
        ({"n": "0"}, "altered"),
    ],
)
def test_what_the_header_says_is_bound_into_the_seal(changed: dict[str, object], code: str) -> None:
    assert cause(relabelled(packed(), **changed)) == code


def test_a_chunk_of_another_writer_receiver_or_version_is_told_as_such() -> None:
    assert cause(packed(), sign_key=OTHER.public().sign) == "wrong_signature"
    assert cause(packed(), keys=OTHER) == "other_receiver"
    assert cause(packed().replace(MAGIC + b"1", MAGIC + b"2", 1)) == "newer"
    assert cause(packed() + b"x") == "altered"
    assert cause(b"PETITION-DESK-BATCH 1 x\n{}\n") == "not_a_batch"
    assert cause(MAGIC + b"x" * 2000) == "altered"


def test_bytes_that_are_not_as_many_as_the_header_says_are_not_unpacked() -> None:
    assert cause(packed(b"short", whole=CHUNK_BYTES)) == "content"
    assert cause(packed(b"x" * (CHUNK_BYTES + 9), whole=CHUNK_BYTES)) == "content"
