"""In the petition unit: one matter through its whole life, and the other exits, each step by who may take it."""

from __future__ import annotations

from datetime import date

from app.workingday.day import Day, note_clocks, person, refused
from models import issue
from models.records import ItemDraft, PaperDraft, PersonDraft


def whole_life(day: Day, matter: int) -> None:
    """Take one matter from screening to closing, each step by who may take it, and try what is not lawful."""
    with day.at_desk("xinfang") as desk:
        refused(day, "accept_before_screening_is_refused", lambda: desk.perform(matter, "accept", {}))
        desk.perform(matter, "screen", {"category": "claim", "exit": "6", "purpose": "solution"})
        desk.perform(matter, "accept", {"on": "2026-03-09"})
        handed = {"unit": "刑侦", "handler": person(desk, "chengban"), "on": "2026-03-10", "limit_on": "2026-04-24"}
        desk.perform(matter, "assign", handed)
    with day.at_desk("chengban") as desk:
        desk.perform(matter, "declare", {"on": "2026-03-11", "interest": "none"})
        heard = {"on": "2026-03-20", "way": "in_person", "place": "刑事侦查大队"}
        desk.perform(matter, "hear", {**heard, "record": "要求书面告知结果，认可修车费以收据为准。"})
        seen = {"on": "2026-04-02", "source": "育才路监控录像", "record": "货车倒车时刮倒停放的电动车。"}
        desk.perform(matter, "investigate", seen)
        refused(
            day,
            "draft_before_the_departments_answer_is_refused",
            lambda: desk.perform(matter, "draft", {"facts": "查明", "basis": "规定", "claims": {}}),
        )
        refused(day, "handler_may_not_extend", lambda: desk.perform(matter, "extend", {"days": 30, "reason": "待鉴定"}))
    with day.at_desk("fenguan") as desk:
        refused(
            day,
            "extension_over_30_days_is_refused",
            lambda: desk.perform(matter, "extend", {"on": "2026-04-28", "days": 31, "reason": "待价格认定"}),
        )
        desk.perform(matter, "extend", {"on": "2026-04-28", "days": 30, "reason": "车损价格认定结论尚未作出"})
        refused(
            day,
            "second_extension_is_refused",
            lambda: desk.perform(matter, "extend", {"on": "2026-05-08", "days": 5, "reason": "再延"}),
        )
    with day.at_desk("zhidui") as desk:
        reply = {
            "facts_text": "刮擦由货车倒车所致，车损 860 元。",
            "handling_text": "调取监控、询问双方、委托价格认定。",
            "opinion_text": "建议书面告知调查结果，并说明赔偿途径。",
        }
        desk.perform(matter, "answer_unit", {"on": "2026-04-20", **reply})
    with day.at_desk("chengban") as desk:
        refused(
            day,
            "draft_without_all_claims_is_refused",
            lambda: desk.perform(matter, "draft", {"facts": "查明", "basis": "规定", "claims": {1: "support"}}),
        )
        desk.perform(
            matter,
            "draft",
            {
                "on": "2026-05-12",
                "facts": "经调取育才路监控、询问双方并委托价格认定，刮擦由货车倒车所致，车损 860 元。",
                "basis": "《信访工作条例》第三十二条；《道路交通事故处理程序规定》。",
                "claims": {
                    1: {"decision": "support", "grounds": "本意见书即书面告知调查结果。"},
                    2: {"decision": "explain", "grounds": "民事赔偿可由双方调解或向人民法院起诉。"},
                },
            },
        )
    with day.at_desk("fenguan") as desk:
        refused(day, "issue_before_the_legal_check_is_refused", lambda: desk.perform(matter, "issue", {}))
    with day.at_desk("fazhi") as desk:
        agreed = {"on": "2026-05-15", "result": "agree", "opinion_text": "事实清楚，依据正确，逐项答复。"}
        desk.perform(matter, "legal_check", agreed)
    with day.at_desk("fenguan") as desk:
        desk.perform(matter, "issue", {"on": "2026-05-20", "execute_by": "2026-06-05"})
    with day.at_desk("chengban") as desk:
        service = {"on": "2026-05-25", "way": "in_person", "receiver": "𬱖文静"}
        refused(day, "service_without_its_proof_is_refused", lambda: desk.perform(matter, "serve", service))
        proof = PaperDraft(kind="proof_of_service", dated_on=date(2026, 5, 25), told="送达回证，本人签名")
        desk.perform(matter, "serve", service, papers=(proof,))
        desk.perform(matter, "execute", {"on": "2026-05-25", "proof": "意见书已当面送达并讲明调查结果"})
    with day.at_desk("xinfang") as desk:
        desk.perform(matter, "confirm_service", {"on": "2026-05-26"})
        refused(
            day,
            "closing_inside_the_review_window_is_refused",
            lambda: desk.perform(matter, "close", {"on": "2026-06-01", "closing": "opinion"}),
        )
        desk.perform(matter, "close", {"on": "2026-06-25", "closing": "opinion"})
        found = desk.matter(matter)
        day.check("matter_closed_after_its_whole_life", found.matter["state"] == "S13")
        names = {"acceptance_notice": "acceptance-notice", "extension_notice": "extension-notice", "answer": "answer"}
        for line in found.documents:
            if line.kind in names:
                day.keep(desk, line.id, names[line.kind])
        day.check("notice_extension_and_answer_issued", {line.kind for line in found.documents} >= set(names))
        note_clocks(day, found)
        by_clock = {state.clock: state.due.last_on for state in found.clocks if state.due}
        day.check("notice_due_2026_03_17", by_clock.get("C1") == date(2026, 3, 17))
        day.check("answer_due_2026_06_08_with_extension", by_clock.get("C2") == date(2026, 6, 8))
        day.check("review_window_ends_2026_06_24", by_clock.get("C3") == date(2026, 6, 24))
        answer = next(line for line in found.documents if line.kind == "answer")
        pdf = desk.document_pdf(answer.id)
        day.check("answer_verifies_by_code", issue.verify(desk.register, answer.code, by=desk.person)["genuine"])
        day.check("answer_verifies_by_file", issue.verify(desk.register, pdf, by=desk.person)["genuine"])
        altered = pdf[:-40] + bytes([pdf[-40] ^ 1]) + pdf[-39:]
        day.check("altered_answer_is_refused", not issue.verify(desk.register, altered, by=desk.person)["genuine"])
    day.say(
        "一件事项从受理到办结，文书已出具并可验证",
        "One matter from acceptance to closing, its letters issued and verified",
    )


