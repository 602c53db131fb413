"""The readers of signed documents: receipts and refusals on the desk, offers on the desk, answers on the hub.

The first byte of an input says what is right around the rest:

| Layer | What the rest is | What is right around it |
|---|---|---|
| F | the document | nothing |
| S | its fields as JSON | the signature, over whatever the fields are |
| K | the same | kind, format, hub and keys are put right too, then it is signed |
| T | the same (answers) | the token and the proof too |

What is accepted is used: a receipt is taken into a desk's outbox, an offer is answered, an answer enrols.
"""

from __future__ import annotations

import hashlib
import hmac
import tempfile
from pathlib import Path
from random import Random
from typing import Any

import orjson

from sync import joining, outbox
from sync.causes import RefusedError
from sync.documents import canonical
from sync.enrolment import ANSWER, OFFER, check_proof, read_answer, read_offer, token_name
from sync.hub import registry
from sync.hub.hub import Hub
from sync.keys import SecretKeys
from sync.receipt import RECEIPT, REFUSAL, read_receipt, read_refusal
from tests.campaigns.fuzzing import trees
from tests.campaigns.fuzzing.ground import AT, NOW_MS, enrolled_desk, example
from tests.sync.conftest import CITY, COUNTY, Journal
from tests.sync.examples import DESK, HUB

_ENROLLED_AT_MOST = 200
"""Workstations that a fuzzed hub registers before it is made anew."""


def _change(data: bytes, dice: Random, layers: bytes) -> bytes | None:
    if dice.random() < 0.02:
        return dice.choice(layers).to_bytes() + data[1:]
    if data[:1] == b"F" and dice.random() < 0.5:
        return None
    return data[:1] + orjson.dumps(trees.change(orjson.loads(data[1:]), dice, with_bytes=False))


def _sign(fields: Any, keys: SecretKeys) -> bytes:
    """Return the document of `fields`, signed as whatever they say they are."""
    whole = {name: value for name, value in fields.items() if name != "signature"}
    signature = keys.sign(f"{whole.get('kind')}/{whole.get('format')}", canonical(whole))
    return canonical({**whole, "signature": signature.hex()})


class Receipts:
    """Receipts and refusals, as the desk reads and takes them."""

    LAYERS = b"FSK"

    def __init__(self) -> None:
        self.hub = HUB.public()
        self.desk = enrolled_desk()
        self.head = self.desk.head.hex()

    def close(self) -> None:
        self.desk.close()

    def seeds(self) -> list[bytes]:
        files = [example("receipt.receipt"), example("receipt-refusal.refusal")]
        own = {**orjson.loads(files[0]), "head": self.head}
        return [layer.to_bytes() + file for layer in self.LAYERS for file in (*files, orjson.dumps(own))]

    def change(self, data: bytes, dice: Random) -> bytes | None:
        return _change(data, dice, self.LAYERS)

    def one(self, data: bytes) -> str:
        document, kind = self._shell(data)
        key, sign = self.hub.key_id, self.hub.sign
        try:
            if kind == REFUSAL:
                read_refusal(document, hub=key, sign_public=sign)
            else:
                read_receipt(document, hub=key, sign_public=sign)
        except RefusedError as error:
            return error.code
        return self._take(document, kind)

    def _shell(self, data: bytes) -> tuple[bytes, str]:
        document = data[1:]
        if data[:1] == b"F":
            return document, REFUSAL if b"refusal" in document else RECEIPT
        try:
            fields = orjson.loads(document)
            if not isinstance(fields, dict):
                return document, RECEIPT
            kind = REFUSAL if fields.get("kind") == REFUSAL else RECEIPT
            if data[:1] == b"K":
                fields.update(kind=kind, format=1, hub=self.hub.key_id)
            return _sign(fields, HUB), kind
        except (ValueError, TypeError):
            return document, RECEIPT

    def _take(self, document: bytes, kind: str) -> str:
        connection, station = self.desk.connection, self.desk.station
        copy = _Once(connection)
        try:
            if kind == REFUSAL:
                outbox.take_refusal(copy, station, document, what="x")
            else:
                receipt = outbox.take_receipt(copy, station, document, at_ms=NOW_MS, what="x")
                outbox.compare_with(copy, station, receipt)
        except RefusedError as error:
            return error.code
        finally:
            copy.take_back()
        return "accepted"


