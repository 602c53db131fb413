"""Issuing a paper of the bureau: numbered where its kind is, signed with a code like a letter, its bytes frozen.

All in the caller's act: number, paper and PDF are there together or not at all. What was issued is never laid out
again. A wrong one is spoiled with a reason; it and its number stay.

A paper tells of matters only what its maker was free to tell; who reads it later may be barred from one of them. So the
matters that a paper tells of are kept with it (`matters`), and it is read by those who may read all of them. Those that
it only counts (`counted` among its facts) may be sealed to its reader, who must be free to know of them.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import orjson

from models import attachments, codes, device, errors, letters, numbers, policy
from models.letters import verdict
from models.letters.code import PREFIX
from models.sheets import data, pdf

if TYPE_CHECKING:
    from models.act import Act
    from models.records import Staff
    from models.register import Register
    from models.sheets.content import Sheet

TABLE = "office_document"
SERIES: dict[str, str] = {
    "circular": "通",
    "month_report": "月报",
    "stage_summary": "小结",
    "final_summary": "总结",
    "annual_report": "年报",
    "evaluation": "评",
}
"""Kinds that bear a document number, with the word of their series; the setting documents.word.<kind> overrules it. One
gapless series for each kind and year (domain reference, 9.1, project rule).
"""
SPOILERS = frozenset({"PU", "DL", "CH"})
_LANGUAGES: tuple[errors.Language, ...] = ("zh", "en")
_ZH, _EN = "读本局文书", "read papers of the bureau"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """An issued paper in a list.

    Attributes:
        kind: Code of the table office_document.
        subject: What it is about: a day, a month, a stage.
        spoiled: Why it does not count; empty while it does.
    """

    id: int
    kind: str
    number: str
    title: str
    dated_on: date
    subject: str
    issued_by: str
    code: str
    size: int
    spoiled: str


def issue(
    act: Act,
    sheet: Sheet,
    subject: str = "",
    facts: Mapping[str, Any] | None = None,
    *,
    matters: Collection[int] = (),
) -> int:
    """Issue a paper within an act; returns its id.

    Args:
        act: The open act; the caller has asked the policy.
        sheet: What it says; `dated_on` is the day of the act when it is absent, `number` is filled in here.
        subject: What it is about, so that it is found again: a day, a month, the key of a stage.
        facts: What it says, as data, when that is more than the sheet itself.
        matters: The matters whose content it tells.

    Raises:
        MissingPartError: It bears a number and the bureau's document code is not set.
        InputError: A character that no font has; all are named.
    """
    register = act.register
    on = sheet.dated_on or act.on
    serial, number = _number(act, sheet.kind, on.year) if sheet.kind in SERIES else (None, "")
    said = {**(facts if facts is not None else data.sheet_to_data(sheet))}
    if matters:
        said["matters"] = sorted(matters)
    text = data.to_json(said)
    title = sheet.title.replace("|", "")
    digest = digest_of(sheet.kind, title, number, on.isoformat(), subject, text)
    statement = letters.Statement(kind=sheet.kind, number=number, dated_on=on, device=register.device, digest=digest)
    code = letters.make_code(statement, device.read_keys(register.connection).sign)
    made = pdf.to_pdf(replace(sheet, number=number, dated_on=on), sealed=code)
    document = act.insert(
        TABLE,
        {
            "kind": sheet.kind,
            "number": number,
            "title": title,
            "dated_on": on,
            "subject": subject,
            "issued_by": act.by.id,
            "facts": text,
            "sha256": attachments.store(act, made),
            "size": len(made),
            "code": code.short,
            "signature": base64.b64encode(code.signature).decode(),
        },
    )
    if serial:
        row = {"series": sheet.kind, "year": on.year, "serial": serial, "state": "used", "paper": document}
        act.insert("number", row)
    return document


def preview(register: Register, sheet: Sheet, on: date) -> bytes:
    """Return a paper as it would print now, with its number left open, marked as not issued."""
    number = _shown_number(register, sheet.kind, on.year, None) if sheet.kind in SERIES else ""
    return pdf.to_pdf(replace(sheet, number=number, dated_on=sheet.dated_on or on), draft=True)


def _number(act: Act, kind: str, year: int) -> tuple[int, str]:
    if not act.register.setting("documents.code"):
        name_zh, name_en = (codes.word(TABLE, kind, language) for language in _LANGUAGES)
        raise errors.MissingPartError(
            ("documents.code",),
            f"“{name_zh}”要编发文字号，但未设置发文机关代字，未出具。请在设置中填写。",
            f"“{name_en}” bears a document number, and the code of the issuing"
            " organ is not set: not issued. Enter it in the settings.",
        )
    serial = numbers.take_document_number(act, kind, year)
    return serial, _shown_number(act.register, kind, year, serial)


def _shown_number(register: Register, kind: str, year: int, serial: int | None) -> str:
    word = str(register.setting(f"documents.word.{kind}", SERIES.get(kind, "")))
    organ, unit = str(register.setting("documents.code", "")), str(register.setting("documents.unit", "信"))
    return letters.document_number(organ, unit, word, year, serial)


def digest_of(kind: str, title: str, number: str, dated_on: str, subject: str, facts: str) -> bytes:
    """Return the digest that a paper's code signs: all that its row says of it."""
    head = "\n".join((kind, title, number, dated_on, subject))
    return hashlib.sha256(b"petition-desk/paper/1\n" + head.encode() + b"\n" + facts.encode()).digest()


