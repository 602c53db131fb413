"""What a verification answers about a letter or a paper of the bureau that was found: genuine, or spoiled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def spoiled(reason: str, what: str) -> dict[str, Any]:
    """Return the answer for a document that no longer counts; `what` is its English word."""
    return {"genuine": False, "zh": f"该文书已作废：{reason}", "en": f"This {what} was spoiled: {reason}"}


def genuine(row: Mapping[str, Any], name: tuple[str, str], called: str, zh: str, en: str) -> dict[str, Any]:
    """Return the answer for a document that is what it was issued as.

    Args:
        row: Its row.
        name: What its kind is called, in Chinese and English.
        called: Its number, or its title.
        zh: What was compared, in Chinese.
        en: The same in English.
    """
    columns = ("kind", "number", "dated_on", "code", "sha256")
    return {
        "genuine": True,
        **{column: row[column] for column in columns},
        "zh": f"真实：{name[0]} {called}，{row['dated_on']}，{zh}。",
        "en": f"Genuine: {name[1]} {called}, {row['dated_on']}; {en}.",
    }
