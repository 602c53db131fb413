"""Make the small register that stands for this format: `python -m tests.old_files.make PATH`."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path

from models.desk import Desk
from models.records import AttachmentDraft, ItemDraft, PersonDraft
from models.register import NewPerson, Register

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def make(path: Path) -> None:
    """Write a register with one visit, and its keyring beside it."""
    keeper = NewPerson(login="guan", name="郑管理", passphrase="practice-1234")
    with Register.create(
        path, county="990101", name="示例县公安局", keeper=keeper, device_name="一号机", at=NOW
    ) as register:
        desk = Desk(register, now=lambda: NOW)
        done = desk.register_item(
            ItemDraft(
                received_on=date(2026, 3, 2),
                title="关于自行车被盗未立案的反映",
                statement="二月十日自行车在家门口被盗。",
                claims=("要求书面答复是否立案",),
                people=(PersonDraft(name="王小明", phone="19900001234", main=True),),
                attachments=(
                    AttachmentDraft(name="购车发票.png", media_type="image/png", data=b"not really a picture"),
                ),
                purpose="solution",
            )
        )
        desk.perform(done.matter, "screen", {"category": "claim", "exit": "6"})
    for suffix in (".lock", ".holder"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