def spoil(act: Act, document: int, reason: str) -> None:
    """Mark a paper and its number as spoiled; both stay, with the reason.

    Raises:
        InputError: No such paper; no reason; or it is spoiled already.
    """
    row = act.register.record(TABLE, document)
    if row is None:
        raise _unknown(document)
    if not reason.strip():
        raise errors.InputError("reason", "作废文书必须写明原因。", "Spoiling a paper needs a reason.")
    if row["spoiled"]:
        raise errors.InputError(
            "document",
            f"“{row['title']}”已经作废（{row['spoiled']}）。",
            f"“{row['title']}” is spoiled already ({row['spoiled']}).",
        )
    act.set(TABLE, document, spoiled=reason)
    for (number,) in act.connection.execute(
        "SELECT id FROM number WHERE series=? AND year=? AND paper=?",
        (row["kind"], int(row["dated_on"][:4]), document),
    ).fetchall():
        act.set("number", number, state="spoiled", reason=reason)


# --- reading ---------------------------------------------------------------------------------------------------------


def pdf_of(register: Register, document: int, by: Staff) -> bytes:
    """Return the frozen bytes of a paper.

    Raises:
        InputError: No such paper, or one that tells of a matter which the person may not know of (one answer).
        NotAllowedError: The person has no working role, or is no reader of a matter that it tells of.
    """
    return attachments.load(register, row_of(register, document, by)["sha256"])


def row_of(register: Register, document: int, by: Staff) -> dict[str, Any]:
    """Return the row of a paper that `by` may read; raises as `pdf_of`."""
    policy.require_role(by, policy.WORKING_ROLES, _ZH, _EN)
    row = register.record(TABLE, document)
    if row is None or not _known(register, row, by):
        raise _unknown(document)
    if not _readable(register, row, by):
        raise errors.NotAllowedError(
            f"“{row['title']}”载有限定知悉范围的事项，您不在其中，不能打开。",
            f"“{row['title']}” tells of a matter for named readers, and you are none: it is not opened.",
        )
    return row


