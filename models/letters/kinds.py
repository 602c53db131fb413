"""The kinds of letters and forms that the bureau makes: code, name, series word, page, and where each is lawful.

A kind is a line here and a wording file in `resources/letters/`. Most files hold an outline too (`outline`), from which
the letter is composed; the others have a composer in `compose` and their required parts in `required`. Series words
(受, 转, 延, 处 ...) are settings of the bureau (domain reference, 9.1, unconfirmed); those here are what the register
starts with.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from models.errors import InputError
from models.letters.blocks import Page

Family = Literal["2005", "2022"]
"""2005: SC-431 with MPS-79; 2022: REG-2022 with MPS-2023."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterKind:
    """One kind of document."""

    code: str
    name_zh: str
    name_en: str
    series_word: str
    """Word of its number series; empty: it bears no document number of its own."""
    page: Page
    families: tuple[Family, ...] = ("2005", "2022")
    answers: bool = False
    """Decides on claims: needs a decision on each and the remedy notice; all others must not print one."""
    sealed: bool = True
    """Bears the bureau's seal."""

    outlined: bool = False
    """Its wording file says what stands where; no composer of its own."""

    @property
    def layout(self) -> Literal["form", "official", "slip"]:
        """The family of layouts: form (15.2), official (GB/T 9704) or slip."""
        return "slip" if self.page in ("a5", "roll") else "official" if self.page == "official" else "form"


def _outlined(
    code: str,
    name_zh: str,
    name_en: str,
    word: str = "",
    page: Page = "form",
    *,
    sealed: bool = False,
    families: tuple[Family, ...] = ("2005", "2022"),
) -> LetterKind:
    """Return a kind that is composed from the outline in its wording file."""
    return LetterKind(
        code=code,
        name_zh=name_zh,
        name_en=name_en,
        series_word=word,
        page=page,
        families=families,
        sealed=sealed or bool(word),
        outlined=True,
    )


_WITH_COMPOSER = (
    LetterKind(
        code="registration_form",
        name_zh="信访事项登记表",
        name_en="Registration form",
        series_word="",
        page="form",
        sealed=False,
    ),
    LetterKind(code="receipt", name_zh="信访受理凭证", name_en="Receipt", series_word="", page="a5", sealed=False),
    LetterKind(
        code="receipt_roll",
        name_zh="信访受理凭证（80毫米）",
        name_en="Receipt, 80 mm",
        series_word="",
        page="roll",
        sealed=False,
    ),
    LetterKind(
        code="acceptance_notice", name_zh="受理告知书", name_en="Notice of acceptance", series_word="受", page="form"
    ),
    LetterKind(
        code="non_acceptance_notice",
        name_zh="不予受理告知书",
        name_en="Notice of non-acceptance",
        series_word="不受",
        page="form",
    ),
    LetterKind(
        code="no_longer_accepted_notice",
        name_zh="不再受理告知书",
        name_en="Notice that the matter is no longer accepted",
        series_word="不再受",
        page="form",
    ),
    LetterKind(
        code="route_notice",
        name_zh="告知书（办理途径）",
        name_en="Notice of route",
        series_word="告",
        page="form",
        families=("2022",),
    ),
    LetterKind(
        code="destination_notice",
        name_zh="告知书（转送去向）",
        name_en="Notice of destination",
        series_word="去",
        page="form",
    ),
    LetterKind(code="transfer_slip", name_zh="转送单", name_en="Transfer slip", series_word="转", page="official"),
    LetterKind(
        code="extension_notice", name_zh="延期告知书", name_en="Notice of extension", series_word="延", page="form"
    ),
    LetterKind(
        code="answer",
        name_zh="处理（答复）意见书",
        name_en="Written answer",
        series_word="处",
        page="form",
        answers=True,
    ),
    LetterKind(
        code="service_proof", name_zh="送达回证", name_en="Proof of service", series_word="", page="form", sealed=False
    ),
)

