"""The batch reader: raw files, and validly framed, sealed, signed and packed shells around fuzzed content.

The first byte of an input says how deep it goes:

| Layer | What the rest of the input is | What is right around it |
|---|---|---|
| F | the file | nothing |
| H | the header line | magic, check sum; the example's sealed bytes |
| P | what is sealed | header, seal |
| Z | the packed body | header, seal, signature |
| C | the body | header, seal, signature, zstd |
| M | the columns, as msgpack | the same, and the head that comes out |
| J | one payload | the same, and the chain of an entry that carries it |

What is accepted is then checked, laid over rows, written again and read again; the two readings must be one.
"""

from __future__ import annotations

import contextlib
import hashlib
from random import Random

import msgpack
import orjson
import zstandard

from models.act import ENTRY_COLUMNS
from models.checking import BadChangeError
from models.journal import GENESIS, Entry, check_chain, commit_payload, header_hash
from sync import batch
from sync.batch import Batch, open_batch
from sync.causes import RefusedError
from sync.columns import decode_entries, encode_entries
from sync.hub.rows import changes_of
from sync.keys import PublicKeys
from tests.campaigns.fuzzing import trees
from tests.campaigns.fuzzing.ground import Forgetful, example
from tests.sync.conftest import COUNTY
from tests.sync.examples import DESK, HUB

LAYERS = b"FHPZCMJ"
_HUB: PublicKeys = HUB.public()
_AT_MS = 1_780_000_000_000
_SIGN = DESK.public().sign


_NUMBER, _NUMBER_OR_NONE, _BYTES, _BYTES_OR_NONE = {int}, {int, type(None)}, {bytes}, {bytes, type(None)}
_KINDS = (*[_NUMBER] * 6, {str}, _NUMBER_OR_NONE, *[_BYTES_OR_NONE] * 2, *[_BYTES] * 3)
"""Of the columns of table `entry`: STRICT, so that a value of another kind would stop whoever stores it."""


class Reader:
    """The reader, its seeds and its own way to change them."""

    def __init__(self) -> None:
        self.rows = Forgetful()

    def close(self) -> None:
        self.rows.close()

    def seeds(self) -> list[bytes]:
        return seeds()

    def change(self, data: bytes, dice: Random) -> bytes | None:
        """Change the tree inside; None when there is none, or bytes should be changed this time."""
        return change(data, dice, LAYERS)

    def one(self, data: bytes) -> str:
        """Read one input; returns what became of it."""
        file = shell(data[0] if data else 0, data[1:])
        try:
            opened = open_batch(file, keys=HUB, hub=_HUB.key_id, sign_key_of=_key_of)
        except RefusedError as error:
            return error.code
        self._use(opened)
        return "accepted"

    def _use(self, opened: Batch) -> None:
        entries = opened.entries
        assert check_chain(entries, opened.prev, opened.header.first)[2] is None
        for entry, changes in zip(entries, opened.changes, strict=True):
            with contextlib.suppress(BadChangeError):  # it waits in quarantine; the others flow
                changes_of(entry, changes)
            for value, kind in zip(_row_of(entry), _KINDS, strict=True):
                assert type(value) in kind, entry
        self.rows.lay(entries, opened.changes)
        again, _ = decode_entries(
            encode_entries(entries), device=opened.header.device, first=opened.header.first, prev=opened.prev
        )
        assert again == entries


def _row_of(entry: Entry) -> tuple[object, ...]:
    names = [name.strip() for name in ENTRY_COLUMNS.split(",")]
    return tuple(getattr(entry, name) for name in names)


def seeds() -> list[bytes]:
    """Return an input of each layer from the example batch, and payloads that are odd."""
    file = example("batch.batch")
    header, start = batch.read_header(file)
    plain = HUB.open(file[start:], header.label()) or b""
    content = zstandard.ZstdDecompressor().decompress(plain[64:])
    entries = open_batch(file, keys=HUB, hub=_HUB.key_id, sign_key_of=lambda _c, _d: _SIGN).entries
    raw = [b"[]", b"null", b"\x00PDK-SEALED-1\nabc", b'[["unit",4294967297,null,{"name":"a"}]]']
    payloads = [entry.payload for entry in entries if entry.payload] + raw
    odd = [_entry(payload, n + 1) for n, payload in enumerate(raw)]
    return [
        b"F" + file, b"H" + file[:start].split(b"\n")[1], b"P" + plain, b"Z" + plain[64:], b"C" + content,
        b"M" + content[64:], *(b"J" + payload for payload in payloads), b"M" + encode_entries(_chained(odd)),
    ]  # fmt: skip


