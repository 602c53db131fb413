"""The invitation file: the example opens by the code and by what the document says; whatever is altered is refused."""

from __future__ import annotations

import orjson
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from sync.causes import RefusedError
from sync.invitation import open_seeds, read_invitation
from sync.keys import SecretKeys
from tests.sync.examples import FOLDER, entries
from tests.sync.invitation_example import LAPTOP, NAME, REGISTER_KEY

DATA = (FOLDER / NAME).read_bytes()


def test_the_example_opens_by_the_code() -> None:
    found = read_invitation(DATA)
    assert SecretKeys(*open_seeds(found, REGISTER_KEY)).public() == LAPTOP.public()
    assert (found.device, found.inviter, sorted(found.workstations)) == (2, 1, [1, 2])
    assert found.heads == {1: (5, entries()[-1].hash)}
    assert found.hub is not None
    assert (found.hub.name, found.hub.address) == ("示例市公安局", "https://hub.example:8443")
    assert sorted(found.keyring) == ["keeper", "wang"]


def test_the_example_opens_by_what_the_document_says() -> None:
    fields = orjson.loads(DATA)
    bound = {name: fields[name] for name in fields.keys() - {"kind", "format", "signature", "sealed"}}
    info, salt = b"petition-desk/station-invitation/1", fields["register"].encode()
    key = HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=info).derive(REGISTER_KEY)
    sealed = bytes.fromhex(fields["sealed"])
    plain = AESGCM(key).decrypt(sealed[:12], sealed[12:], orjson.dumps(bound, option=orjson.OPT_SORT_KEYS))
    assert plain == LAPTOP.sign_seed + LAPTOP.mlkem_seed + LAPTOP.x25519_seed


def test_another_register_s_key_does_not_open_it() -> None:
    with pytest.raises(RefusedError) as refused:
        open_seeds(read_invitation(DATA), bytes(32))
    assert refused.value.code == "wrong_signature"


@given(st.data())
def test_whatever_is_altered_is_refused(data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(DATA) - 1))
    value = data.draw(st.integers(0, 255).filter(lambda byte: byte != DATA[position]))
    with pytest.raises(RefusedError):
        read_invitation(DATA[:position] + bytes([value]) + DATA[position + 1 :])


@given(st.integers(0, len(DATA) - 1))
def test_whatever_is_cut_is_refused(length: int) -> None:
    with pytest.raises(RefusedError):
        read_invitation(DATA[:length])


SHAPES = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 63), (1 << 63) - 1) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


@given(st.sampled_from(sorted(orjson.loads(DATA))), SHAPES)
def test_a_field_of_another_shape_is_refused_in_words(name: str, value: object) -> None:
    """Signed again by the inviter, so that the shape itself is looked at."""
    from sync.documents import sign_document
    from sync.invitation import INVITATION
    from tests.sync.examples import DESK

    fields = orjson.loads(DATA)
    if fields[name] == value or name in ("kind", "format", "signature"):
        return
    rest = {key: one for key, one in fields.items() if key not in ("kind", "format", "signature")}
    altered = sign_document(INVITATION, {**rest, name: value}, DESK)
    with pytest.raises(RefusedError):
        open_seeds(read_invitation(altered), REGISTER_KEY)
