"""The invented matter that the letters of the tests speak of. Names, numbers and places do not exist."""

from __future__ import annotations

from datetime import date

from models.letters import ClaimFacts, LetterFacts, PersonFacts

BASE = LetterFacts(
    rules="REG-2022",
    organ="梓川县公安局",
    dated_on=date(2026, 3, 5),
    petition_unit="梓川县公安局信访室",
    organ_address="梓川县城关镇人民路18号",
    organ_phone="0000-1234567",
    office_hours="工作日 8:30—12:00，14:30—17:30",
    addressee="张𬱖",
    matter_number="S2026-000012",
    item_number="J2026-000012",
    query_code="7KX2MQPA",
    title="反映城关派出所未及时处理邻里纠纷",
    channel="visit",
    received_on=date(2026, 3, 2),
    received_at="09:20",
    category="claim",
    people=(
        PersonFacts(
            name="张𬱖",
            id_kind="居民身份证",
            id_number="11010519491231002X",
            phone="13800000000",
            address="梓川县城关镇解放路25号3单元402室",
        ),
    ),
    people_count=1,
    statement="2026年1月15日晚，邻居酒后到我家门口踢门叫骂，我当场报警。民警到场后将其劝离，但此后一个多月没有任何处理结果。",
    reasons="派出所接警后未制作笔录，也未告知处理结果。",
    claims=(ClaimFacts(request="依法处理邻居踢门滋事的行为"), ClaimFacts(request="书面告知报警处理结果")),
    registrar="王敏",
    unit="城关派出所",
    handler="陈刚",
    handler_phone="0000-7654321",
    accepted_on=date(2026, 3, 5),
    limit_days=60,
    due_on=date(2026, 5, 6),
    remedy_organ="江州市公安局",
    remedy_days=30,
    remedy_papers="复查申请书、本意见书和身份证明",
    contact_result="已登记，当场出具凭证，告知15日内书面告知办理途径。",
)
