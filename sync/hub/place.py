"""The hub's folder: its keys, its certificate and the path of its database.

hub.key   private keys, the database key or the address of the server's database; readable by its owner only, or the
          hub does not start
tls.key   key of the certificate; the same
tls.crt   self-made certificate: desks pin its fingerprint, so no public authority is needed
hub.db    the encrypted database, where it is not on a server
"""

from __future__ import annotations

import hashlib
import ipaddress
import os
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import orjson
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from models import door, errors
from sync.keys import SecretKeys

FORMAT = 1
CERTIFICATE_DAYS = 20 * 365
"""Long, because desks pin the certificate and do not look at its dates (their clocks may be wrong)."""
_CLOCK_SKEW = timedelta(days=2)
_OTHERS_MAY = 0o077
_NOBODY = "localhost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An opened hub folder."""

    folder: Path
    city: str
    address: str
    keys: SecretKeys = field(repr=False)
    database_key: bytes = field(repr=False)
    database_url: str = field(default="", repr=False)
    """Address of a PostgreSQL database, with its password if it has one; empty: the encrypted file beside the keys."""

    @property
    def database(self) -> Path:
        """The encrypted database."""
        return self.folder / "hub.db"

    @property
    def certificate(self) -> Path:
        """The certificate, PEM."""
        return self.folder / "tls.crt"

    @property
    def certificate_key(self) -> Path:
        """The certificate's key, PEM."""
        return self.folder / "tls.key"

    def fingerprint(self) -> str:
        """Return the SHA-256 of the certificate (DER), hex.

        Raises:
            StorageError: The certificate cannot be read.
        """
        try:
            loaded = x509.load_pem_x509_certificate(self.certificate.read_bytes())
        except (OSError, ValueError) as error:
            raise errors.StorageError(
                f"无法读取汇集中心的证书：{self.certificate}。请从备份恢复。",
                f"The hub's certificate cannot be read: {self.certificate}. Restore it from a backup.",
            ) from error
        return hashlib.sha256(loaded.public_bytes(serialization.Encoding.DER)).hexdigest()