def change(data: bytes, dice: Random, layers: bytes) -> bytes | None:
    """Change the tree inside an input; None when there is none, or bytes should be changed this time."""
    layer = data[:1]
    if dice.random() < 0.02:
        return dice.choice(layers).to_bytes() + data[1:]
    if layer in (b"H", b"J"):
        return layer + orjson.dumps(trees.change(orjson.loads(data[1:]), dice, with_bytes=False))
    if layer == b"M":
        return layer + bytes(msgpack.packb(trees.change(msgpack.unpackb(data[1:]), dice, with_bytes=True)))
    return None


def shell(layer: int, content: bytes) -> bytes:
    """Return the file that is right down to `layer` and has `content` there."""
    if layer == ord("H"):
        file = example("batch.batch")
        return b"PETITION-DESK-BATCH 1 " + _check(content) + b"\n" + content + b"\n" + file.split(b"\n", 2)[2]
    if layer not in b"PZCMJ":
        return content
    plain, last = inside(bytes([layer]), content)
    return _framed(plain, last)


def inside(layer: bytes, content: bytes) -> tuple[bytes, int]:
    """Return what is sealed, right down to `layer` with `content` there, and the last entry that its label names."""
    if layer == b"P":
        return content, 5
    if layer == b"Z":
        return _signed(content, 5), 5
    if layer == b"C":
        return _signed(zstandard.ZstdCompressor(level=1).compress(content), 5), 5
    if layer == b"J":
        content = encode_entries(_chained([_entry(content, 1)]))
    try:
        made, _ = decode_entries(content, device=1, first=1, prev=GENESIS)
        head, last = (made[-1].hash, len(made)) if made else (GENESIS, 1)
    except ValueError:
        head, last = GENESIS, 5
    return _signed(zstandard.ZstdCompressor(level=1).compress(GENESIS + head + content), last), last


def _entry(payload: bytes, seq: int) -> Entry:
    salt = bytes(16)
    return Entry(
        device=1, seq=seq, at_ms=_AT_MS, hlc=(_AT_MS + seq) << 20 | 1, mono_ms=5, actor=1, act="x", matter=None,
        payload=payload, salt=salt, commitment=commit_payload(salt, payload), prev=GENESIS, hash=GENESIS,
    )  # fmt: skip


def _chained(entries: list[Entry]) -> list[Entry]:
    made: list[Entry] = []
    prev = GENESIS
    for one in entries:
        fields = {name: getattr(one, name) for name in Entry.__slots__ if name not in ("hash", "payload", "salt")}
        fields["prev"] = prev
        prev = header_hash(**fields)
        made.append(Entry(**fields, payload=one.payload, salt=one.salt, hash=prev))
    return made


def _key_of(county: str, device: int) -> bytes:
    if county != COUNTY:
        raise RefusedError("unknown_county", what="batch", county=county)
    if device != 1:
        raise RefusedError("unknown_device", what="batch", county=county, device=device)
    return _SIGN


def _signed(body: bytes, last: int) -> bytes:
    name = batch.label(COUNTY, 1, 1, 1, last, _HUB.key_id)
    return DESK.sign(batch.DOMAIN, name + b"\n" + hashlib.sha256(body).digest()) + body


def _framed(plain: bytes, last: int) -> bytes:
    name = batch.label(COUNTY, 1, 1, 1, last, _HUB.key_id)
    sealed = _HUB.seal_to(plain, name)
    fields = {**orjson.loads(name), "size": len(sealed), "sha256": hashlib.sha256(sealed).hexdigest()}
    line = orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)
    return b"PETITION-DESK-BATCH 1 " + _check(line) + b"\n" + line + b"\n" + sealed


def _check(line: bytes) -> bytes:
    return hashlib.sha256(line).hexdigest()[:16].encode()
