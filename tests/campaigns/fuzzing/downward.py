"""What comes down and across: relays with their entries, chunks of files, what others hold, invitations.

Relays and chunks are files with two clear lines and sealed bytes; the first byte of an input says how deep it goes:

| Layer | What the rest of the input is | What is right around it |
|---|---|---|
| F | the file, or a stream of several | nothing |
| H | the header line | magic, check sum; the example's sealed bytes |
| P | what is sealed | header, seal |
| Z | the packed body | header, seal, signature |
| C | the content | header, seal, signature, zstd |
| M, J | (relays) columns, one payload: see `batches` | all, and the chain of a sibling |

Entries that a relay brings are taken into a real register, which forgets them again.
"""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from random import Random
from typing import Any

import orjson
import zstandard

from models import arrivals, errors
from models.register import NewPerson, Register
from sync import chunks, relay
from sync.batch import Batch, head_lines, label
from sync.causes import RefusedError
from sync.holds import HUB as HUB_NUMBER
from sync.holds import compact, from_compact, newer_of, read_holds
from sync.invitation import open_seeds, read_invitation
from sync.keys import SecretKeys
from tests.campaigns.fuzzing import batches
from tests.campaigns.fuzzing.ground import AT, example
from tests.campaigns.fuzzing.papers import _change, _sign
from tests.sync.conftest import COUNTY
from tests.sync.examples import DESK, HUB, SIBLING

_HUB, _TO = HUB.public().key_id, SIBLING.public()
AUTHOR = 1


class Relays:
    """Relays, as a workstation opens and takes them."""

    LAYERS = b"FHPZCMJ"

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="petition-desk-fuzz-")
        keeper = NewPerson(login="guan", name="郑", passphrase="practice-1234")
        path = Path(self.folder.name) / "a.register"
        self.register = Register.create(path, county=COUNTY, name="县局", keeper=keeper, device_number=2, at=AT)

    def close(self) -> None:
        self.register.close()
        self.folder.cleanup()

    def seeds(self) -> list[bytes]:
        file = example("relay.relay")
        inner = [seed for seed in batches.seeds() if seed[:1] in b"PZCMJ"]
        return [b"F" + file, b"F" + file * 2, b"H" + file.split(b"\n")[1], *inner]

    def change(self, data: bytes, dice: Random) -> bytes | None:
        return batches.change(data, dice, self.LAYERS)

    def one(self, data: bytes) -> str:
        try:
            whole, _ = relay.split(self._shell(data[:1], data[1:]))
            outcome = "nothing"
            for one in whole:
                opened = relay.open_relay(one, keys=SIBLING, county=COUNTY, hub=_HUB, sign_key_of=_key_of)
                relay.plain_of(one, SIBLING)
                outcome = self._take(opened)
        except RefusedError as error:
            return error.code
        return outcome

    def _shell(self, layer: bytes, content: bytes) -> bytes:
        if layer == b"H":
            return _with_line(relay.MAGIC, example("relay.relay"), content)
        if layer not in (b"P", b"Z", b"C", b"M", b"J"):
            return content
        plain, last = batches.inside(layer, content)
        name = label(COUNTY, AUTHOR, 1, 1, last, _HUB)
        sealed = _TO.seal_to(plain, name + b"\n" + _TO.key_id.encode())
        return _file(relay.MAGIC, {**orjson.loads(name), "to": _TO.key_id}, sealed)

    def _take(self, opened: Batch) -> str:
        register, connection = self.register, self.register.connection
        before = register.last_hlc
        connection.execute("BEGIN")
        try:
            arrived = arrivals.take(register, opened.entries, at=AT, way="line")
        except errors.ChainError as error:
            return f"chain: {error.cause}"
        finally:
            connection.execute("ROLLBACK")
            register.last_hlc = before
            register._staff, register._units, register._ids = {}, {}, {}
            register.forget_law()
        return "waits" if arrived.waiting else "quarantined" if arrived.quarantined else "taken"


