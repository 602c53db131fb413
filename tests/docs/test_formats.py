"""The example files of docs/format: read once by the code and once by what the documents say.

The second reading has nothing but the standard library's hashes and JSON (and Argon2id and AES-GCM for the keyring).
Both must come to the same.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from models import errors, hlc, journal, keyring, schema
from models.journal import Entry
from models.tables import BY_NAME
from tests.conftest import ROOT

FORMATS = ROOT / "docs" / "format"
EXAMPLES = FORMATS / "examples"
FIELDS = tuple(sorted(field.name for field in dataclasses.fields(Entry)))


def example(name: str) -> Any:
    return json.loads((EXAMPLES / name).read_text("utf-8"))


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def entries(shown: list[dict[str, Any]]) -> list[Entry]:
    """Return the entries of an example as the code knows them."""
    found = []
    for one in shown:
        assert tuple(sorted(one)) == FIELDS
        raw: dict[str, bytes | None] = {name: bytes.fromhex(one[name]) for name in ("commitment", "prev", "hash")}
        raw["salt"] = one["salt"] and bytes.fromhex(one["salt"])
        raw["payload"] = None if one["payload"] is None else one["payload"].encode()
        found.append(Entry(**{**one, **raw}))
    return found


def break_of(shown: list[dict[str, Any]]) -> tuple[str, int] | None:
    """Verify a chain by docs/format/journal.md alone; returns cause and sequence number of the first break."""
    prev = bytes(32).hex()
    for expected, one in enumerate(shown, 1):
        if one["seq"] != expected:
            return "gap", expected
        if one["prev"] != prev:
            return "prev", expected
        if one["payload"] is not None:
            salted = b"petition-desk/payload/1\n" + bytes.fromhex(one["salt"] or "") + one["payload"].encode()
            if one["salt"] is None or hashlib.sha256(salted).hexdigest() != one["commitment"]:
                return "commitment", expected
        shown_as = {"at_ms": "at", "commitment": "c", "mono_ms": "mono"}
        header = {shown_as.get(name, name): one[name] for name in one if name not in ("payload", "salt", "hash")}
        if hashlib.sha256(b"petition-desk/entry/1\n" + canonical(header)).hexdigest() != one["hash"]:
            return "hash", expected
        prev = one["hash"]
    return None


@pytest.mark.parametrize("name", ["journal-chain.json", "journal-disposed.json"])
def test_a_chain_verifies_by_the_code_and_by_the_document(name: str) -> None:
    shown = example(name)
    assert break_of(shown["entries"]) is None
    head, good, broken = journal.check_chain(entries(shown["entries"]))
    assert (head.hex(), good, broken) == (shown["head"], 4, None)


def test_a_payload_that_is_gone_leaves_the_head_as_it_was() -> None:
    whole, disposed = example("journal-chain.json"), example("journal-disposed.json")
    assert whole["head"] == disposed["head"]
    assert [one["payload"] is None for one in disposed["entries"]] == [False, True, False, False]


@pytest.mark.parametrize("case", example("journal-broken.json")["cases"], ids=lambda case: case["what"])
def test_a_broken_chain_is_told_with_cause_and_place(case: dict[str, Any]) -> None:
    assert break_of(case["entries"]) == (case["cause"], case["seq"])
    _, good, broken = journal.check_chain(entries(case["entries"]))
    assert broken is not None
    assert (broken.cause, broken.seq, good) == (case["cause"], case["seq"], case["seq"] - 1)


def test_a_payload_is_canonical_and_is_read_back_to_the_same_bytes() -> None:
    for one in example("journal-chain.json")["entries"]:
        payload = one["payload"].encode()
        assert canonical(json.loads(payload)) == payload
        changes = journal.decode_payload(payload)
        assert journal.encode_payload(changes) == payload
        for change in changes:
            assert set(change.columns) <= set(BY_NAME[change.table].names)


def test_replaying_the_chain_gives_the_row_that_the_example_shows() -> None:
    shown = example("journal-chain.json")
    row: dict[str, Any] = {}
    for one in shown["entries"]:
        for table, row_id, seen, columns in json.loads(one["payload"]):
            if table != "matter":
                continue
            if seen is None:
                row = {"id": row_id, "born": one["hlc"], "revs": {}}
            else:
                assert seen == row["rev"]
                row["revs"] |= dict.fromkeys(columns, one["hlc"])
            row |= {**columns, "rev": one["hlc"]}
    wanted = shown["rows"]["matter"]
    assert {name: row[name] for name in wanted} == wanted


def test_row_digests_and_their_sum() -> None:
    shown = example("journal-digest.json")
    sums = []
    for row in shown["rows"]:
        text = canonical([row["table"], row["id"], row["rev"], row["columns"]])
        digest = hashlib.sha256(b"petition-desk/row/1\n" + text).hexdigest()
        assert digest == row["digest"]
        absent = {name: None for name in BY_NAME[row["table"]].names if name not in row["columns"]}
        ours = journal.row_digest(row["table"], row["id"], row["rev"], {**absent, **row["columns"]})
        assert ours.to_bytes(32).hex() == digest, "absent columns do not count"
        assert journal.bucket(row["born"]) == row["month"]
        sums.append(int(digest, 16))
    assert (sum(sums[:2]) % 2**256).to_bytes(32).hex() == shown["two_rows"]["sum"]


def test_hybrid_instants() -> None:
    shown = example("journal-instants.json")
    for part in shown["parts"]:
        instant = part["instant"]
        assert (instant >> 20, instant >> 12 & 255, instant & 4095) == (
            part["wall_ms"],
            part["counter"],
            part["device"],
        )
        assert (hlc.wall_ms(instant), hlc.device_of(instant)) == (part["wall_ms"], part["device"])
        month = datetime.fromtimestamp(part["wall_ms"] / 1000, UTC).strftime("%Y-%m")
        assert month == part["month"] == hlc.month_of(instant)
    for step in shown["next"]:
        told = max(step["wall_ms"] << 8, (step["last"] >> 12) + 1) << 12 | step["device"]
        assert told == step["instant"] == hlc.next_instant(step["last"], step["wall_ms"], step["device"])
        assert step["instant"] > step["last"]


# --- the keyring


PASSPHRASES = {"keeper": "an example passphrase", "wang": "登记台 示例 口令 二"}


def test_a_slot_opens_by_what_the_document_says() -> None:
    ring = example("register-keyring.json")
    summed = canonical({name: ring[name] for name in ("format", "register", "slots")})
    assert ring["sum"] == hashlib.sha256(summed).hexdigest()
    slot = ring["slots"]["wang"]
    kdf = Argon2id(
        salt=base64.b64decode(slot["salt"]), length=32, iterations=slot["kdf"]["passes"], lanes=slot["kdf"]["lanes"],
        memory_cost=slot["kdf"]["memory_kib"],
    )  # fmt: skip
    key = kdf.derive(PASSPHRASES["wang"].encode())
    plain = AESGCM(key).decrypt(
        base64.b64decode(slot["nonce"]), base64.b64decode(slot["sealed"]), f"{ring['register']}/wang".encode()
    )
    assert plain == bytes([0xAA]) * 32 + bytes([2]) * 32 + bytes([18]) * 64 + bytes([34]) * 32


def test_the_example_keyring_opens_and_tells_a_wrong_passphrase_from_damage(tmp_path: Path) -> None:
    register = tmp_path / "example.register"
    text = (EXAMPLES / "register-keyring.json").read_text("utf-8")
    keyring.path_of(register).write_text(text, "utf-8")
    for login, passphrase in PASSPHRASES.items():
        register_id, keys = keyring.unlock(register, login, passphrase)
        assert (register_id, keys.register_key) == ("0123456789abcdef0123456789abcdef", bytes([0xAA]) * 32)
    with pytest.raises(errors.WrongPassphraseError):
        keyring.unlock(register, "wang", PASSPHRASES["keeper"])
    keyring.path_of(register).write_text(text.replace('"passes": 3', '"passes": 4', 1), "utf-8")
    with pytest.raises(errors.RegisterDamagedError):
        keyring.unlock(register, "wang", PASSPHRASES["wang"])


# --- the documents and the code name the same things


def test_every_example_is_named_by_a_document_and_every_name_is_a_file() -> None:
    named = {
        name for path in FORMATS.glob("*.md") for name in re.findall(r"examples/([\w.-]+)", path.read_text("utf-8"))
    }
    ours = {path.name for path in EXAMPLES.glob("journal-*")} | {path.name for path in EXAMPLES.glob("register-*")}
    assert ours <= named
    assert {name for name in named if name.startswith(("journal-", "register-"))} <= ours


def test_the_journal_document_names_every_field_of_an_entry() -> None:
    told = set(re.findall(r"^\| `(\w+)` \|", (FORMATS / "journal.md").read_text("utf-8"), re.MULTILINE))
    assert set(FIELDS) <= told


def local_tables() -> dict[str, set[str]]:
    """Return table -> columns of the tables that are not journalled, as a new register has them."""
    import sqlcipher3.dbapi2 as driver

    from sync.localtables import create_tables

    connection = driver.connect(":memory:", isolation_level=None)
    try:
        for statement in schema.declared_sql():
            connection.execute(statement)
        if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name='sync_hub'").fetchall():
            create_tables(connection)
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")}
        ours = {name for name in names - set(BY_NAME) if not name.startswith(("sqlite_", "search_", "_sqlite"))}
        return {name: {row[1] for row in connection.execute(f"PRAGMA table_info({name})")} for name in ours}
    finally:
        connection.close()


def test_the_register_document_names_every_local_table_with_its_columns() -> None:
    text = (FORMATS / "register.md").read_text("utf-8").partition("## Local tables")[2]
    told = {
        name: set(re.findall(r"`(\w+)`", columns))
        for name, columns in re.findall(r"^\| `(\w+)` \| ([^|]+) \|", text, re.MULTILINE)
    }
    for name, columns in local_tables().items():
        assert told.get(name) == columns, f"docs/format/register.md, Local tables: {name}"


def test_the_register_document_tells_the_list_columns_and_the_version() -> None:
    text = (FORMATS / "register.md").read_text("utf-8")
    for column in schema.MATTER_LOCAL:
        assert f"| `{column}` |" in text
    assert f"`user_version` = {schema.VERSION}" in text
    assert f"`application_id` = {schema.APPLICATION_ID:#x}" in text.replace("0X", "0x")
