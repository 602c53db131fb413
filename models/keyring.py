"""The keyring: a small file beside the register with one key slot per person.

The register's key is random and never leaves memory in the clear. Each slot holds, wrapped by Argon2id over that
person's passphrase (AES-256-GCM), the register's key and the person's own private keys: Ed25519 for signing, HPKE
(ML-KEM-768 + X25519) for reading matters sealed to that person. A slot whose tag fails means a wrong passphrase; a
keyring whose checksum fails means a damaged file: the two are never confused. Losing one person's passphrase loses
nothing as long as another slot opens.

File: JSON `{"format", "register", "slots": {login: slot}, "sum"}`; see docs/format/register.md.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import mlkem
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from models import door, errors

FORMAT = 1
KDF_MEMORY_KIB = 65536
KDF_PASSES = 3
KDF_LANES = 4
SIGN_PUBLIC_BYTES = 32
MLKEM_PUBLIC_BYTES = 1184
SEAL_PUBLIC_BYTES = MLKEM_PUBLIC_BYTES + 32
MINIMUM_PASSPHRASE = 8
"""Characters; length is what protects, no rules about signs (NIST SP 800-63B, 5.1.1)."""


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """What a slot opens: the register's key and the person's own key seeds. Has no repr on purpose."""

    register_key: bytes
    sign_seed: bytes
    mlkem_seed: bytes
    x25519_seed: bytes

    @classmethod
    def new(cls, register_key: bytes) -> Keys:
        """Return keys for a new person of the register."""
        return cls(register_key, secrets.token_bytes(32), secrets.token_bytes(64), secrets.token_bytes(32))

    def sign_public(self) -> bytes:
        """Return the Ed25519 public key (32 bytes)."""
        return Ed25519PrivateKey.from_private_bytes(self.sign_seed).public_key().public_bytes_raw()

    def seal_public(self) -> bytes:
        """Return the HPKE public key: ML-KEM-768 (1184 bytes) then X25519 (32 bytes)."""
        return seal_public(self.mlkem_seed, self.x25519_seed)


def seal_public(mlkem_seed: bytes, x25519_seed: bytes) -> bytes:
    """Return the public half of an ML-KEM-768 + X25519 pair made from its seeds."""
    first = mlkem.MLKEM768PrivateKey.from_seed_bytes(mlkem_seed).public_key().public_bytes_raw()
    second = X25519PrivateKey.from_private_bytes(x25519_seed).public_key().public_bytes_raw()
    return first + second


def path_of(register: Path) -> Path:
    """Return the keyring's path for a register file."""
    return register.with_name(register.name + ".keys")


def derive(passphrase: str, salt: bytes, *, memory_kib: int, passes: int, lanes: int) -> bytes:
    """Return the 32-byte wrapping key of a passphrase (Argon2id of RFC 9106; NIST SP 800-63B, 5.1.1.2)."""
    typed = unicodedata.normalize("NFKC", passphrase).encode()  # full-width or decomposed letters are the same letters
    kdf = Argon2id(salt=salt, length=32, iterations=passes, lanes=lanes, memory_cost=memory_kib)
    return kdf.derive(typed)


def _wrap(keys: Keys, login: str, register: str, passphrase: str) -> dict[str, Any]:
    check_passphrase(passphrase)
    salt, nonce = os.urandom(16), os.urandom(12)
    kdf = {"memory_kib": KDF_MEMORY_KIB, "passes": KDF_PASSES, "lanes": KDF_LANES}
    key = derive(passphrase, salt, **kdf)
    plain = keys.register_key + keys.sign_seed + keys.mlkem_seed + keys.x25519_seed
    sealed = AESGCM(key).encrypt(nonce, plain, f"{register}/{login}".encode())
    return {
        "kdf": kdf,
        "salt": base64.b64encode(salt).decode(),
        "nonce": base64.b64encode(nonce).decode(),
        "sealed": base64.b64encode(sealed).decode(),
    }


def check_passphrase(passphrase: str) -> None:
    """Refuse a new passphrase that is too short.

    Raises:
        InputError: Fewer than 8 characters.
    """
    if len(passphrase) < MINIMUM_PASSPHRASE:
        raise errors.InputError(
            "passphrase",
            f"口令太短：至少 {MINIMUM_PASSPHRASE} 个字符，建议用几个互不相干的词。",
            f"The passphrase is too short: at least {MINIMUM_PASSPHRASE} characters; several unrelated words are best.",
        )


