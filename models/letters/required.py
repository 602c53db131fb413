"""What keeps a letter from being issued: required parts that are absent, and contents that must not stand together.

Required contents by kind: domain reference, 9.2, and the texts named there. Each gap has a code, and words in both
languages that the window shows beside the preview. `missing_parts` is the one question that the register asks; it looks
at the facts and at the composed letter, because the unit may have edited the wording.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

from models import clocks
from models.errors import MissingPartError
from models.letters.blocks import Letter, Paragraph, texts_of
from models.letters.compose import compose
from models.letters.facts import LetterFacts
from models.letters.fonts import FontBook, name_characters, system_book
from models.letters.kinds import LetterKind, family_of, kind_of
from models.letters.opinion import DECISIONS
from models.letters.wording import STARTS_RUNNING, Wording
from models.letters.wording import wording as shipped

Gap = tuple[str, str, str]
"""Code, Chinese words, English words."""

_PARTS: dict[str, tuple[str, str]] = {
    "organ": ("本机关名称", "name of the bureau"),
    "dated_on": ("落款日期", "date"),
    "number": ("文号", "document number"),
    "addressee": ("收件人（信访人）", "addressee"),
    "title": ("信访事项概况", "title of the matter"),
    "item_number": ("信访件编号", "item number"),
    "matter_number": ("信访事项编号", "matter number"),
    "channel": ("信访形式", "channel"),
    "received_on": ("收到日期", "date received"),
    "people": ("信访人姓名（匿名须注明）", "petitioner (or the mark that it is anonymous)"),
    "people_count": ("信访人数", "number of people"),
    "claims": ("诉求", "claims"),
    "facts": ("事实", "facts"),
    "contact_result": ("本次接谈处理结果", "result of this contact"),
    "registrar": ("登记人", "registrar"),
    "query_code": ("查询码", "query code"),
    "unit": ("承办单位", "handling unit"),
    "accepted_on": ("受理日期", "date of acceptance"),
    "limit_days": ("办理期限（日数）", "length of the time limit in days"),
    "due_on": ("期限届满日", "last day of the time limit"),
    "petition_unit": ("查询单位（信访部门名称）", "petition unit to ask at"),
    "organ_address": ("查询地址", "address to ask at"),
    "organ_phone": ("查询电话", "telephone to ask at"),
    "ground": ("不予（不再）受理的理由", "ground of refusal"),
    "article": ("依据的条文", "article"),
    "open_route": ("可以走的途径", "route that is open"),
    "route": ("办理途径", "route"),
    "competent_organ": ("有权处理的机关", "competent organ"),
    "procedure": ("办理程序", "procedure"),
    "destination": ("去向单位", "destination"),
    "handed_on": ("转送（交办）日期", "date of transfer or assignment"),
    "receiving_organ": ("接收单位", "receiving organ"),
    "summary": ("事项摘要", "summary of the matter"),
    "attachments": ("附件", "attachments"),
    "original_due_on": ("原办理期限届满日", "original due date"),
    "extension_reason": ("延期理由", "reason of the extension"),
    "extended_days": ("延长日数", "days of the extension"),
    "new_due_on": ("延长后的期限届满日", "new due date"),
    "approver": ("批准人", "who approved"),
    "approved_on": ("批准日期", "date of approval"),
    "findings": ("查明的事实", "facts found"),
    "legal_basis": ("法律依据", "legal basis"),
    "transferred_on": ("收到交办、转送的日期", "day on which the transfer was received"),
    "rows": ("目录（没有一件可以编目的材料）", "lines of the index (there is no paper to list)"),
    "hearing": ("听取陈述情况（或者未听取的理由）", "hearing of the petitioner, or why there was none"),
    "remedy_organ": ("复查机关名称", "organ of review"),
    "remedy_days": ("申请复查的期限（日数）", "days to ask for review"),
    "remedy_papers": ("申请复查应交的材料", "what to bring for review"),
    "service.document_title": ("送达文书名称", "name of the served document"),
    "service.document_number": ("送达文书编号", "number of the served document"),
}

_NOTICE = ("organ", "dated_on", "addressee", "title", "item_number", "received_on")
_LOOK_UP = ("query_code", "petition_unit")
_RECEIVED = ("organ", "dated_on", "item_number", "channel", "received_on", "people", "people_count", "title")
_EXTENDED = ("extension_reason", "extended_days", "new_due_on", "approver", "approved_on")
REQUIRED: dict[str, tuple[str, ...]] = {
    "registration_form": (*_RECEIVED, "claims", "facts", "contact_result", "registrar"),
    "receipt": ("organ", "dated_on", "item_number", "query_code", "received_on", "title"),
    "receipt_roll": ("organ", "dated_on", "item_number", "query_code", "received_on", "title"),
    "acceptance_notice": (*_NOTICE, "unit", "accepted_on", "limit_days", *_LOOK_UP),
    "non_acceptance_notice": (*_NOTICE, "ground", "article", "open_route"),
    "no_longer_accepted_notice": (*_NOTICE, "ground", "article"),
    "route_notice": (*_NOTICE, "route", "competent_organ", "procedure"),
    "destination_notice": (*_NOTICE, "destination", "handed_on"),
    "transfer_slip": (
        ("organ", "dated_on", "receiving_organ", "title", "item_number", "received_on", "summary", "attachments")
    ),
    "extension_notice": (*_NOTICE, "accepted_on", "original_due_on", *_EXTENDED),
    "answer": (
        (*_NOTICE, "claims", "findings", "legal_basis", "hearing", "remedy_organ", "remedy_days", "remedy_papers")
    ),
    "service_proof": ("organ", "addressee", "service.document_title", "service.document_number"),
}
"""Values that must be stated, by kind, for the kinds with a composer; the others say it in their outline. Beyond them
stand the checks of `_CHECKS`."""

_REMEDY_SAID = re.compile(r"(收到|送达|接到)[^。]{0,30}日内((?!复议)[^。]){0,60}(复查|复核)")
"""A remedy notice in any wording: days running from receipt, to ask for review or re-review. Where 复议 stands before
it, 复核 is the second level of another procedure (MPS-CRIM Art. 179), which a notice of route may well name."""

NOTICE_DAYS = 60
"""Days that a public notice stands at least (MPS-ADM Art. 36, by analogy; domain reference, 9.3)."""
SHA256_DIGITS = 64
_TO_COME = frozenset(("limit_on", "reply_due_on", "due_on"))
"""Days that a letter sets for another: never before its own date."""
_GIVEN_TO = ("destination", "unit_name", "officer", "assisting", "department", "lead_officer")
"""Values that name who gets a matter into his hands, beside the addressee."""

_UNIT_NAME_FROM = 4
"""Names at least this long are compared as units; shorter ones are people, who must be equal."""


def missing_parts(
    kind: str,
    facts: LetterFacts,
    wording: Wording,
    *,
    accused: Sequence[str] = (),
    numbered: bool = False,
    book: FontBook | None = None,
) -> list[Gap]:
    """Return what keeps the letter from being issued; nothing when it may be.

    Args:
        kind: Code of the kind.
        facts: What the letter will say.
        wording: How it will say it.
        accused: Names of the persons and units complained of in the matter. They are not facts of the letter.
        numbered: Ask for the document number too; a preview has none yet.
        book: Fonts to print with; default those of this system.

    Returns:
        (code, zh, en) of each gap; codes of absent parts are names of facts.
    """
    known = kind_of(kind)
    gaps: list[Gap] = []
    if family_of(facts.rules) not in known.families:
        gaps.append(_wrong_law(known, facts))
    for name in (*required_of(known.code), *(("number",) if numbered and known.series_word else ())):
        if not _stated(facts, name):
            zh, en = words_of(wording, name)
            gaps.append((name, f"缺少：{zh}", f"missing: {en}"))
    letter = compose(kind, facts, wording)
    for check in _CHECKS:
        gaps += check(known, facts, letter)
    gaps += _accused(letter, facts, accused) if kind != "recusal_decision" else []
    lost = (book or system_book()).missing(texts_of(letter))
    if lost:
        named = name_characters(lost)
        gaps.append(("font", f"没有字体能印：{named}", f"no font can print: {named}"))
    return gaps


def required_of(kind: str) -> tuple[str, ...]:
    """Return the names of the values that a kind must state, in the order in which they are asked for.

    Raises:
        InputError: There is no such kind.
    """
    outline = shipped(kind).outline
    return REQUIRED[kind_of(kind).code] if outline is None else ("organ", *outline.required)


def words_of(wording: Wording, name: str) -> tuple[str, str]:
    """Return what a part that must be stated is called, in Chinese and English: as its field, or as the fact."""
    field = wording.outline.field(name) if wording.outline else None
    return (field.zh, field.en[:1].lower() + field.en[1:]) if field and name not in _PARTS else _PARTS[name]


def require_complete(kind: str, gaps: Sequence[Gap]) -> None:
    """Refuse to issue a letter with gaps.

    Raises:
        MissingPartError: Names every gap.
    """
    if gaps:
        known = kind_of(kind)
        raise MissingPartError(
            tuple(code for code, _, _ in gaps),
            f"《{known.name_zh}》还不能出具：{'；'.join(zh for _, zh, _ in gaps)}。请补齐后再出具。",
            f"{known.name_en} cannot be issued yet: {'; '.join(en for _, _, en in gaps)}. Complete it and try again.",
        )


def _stated(facts: LetterFacts, name: str) -> bool:
    if name == "people" and facts.anonymous:
        return True
    if name == "claims" and facts.category not in ("", "claim", "accusation"):
        return True  # a suggestion or thanks asks for nothing
    if name == "facts":
        return bool((facts.facts or facts.statement).strip())
    first, _, rest = name.partition(".")
    value: object = facts.value(first)
    if rest:
        value = getattr(value, rest) if value is not None else None
    return bool(value.strip()) if isinstance(value, str) else bool(value)


def _wrong_law(kind: LetterKind, facts: LetterFacts) -> Gap:
    return (
        "rules",
        f"本事项适用 {facts.rules}，该规定中没有“{kind.name_zh}”这种文书",
        f"the matter follows {facts.rules}, which knows no {kind.name_en.lower()}",
    )


def _claims(kind: LetterKind, facts: LetterFacts, _letter: Letter) -> list[Gap]:
    """Every claim of an answer is decided, and refused or explained with reasons (REG-2022 Art. 32; SC-431 Art. 32)."""
    gaps: list[Gap] = []
    for place, claim in enumerate(facts.claims if kind.answers else (), 1):
        if claim.decision not in DECISIONS:
            gaps.append((f"decision_{place}", f"诉求 {place} 没有处理意见", f"claim {place} has no decision"))
        if not claim.request.strip():
            gaps.append((f"request_{place}", f"诉求 {place} 没有内容", f"claim {place} is empty"))
        if claim.decision in ("partly", "explain", "refuse") and not claim.grounds.strip():
            gaps.append((f"grounds_{place}", f"诉求 {place} 没有写明理由", f"claim {place}: no reasons are given"))
    return gaps


def _remedy(kind: LetterKind, facts: LetterFacts, letter: Letter) -> list[Gap]:
    """An answer says organ, days and starting event of the review; a review-exempt notice says none (9.2)."""
    paragraphs = [block for block in letter.blocks if isinstance(block, Paragraph)]
    said = "".join(block.text for block in paragraphs if block.part == "remedy")
    if not kind.answers:
        if any(_REMEDY_SAID.search(block.text) for block in paragraphs):
            return [("remedy", "本文书不得载明复查、复核途径", "this document must not print a remedy of review")]
        return []
    if not facts.remedy_organ or not facts.remedy_days:
        return []  # named already as absent parts
    whole = facts.remedy_organ in said and f"{facts.remedy_days}日" in said and "复查" in said
    if whole and any(word in said for word in STARTS_RUNNING):
        return []
    return [
        (
            "remedy",
            "救济途径须写明复查机关、日数和自收到之日起算",
            "the remedy must name the organ of review, the days, and that they run from receipt",
        )
    ]


def _extension(kind: LetterKind, facts: LetterFacts, _letter: Letter) -> list[Gap]:
    """No longer than its rule set allows, told before the original date is over (SC-431 Art. 33; REG-2022 Art. 34).

    The national sets allow 30 days, a local overlay may allow more (domain reference, 4.6).
    """
    if kind.code != "extension_notice":
        return []
    gaps: list[Gap] = []
    most = facts.most_extended_days
    if most is None:
        extension = clocks.rule_set(facts.rules, facts.received_on).clock("C2").extension
        most = extension.max_days if extension is not None else None
    if most is not None and facts.extended_days > most:
        gaps.append(("extended_days", f"延长不得超过 {most} 日", f"the extension may not exceed {most} days"))
    if facts.dated_on and facts.original_due_on and facts.dated_on > facts.original_due_on:
        gaps.append(("dated_on", "延期告知须在原期限届满前作出", "the notice must be given before the original date"))
    if facts.approved_on and facts.dated_on and facts.approved_on > facts.dated_on:
        gaps.append(("approved_on", "批准日期不得晚于告知日期", "the approval cannot be later than the notice"))
    return gaps


def _dates(_kind: LetterKind, facts: LetterFacts, _letter: Letter) -> list[Gap]:
    """Nothing is dated before what caused it."""
    cause = facts.transferred_on or facts.received_on
    if cause and facts.dated_on and facts.dated_on < cause:
        return [("dated_on", "落款日期早于收到日期", "the date is before the day of receipt")]
    return []


def _identity(kind: LetterKind, facts: LetterFacts, letter: Letter) -> list[Gap]:
    """A letter that goes on does not name the petitioner unless that was asked for (domain reference, section 1)."""
    outline = shipped(kind.code).outline
    if facts.show_identity or not (kind.code == "transfer_slip" or (outline and outline.discreet)):
        return []
    said = "".join(texts_of(letter)) if outline else facts.title + facts.summary + facts.demand
    marks = [mark for person in facts.people for mark in (person.name, person.phone, person.id_number)]
    if not any(len(mark) > 1 and mark in said for mark in marks):
        return []
    return [
        (
            "summary",
            "摘要或者正文写出了信访人的姓名、电话或者证件号码：请改写，或者勾选“写明信访人”",
            "the text names the petitioner, by name, telephone or ID number: reword it, or choose to name them",
        )
    ]


def _days_to_come(kind: LetterKind, facts: LetterFacts, _letter: Letter) -> list[Gap]:
    """A day that is set lies after the letter; a public notice stands 60 days or more (MPS-ADM Art. 36 by analogy)."""
    outline = shipped(kind.code).outline
    if outline is None:
        return []
    gaps: list[Gap] = []
    for field in outline.fields:
        stated = facts.value(field.name)
        day = date.fromisoformat(stated) if isinstance(stated, str) and stated and field.kind == "date" else stated
        sets = field.name in _TO_COME or (kind.code == "hearing_notice" and field.name == "hearing_on")
        if sets and isinstance(day, date) and facts.dated_on and day < facts.dated_on:
            early = f"“{field.zh}”早于落款日期", f"“{field.en}” lies before the date of the letter"
            gaps.append((field.name, *early))
    days = facts.particulars.get("days", "")
    if kind.code == "service_announcement" and days and int(days) < NOTICE_DAYS:
        few = f"公告期不得少于 {NOTICE_DAYS} 日", f"a public notice stands {NOTICE_DAYS} days or more"
        gaps.append(("days", *few))
    return gaps


def _leaves(_kind: LetterKind, facts: LetterFacts, _letter: Letter) -> list[Gap]:
    """An index names each paper with its pages, one after the other, and the hash of its bytes, if there is a file."""
    page = 1
    for place, leaf in enumerate(facts.rows, 1):
        whole = leaf.title.strip() and len(leaf.sha256) in (0, SHA256_DIGITS)
        if not whole or leaf.first_page != page or leaf.last_page < page:
            zh = f"目录第 {place} 行的题名、页号或者摘要值不完整"
            return [("rows", zh, f"line {place} of the index lacks its title, its pages or its hash")]
        page = leaf.last_page + 1
    return []


def _accused(letter: Letter, facts: LetterFacts, accused: Sequence[str]) -> list[Gap]:
    """Return a gap when an accused person or unit is among those who get the letter (REG-2022 Arts 30, 46(5))."""
    copies = letter.imprint.copies if letter.imprint else ""
    given = "，".join(facts.particulars.get(name, "") for name in _GIVEN_TO)
    said = f"{letter.addressee}，{copies}，{given}"
    reached = [part.strip() for part in re.split(r"[、，,；;（）()\s]|等\d+人", said)]
    names = [name.strip() for name in accused if name.strip()]
    hit = [name for name in names if any(_same(name, part) for part in reached)]
    return [
        (
            "addressee",
            f"收件人或者抄送中有被反映的人员、单位：{name}",
            f"an accused person or unit is among the addressees: {name}",
        )
        for name in hit
    ]


def _same(accused: str, reached: str) -> bool:
    """Say whether two names mean the same: equal, or a unit named with and without the organ it belongs to."""
    if accused == reached:
        return True
    short, long = sorted((accused, reached), key=len)
    return len(short) >= _UNIT_NAME_FROM and long.endswith(short)


_CHECKS: tuple[Callable[[LetterKind, LetterFacts, Letter], list[Gap]], ...] = (
    _claims,
    _remedy,
    _extension,
    _dates,
    _identity,
    _days_to_come,
    _leaves,
)