class _Once:
    """A connection whose writes are taken back: BEGIN and COMMIT of what runs on it are savepoints."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        connection.execute("BEGIN")

    def execute(self, sql: str, *parameters: Any) -> Any:
        word = sql.split(" ", 1)[0]
        sql = {"BEGIN": "SAVEPOINT inner", "COMMIT": "RELEASE inner", "ROLLBACK": "ROLLBACK TO inner"}.get(word, sql)
        return self.connection.execute(sql, *parameters)

    def executemany(self, sql: str, rows: Any) -> Any:
        return self.connection.executemany(sql, rows)

    def take_back(self) -> None:
        self.connection.execute("ROLLBACK")


class Enrolments:
    """Offers as the desk reads and answers them, answers as the hub reads them and enrols."""

    LAYERS = b"FSKT"

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="petition-desk-fuzz-")
        self.key_id = HUB.public().key_id
        self.desk = Journal(keys=DESK)
        self.made = 0
        self._new_hub()

    def close(self) -> None:
        self.desk.close()
        self.hub.close()
        self.folder.cleanup()

    def _new_hub(self) -> None:
        self.made += 1
        self.enrolled = 0
        self.hub = Hub.create(Path(self.folder.name) / f"hub-{self.made}", city=CITY, address="https://x")
        self.token = bytes.fromhex(orjson.loads(registry.offer(self.hub, COUNTY))["token"])

    def seeds(self) -> list[bytes]:
        files = [example("enrolment-offer.json"), example("enrolment-answer.answer")]
        return [layer.to_bytes() + file for layer in self.LAYERS for file in files]

    def change(self, data: bytes, dice: Random) -> bytes | None:
        return _change(data, dice, self.LAYERS)

    def one(self, data: bytes) -> str:
        document, fields = self._shell(data)
        try:
            if fields.get("kind") == OFFER or (not fields and b"offer" in document):
                return self._offer(document)
            return self._answer(document)
        except RefusedError as error:
            return error.code

    def _shell(self, data: bytes) -> tuple[bytes, dict[str, Any]]:
        document, layer = data[1:], data[:1]
        try:
            fields = orjson.loads(document)
            if layer == b"F" or not isinstance(fields, dict):
                return document, fields if isinstance(fields, dict) else {}
            offer = fields.get("kind") == OFFER
            if layer in b"KT" and layer:
                public = (HUB if offer else DESK).public()
                fields.update(
                    kind=OFFER if offer else ANSWER, format=1, hub=self.key_id if offer else self.hub.key_id,
                    sign_key=public.sign.hex(), seal_key=public.seal.hex(), county=COUNTY,
                )  # fmt: skip
            if layer == b"T" and not offer:
                fields["token"] = token_name(self.token)
                rest = {n: v for n, v in fields.items() if n not in ("proof", "signature", "kind", "format")}
                fields["proof"] = hmac.new(self.token, canonical(rest), hashlib.sha256).hexdigest()
            return _sign(fields, HUB if offer else DESK), fields
        except (ValueError, TypeError):
            return document, {}

    def _offer(self, document: bytes) -> str:
        read_offer(document, county=COUNTY)
        joining.accept_offer(self.desk, document, at=AT)
        return "accepted"

    def _answer(self, document: bytes) -> str:
        answer = read_answer(document, hub=self.hub.key_id)
        if not check_proof(answer, self.token):
            return "no proof"
        registry.enrol(self.hub, document)
        self.enrolled += 1
        if self.enrolled > _ENROLLED_AT_MOST:
            self.hub.close()
            self._new_hub()
        return "accepted"