def listed(register: Register, by: Staff, kind: str = "", subject: str | None = None) -> tuple[PaperLine, ...]:
    """Return the issued papers that `by` may know of, newest first.

    Args:
        register: The open register.
        by: Who asks.
        kind: Only of this kind; "": all.
        subject: Only about this; None: all.
    """
    policy.require_role(by, policy.WORKING_ROLES, _ZH, _EN)
    where = "(?='' OR kind=?) AND (? IS NULL OR subject=?) ORDER BY dated_on DESC, id DESC"
    rows = register.records(TABLE, where, (kind, kind, subject, subject))
    return tuple(
        PaperLine(
            id=row["id"],
            kind=row["kind"],
            number=row["number"] or "",
            title=row["title"],
            dated_on=date.fromisoformat(row["dated_on"]),
            subject=row["subject"] or "",
            issued_by=register.staff()[row["issued_by"]].name if row["issued_by"] in register.staff() else "",
            code=row["code"] or "",
            size=row["size"],
            spoiled=row["spoiled"] or "",
        )
        for row in rows
        if _known(register, row, by)
    )


def _matters(row: Mapping[str, Any], *names: str) -> list[int]:
    facts = orjson.loads(row["facts"]) if row["facts"] else {}
    return [int(each) for name in names for each in facts.get(name, [])]


def _known(register: Register, row: Mapping[str, Any], by: Staff) -> bool:
    return _all_matters(register, _matters(row, "matters", "counted"), f"NOT ({policy.known_sql(by)})")


def _readable(register: Register, row: Mapping[str, Any], by: Staff) -> bool:
    return _all_matters(register, _matters(row, "matters"), f"NOT ({policy.visible_sql(by)})")


def _all_matters(register: Register, matters: list[int], unfit: str) -> bool:
    """Say whether none of some matters is `unfit`, an SQL condition on `m`."""
    if not matters:
        return True
    chosen = "SELECT value FROM json_each(?)"
    return (
        register.row(f"SELECT 1 FROM matter m WHERE m.id IN ({chosen}) AND {unfit}", (data.to_json(matters),)) is None
    )


def _unknown(document: object) -> errors.InputError:
    return errors.InputError(
        "document", f"没有这份文书：{document}。请核对编号。", f"There is no such paper: {document}. Check the number."
    )


# --- verifying -------------------------------------------------------------------------------------------------------


def verified(register: Register, presented: bytes | str, by: Staff) -> dict[str, Any] | None:
    """Say whether a presented paper is one of the bureau's own and unaltered; None: it is none of these.

    Args:
        register: The open register.
        presented: The PDF's bytes, the short code, or the text of the square code.
        by: Who asks: a paper that tells of a matter which the person may not know of is answered like an unknown one.
    """
    if isinstance(presented, bytes):
        rows = register.records(TABLE, "sha256=?", (hashlib.sha256(presented).hexdigest(),))
        zh, en = "文件与本局出具并冻结的文书逐字节一致", "the file equals, byte for byte, the paper that was issued"
    elif presented.startswith(PREFIX):
        rows = _scanned(register, presented)
        zh, en = "二维码由本局工作站签名，内容与登记库一致", "the square was signed by a workstation of this bureau"
    else:
        rows = register.records(TABLE, "code=?", (presented.upper(),))
        zh, en = "核验码属于本局出具的文书", "the code is of a paper that this bureau issued"
    for row in rows:
        if _known(register, row, by):
            return _told(row, zh, en)
    return None


def _scanned(register: Register, payload: str) -> list[dict[str, Any]]:
    statement, _ = letters.read_code(payload)
    key = register.row("SELECT sign_key FROM device WHERE number=?", (statement.device,))
    if key is None:
        return []
    found = []
    for row in register.records(TABLE, "kind=? AND dated_on=?", (statement.kind, statement.dated_on.isoformat())):
        digest = digest_of(
            row["kind"], row["title"], row["number"] or "", row["dated_on"], row["subject"] or "", row["facts"] or ""
        )
        try:
            letters.verify_code(payload, bytes.fromhex(key[0]), digest)
        except errors.RegisterError:
            continue
        found.append(row)
    return found


def _told(row: Mapping[str, Any], zh: str, en: str) -> dict[str, Any]:
    if row["spoiled"]:
        return verdict.spoiled(row["spoiled"], "paper")
    name = codes.word(TABLE, row["kind"], "zh"), codes.word(TABLE, row["kind"], "en")
    return verdict.genuine(row, name, row["number"] or row["title"], zh, en)