def other_exits(day: Day) -> None:
    """The other ways out: statutory route, not accepted, suggestion, accusation."""
    with day.at_desk("dengji") as desk:
        register = desk.register_item
        route = register(
            ItemDraft(
                channel="letter",
                received_on=date(2026, 11, 2),
                postmark_on=date(2026, 10, 30),
                purpose="appeal",
                title="不服行政处罚决定",
                statement="对罚款二百元的处罚决定不服，要求撤销。",
                claims=("撤销处罚决定",),
                people=(PersonDraft(name="单立新", main=True, address="示例县石桥乡"),),
            )
        )
        known = PersonDraft(name="解永康", main=True, phone="19900000329", address="示例县城关镇")
        first = register(
            ItemDraft(
                received_on=date(2026, 10, 26),
                purpose="solution",
                title="反映寄存物品丢失后处理结果未告知",
                statement="在车站寄存物品丢失报警后，没有收到处理结果。",
                claims=("书面告知处理结果",),
                people=(known,),
            )
        )
        again = register(
            ItemDraft(
                channel="visit",
                received_on=date(2026, 11, 3),
                transferred_on=date(2026, 11, 4),
                source="city_police",
                source_name="示例市公安局",
                source_number="市公信转〔2026〕41号",
                purpose="solution",
                title="同一事项办理期间再次到上级走访",
                statement="已向县局提出，又到市局反映同一问题，市局转回。",
                claims=("尽快答复",),
                people=(known,),
            )
        )
        idea = register(
            ItemDraft(
                channel="call",
                received_on=date(2026, 11, 4),
                purpose="suggestion",
                title="建议延长户籍窗口中午服务时间",
                statement="建议户籍窗口中午不休息，方便上班的人。",
                people=(PersonDraft(name="曾小雨", main=True, phone="19900000327"),),
            )
        )
    with day.at_desk("xinfang") as desk:
        for matter, category, exit_ in (
            (route.matter, "claim", "4"),
            (first.matter, "claim", "6"),
            (again.matter, "claim", "6"),
            (idea.matter, "suggestion", ""),
        ):
            desk.perform(matter, "screen", {"category": category, "exit": exit_})
        refused(day, "statutory_claim_is_not_accepted_as_petition", lambda: desk.perform(route.matter, "accept", {}))
        desk.perform(
            route.matter,
            "direct",
            {"on": "2026-11-06"},
            {"competent_organ": "示例县人民政府", "procedure": "自收到处罚决定书之日起六十日内书面申请行政复议"},
        )
        in_time = {"on": "2026-11-06", "ground": "in_time_above"}
        refused(day, "in_hand_is_no_ground_before_it_is", lambda: desk.perform(again.matter, "refuse", in_time))
        desk.perform(first.matter, "accept", {"on": "2026-11-05"})
        desk.perform(
            again.matter,
            "refuse",
            in_time,
            {"open_route": "等待正在办理的机关在规定期限内作出书面答复。"},
        )
        desk.perform(idea.matter, "reply", {"on": "2026-11-05", "answer": "已电话答复：本月起户籍窗口中午安排值班。"})
        for matter, kind, name in (
            (route.matter, "route_notice", "route-notice"),
            (again.matter, "non_acceptance_notice", "non-acceptance-notice"),
        ):
            line = next((line for line in desk.matter(matter).documents if line.kind == kind), None)
            day.check(f"{kind}_issued", line is not None)
            if line:
                day.keep(desk, line.id, name)
    day.say("告知法定途径、不予受理、答复建议", "Directed to a statutory route, not accepted, suggestion answered")