def read(register: Path) -> dict[str, Any]:
    """Read and check the keyring of a register.

    Raises:
        NoRegisterError: There is none.
        RegisterDamagedError: Its checksum or form is wrong.
    """
    path = path_of(register)
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        if register.exists():
            raise errors.NoRegisterError(
                f"登记库缺少密钥文件 {path}，无法打开。请把密钥文件放回登记库旁，或从备份恢复。",
                f"The register's keyring {path} is missing, so it cannot be opened. Put it back beside the register, or"
                " restore a backup.",
            ) from None
        raise door.no_register(register) from None
    except OSError as error:
        raise door.file_trouble(path, error) from error
    try:
        content: dict[str, Any] = orjson.loads(raw)
        found = content.pop("sum")
        if found != _checksum(content):
            raise ValueError("checksum")
        if content["format"] > FORMAT:
            raise errors.RegisterNewerError(
                f"密钥文件由更新版本的程序写成：{path}。请升级本程序。",
                f"The keyring was written by a newer program: {path}. Upgrade this program.",
            )
        if not isinstance(content["slots"], dict):
            raise ValueError("slots")
    except (ValueError, KeyError, AttributeError, TypeError):
        raise errors.RegisterDamagedError(
            f"密钥文件已损坏：{path}。登记库本身未受影响，请从备份中取回密钥文件。",
            f"The keyring is damaged: {path}. The register itself is untouched; take the keyring from a backup.",
        ) from None
    return content


def _checksum(content: dict[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _write(register: Path, content: dict[str, Any]) -> None:
    door.write_file(path_of(register), orjson.dumps({**content, "sum": _checksum(content)}, option=orjson.OPT_INDENT_2))


def create(register: Path, register_id: str) -> bytes:
    """Write an empty keyring and return the new register's random key."""
    _write(register, {"format": FORMAT, "register": register_id, "slots": {}})
    return secrets.token_bytes(32)


def receive(register: Path, register_id: str, slots: dict[str, Any]) -> None:
    """Write the keyring of a register that is being joined, with the slots that came in its invitation."""
    _write(register, {"format": FORMAT, "register": register_id, "slots": slots})


def put_slot(register: Path, login: str, passphrase: str, keys: Keys) -> None:
    """Add or replace the slot of one person; the file is replaced as a whole or not at all."""
    content = read(register)
    content["slots"][login] = _wrap(keys, login, content["register"], passphrase)
    _write(register, content)


def drop_slot(register: Path, login: str) -> None:
    """Remove a person's slot.

    Raises:
        RuleError: It is the last one: the register would be lost with it.
    """
    content = read(register)
    if set(content["slots"]) == {login}:
        raise errors.RuleError(
            "不能删除最后一个密钥：登记库将无法再打开。",
            "The last key slot cannot be removed: the register could never be opened again.",
        )
    content["slots"].pop(login, None)
    _write(register, content)


def logins(register: Path) -> list[str]:
    """Return the names that have a slot, in the order in which they were added."""
    return list(read(register)["slots"])


def unlock(register: Path, login: str, passphrase: str) -> tuple[str, Keys]:
    """Open a slot; returns the register's id and the keys.

    Raises:
        WrongPassphraseError: No such person or the passphrase is not theirs (the two are not told apart).
        RegisterDamagedError, NoRegisterError, RegisterNewerError: see `read`.
    """
    content = read(register)
    slot = content["slots"].get(login)
    wrong = errors.WrongPassphraseError(
        f"“{login}”的口令不对，或没有这个登录名。请重新输入；登记库未受影响。",
        f"Wrong passphrase for “{login}”, or no such login. Type it again; the register is untouched.",
    )
    if slot is None:
        raise wrong
    key = derive(passphrase, base64.b64decode(slot["salt"]), **slot["kdf"])
    try:
        plain = AESGCM(key).decrypt(
            base64.b64decode(slot["nonce"]), base64.b64decode(slot["sealed"]), f"{content['register']}/{login}".encode()
        )
    except InvalidTag:
        raise wrong from None
    return content["register"], Keys(plain[:32], plain[32:64], plain[64:128], plain[128:160])
