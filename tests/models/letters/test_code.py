"""The verification code: made once, read anywhere, true or refused."""

from __future__ import annotations

import base64
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from models.errors import InputError
from models.letters import Statement, digest_of, make_code, read_code, short_code, verify_code, wording
from models.letters.code import PREFIX, _base45, _from_base45, squares
from tests.models.letters.cases import ANSWER, CASES
from tests.models.letters.measure import Measured, pdf_of

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
STATEMENT = Statement(
    kind="answer",
    number="梓公（信）处〔2026〕4号",
    dated_on=date(2026, 4, 20),
    device=7,
    digest=digest_of("answer", ANSWER, "answer", 1),
)


def test_a_true_code_verifies_offline() -> None:
    code = make_code(STATEMENT, KEY.sign)
    said = verify_code(code.payload, PUBLIC)
    assert (said.kind, said.number, said.dated_on, said.device) == ("answer", STATEMENT.number, date(2026, 4, 20), 7)
    assert verify_code(code.payload, PUBLIC, STATEMENT.digest) == said
    assert short_code(said) == code.short
    assert code == make_code(STATEMENT, KEY.sign)


def test_any_altered_character_is_refused() -> None:
    payload = make_code(STATEMENT, KEY.sign).payload
    for place in range(len(payload)):
        for other in ("0", "Z"):
            changed = payload[:place] + other + payload[place + 1 :]
            if changed != payload:
                with pytest.raises(InputError):
                    verify_code(changed, PUBLIC)


@pytest.mark.parametrize("keep", [0, 3, 4, 5, 40, 100, -1])
def test_a_cut_code_is_refused(keep: int) -> None:
    payload = make_code(STATEMENT, KEY.sign).payload
    with pytest.raises(InputError) as caught:
        verify_code(payload[:keep], PUBLIC)
    assert caught.value.field == "code"


def test_a_code_of_another_device_is_refused() -> None:
    other = Ed25519PrivateKey.from_private_bytes(b"x" * 32)
    with pytest.raises(InputError, match="没有有效签名"):
        verify_code(make_code(STATEMENT, other.sign).payload, PUBLIC)


def test_other_content_than_in_the_register_is_refused() -> None:
    payload = make_code(STATEMENT, KEY.sign).payload
    changed = replace(ANSWER, remedy_days=15)
    with pytest.raises(InputError, match="不一致"):
        verify_code(payload, PUBLIC, digest_of("answer", changed, "answer", 1))


def test_foreign_codes_are_not_ours() -> None:
    for foreign in ("https://example.invalid/?q=1", "PD2:ABC", PREFIX + "abc", PREFIX + "ABC", "随便"):
        with pytest.raises(InputError):
            read_code(foreign)


def test_the_digest_covers_facts_kind_and_wording() -> None:
    seen = {
        digest_of("answer", ANSWER, "answer", 1),
        digest_of("receipt", ANSWER, "answer", 1),
        digest_of("answer", ANSWER, "answer/own", 1),
        digest_of("answer", ANSWER, "answer", 2),
        digest_of("answer", replace(ANSWER, number="梓公（信）处〔2026〕5号"), "answer", 1),
    }
    assert len(seen) == 5


@given(st.binary(max_size=40))
def test_base45_both_ways(data: bytes) -> None:
    assert _from_base45(_base45(data)) == data


def test_base45_as_in_the_standard() -> None:
    """RFC 9285, section 4.3, the examples "AB", "Hello!!", "base-45" and "ietf!"."""
    assert [_base45(text) for text in (b"AB", b"Hello!!", b"base-45")] == ["BB8", "%69 VD92EX0", "UJCLQE7W581"]
    assert _from_base45("QED8WEX0") == b"ietf!"


def test_short_codes_can_be_read_out() -> None:
    short = short_code(STATEMENT)
    assert len(short) == 19
    assert not set(short) & set("0189")
    assert base64.b32decode(short.replace("-", ""))


def test_squares_stay_in_their_place() -> None:
    boxes = squares(make_code(STATEMENT, KEY.sign).payload, 18.0)
    assert len(boxes) > 300
    assert all(x >= 0 and x + w <= 18.0001 and y >= 0 and y + h <= 18.0001 for x, y, w, h in boxes)
    assert min(h for _, _, _, h in boxes) > 0.33, "modules of a third of a millimetre at least"


@pytest.mark.parametrize("kind", ["answer", "transfer_slip", "receipt", "receipt_roll", "registration_form"])
def test_the_printed_code_is_read_by_a_scanner_and_verifies(kind: str, tmp_path: Path) -> None:
    for tool in ("zbarimg", "pdftoppm"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed (zbar-tools, poppler-utils): left out")
    path = tmp_path / "letter.pdf"
    facts = CASES[kind]
    pdf = pdf_of(kind, facts, sign=KEY.sign)
    path.write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "300", "-gray", "-png", "-l", "1", str(path), str(tmp_path / "page")], check=True)
    (picture,) = tmp_path.glob("page*.png")
    scanned = subprocess.run(["zbarimg", "-q", "--raw", str(picture)], capture_output=True, check=True, text=True)
    words = wording(kind)
    said = verify_code(scanned.stdout.strip(), PUBLIC, digest_of(kind, facts, words.id, words.version))
    assert said.kind == kind
    assert short_code(said) in Measured(pdf).text()


def test_every_page_bears_the_short_code() -> None:
    pdf = Measured(pdf_of("answer", ANSWER, sign=KEY.sign))
    words = wording("answer")
    short = short_code(replace(STATEMENT, digest=digest_of("answer", ANSWER, words.id, words.version)))
    for page in range(1, pdf.pages + 1):
        assert short in "".join(char.text for char in pdf.chars if char.page == page)