class Chunks:
    """Chunks of files, as hub and workstation open them."""

    LAYERS = b"FHPZC"

    def __init__(self) -> None:
        file = example("file.chunk")
        self.header, self.start = chunks.read_header(file)
        self.keys = next(one for one in (HUB, SIBLING, DESK) if one.public().key_id == self.header.to)
        self.plain = self.keys.open(file[self.start :], self.header.label()) or b""

    def close(self) -> None:
        """Nothing is held open."""

    def seeds(self) -> list[bytes]:
        file, body = example("file.chunk"), self.plain[64:]
        content = zstandard.ZstdDecompressor().decompress(body)
        return [b"F" + file, b"H" + file.split(b"\n")[1], b"P" + self.plain, b"Z" + body, b"C" + content]

    def change(self, data: bytes, dice: Random) -> bytes | None:
        return batches.change(data, dice, self.LAYERS)

    def one(self, data: bytes) -> str:
        try:
            chunks.open_chunk(
                self._shell(data[:1], data[1:]), keys=self.keys, to=self.header.to, sign_key_of=lambda _c, d: _key_of(d)
            )
        except RefusedError as error:
            return error.code
        return "accepted"

    def _shell(self, layer: bytes, content: bytes) -> bytes:
        if layer == b"H":
            return _with_line(chunks.MAGIC, example("file.chunk"), content)
        if layer not in (b"P", b"Z", b"C"):
            return content
        body = zstandard.ZstdCompressor(level=1).compress(content) if layer == b"C" else content
        name = self.header.label()
        if layer != b"P":
            body = DESK.sign(chunks.DOMAIN, name + b"\n" + hashlib.sha256(body).digest()) + body
        return _file(chunks.MAGIC, orjson.loads(name), self.keys.public().seal_to(body, name))


class Said:
    """What workstations and the hub say that they hold, and invitations: documents signed by whoever they name."""

    LAYERS = b"FSI"

    def __init__(self) -> None:
        self.known: Any = None

    def close(self) -> None:
        """Nothing is held open."""

    def seeds(self) -> list[bytes]:
        names = ("relay-station.holds", "relay-hub.holds", "invitation.invitation")
        files = [example(name) for name in names]
        return [layer.to_bytes() + file for layer in self.LAYERS for file in files] + [b"T1.120-2.44-4095.3"]

    def change(self, data: bytes, dice: Random) -> bytes | None:
        return None if data[:1] == b"T" else _change(data, dice, self.LAYERS)

    def one(self, data: bytes) -> str:
        layer, document = data[:1], data[1:]
        if layer == b"T":
            found = from_compact(document.decode("utf-8", "replace"))
            assert found is None or from_compact(compact(found)) == {k: v for k, v in found.items() if v}
            return "not compact" if found is None else "compact"
        try:
            if layer == b"I" or (b'invitation"' in document[:4000] and b'"keyring"' in document):
                return self._invitation(self._signed(layer, document, _inviter()))
            number, keys = (HUB_NUMBER, HUB) if b'"device":0' in document else (2, SIBLING)
            said = read_holds(
                self._signed(layer, document, keys), sign_public=keys.public().sign, county=COUNTY, device=number
            )
        except RefusedError as error:
            return error.code
        self.known = newer_of(self.known if self.known and self.known.device == said.device else None, said)
        return "accepted"

    def _signed(self, layer: bytes, document: bytes, keys: SecretKeys) -> bytes:
        if layer == b"F":
            return document
        try:
            fields = orjson.loads(document)
            return _sign(fields, keys) if isinstance(fields, dict) else document
        except (ValueError, TypeError):
            return document

    def _invitation(self, document: bytes) -> str:
        found = read_invitation(document)
        open_seeds(found, bytes(32))
        return "accepted"


def _inviter() -> SecretKeys:
    """Return the keys that signed the example invitation."""
    fields = orjson.loads(example("invitation.invitation"))
    sign = {number: sign for number, sign, _ in fields["workstations"]}[fields["inviter"]]
    return next((one for one in (DESK, SIBLING, HUB) if one.public().sign.hex() == sign), DESK)


def _key_of(device: int) -> bytes:
    if device != AUTHOR:
        raise RefusedError("unknown_device", what="x", county=COUNTY, device=device)
    return DESK.public().sign


def _with_line(magic: bytes, file: bytes, line: bytes) -> bytes:
    check = hashlib.sha256(line).hexdigest()[:16].encode()
    return magic + b"1 " + check + b"\n" + line + b"\n" + file.split(b"\n", 2)[2]


def _file(magic: bytes, fields: dict[str, Any], sealed: bytes) -> bytes:
    return head_lines(magic, {**fields, "size": len(sealed), "sha256": hashlib.sha256(sealed).hexdigest()}) + sealed