_OUTLINED = (
    _outlined("reception_record", "接访记录", "Reception record"),
    _outlined("suggestion_reply", "建议答复函", "Reply to a suggestion", "复"),
    _outlined("accusation_transfer", "检举控告移送函", "Transfer of an accusation", "移", "official"),
    _outlined("assignment_letter", "交办函", "Assignment letter", "交", "official"),
    _outlined("objection_letter", "异议函", "Objection to a transfer", "异", "official"),
    _outlined("major_report", "重大、紧急信访事项报告", "Report of a major matter", "急", "official"),
    _outlined("internal_assignment", "内部交办单", "Internal assignment", "办"),
    _outlined("recusal_decision", "回避决定书", "Decision on recusal", "避"),
    _outlined("department_reply", "承办单位书面答复", "Department's written answer"),
    _outlined("hearing_notice", "听证通知书", "Notice of a hearing", "听"),
    _outlined("hearing_list", "听证参加人名单", "Participants of a hearing"),
    _outlined("hearing_minutes", "听证笔录", "Minutes of a hearing"),
    _outlined("hearing_conclusion", "听证意见书", "Conclusion of a hearing"),
    _outlined("mediation_agreement", "调解协议书", "Mediation agreement"),
    _outlined("settlement_agreement", "和解协议书", "Settlement agreement"),
    _outlined("withdrawal_form", "撤回申请书", "Withdrawal, for the petitioner to sign"),
    _outlined("legal_review", "法制审核意见", "Legal review"),
    _outlined("service_announcement", "送达公告", "Service by public notice", "公告"),
    _outlined("review_transmittal", "报送案卷函", "Transmittal of the file", "报", "official"),
    _outlined("evidence_index", "复查复核案卷目录", "Index of the file for review"),
    _outlined("redo_notice", "重新办理通知书", "Order to handle anew", "重"),
    _outlined("execution_notice", "督促执行通知书", "Order to carry out", "执"),
    _outlined("completion_report", "办结报告", "Completion report", "结", "official"),
    _outlined("supervision_letter", "督办函", "Supervision letter", "督", "official"),
    _outlined("advice_letter", "信访工作建议书", "Advice on work or policy", "建", "official"),
    _outlined("plan_sheet", "化解方案（包案表）", "Plan of a key case"),
    _outlined("commitment_letter", "停访息诉承诺书", "Commitment to end the complaint"),
    _outlined("commitment_record", "停访息诉笔录", "Record that the result was told"),
    _outlined("follow_up_record", "回访记录", "Follow-up record"),
    _outlined("archive_index", "卷内目录", "Index of the archived file"),
)

_KINDS = (*_WITH_COMPOSER, *_OUTLINED)

_BY_CODE = {kind.code: kind for kind in _KINDS}


def kinds() -> tuple[LetterKind, ...]:
    """Return every kind, in the order in which a matter meets them."""
    return _KINDS


def kind_of(code: str) -> LetterKind:
    """Return the kind called `code`.

    Raises:
        InputError: There is no such kind.
    """
    if code not in _BY_CODE:
        known = "、".join(f"{kind.code}（{kind.name_zh}）" for kind in _KINDS)
        raise InputError(
            "kind",
            f"没有名为 {code} 的文书种类。可用的有：{known}。",
            f"There is no kind of letter called {code}. Known: {', '.join(_BY_CODE)}.",
        )
    return _BY_CODE[code]


def family_of(rules: str) -> Family:
    """Return which of the two regulations a rule set follows; overlays keep the family of their national set."""
    return "2005" if rules.startswith(("SC-", "MPS-79", "SIMPLE-2016")) else "2022"


def document_number(organ_code: str, unit_short: str, word: str, year: int, serial: int | None) -> str:
    """Return a document number as printed, e.g. 梓公（信）受〔2026〕12号 (GB/T 9704-2012, 7.2.5).

    Args:
        organ_code: Issuing-organ code, e.g. 梓公.
        unit_short: Short name of the petition unit, e.g. 信; empty leaves the brackets out.
        word: Series word of the kind.
        year: Four digits.
        serial: Running number, no leading zeros; None leaves its place empty, for a preview.

    Raises:
        InputError: A year without four digits or a serial below 1.
    """
    if not 1000 <= year <= 9999 or (serial is not None and serial < 1):
        raise InputError(
            "number",
            f"文号的年份须为四位、顺序号须从 1 起：{year} 年第 {serial} 号不成立。",
            f"A document number needs a four-digit year and a running number from 1: {year}/{serial} cannot be.",
        )
    unit = f"（{unit_short}）" if unit_short else ""
    return f"{organ_code}{unit}{word}〔{year}〕{serial if serial is not None else '　　'}号"


def chinese_date(day: date) -> str:
    """Return a date as printed: Arabic digits, full year, no padded zeros (GB/T 9704-2012, 7.3.5)."""
    return f"{day.year}年{day.month}月{day.day}日"
