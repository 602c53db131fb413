"""Does the journal still stand under what the hub countersigned? Each receipt names a chain head and bears a signature.

A chain made anew from some entry on, hashes and all, verifies by itself; it does not agree with the receipts of before.
"""

from __future__ import annotations

from models.errors import Message
from models.verify import Check
from sync import outbox
from sync.causes import NotEnrolledError, RefusedError
from sync.port import Connection, Port
from sync.receipt import read_receipt


def check_receipts(port: Port) -> Check | None:
    """Return whether the journal agrees with every receipt kept; None when the register has no hub yet."""
    station = port.station

    def look(connection: Connection) -> Check | None:
        try:
            hub = outbox.enrolled_hub(connection)
        except NotEnrolledError:
            return None
        rows = connection.execute("SELECT last, text FROM sync_receipt ORDER BY last").fetchall()
        for last, text in rows:
            try:
                receipt = read_receipt(text.encode(), hub=hub.key_id, sign_public=hub.keys.sign)
            except RefusedError as error:
                return Check("receipts", False, error.message)
            found = connection.execute(
                "SELECT hash FROM entry WHERE device=? AND seq=?", (station.device, receipt.last)
            ).fetchone()
            if found is None or found[0] != receipt.head:
                return Check("receipts", False, _differs(last))
        return Check(
            "receipts",
            True,
            Message(f"与市局 {len(rows)} 份签名回执一致", f"agrees with {len(rows)} receipts signed by the city"),
        )

    return port.run(look)


def _differs(last: int) -> Message:
    return Message(
        f"本地日志第 {last} 条与市局已签名确认的不同：日志在确认之后被改写。请勿再写入，报告市局核对。",
        f"Entry {last} of the journal is not the one that the city countersigned: the journal was rewritten since. "
        "Write nothing more; ask the city to compare.",
    )
