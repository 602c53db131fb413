"""The example files of docs/format/file.md are what the document says, and stay readable for ever."""

from __future__ import annotations

import hashlib

import orjson
import pytest

from sync.causes import RefusedError
from sync.chunks import open_chunk, read_header
from sync.documents import sign_document
from sync.filesaid import FILES, BadChunk, read_said
from tests.sync.conftest import COUNTY, new_keys
from tests.sync.test_examples import example, keys, rows


def test_the_example_chunk_is_the_file_beside_it() -> None:
    desk, hub = keys("desk"), keys("hub")
    chunk, text = example("file.chunk"), example("file.txt")
    header, content = open_chunk(
        chunk, keys=hub, to=hub.public().key_id, sign_key_of=lambda _county, _device: desk.public().sign
    )
    assert content == text
    assert (header.county, header.device, header.n, header.whole) == (COUNTY, 1, 0, len(text))
    assert header.file == hashlib.sha256(text).hexdigest()


def test_the_example_header_is_as_the_document_says() -> None:
    chunk = example("file.chunk")
    first, line, sealed = chunk.split(b"\n", 2)
    assert first == b"PETITION-DESK-FILE 1 " + hashlib.sha256(line).hexdigest()[:16].encode()
    fields = orjson.loads(line)
    assert (fields["size"], fields["sha256"]) == (len(sealed), hashlib.sha256(sealed).hexdigest())
    assert set(fields) <= rows("file.md")
    assert read_header(chunk)[1] == len(first) + len(line) + 2


def test_the_example_document_is_the_hubs_and_every_field_is_documented() -> None:
    hub = keys("hub").public()
    data = example("files.files")
    said = read_said(data, keys=hub, county=COUNTY)
    assert list(said.whole) == [hashlib.sha256(example("file.txt")).hexdigest()]
    assert said.bad[0] == BadChunk(name=said.wanted[0], n=3, sha256=said.bad[0].sha256, code="altered")
    assert set(orjson.loads(data)) <= rows("file.md")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"county": "430182"}, "other_county"),
        ({"of": "0" * 16}, "other_county"),
        ({"whole": ["../../etc"]}, "altered"),
        ({"wanted": "all"}, "altered"),
        ({"bad": [["a" * 64, "0", "", ""]]}, "altered"),
        ({"bad": [1]}, "altered"),
        ({}, "wrong_signature"),
    ],
)
def test_a_document_that_is_not_as_it_should_be_is_refused(changed: dict[str, object], code: str) -> None:
    fields = {name: value for name, value in orjson.loads(example("files.files")).items() if name != "signature"}
    signer = keys("hub") if changed else new_keys()
    with pytest.raises(RefusedError) as error:
        read_said(sign_document(FILES, {**fields, **changed}, signer), keys=keys("hub").public(), county=COUNTY)
    assert error.value.code == code