def make(folder: Path, *, city: str, address: str, database_url: str = "") -> Place:
    """Make a hub's folder with new keys and a new certificate.

    Raises:
        StorageError: There is a hub already, or the disk says no.
    """
    if (folder / "hub.key").exists() or (folder / "hub.db").exists():
        raise errors.StorageError(
            f"{folder} 已有汇集中心，未作任何改动。请换一个文件夹。",
            f"There is a hub in {folder} already; nothing was changed. Choose another folder.",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise door.file_trouble(folder, error) from error
    keys = SecretKeys(secrets.token_bytes(32), secrets.token_bytes(64), secrets.token_bytes(32))
    database_key = secrets.token_bytes(32)
    certificate, certificate_key = _self_signed(city, address)
    _write_secret(folder / "tls.key", certificate_key)
    door.write_file(folder / "tls.crt", certificate)
    content = {
        "format": FORMAT,
        "city": city,
        "address": address,
        "database_key": database_key.hex(),
        **({"database": database_url} if database_url else {}),
        "sign_seed": keys.sign_seed.hex(),
        "mlkem_seed": keys.mlkem_seed.hex(),
        "x25519_seed": keys.x25519_seed.hex(),
    }
    _write_secret(folder / "hub.key", orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
    return Place(
        folder=folder, city=city, address=address, keys=keys, database_key=database_key, database_url=database_url
    )


def find(folder: Path) -> Place:
    """Open a hub's folder.

    Raises:
        StorageError: There is no hub, its key file is open to others, damaged, or from a newer program.
    """
    path = folder / "hub.key"
    for secret in (path, folder / "tls.key"):
        _check_private(secret)
    try:
        content = orjson.loads(path.read_bytes())
        if content["format"] > FORMAT:
            raise errors.RegisterNewerError(
                f"密钥文件由更新版本的程序写成：{path}。请升级本程序。",
                f"The key file was written by a newer program: {path}. Upgrade this program.",
            )
        seeds = (bytes.fromhex(content[name]) for name in ("sign_seed", "mlkem_seed", "x25519_seed"))
        return Place(
            folder=folder, city=content["city"], address=content["address"], keys=SecretKeys(*seeds),
            database_key=bytes.fromhex(content["database_key"]), database_url=content.get("database", ""),
        )  # fmt: skip
    except OSError as error:
        raise door.file_trouble(path, error) from error
    except (ValueError, KeyError, TypeError) as error:
        raise errors.RegisterDamagedError(
            f"汇集中心的密钥文件已损坏：{path}。请从备份恢复。",
            f"The hub's key file is damaged: {path}. Restore it from a backup.",
        ) from error


def keep_database(home: Place, url: str) -> None:
    """Write down that the hub's database is at `url` from now on, '' for the file in its folder.

    Raises:
        StorageError: The key file cannot be written; it is as it was.
    """
    path = home.folder / "hub.key"
    content = orjson.loads(path.read_bytes())
    content.pop("database", None)
    if url:
        content["database"] = url
    new = path.with_name("hub.key.new")
    new.unlink(missing_ok=True)
    _write_secret(new, orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
    keep_owner(new, home)
    new.replace(path)
    door.sync_folder(home.folder)


def keep_owner(path: Path, home: Place) -> None:
    """Give a new file in the hub's folder to whoever owns the hub's key, so that root's work locks nobody out."""
    if os.name == "posix" and os.geteuid() == 0:
        owner = (home.folder / "hub.key").stat()
        os.chown(path, owner.st_uid, owner.st_gid)


def check_not_moved(home: Place) -> None:
    """Check that the hub's database is still where it was when the folder was opened.

    Raises:
        StorageError: It was moved meanwhile.
    """
    if find(home.folder).database_url != home.database_url:
        raise errors.StorageError(
            "汇集中心已迁到另一个数据库，本进程停止写入。请重新启动汇集中心；各县未签收的内容会再次上报。",
            "The hub was moved to another database: this process writes no more. Start the hub again; what was not"
            " receipted is sent once more.",
        )


def _check_private(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise errors.NoRegisterError(
            f"这里没有汇集中心：缺少 {path}。请检查路径，或用 petition-hub init 新建。",
            f"There is no hub here: {path} is missing. Check the path, or make one with petition-hub init.",
        ) from None
    if os.name == "posix" and mode & _OTHERS_MAY:
        raise errors.StorageError(
            f"密钥文件 {path} 对其他用户可读，汇集中心不启动。请执行 chmod 600 {path}，并考虑更换密钥。",
            f"The key file {path} can be read by others, so the hub does not start. Run chmod 600 {path}, and "
            "consider new keys.",
        )


def _write_secret(path: Path, data: bytes) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise door.file_trouble(path, error) from error
    door.sync_folder(path.parent)


def _self_signed(city: str, address: str) -> tuple[bytes, bytes]:
    """Return certificate and key, PEM; it names the host of `address`, which browsers want and desks do not look at."""
    key = ec.generate_private_key(ec.SECP256R1())
    # X.520 limits a common name to 64 characters; what counts is the fingerprint.
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, city[:60] or "petition-hub")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCK_SKEW)
        .not_valid_after(now + timedelta(days=CERTIFICATE_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(_names(address)), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return certificate.public_bytes(serialization.Encoding.PEM), pem


def _names(address: str) -> list[x509.GeneralName]:
    """Return how a certificate names the host of an address; `localhost` for one that is no name of a host."""
    try:
        host = urlsplit(address).hostname or _NOBODY
        named = host if ":" in host else host.encode("idna").decode()
    except ValueError:
        named = _NOBODY
    try:
        return [x509.IPAddress(ipaddress.ip_address(named))]
    except ValueError:
        return [x509.DNSName(named)]
