"""Forms and slips: registration form, receipt, proof of service (domain reference, 9.2 and 10.1).

Widths are millimetres of the form's type area (150 mm wide).
"""

from __future__ import annotations

from models.letters.blocks import Cell, Letter, Pair, Paragraph, Row, Table
from models.letters.draft import CHANNEL_WORDS, Draft, clean, day, petitioners
from models.letters.facts import PersonFacts, ServiceFacts

_LABEL = 28.0
_WIDE = 150.0 - _LABEL
_HALF = 75.0 - _LABEL

SIGN_LINE = "＿＿＿＿＿＿＿\n　　　　　　　　　　　年　　月　　日"


def registration_form(draft: Draft) -> Letter:
    """来访（来信）登记表 (SC-431 Art. 17; REG-2022 Art. 19)."""
    facts = draft.facts
    people = petitioners(facts)
    others = [person for person in facts.people if person.role != "petitioner"]
    first = people[0] if people else PersonFacts()
    received = day(facts.received_on) + (f"\n{facts.received_at}" if facts.received_at else "")
    source = facts.source + (f"（{facts.source_number}）" if facts.source_number else "")
    rows = [
        _two("信访形式", CHANNEL_WORDS.get(facts.channel, ""), "信访日期", received),
        _two("姓　　名" if first.kind == "person" else "单位名称", first.name or "匿名", "联系电话", first.phone),
        _one("证件号码", _identity(first)),
        _one("住　　址", first.address + (f"（通讯地址：{first.mail_address}）" if first.mail_address else "")),
        _two("信访人数", f"{facts.people_count}人" if facts.people_count else "", "信访来源", source or "本级受理"),
    ]
    rows += [_one("其　　他\n信 访 人", _person(person)) for person in people[1:]]
    roles = {"representative": "代 表 人", "agent": "代 理 人"}
    rows += [_one(roles.get(person.role, "联 名 人"), _person(person)) for person in others]
    claims = "\n".join(
        (f"{place}．" if len(facts.claims) > 1 else "") + clean(claim.request)
        for place, claim in enumerate(facts.claims, 1)
    )
    rows += [
        _one("信访事项", clean(facts.title)),
        _one("诉　　求", claims, 2),
        _one("事　　实", clean(facts.facts or facts.statement), 3),
        _one("理　　由", clean(facts.reasons), 2),
        _one("曾经办理\n情　　况", clean(facts.earlier_handling) or "无", 2),
        _one("本次接谈\n处理结果", clean(facts.contact_result), 2),
        _one("信访人\n核　　对", f"{draft.say('statement_signature')}{SIGN_LINE}", 3),
        _two("登 记 人", facts.registrar, "登记日期", day(facts.dated_on)),
    ]
    return draft.letter(
        [Table(rows=tuple(rows))],
        addressee="",
        signature=None,
        attachments=(),
        head=(f"编号：{facts.item_number}", f"查询码：{facts.query_code}" if facts.query_code else ""),
        notes=(draft.say("note"),),
    )


def _identity(person: PersonFacts) -> str:
    return "　".join(part for part in (person.id_kind, person.id_number) if part) or "未提供"


def _person(person: PersonFacts) -> str:
    parts = (person.name, " ".join(p for p in (person.id_kind, person.id_number) if p), person.phone, person.address)
    mandate = f"授权文书：{person.mandate}" if person.mandate else ""
    return "，".join(part for part in (*parts, mandate) if part)


def _one(label: str, text: str, least: int = 1) -> Row:
    return Row(cells=(Cell(text=label, width=_LABEL, label=True), Cell(text=text, width=_WIDE)), least=least)


def _two(label: str, text: str, other: str, second: str) -> Row:
    return Row(
        cells=(
            Cell(text=label, width=_LABEL, label=True),
            Cell(text=text, width=_HALF),
            Cell(text=other, width=_LABEL, label=True),
            Cell(text=second, width=_HALF),
        )
    )


def receipt(draft: Draft) -> Letter:
    """受理凭证: number and query code that can be read across a counter, and when the written notice is due."""
    facts = draft.facts
    people = petitioners(facts)
    names = "、".join(person.name for person in people[:3] if person.name) or "匿名"
    if facts.people_count > max(1, min(3, len(people))):
        names += f"等{facts.people_count}人"
    received = day(facts.received_on) + (f" {facts.received_at}" if facts.received_at else "")
    pairs = [
        Pair(label="编号", value=facts.item_number, large=True),
        Pair(label="查询码", value=facts.query_code, large=True),
        Pair(label="信访人", value=names),
        Pair(label="收到日期", value=received),
        Pair(label="信访形式", value=CHANNEL_WORDS.get(facts.channel, "")),
        Pair(label="信访事项", value=clean(facts.title).replace("\n", " ")),
        Pair(label="登记人", value=facts.registrar),
        Pair(label="查询电话", value=facts.organ_phone),
        Pair(label="地址", value=facts.organ_address),
        Pair(label="接待时间", value=facts.office_hours),
    ]
    if facts.attachments:
        pairs.insert(6, Pair(label="收到材料", value="、".join(clean(name) for name in facts.attachments)))
    pledge = Paragraph(text=draft.say("pledge" if facts.due_on else "pledge_exempt"))
    return draft.letter(
        [*(pair for pair in pairs if pair.value), pledge],
        addressee="",
        attachments=(),
        head=(facts.item_number, ""),
        notes=(draft.say("lookup"),) if facts.query_code else (),
    )


def service_proof(draft: Draft) -> Letter:
    """送达回证: filled from what is known, the rest left as blanks for the hand (domain reference, 9.3)."""
    facts = draft.facts
    service = facts.service or ServiceFacts()
    by_hand = "　　　　年　　月　　日　　时"
    rows = [
        _one("文书名称", service.document_title),
        _one("文书编号", service.document_number),
        _one("受送达人", facts.addressee),
        _one("送达地点", service.place or facts.addressee_address),
        _one("送达方式", service.way or "□直接送达　□留置送达　□邮寄送达\n□委托送达　□其他：＿＿＿＿＿＿"),
        _one("收到时间", day(service.served_on) or by_hand),
        _one("受送达人\n签名盖章", "", 3),
        _one(
            "代收人及\n与受送达\n人的关系", "，".join(part for part in (service.receiver, service.relation) if part), 3
        ),
        _one("拒收理由", clean(service.refusal_reason), 2),
        _one("见 证 人\n签　　名", service.witness, 2),
        _one("送 达 人\n签　　名", service.server, 2),
        _one("备　　注", "", 2),
    ]
    return draft.letter(
        [Table(rows=tuple(rows))],
        addressee="",
        signature=None,
        attachments=(),
        head=(f"信访事项编号：{facts.matter_number}" if facts.matter_number else "", ""),
        notes=(draft.say("note"),),
    )
