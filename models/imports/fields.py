"""Fields: what a column of an import may become.

The names stand in import maps (`docs/format/import-map.md`). They cover every "keep" and "optional" field of the domain
reference, 10.1; fields of its last row, "never here", do not exist, so that no map can ask for them.

Parts of an imported row:

- *item*: `ItemDraft` values; *person*, *agent*: the petitioner and who acts for them; *accused*;
- *matter*: columns of the matter beyond what intake asks, written with its life so far;
- *step*: dated facts; *rating*; *reply*: an answer that was already given;
- *row*: what belongs to the row of the file itself (its id, what is left aside).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "moment", "day", "time", "flag", "count", "code", "list", "note", "number"]
"""`moment`: a day with an optional time of day. `list`: several texts. `note`: kept in the item's remark with its
header."""

Part = Literal["item", "person", "agent", "accused", "matter", "step", "rating", "reply", "row"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field that a map may name."""

    name: str
    part: Part
    kind: Kind
    zh: str
    en: str
    table: str = ""
    """Code table of a `code` field (models.codes)."""
    joins: bool = False
    """Whether several columns may fill it: texts are joined by an empty line, parts of an id by a hyphen."""


FIELDS: tuple[Field, ...] = (
    Field("id", "row", "text", "行的编号", "id of the row", joins=True),
    Field("ignore", "row", "text", "不导入", "left aside", joins=True),
    Field("note", "item", "note", "备注（带列名）", "remark with the header", joins=True),
    Field("matter_number", "row", "text", "信访事项编号", "number of the matter"),
    Field("repeat_number", "row", "text", "重复件编号", "number of the earlier item"),
    # --- item
    Field("channel", "item", "code", "信访形式", "channel", "channel"),
    Field("received", "item", "moment", "信访日期（可带时间）", "day received, with time if known"),
    Field("received_at", "item", "time", "信访时间", "time of day received"),
    Field("title", "item", "text", "概况/标题", "title"),
    Field("statement", "item", "text", "内容", "statement", joins=True),
    Field("facts", "item", "text", "事实", "facts", joins=True),
    Field("reasons", "item", "text", "理由", "reasons", joins=True),
    Field("claims", "item", "list", "请求", "requests"),
    Field("source", "item", "code", "信访来源", "source", "source"),
    Field("source_name", "item", "text", "来源机关名称", "name of the sending organ"),
    Field("source_number", "item", "text", "原编号", "number given by the sender"),
    Field("transferred_on", "item", "day", "转来日期", "day the transfer was received"),
    Field("addressee", "item", "text", "受信人", "addressee"),
    Field("postmark_on", "item", "day", "邮戳日期", "postmark"),
    Field("reception", "item", "code", "接访方式", "way of reception", "reception"),
    Field("people_count", "item", "count", "信访人数", "number of petitioners"),
    Field("representatives", "item", "count", "代表人数", "number of representatives"),
    Field("involved", "item", "count", "涉及人数", "number of people concerned"),
    Field("anonymous", "item", "flag", "匿名", "anonymous"),
    Field("joint", "item", "flag", "联名", "joint petition"),
    Field("confidential", "item", "flag", "要求保密", "confidence asked"),
    Field("address_unclear", "item", "flag", "姓名或住址不清", "name or address unclear"),
    Field("remark", "item", "text", "备注", "remark", joins=True),
    Field("purpose", "item", "code", "信访目的", "purpose", "purpose"),
    Field("content_code", "item", "code", "内容分类代码", "content code", "content"),
    Field("content_label", "item", "text", "内容分类", "content in words", joins=True),
    Field("problem_type", "item", "code", "公安问题类型", "kind of police problem", "problem_type"),
    Field("police", "item", "code", "警种", "police branch", "police"),
    Field("place", "item", "text", "问题属地", "place of the matter (division code or name)"),
    Field("problem_on", "item", "day", "问题发生日期", "day of the problem"),
    Field("problem_place", "item", "text", "问题发生地点", "place of the problem"),
    Field("cause", "item", "text", "信访原因", "cause"),
    # --- people
    Field("name", "person", "text", "姓名/名称", "name"),
    Field("person_kind", "person", "code", "信访人类别", "kind of petitioner", "person_kind"),
    Field("id_kind", "person", "code", "证件类型", "kind of identity document", "id_kind"),
    Field("id_number", "person", "text", "证件号码", "number of the identity document"),
    Field("address", "person", "text", "住址", "address"),
    Field("address_code", "person", "text", "住址代码", "address code"),
    Field("mail_address", "person", "text", "通讯地址", "postal address"),
    Field("postcode", "person", "text", "邮编", "postcode"),
    Field("phone", "person", "text", "手机号/电话", "telephone"),
    Field("email", "person", "text", "电子邮件", "e-mail"),
    Field("sex", "person", "code", "性别", "sex", "sex"),
    Field("born_on", "person", "day", "出生日期", "date of birth"),
    Field("household", "person", "text", "户口所在地", "place of household registration"),
    Field("workplace", "person", "text", "工作单位", "workplace"),
    Field("nationality", "person", "text", "国籍/港澳台身份", "nationality"),
    Field("mandate", "person", "text", "委托书", "mandate"),
    Field("representative_names", "person", "list", "代表姓名", "names of representatives"),
    Field("signatories", "person", "list", "联名人", "signatories"),
    Field("agent_name", "agent", "text", "代理人", "agent"),
    Field("agent_phone", "agent", "text", "代理人电话", "agent's telephone"),
    Field("agent_id_number", "agent", "text", "代理人证件号码", "agent's identity number"),
    Field("accused_person", "accused", "list", "被反映人", "person complained of"),
    Field("accused_unit", "accused", "list", "被反映单位", "unit complained of"),
    Field("accused_post", "accused", "text", "被反映人职务", "post of the person complained of"),
    # --- matter
    Field("category", "matter", "code", "事项类别", "class", "category"),
    Field("exit", "matter", "code", "分类办理途径", "exit of REG-2022 Art. 31", "exit"),
    Field("hot_topic", "matter", "text", "热点问题", "topic of the day"),
    Field("unit_name", "matter", "text", "承办单位", "handling unit"),
    Field("handler_name", "matter", "text", "承办人", "handling officer"),
    Field("handling", "matter", "code", "办理方式", "way of handling", "handling"),
    Field("destination_name", "matter", "text", "去向单位", "organ it went to"),
    Field("copy_to", "matter", "text", "抄送", "copies to"),
    Field("limit_on", "matter", "day", "限办日期", "limit set"),
    Field("conclusion", "matter", "code", "处理结论", "decision", "conclusion"),
    Field("closing", "matter", "code", "办结方式", "way of closing", "closing"),
    Field("closing_nature", "matter", "code", "办结性质", "nature of closing", "closing_nature"),
    Field("review_state", "matter", "code", "复查复核标志", "review stage", "review_state"),
    Field("review_result", "matter", "code", "复查复核结论", "result of review", "review_result"),
    Field("followed_on", "matter", "day", "回访日期", "day of the follow-up"),
    Field("archived_on", "matter", "day", "归档日期", "day archived"),
    Field("archive_number", "matter", "text", "档案编号", "archive number"),
    Field("group_visit", "matter", "flag", "集体访", "group visit"),
    Field("litigation", "matter", "flag", "涉法涉诉", "law-and-litigation matter"),
    Field("backlog", "matter", "flag", "积案", "backlog"),
    Field("major", "matter", "flag", "重大紧急", "major or urgent"),
    Field("supervised", "matter", "flag", "督办", "supervised"),
    Field("three_cross", "matter", "flag", "三跨三分离", "crosses regions, departments or sectors"),
    Field("foreign_related", "matter", "flag", "涉外/港澳台/侨", "foreign-related"),
    Field("published", "matter", "flag", "公开", "published"),
    Field("simplified", "matter", "flag", "简易办理", "simplified procedure"),
    Field("classified", "matter", "flag", "依法分类处理", "classified handling"),
    Field("query_code", "matter", "text", "查询码", "query code"),
    Field("told_on", "matter", "day", "告知日期", "day the query code was told"),
    Field("status", "matter", "code", "办理状态", "handling status", "status"),
    # --- dated facts
    Field("accepted_on", "step", "day", "受理日期", "day accepted"),
    Field("opinion_on", "step", "day", "处理意见日期", "day of the opinion"),
    Field("served_on", "step", "day", "送达日期", "day served"),
    Field("closed_on", "step", "day", "办结时间", "day closed"),
    Field("extended_on", "step", "day", "延期日期", "day the extension was told"),
    Field("extended_days", "step", "number", "延期天数", "days of extension"),
    # --- rating
    Field("petition_rating", "rating", "code", "对信访部门评价", "rating of the petition unit", "rating"),
    Field("petition_rating_state", "rating", "code", "对信访部门评价状态", "state of that rating", "rating_state"),
    Field("petition_rating_reason", "rating", "text", "对信访部门评价原因", "reason of that rating"),
    Field("petition_rated_on", "rating", "day", "对信访部门评价时间", "day of that rating"),
    Field("unit_rating", "rating", "code", "对责任单位评价", "rating of the responsible unit", "rating"),
    Field("unit_rating_state", "rating", "code", "对责任单位评价状态", "state of that rating", "rating_state"),
    Field("unit_rating_reason", "rating", "text", "对责任单位评价原因", "reason of that rating"),
    Field("unit_rated_on", "rating", "day", "对责任单位评价时间", "day of that rating"),
    # --- answer already given
    Field("reply", "reply", "text", "答复", "answer", joins=True),
    Field("replied", "reply", "moment", "答复日期", "day of the answer"),
)

BY_FIELD: dict[str, Field] = {field.name: field for field in FIELDS}

REQUIRED = ("received",)
"""Fields without which no row is a record; the text is checked by intake (title, statement or a request)."""
