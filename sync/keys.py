"""Keys of the sync: what signs, what seals, and how a public key is named.

- *Signing*: Ed25519 over a domain line followed by the bytes, so that a signature of one kind never passes for another.
- *Sealing*: HPKE (RFC 9180) with ML-KEM-768 + X25519, HKDF-SHA256 and AES-256-GCM; one shot, base mode, empty
  associated data. A public key is 1,216 bytes: ML-KEM-768 (1,184) then X25519 (32).
- *Key id*: the first 16 hex digits of SHA-256 over both public keys; it names a hub in headers and on paper.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import mlkem
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from models.keyring import MLKEM_PUBLIC_BYTES, SEAL_PUBLIC_BYTES, SIGN_PUBLIC_BYTES, seal_public

SIGNATURE_BYTES = 64
_SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


@dataclass(frozen=True, slots=True, repr=False)
class SecretKeys:
    """The private halves of one station or hub, as seeds. Has no repr on purpose."""

    sign_seed: bytes
    mlkem_seed: bytes
    x25519_seed: bytes

    def public(self) -> PublicKeys:
        """Return the public halves."""
        signer = Ed25519PrivateKey.from_private_bytes(self.sign_seed)
        return PublicKeys(signer.public_key().public_bytes_raw(), seal_public(self.mlkem_seed, self.x25519_seed))

    def sign(self, domain: str, data: bytes) -> bytes:
        """Return the signature (64 bytes) over `data` in `domain`."""
        return _signer(self.sign_seed).sign(domain.encode() + b"\n" + data)

    def open(self, sealed: bytes, info: bytes) -> bytes | None:
        """Return the plain bytes, or None when they were not sealed to these keys with this `info`, or were altered."""
        try:
            return _SUITE.decrypt(sealed, _opener(self.mlkem_seed, self.x25519_seed), info=info)
        except (InvalidTag, ValueError):
            return None


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """The public halves of one station or hub.

    Raises:
        ValueError: A key has the wrong length.
    """

    sign: bytes
    seal: bytes

    def __post_init__(self) -> None:
        if len(self.sign) != SIGN_PUBLIC_BYTES or len(self.seal) != SEAL_PUBLIC_BYTES:
            raise ValueError("a public key has the wrong length")

    @property
    def key_id(self) -> str:
        """Name of these keys: 16 hex digits."""
        return hashlib.sha256(self.sign + self.seal).hexdigest()[:16]

    def signed(self, domain: str, data: bytes, signature: bytes) -> bool:
        """Return whether `signature` is theirs over `data` in `domain`."""
        return signed_by(self.sign, domain, data, signature)

    def seal_to(self, plain: bytes, info: bytes) -> bytes:
        """Return `plain` sealed to these keys and bound to `info`."""
        return _SUITE.encrypt(plain, _sealer(self.seal), info=info)


def signed_by(sign_public: bytes, domain: str, data: bytes, signature: bytes) -> bool:
    """Return whether `signature` was made with the Ed25519 key whose public half is given."""
    try:
        Ed25519PublicKey.from_public_bytes(sign_public).verify(signature, domain.encode() + b"\n" + data)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=8)
def _signer(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


@lru_cache(maxsize=8)
def _opener(mlkem_seed: bytes, x25519_seed: bytes) -> hpke.MLKEM768X25519PrivateKey:
    return hpke.MLKEM768X25519PrivateKey(
        mlkem.MLKEM768PrivateKey.from_seed_bytes(mlkem_seed), X25519PrivateKey.from_private_bytes(x25519_seed)
    )


@lru_cache(maxsize=64)
def _sealer(public: bytes) -> hpke.MLKEM768X25519PublicKey:
    return hpke.MLKEM768X25519PublicKey(
        mlkem.MLKEM768PublicKey.from_public_bytes(public[:MLKEM_PUBLIC_BYTES]),
        X25519PublicKey.from_public_bytes(public[MLKEM_PUBLIC_BYTES:]),
    )
