"""The closure dossier (结案材料): what the closing of a case is proved by, and which part is missing.

Standard: the case closed and the matter settled. Its parts (domain reference, 7.5): investigation report; the
petitioner's letter of commitment, or the record that the petitioner was told the conclusion; the approved plan with the
three meetings; other material (answer, service proof, agreement, aid, hearing); at last the city bureau's review.

The letter is voluntary and may be replaced by the record; neither bars a new matter on new facts (project rule). Papers
from before a case came up again do not close it a second time.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from models import codes, letters
from models.errors import Message
from models.programme.evidence import MEETINGS, CaseRows
from models.programme.records import DossierPart

if TYPE_CHECKING:
    from models.register import Register

REPORT_KINDS = ("investigation_report", "completion_report", "department_reply")
"""Papers that are an investigation report: of its own, or the report and reply that the matter has anyway."""
SIGNED_KINDS = ("commitment", "commitment_record")
"""A commitment that the petitioner signed, or the record of the same (never the unsigned form)."""
MATERIAL_KINDS = (
    "answer",
    "proof_of_service",
    "agreement_signed",
    "stop_agreement",
    "hearing_minutes",
    "hearing_conclusion",
    "review_opinion",
    "rereview_opinion",
    "evidence",
)

PARTS: dict[str, Message] = {
    "report": Message("调查报告", "Investigation report"),
    "commitment": Message("停访息诉承诺书或者笔录", "Commitment or record"),
    "plan": Message("批准的化解方案（包案表）", "Approved plan"),
    "meetings": Message("三见记录", "Notes of the three meetings"),
    "material": Message(
        "其他材料（答复、送达、协议、救助、听证）", "Other material (answer, service, agreement, aid, hearing)"
    ),
    "review": Message("市局评查意见", "The city bureau's review"),
}

_MISSING: dict[str, Message] = {
    "report": Message(
        "登记收到的“调查报告”，或者制发办结报告、承办单位答复",
        "record the investigation report, or issue the completion report or the department's reply",
    ),
    "commitment": Message(
        "登记信访人签名的承诺书，或者制发停访息诉笔录（承诺书出于自愿，可以不签）",
        "record the signed letter, or issue the record; the letter is voluntary and may be left unsigned",
    ),
    "plan": Message("拟定方案并经批准", "draw up the plan and have it approved"),
    "meetings": Message("由包案领导完成三见", "the lead officer makes the three meetings"),
    "material": Message(
        "登记答复、送达、协议、救助或者听证的材料", "record the answer, its service, an agreement, aid or a hearing"
    ),
    "review": Message("市局评查尚未同意结案", "the city bureau has not approved the closing yet"),
}


class _Floor(NamedTuple):
    """From when papers count: an ISO day, and of this day what was recorded from a hybrid instant on."""

    on: str = ""
    born: int = 0


def parts(register: Register, case: CaseRows, on: date) -> tuple[DossierPart, ...]:
    """Return every part of the closure dossier as of a day, present or missing, in order."""
    now = case.standing(on)
    reopened = now.rebound_on if now is not None else None
    floor = _Floor(reopened.isoformat(), case.reopened.get(reopened, 0)) if reopened else _Floor()
    plan = case.in_force(on)
    met = case.counting(on)
    approved = [row for row in case.reviews if row["result"] == "approved" and row["reviewed_on"] >= floor.on]
    found: dict[str, tuple[int | None, Message] | None] = {
        "report": _document(register, case.matter, REPORT_KINDS, floor, on),
        "commitment": _document(register, case.matter, SIGNED_KINDS, floor, on),
        "plan": (plan["document"], _dated("批准", "approved", plan["approved_on"])) if plan else None,
        "meetings": _meetings(met) if set(MEETINGS) <= set(met) else None,
        "material": _document(register, case.matter, MATERIAL_KINDS, floor, on) or _other(register, case, floor, on),
        "review": (
            (approved[-1]["paper"], _dated("评查", "reviewed", approved[-1]["reviewed_on"]))
            if approved and now is not None and now.closed_on
            else None
        ),
    }
    return tuple(
        DossierPart(
            code=code,
            words=words,
            present=(proof := found[code]) is not None,
            document=proof[0] if proof else None,
            told=proof[1] if proof else _MISSING[code],
        )
        for code, words in PARTS.items()
    )


def missing(found: tuple[DossierPart, ...]) -> tuple[DossierPart, ...]:
    """Return the parts without which no closing is reported: all but the review, which answers the report."""
    return tuple(part for part in found if not part.present and part.code != "review")


def _document(
    register: Register, matter: int, kinds: tuple[str, ...], floor: _Floor, on: date
) -> tuple[int | None, Message] | None:
    """Return the newest paper of these kinds that the matter has, dated from `floor` to `on`."""
    marks = ",".join("?" * len(kinds))
    row = register.row(
        f"SELECT id, kind, state, coalesce(dated_on, received_on) FROM document WHERE matter=? AND kind IN ({marks})"
        " AND state<>'spoiled' AND coalesce(dated_on, received_on, '') BETWEEN ? AND ? AND NOT"
        " (coalesce(dated_on, received_on, '')=? AND born<?) ORDER BY"
        " coalesce(dated_on, received_on) DESC, id DESC LIMIT 1",
        (matter, *kinds, floor.on, on.isoformat(), floor.on, floor.born),
    )
    if row is None:
        return None
    number, kind, state, day = row
    if state == "incoming":
        return number, _dated(codes.word("paper", kind, "zh"), codes.word("paper", kind, "en"), day)
    issued = letters.kind_of(kind)
    return number, _dated(issued.name_zh, issued.name_en, day)


def _other(register: Register, case: CaseRows, floor: _Floor, on: date) -> tuple[int | None, Message] | None:
    """Return material that is a record of its own: a proved service, a hearing held, aid, a thing carried out."""
    served = register.row(
        "SELECT document, on_date FROM service WHERE matter=? AND outcome='served' AND removed IS NULL AND on_date"
        " BETWEEN ? AND ? AND NOT (on_date=? AND born<?) ORDER BY id DESC LIMIT 1",
        (case.matter, floor.on, on.isoformat(), floor.on, floor.born),
    )
    if served:
        return served[0], _dated("送达", "served", served[1])
    held = register.row(
        "SELECT ended_on FROM hearing WHERE matter=? AND removed IS NULL AND conclusion IS NOT NULL AND ended_on"
        " BETWEEN ? AND ? ORDER BY id DESC LIMIT 1",
        (case.matter, floor.on, on.isoformat()),
    )
    if held:
        return None, _dated("听证", "hearing", held[0])
    done = register.row(
        "SELECT document, done_on FROM task WHERE matter=? AND removed IS NULL AND kind IN ('execution', 'redress')"
        " AND done_on BETWEEN ? AND ? ORDER BY id DESC LIMIT 1",
        (case.matter, floor.on, on.isoformat()),
    )
    if done:
        return done[0], _dated("执行", "carried out", done[1])
    begun = date.fromisoformat(floor.on) if floor.on else date.min
    helped = [
        row
        for row in case.rounds
        if row["method"] in ("aid", "hearing") and case.counts(row, row["on_date"], begun, on)
    ]
    if helped:
        last = helped[-1]
        zh, en = codes.word("case_method", last["method"], "zh"), codes.word("case_method", last["method"], "en")
        return None, _dated(zh, en, last["on_date"])
    return None


def _meetings(met: dict[str, dict[str, Any]]) -> tuple[int | None, Message]:
    days = [met[kind]["on_date"] for kind in MEETINGS]
    return None, Message("、".join(days), ", ".join(days))


def _dated(zh: str, en: str, day: str | None) -> Message:
    return Message(f"{zh}（{day}）", f"{en} ({day})") if day else Message(zh, en)
