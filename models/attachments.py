"""Attachments: bytes in the register itself, as chunks addressed by their hash.

The same file handed in twice is stored once. A file of which chunk 0 is here is whole: one that comes from another
workstation gets its chunk 0 last (`sync.filestate`). They are shown from memory; no plaintext file is ever written
unless the user exports one.
"""

from __future__ import annotations

import hashlib
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from models import errors
from models.records import AttachmentDraft

if TYPE_CHECKING:
    from models.act import Act
    from models.register import Register

CHUNK_BYTES = 256 * 1024
LARGEST_BYTES = 512 * 1024 * 1024


def store(act: Act, data: bytes) -> str:
    """Store bytes as chunks within an act; returns their SHA-256 in hex."""
    digest = hashlib.sha256(data).hexdigest()
    if act.connection.execute("SELECT 1 FROM chunk WHERE sha256=? AND n=0", (digest,)).fetchone() is None:
        act.connection.execute("DELETE FROM chunk WHERE sha256=?", (digest,))  # what had come of it from elsewhere
        act.connection.executemany(
            "INSERT INTO chunk(sha256, n, data) VALUES(?,?,?)",
            (
                (digest, n, data[start : start + CHUNK_BYTES])
                for n, start in enumerate(range(0, max(len(data), 1), CHUNK_BYTES))
            ),
        )
    return digest


def add(act: Act, matter: int, draft: AttachmentDraft, *, item: int | None = None) -> int:
    """Attach a file to a matter; returns the row's id.

    Raises:
        InputError: It is empty, or larger than 512 MiB.
    """
    if not draft.data:
        raise errors.InputError(
            "attachment",
            f"附件“{draft.name}”是空文件，未加入。",
            f"The attachment “{draft.name}” is empty and was not added.",
        )
    if len(draft.data) > LARGEST_BYTES:
        raise errors.InputError(
            "attachment",
            f"附件“{draft.name}”超过 {LARGEST_BYTES // 2**20} MiB，未加入。请拆分后再附。",
            f"The attachment “{draft.name}” is larger than {LARGEST_BYTES // 2**20} MiB and was not added. Split it"
            " first.",
        )
    digest = store(act, draft.data)
    return act.insert(
        "attachment",
        {
            "matter": matter,
            "item": item,
            "name": draft.name,
            "media_type": draft.media_type,
            "size": len(draft.data),
            "sha256": digest,
        },
    )


def load(register: Register, sha256: str) -> bytes:
    """Return stored bytes, checked against their hash.

    Raises:
        NotYetHereError: They are still on the way from the workstation, or the city, that entered them.
        RegisterDamagedError: Chunks are missing or altered.
    """
    from models import door

    if not is_here(register, sha256):
        raise errors.NotYetHereError
    data = b"".join(row[0] for row in register.rows("SELECT data FROM chunk WHERE sha256=? ORDER BY n", (sha256,)))
    if hashlib.sha256(data).hexdigest() != sha256:
        raise door.damaged(register.path)
    return data


def check_all(register: Register) -> tuple[int, list[str]]:
    """Compare the bytes of every file that is here with its hash; returns how many are whole, and the names of others.

    One chunk is in memory at a time, whatever the size of the files.
    """
    whole, bad = 0, list[str]()
    cursor = register.connection.execute("SELECT sha256, n, data FROM chunk ORDER BY sha256, n")
    for name, chunks in groupby(cursor, itemgetter(0)):
        digest, first = hashlib.sha256(), None
        for _, n, data in chunks:
            first = n if first is None else first
            digest.update(data)
        if first == 0:  # else its first chunk, which comes last, is still on its way
            if digest.hexdigest() == name:
                whole += 1
            else:
                bad.append(name)
    return whole, bad


def is_here(register: Register, sha256: str) -> bool:
    """Return whether the bytes of a file are here; a row may come before its bytes."""
    return register.row("SELECT 1 FROM chunk WHERE sha256=? AND n=0", (sha256,)) is not None
