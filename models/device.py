"""The workstation's own keys.

They sign batches, letters and enrolment, and open what the hub seals to this workstation. They live in the encrypted
register (table `secret`), so that a scheduled sync needs nobody's personal key; the public halves are in the journalled
table `device`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models.keyring import seal_public

CITY = 4095
"""The number under which the city bureau writes its journal for a county; no workstation has it."""
_SIGN, _MLKEM, _X25519 = "device.sign", "device.mlkem", "device.x25519"


@dataclass(frozen=True, slots=True, repr=False)
class DeviceKeys:
    """Seeds of the workstation's keys; no repr on purpose."""

    sign_seed: bytes
    mlkem_seed: bytes
    x25519_seed: bytes

    @property
    def sign_public(self) -> bytes:
        """Ed25519 public key, 32 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self.sign_seed).public_key().public_bytes_raw()

    @property
    def seal_public(self) -> bytes:
        """HPKE public key: ML-KEM-768 (1184 bytes) then X25519 (32 bytes)."""
        return seal_public(self.mlkem_seed, self.x25519_seed)

    def sign(self, data: bytes) -> bytes:
        """Return the Ed25519 signature (64 bytes) of `data` (RFC 8032)."""
        return Ed25519PrivateKey.from_private_bytes(self.sign_seed).sign(data)


def make_keys(connection: Any) -> DeviceKeys:
    """Make and store new keys for this workstation; the caller holds the transaction."""
    keys = new_keys()
    keep_keys(connection, keys)
    return keys


def new_keys() -> DeviceKeys:
    """Return keys for a workstation, stored nowhere."""
    return DeviceKeys(os.urandom(32), os.urandom(64), os.urandom(32))


def keep_keys(connection: Any, keys: DeviceKeys) -> None:
    """Store keys as this workstation's; the caller holds the transaction."""
    connection.executemany(
        "INSERT OR REPLACE INTO secret(name, value) VALUES(?,?)",
        [(_SIGN, keys.sign_seed), (_MLKEM, keys.mlkem_seed), (_X25519, keys.x25519_seed)],
    )


def read_keys(connection: Any) -> DeviceKeys:
    """Return the keys of this workstation."""
    found = dict(connection.execute("SELECT name, value FROM secret").fetchall())
    return DeviceKeys(found[_SIGN], found[_MLKEM], found[_X25519])
