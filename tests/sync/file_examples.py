"""Make the example files of docs/format/file.md: `python -m tests.sync.file_examples`.

With the keys of the other examples. Sealing is random, so the chunk differs at each making; the tests read the files
that are kept.
"""

from __future__ import annotations

import hashlib

from sync.chunks import write_chunk
from sync.filesaid import BadChunk, Said, write_said
from tests.sync.conftest import COUNTY
from tests.sync.examples import DESK, FOLDER, HUB

TEXT = (
    "示例文件：一份扫描件在登记库中就是这样的字节。\nAn example: in a register a scan is bytes like these.\n".encode()
)


def make() -> None:
    """Write all example files."""
    name = hashlib.sha256(TEXT).hexdigest()
    hub = HUB.public()
    chunk = write_chunk(TEXT, county=COUNTY, device=1, keys=DESK, to=hub, file=name, n=0, whole=len(TEXT))
    other, sealed = (hashlib.sha256(word).hexdigest() for word in (b"another file", b"its sealed bytes"))
    bad = BadChunk(name=other, n=3, sha256=sealed, code="altered")
    said = Said(county=COUNTY, of=hub.key_id, whole=[name], bad=[bad], wanted=[other])
    (FOLDER / "file.txt").write_bytes(TEXT)
    (FOLDER / "file.chunk").write_bytes(chunk)
    (FOLDER / "files.files").write_bytes(write_said(said, HUB))


if __name__ == "__main__":
    make()
