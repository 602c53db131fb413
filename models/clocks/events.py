"""The dated facts from which clocks are counted, and their names.

An event is one row of the table `event`: what happened (`kind`) and on which day. Clocks name the kinds that start,
end, extend or exempt them (`resources/rules`); a kind that no clock names changes nothing, so that a newer program's
events do no harm here. Rows that were withdrawn as entered by mistake are left out by the caller.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.errors import Message


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a matter on a day.

    Attributes:
        kind: One of `EVENT_NAMES`.
        on: The day.
        days: For an extension, the days added; for an assignment, the length set.
        until: For an assignment, the last day set.
        row: Row id of the event, to find its document.
        item: Row id of the item it belongs to; None when it concerns the matter as a whole. An event of one item does
            not end the clock of another item.
    """

    kind: str
    on: date
    days: int | None = None
    until: date | None = None
    row: int | None = None
    item: int | None = None


EVENT_NAMES: dict[str, Message] = {
    "received": Message("收到信访人的信访件", "received from the petitioner"),
    "transfer_received": Message("收到转送、交办的信访件", "transfer or assignment received"),
    "noticed": Message("书面告知信访人", "petitioner told in writing"),
    "exempted": Message("姓名（名称）、住址不清，免予告知", "name or address unclear: no notice due"),
    "accepted": Message("受理", "accepted"),
    "simple_started": Message("转入简易办理", "simplified procedure begun"),
    "fell_back": Message("转回普通程序", "back to the ordinary procedure"),
    "extended": Message("延期告知", "told of an extension"),
    "opinion_issued": Message("出具处理意见", "opinion issued"),
    "sent": Message("处理意见送出", "opinion sent for service"),
    "served": Message("信访人收到处理意见（有送达证明）", "opinion received by the petitioner (proved)"),
    "supported": Message("支持请求，开始督促执行", "claim supported, execution begun"),
    "executed": Message("执行完毕", "carried out"),
    "review_requested": Message("收到复查请求", "review requested"),
    "review_accepted": Message("决定是否受理复查请求", "decided whether to take the review request"),
    "review_extended": Message("复查延期", "review extended"),
    "review_decided": Message("作出复查意见", "review opinion given"),
    "review_served": Message("信访人收到复查意见（有送达证明）", "review opinion received by the petitioner (proved)"),
    "rereview_requested": Message("收到复核请求", "re-review requested"),
    "rereview_accepted": Message("决定是否受理复核请求", "decided whether to take the re-review request"),
    "rereview_extended": Message("复核延期", "re-review extended"),
    "rereview_decided": Message("作出复核意见", "re-review opinion given"),
    "objected": Message("提出异议", "objection raised"),
    "assigned_out": Message("向其他机关交办", "assigned to another organ"),
    "assigned_in": Message("上级交办（有办理时限）", "assigned to us with a time limit"),
    "limit_extended": Message("交办机关同意延期", "time limit extended by the assigning organ"),
    "completion_reported": Message("报送办结报告", "completion reported"),
    "advice_received": Message("收到改进工作的建议或督办函", "advice or supervision letter received"),
    "advice_declined": Message("决定不采纳建议", "decided not to adopt the advice"),
    "advice_answered": Message("书面反馈", "answered in writing"),
    "major_known": Message("获知重大、紧急情况", "major or urgent matter known"),
    "major_reported": Message("报告重大、紧急情况", "major or urgent matter reported"),
    "replied": Message("答复（建议、咨询、简易办理）", "replied (suggestion, inquiry, simplified procedure)"),
    "passed_on": Message("转交有权机关（检举控告）", "passed on (accusation)"),
    "transferred": Message("转送其他机关", "transferred to another organ"),
    "routed": Message("导入法定程序", "led into a statutory procedure"),
    "withdrawn": Message("信访人书面撤回", "withdrawn in writing by the petitioner"),
    "settled": Message("签订调解、和解协议", "settlement signed"),
    "performed": Message("协议履行完毕", "settlement performed"),
    "hearing_started": Message("听证开始", "hearing begun"),
    "hearing_ended": Message("听证结束", "hearing ended"),
    "sent_back": Message("责令重新办理", "ordered to be handled anew"),
    "closed": Message("办结", "closed"),
    "reopened": Message("重新启动", "reopened"),
    "rating_opened": Message("开放满意度评价", "rating opened"),
    "rated": Message("信访人已评价", "rated by the petitioner"),
    "recusal_asked": Message("申请或者提出回避", "recusal asked for or declared"),
    "recusal_decided": Message("作出回避决定", "recusal decided"),
    "returned_to_us": Message("受转送机关提出异议，信访件退回", "sent back to us by the organ it was passed to"),
    "objection_agreed": Message("转送、交办机关同意异议", "objection agreed to by the sender"),
    "objection_refused": Message("转送、交办机关不同意异议", "objection refused by the sender"),
    "declared": Message("承办人声明没有利害关系", "handler declared to have no interest"),
    "heard": Message("听取信访人陈述", "petitioner heard"),
    "investigated": Message("调查核实", "investigated"),
    "contacted": Message("联系信访人", "petitioner contacted"),
    "drafted": Message("拟定处理意见", "opinion drafted"),
    "legal_checked": Message("法制审核完毕", "legally checked"),
    "department_answered": Message("承办单位书面答复", "answered in writing by the handling department"),
    "hearing_ordered": Message("决定举行听证", "hearing ordered"),
    "hearing_cancelled": Message("取消听证", "hearing cancelled"),
    "service_failed": Message("送达未成", "service failed"),
    "notice_posted": Message("公告送达，张贴公告", "public notice posted"),
    "file_sent_up": Message("向复查、复核机关报送案卷", "file sent to the reviewing organ"),
    "followed_up": Message("回访信访人", "followed up with the petitioner"),
    "archived": Message("归档", "archived"),
    "supervision_lifted": Message("解除督办", "supervision lifted"),
    "organ_designated": Message("上级指定受理机关", "competent organ designated by the superior"),
    "mediation_failed": Message("调解、和解不成", "mediation failed"),
    "completion_received": Message("收到受交办机关的办结报告", "completion report received from the organ assigned"),
    "party_ended": Message("信访人死亡或终止，无承受人", "petitioner dead or dissolved, nobody asks on"),
    "key_included": Message("列入重点信访案件", "entered as a key case"),
    "key_excluded": Message("不列入专项（登记理由）", "left out of the programme, with its ground"),
    "key_readmitted": Message("重新列入专项", "taken into the programme again"),
    "key_solved": Message("重点信访案件化解", "key case solved"),
    "key_reported": Message("结案材料上报", "closing dossier reported"),
    "key_reviewed": Message("市局评查", "reviewed by the city bureau"),
    "key_closed": Message("评查同意结案", "closing approved by the city's review"),
    "key_unsolved": Message("评查认定未化解", "found not solved by the city's review"),
    "key_rebound": Message("重点信访案件反弹", "key case came up again"),
}
"""Every kind of event with its name. `rating_opened` starts the window in which the petitioner may rate."""
