"""Invented facts for every kind of letter, shared by the tests. Names, numbers and places do not exist."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from models.letters import ClaimFacts, LetterFacts, ServiceFacts, document_number
from tests.models.letters.base import BASE as BASE
from tests.models.letters.outlined_cases import OUTLINED

RARE = "㛃㐱㑇㛀㬎䶮䲟䥽䴙𬱖𬴊𬍛𬬭𬭎𬀩𬘓𣲗𣲘𫖯𫍯𫘜𫞩𡒄𠅤𪨰𬳵𬜬𬤊𬒔鿏鿭龑堃喆燊"
"""Characters met in personal and place names; 20 of them lie beyond the Basic Multilingual Plane."""


def _number(word: str, serial: int) -> str:
    return document_number("梓公", "信", word, 2026, serial)


ANSWER = replace(
    BASE,
    number=_number("处", 4),
    dated_on=date(2026, 4, 20),
    findings="经查，2026年1月15日21时许，城关派出所接到张𬱖报警称，邻居在其家门口踢门叫骂。21时12分，民警到达现场将其劝离。\n"
    "因值班交接疏漏，该警情未按规定录入办案系统，未制作询问笔录，也未在规定期限内告知报警人处理结果。",
    legal_basis="《公安机关办理行政案件程序规定》第六十一条。",
    hearing="2026年3月12日，办案民警在城关派出所当面听取了张𬱖的陈述，并制作笔录。",
    claims=(
        ClaimFacts(
            request="依法处理邻居踢门滋事的行为",
            decision="support",
            grounds="我局已于2026年4月10日受案调查，将依法作出处理决定。",
        ),
        ClaimFacts(
            request="书面告知报警处理结果",
            decision="partly",
            grounds="受案回执已于2026年4月10日送达；处理决定作出后将另行书面告知。",
        ),
    ),
    copies="江州市公安局，梓川县信访局",
)

CASES: dict[str, LetterFacts] = {
    "registration_form": BASE,
    "receipt": replace(BASE, due_on=date(2026, 3, 17), attachments=("报警回执复印件", "现场照片3张")),
    "receipt_roll": replace(BASE, due_on=date(2026, 3, 17)),
    "acceptance_notice": replace(BASE, number=_number("受", 12)),
    "non_acceptance_notice": replace(
        BASE,
        number=_number("不受", 3),
        ground="该事项已由梓川县自然资源局受理，正在规定期限内办理",
        article="《信访工作条例》第十九条",
        open_route="请等待该局的书面处理意见；不服的，可以依照意见书载明的途径申请复查",
    ),
    "no_longer_accepted_notice": replace(
        BASE,
        number=_number("不再受", 1),
        ground="该事项已经复查、复核，江南省公安厅于2025年11月3日作出复核意见（江公信核〔2025〕8号）并已送达",
        article="《信访工作条例》第三十六条",
    ),
    "route_notice": replace(
        BASE,
        number=_number("告", 5),
        route="通过行政复议等行政程序解决",
        competent_organ="梓川县人民政府",
        procedure="不服行政处罚决定的，可以自知道该决定之日起60日内向梓川县人民政府申请行政复议，或者在六个月内向梓川县人民法院提起行政诉讼",
    ),
    "destination_notice": replace(
        BASE, number=_number("去", 7), destination="梓川县自然资源局", handing="转送", handed_on=date(2026, 3, 4)
    ),
    "transfer_slip": replace(
        BASE,
        number=_number("转", 9),
        receiving_organ="梓川县自然资源局",
        summary="信访人反映其宅基地登记面积与实际不符，多次申请更正未果，请求依法更正登记。",
        attachments=("信访人来信复印件", "宅基地使用权证复印件"),
        copies="梓川县信访局",
    ),
    "extension_notice": replace(
        BASE,
        number=_number("延", 2),
        dated_on=date(2026, 4, 29),
        original_due_on=date(2026, 5, 6),
        new_due_on=date(2026, 6, 1),
        extended_days=30,
        extension_reason="需要委托鉴定机构作伤情鉴定",
        approver="副局长周建国",
        approved_on=date(2026, 4, 28),
    ),
    "answer": ANSWER,
    "service_proof": replace(
        BASE, service=ServiceFacts(document_title="信访处理意见书", document_number=_number("处", 4))
    ),
    **OUTLINED,
}
"""Complete facts for every kind."""

OLD = {
    kind: replace(facts, rules="SC-431")
    for kind, facts in CASES.items()
    if kind not in ("route_notice", "non_acceptance_notice", "no_longer_accepted_notice")
}
"""The same under the 2005 regulation."""

LONG_TEXT = (
    "经查，2025年12月至2026年2月间，双方因楼道堆放杂物多次发生争吵，社区工作人员先后组织三次调解，均未达成一致意见。"
    "办案民警调取了现场监控录像，走访了楼上楼下住户七人，并向物业服务企业核实了有关情况。"
)


def long_answer(paragraphs: int) -> LetterFacts:
    """Return an answer whose findings are `paragraphs` paragraphs of about 90 characters."""
    return replace(ANSWER, findings="\n".join(LONG_TEXT for _ in range(paragraphs)))
