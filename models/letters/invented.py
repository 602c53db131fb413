"""An invented matter, to try a wording on: no name, number or place in it exists.

Every field that a kind of letter has is filled, so that each of its texts is printed and judged.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from models.letters.facts import ClaimFacts, LetterFacts, PersonFacts, ServiceFacts
from models.letters.fields import LetterField, apply_fields, fields_for
from models.letters.kinds import family_of, kind_of
from models.letters.leaf import Leaf

_CLAIMS = (
    ClaimFacts(request="书面告知报警处理结果", decision="support", grounds="我局已依法补办告知手续。"),
    ClaimFacts(request="更正登记信息", decision="explain", grounds="该信息与存档材料一致，更正须提交新的证明。"),
)


_OF_CLAIMS = re.compile(r"(decision|grounds)_\d+")
_ROWS = (Leaf(title="信访处理意见书", number="示公（信）处〔2020〕1号", first_page=1, last_page=2, sha256="0" * 64),)


def invented(kind: str, rules: str = "REG-2022") -> LetterFacts:
    """Return the facts of an invented matter for a letter of `kind`.

    Args:
        kind: Code of the kind.
        rules: Rule set of the matter: its days lie in the years of that set.

    Raises:
        InputError: There is no such kind.
    """
    known = kind_of(kind)
    year = 2026 if family_of(rules) == "2022" else 2020
    received, dated = date(year, 3, 2), date(year, 3, 12)
    facts = LetterFacts(
        rules=rules,
        organ="示例县公安局",
        number=f"示公（信）{known.series_word}〔{year}〕1号" if known.series_word else "",
        dated_on=dated,
        petition_unit="示例县公安局信访科",
        organ_address="示例县人民路1号",
        organ_phone="0000-0000000",
        office_hours="工作日 8:30—12:00",
        addressee="张某某",
        addressee_address="示例县解放路2号",
        matter_number=f"S{year}-000001",
        item_number=f"J{year}-000001",
        query_code="AAAA2222",
        title="反映报警后未获告知处理结果",
        summary="来信人反映报警后未获告知处理结果，请求书面告知。",
        channel="letter",
        received_on=received,
        received_at="09:00",
        category="claim",
        people=(PersonFacts(name="张某某", phone="0000-1111111", address="示例县解放路2号"),),
        people_count=1,
        statement="报警后未获告知处理结果。",
        facts="报警后未获告知处理结果。",
        reasons="超过规定时间未获告知。",
        claims=_CLAIMS,
        contact_result="已登记，当场出具凭证。",
        registrar="李某",
        unit="城关派出所",
        handler="王某",
        handler_phone="0000-2222222",
        source_number="示信交〔2020〕1号",
        transferred_on=received,
        rows=_ROWS,
        accepted_on=received,
        limit_days=60,
        due_on=date(year, 5, 6),
        handed_on=dated,
        original_due_on=date(year, 5, 6),
        new_due_on=date(year, 6, 1),
        extended_days=30,
        approver="副局长赵某",
        approved_on=dated,
        hearing=f"{year}年3月5日在城关派出所当面听取了张某某的陈述。",
        findings="经查，报警属实，办理结果未及时告知。",
        legal_basis="《公安机关办理行政案件程序规定》第六十一条。",
        remedy_organ="示例市公安局",
        remedy_days=30,
        remedy_papers="书面复查申请、本意见书复印件和身份证明",
        service=ServiceFacts(document_title=known.name_zh, document_number=f"示公（信）处〔{year}〕1号"),
    )
    wanted = fields_for(kind, rules=rules, claims=[claim.request for claim in facts.claims])
    typed = {each.name: _typed(each, dated) for each in wanted if not facts.value(each.name)}
    typed = {name: text for name, text in typed.items() if not _OF_CLAIMS.fullmatch(name)}
    return replace(apply_fields(kind, facts, typed), claims=_CLAIMS)


def _typed(each: LetterField, on: date) -> str:
    """Return what an officer might type into a field that the invented matter leaves empty."""
    if each.kind == "choice":
        return each.choices[0][0] if each.choices else ""
    if each.kind == "date":
        return on.isoformat()
    if each.kind == "number":
        return "60"
    return "" if each.kind == "flag" else f"（{each.zh.partition('（')[0]}）"
