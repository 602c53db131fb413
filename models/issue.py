"""Issuing a letter: compose it, refuse while a part is missing, number it, sign its code, freeze its bytes.

All in the caller's act: number, document and PDF are there together or not at all. What was issued is never laid out
again: every print is the frozen bytes, and every copy is verified against them, by code or by file.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from models import attachments, device, errors, letters, numbers, policy, sight, templates
from models.letter_facts import facts_and_given, facts_of
from models.letters import verdict
from models.letters.code import PREFIX
from models.letters.linter import lint
from models.records import LetterPreview, Staff

if TYPE_CHECKING:
    from models.act import Act
    from models.register import Register


def preview(
    register: Register,
    matter: int,
    kind: str,
    typed: Mapping[str, str],
    *,
    by: Staff,
    on: date,
    inputs: Mapping[str, Any] | None = None,
    today: date | None = None,
) -> LetterPreview:
    """Return a letter as it would print now, with an empty number, and what still blocks its issue.

    Args:
        register: The open register.
        matter: The matter.
        kind: Kind of the letter.
        typed: What the officer typed for it.
        by: Who looks.
        on: The day printed, unless `typed` names another.
        inputs: Inputs of the act that it would go out with.
        today: The day of looking: nothing told as done may lie after it; `on` by default.

    Raises:
        InputError: There is no such kind, or a typed value cannot be.
    """
    facts, given = facts_and_given(register, matter, kind, typed, inputs=inputs or {}, by=by, on=on)
    facts = replace(facts, number=_number_text(register, kind, on.year, None))
    wording = templates.in_force(register, kind, on)
    pdf = letters.layout(letters.compose(kind, facts, wording, draft=True))
    missing = _gaps(register, matter, kind, facts, wording, today=today or on)
    return LetterPreview(kind=kind, pdf=pdf, missing=tuple(missing), given=given)


def issue_document(
    act: Act,
    matter: int,
    kind: str,
    typed: Mapping[str, str],
    *,
    on: date,
    inputs: Mapping[str, Any] | None = None,
    item: int | None = None,
) -> int:
    """Issue a letter within an act; returns the document's id.

    Args:
        act: The open act.
        matter: The matter.
        kind: Kind of the letter.
        typed: What the officer typed for it.
        on: The day printed, unless `typed` names another.
        inputs: Inputs of the act that it goes out with.
        item: For a receipt: the item.

    Raises:
        MissingPartError: A required part is absent; all are named.
        InputError: There is no such kind; a typed value cannot be.
    """
    register = act.register
    facts = facts_of(register, matter, kind, typed, inputs=inputs or {}, by=act.by, on=on, item=item)
    on = facts.dated_on or on
    serial = numbers.take_document_number(act, kind, on.year) if letters.kind_of(kind).series_word else None
    number = _number_text(register, kind, on.year, serial) if serial else facts.item_number
    facts = replace(facts, number=number)
    wording = templates.in_force(register, kind, on)
    letters.require_complete(kind, _gaps(register, matter, kind, facts, wording, today=act.on, numbered=True))
    statement = letters.Statement(
        kind=kind,
        number=number,
        dated_on=on,
        device=register.device,
        digest=letters.digest_of(kind, facts, wording.id, wording.version),
    )
    code = letters.make_code(statement, device.read_keys(register.connection).sign)
    letter = letters.compose(kind, facts, wording)
    pdf = letters.layout(letter, sealed=code)
    document = act.insert(
        "document",
        {
            "matter": matter,
            "item": item,
            "kind": kind,
            "state": "issued",
            "number": number,
            "title": letter.plain_title,
            "dated_on": on,
            "issued_by": act.by.id,
            "signed_by": facts.approver,
            "template": wording.id,
            "template_version": wording.version,
            "facts": facts.to_json(),
            "sha256": attachments.store(act, pdf),
            "size": len(pdf),
            "code": code.short,
            "signature": base64.b64encode(code.signature).decode(),
        },
    )
    if serial:
        numbers.bear(act, kind, on.year, serial, document=document)
    return document


def editing_copy(register: Register, document: int, *, by: Staff) -> bytes:
    """Return an issued document as .docx, composed again from its frozen facts and the wording it was issued with.

    Raises:
        InputError: No such document, or not one that the register composed.
        RuleError: The shipped wording it was issued with is not in this version of the program.
    """
    from models.letters.docx import to_docx

    row = sight.matter_of(register, "document", document, by)
    if row["state"] != "issued" or not row["facts"]:
        raise errors.InputError(
            "document",
            "这份文书不是本登记库制作的，没有可编辑的底稿；请打印登记库所存的原件。",
            "This document was not composed by the register, so there is nothing to edit; print the file it holds.",
        )
    facts = letters.LetterFacts.from_json(row["facts"])
    wording = templates.issued_with(register, row["kind"], row["template"], row["template_version"])
    letter = letters.compose(row["kind"], facts, wording)
    return to_docx(letter, code=row["code"] or "", dated_on=facts.dated_on)


def draft_copy(
    register: Register,
    matter: int,
    kind: str,
    typed: Mapping[str, str],
    *,
    by: Staff,
    on: date,
    inputs: Mapping[str, Any] | None = None,
) -> bytes:
    """Return a letter that is not issued yet as .docx, marked as a draft; the arguments are those of `preview`."""
    from models.letters.docx import to_docx

    facts = facts_of(register, matter, kind, typed, inputs=inputs or {}, by=by, on=on)
    facts = replace(facts, number=_number_text(register, kind, on.year, None))
    letter = letters.compose(kind, facts, templates.in_force(register, kind, on), draft=True)
    return to_docx(letter, dated_on=facts.dated_on)


def receipt(register: Register, item: int, size: str, *, by: Staff, at: datetime) -> bytes:
    """Return the receipt slip of an item: issued once per size (A5, 80mm), the frozen bytes ever after.

    Raises:
        InputError: No such item, or no such size.
    """
    kinds = {"A5": "receipt", "80mm": "receipt_roll"}
    if size not in kinds:
        raise errors.InputError(
            "size", f"没有“{size}”这种回执尺寸，可用：A5、80mm。", f"There is no receipt size “{size}”; use A5 or 80mm."
        )
    matter = sight.matter_of(register, "item", item, by)["matter"]
    kind = kinds[size]
    found = register.row(
        "SELECT sha256 FROM document WHERE item=? AND kind=? AND state='issued' ORDER BY id DESC LIMIT 1", (item, kind)
    )
    if found is None:
        with register.act("print_receipt", by=by, at=at, matter=matter) as act:
            document = issue_document(act, matter, kind, {}, on=at.astimezone().date(), item=item)
        found = register.row("SELECT sha256 FROM document WHERE id=?", (document,))
    assert found is not None  # noqa: S101  issued in the lines above
    return attachments.load(register, found[0])


def verify(register: Register, presented: bytes | str, *, by: Staff) -> dict[str, Any]:
    """Say whether a presented letter, or paper of the bureau, is ours and unaltered.

    Args:
        register: The open register.
        presented: The PDF's bytes, the short code, or the text of the QR code.
        by: Who asks: a letter of a matter that the person may not know of is answered like an unknown one.

    Returns:
        `genuine`, the sentence in `zh` and `en`, and for a genuine one its kind, number, date, code.
    """
    from models.sheets import issue as papers

    office = papers.verified(register, presented if isinstance(presented, bytes) else presented.strip(), by)
    if office is not None:
        return office
    if isinstance(presented, bytes):
        found = register.records("document", "sha256=?", (hashlib.sha256(presented).hexdigest(),))
        return _told(
            register,
            found,
            by,
            "文件与本局出具并冻结的文书逐字节一致",
            "the file equals, byte for byte, the letter that was issued and frozen",
        )
    text = presented.strip()
    if text.startswith(PREFIX):
        return _scanned(register, text, by)
    found = register.records("document", "code=?", (text.upper(),))
    return _told(register, found, by, "核验码属于本局出具的文书", "the code is of a letter that this bureau issued")


def _scanned(register: Register, payload: str, by: Staff) -> dict[str, Any]:
    statement, _ = letters.read_code(payload)
    key = register.row("SELECT sign_key FROM device WHERE number=?", (statement.device,))
    if key is None:
        return _not_ours()
    found = register.records("document", "number=? AND kind=?", (statement.number, statement.kind))
    for row in found:
        facts = letters.LetterFacts.from_json(row["facts"])
        digest = letters.digest_of(row["kind"], facts, row["template"], row["template_version"])
        try:
            letters.verify_code(payload, bytes.fromhex(key[0]), digest)
        except errors.RegisterError:
            continue
        zh, en = "二维码由本局工作站签名，内容与登记库一致", "the square was signed by a workstation of this bureau"
        return _told(register, [row], by, zh, f"{en} and its content is the register's")
    return _not_ours()


def _told(register: Register, found: list[dict[str, Any]], by: Staff, zh: str, en: str) -> dict[str, Any]:
    for row in found:
        if register.row(f"SELECT 1 FROM matter m WHERE m.id=? AND {policy.visible_sql(by)}", (row["matter"],)) is None:
            continue
        if row["state"] == "spoiled":
            return verdict.spoiled(row["reason"], "letter")
        return verdict.genuine(row, _name_of(row["kind"]), row["number"] or "", zh, en)
    return _not_ours()


def _name_of(kind: str) -> tuple[str, str]:
    from models.letters import bundle

    if kind == bundle.KEPT:
        return bundle.KEPT_NAME
    known = letters.kind_of(kind)
    return known.name_zh, known.name_en


def _not_ours() -> dict[str, Any]:
    return {
        "genuine": False,
        "zh": "不能核实：不是本登记库出具的文书，或内容已被改动。",
        "en": "Not verified: no letter of this register, or it was altered.",
    }


def _gaps(
    register: Register,
    matter: int,
    kind: str,
    facts: letters.LetterFacts,
    wording: letters.Wording,
    *,
    today: date,
    numbered: bool = False,
) -> list[tuple[str, str, str]]:
    """Return what keeps the letter from being issued: absent parts, the linter's findings, the bureau's settings.

    A fault that the required parts name already is not told twice.
    """
    accused = [
        row[0] for row in register.rows("SELECT name FROM accused WHERE matter=? AND removed IS NULL", (matter,))
    ]
    gaps = letters.missing_parts(kind, facts, wording, accused=accused, numbered=numbered)
    told = {code for code, _, _ in gaps}
    gaps += [found for found in lint(kind, facts, wording, accused=accused, on=today) if found[0] not in told]
    if letters.kind_of(kind).series_word and not register.setting("documents.code"):
        zh, en = "缺少：发文机关代字（在设置中填写）", "missing: code of the issuing organ (in the settings)"
        gaps.append(("documents.code", zh, en))
    return gaps


def _number_text(register: Register, kind: str, year: int, serial: int | None) -> str:
    known = letters.kind_of(kind)
    if not known.series_word:
        return ""
    word = str(register.setting(f"documents.word.{kind}", known.series_word))
    return letters.document_number(
        str(register.setting("documents.code", "")), str(register.setting("documents.unit", "信")), word, year, serial
    )
