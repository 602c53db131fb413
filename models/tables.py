"""The register's tables, declared once.

Every journalled table of the register stands here with its columns, their kinds and their meaning. The desk's STRICT
tables (`door`), the hub's tables (`sync.hub.storage`, with the county as first key column), the digests and
`docs/format/register.md` are made from these declarations, so that one place says what a column is.

Words used here:

- *row*: has an `id` given by the workstation that made it (`device << 32 | counter`), unique in the county.
- *born*, *rev*, *revs*: the hybrid instant (`models.hlc`) at which the row was made, at which it was last changed, and
  a JSON map from each column changed since birth to the hybrid instant of that change. The merge needs no more.
- *journalled*: every change is written through an act; rebuilding from the journal gives the same rows.

Boundary (domain reference, section 16): no column holds where a petitioner goes, a risk, a score, a watch mark,
a "stability" unit, a photo, a fingerprint, political status or ethnicity. `tests/models/test_boundary.py` holds the
schema to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["int", "text", "date", "flag", "json"]
"""`date` is TEXT in ISO form (YYYY-MM-DD); `flag` is INTEGER 0 or 1; `json` is TEXT that holds a JSON value."""

SYSTEM_COLUMNS = ("id", "born", "rev", "revs")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a journalled table.

    `refers` names the table whose `id` the value is. `required` columns are NOT NULL.
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    refers: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One journalled table; `orders` are the column lists that have an index on the desk."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    orders: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """Return the column called `name`; raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the declared columns, without the system columns."""
        return tuple(column.name for column in self.columns)


def _i(name: str, meaning: str, *, required: bool = False, refers: str | None = None) -> Column:
    return Column(name, "int", meaning, required, refers)


def _t(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, "text", meaning, required)


def _d(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, "date", meaning, required)


def _f(name: str, meaning: str) -> Column:
    return Column(name, "flag", meaning)


def _j(name: str, meaning: str) -> Column:
    return Column(name, "json", meaning)


_MATTER = _i("matter", "the matter", required=True, refers="matter")
_ITEM = _i("item", "the item it came with; absent when it belongs to the matter as a whole", refers="item")

TABLES: tuple[Table, ...] = (
    Table(
        "setting",
        "A setting of the bureau (organ names, review organs, document codes, thresholds).",
        (
            _t("name", "dotted name", required=True),
            _j(
                "value",
                "JSON value",
            ),
        ),
        ("name",),
    ),
    Table(
        "unit",
        "A department or station of the bureau, or an organ next to it.",
        (
            _t("name", "full name", required=True),
            _t("short", "short name"),
            _t("code", "code in the unit directory"),
            _t("kind", "petition | business | legal | inspection | station | other_organ", required=True),
            _t("police", "警种 code"),
            _i("above", "the unit above", refers="unit"),
            _f("closed", "no longer in use"),
        ),
    ),
    Table(
        "staff",
        "A person who works with the register.",
        (
            _t("login", "name typed at unlock", required=True),
            _t("name", "full name", required=True),
            _i("unit", "own unit", refers="unit"),
            _t("post", "post, as printed"),
            _t("phone", "office telephone"),
            _j("roles", "list of role codes: REG PU HU HO LEG DL CH DI KEEPER"),
            _t("sign_key", "Ed25519 public key, hex"),
            _t("seal_key", "HPKE public key, hex"),
            _f("closed", "has left"),
        ),
        ("login",),
    ),
    Table(
        "device",
        "A workstation that writes to the register.",
        (
            _i("number", "1..4095, the upper part of ids made there", required=True),
            _t("name", "name for people", required=True),
            _t("sign_key", "Ed25519 public key, hex", required=True),
            _t("seal_key", "HPKE public key, hex", required=True),
            _i("epoch", "raised at each restore from a backup", required=True),
        ),
    ),
    Table(
        "matter",
        "信访事项: the substance (facts and request); may span several items.",
        (
            _t("number", "信访事项编号", required=True),
            _t("title", "概况/标题", required=True),
            _d("received_on", "day the first item was received; fixes the rule set", required=True),
            _t("rules", "rule set id, e.g. REG-2022", required=True),
            _t("overlay", "local overlay id"),
            _t("state", "lifecycle state S0..S15", required=True),
            _t("purpose", "信访目的 code"),
            _t("category", "class: suggestion | accusation | claim | other"),
            _i("exit", "the exit of REG-2022 Art. 31, 1..6"),
            _t("content_code", "内容分类(公安业务分类)"),
            _t("content_label", "内容分类 as words, when it came without a code"),
            _t("problem_type", "公安问题 type code"),
            _t("police", "警种 code"),
            _t("place_code", "问题属地 (division code)"),
            _d("problem_on", "问题发生日期"),
            _t("problem_place", "问题发生地点"),
            _t("cause", "信访原因"),
            _t("hot_topic", "热点问题"),
            _i("unit", "responsible unit: a matter is never without one", required=True, refers="unit"),
            _i("handler", "承办人", refers="staff"),
            _t("handling", "办理方式 code"),
            _i("destination", "去向单位", refers="unit"),
            _t("destination_name", "去向单位 as words"),
            _t("copy_to", "抄送"),
            _d("limit_on", "限办日期 set in an assignment"),
            _d("accepted_on", "受理日期"),
            _d("opinion_on", "处理意见日期"),
            _t("conclusion", "处理结论 code of the whole"),
            _d("closed_on", "办结时间"),
            _t("closing", "办结方式 code"),
            _t("closing_nature", "substantive | procedural"),
            _t("review_state", "none | review | rereview"),
            _t("review_result", "复查(复核)结论 code"),
            _d("followed_on", "回访 date"),
            _d("archived_on", "归档 date"),
            _t("archive_number", "档案编号"),
            _f("joint", "联名"),
            _f("anonymous", "匿名"),
            _f("group_visit", "集体访"),
            _f("litigation", "涉法涉诉"),
            _f("backlog", "积案"),
            _f("major", "重大紧急"),
            _f("supervised", "督办"),
            _f("three_cross", "三跨三分离"),
            _f("foreign_related", "涉外/港澳台/侨"),
            _f("confidential", "要求保密"),
            _f("published", "公开"),
            _f("simplified", "简易办理"),
            _f("classified", "依法分类处理"),
            _f("sealed", "content only for the readers named"),
            _t("query_code", "查询码"),
            _d("told_on", "告知日期 of the query code"),
        ),
        (
            "number",
            "query_code",
            "state,received_on",
            "unit,received_on",
            "category,received_on",
            "handler,received_on",
            "title,received_on",
            "limit_on,received_on",
        ),
    ),
    Table(
        "item",
        "信访件: one letter, visit, call or web entry.",
        (
            _t("number", "信访件编号", required=True),
            _MATTER,
            _t("channel", "信访形式 code: letter visit call web fax", required=True),
            _d("received_on", "信访日期", required=True),
            _t("received_at", "local time of day HH:MM, when known"),
            _t("registered_at", "登记时间, UTC ISO instant", required=True),
            _i("registered_by", "登记人", refers="staff"),
            _i("registered_unit", "登记单位/部门", refers="unit"),
            _t("source", "信访来源 code"),
            _t("first_source", "初次来源 code"),
            _t("source_name", "sending organ as words"),
            _t("source_number", "原编号: number given by the sender"),
            _d("transferred_on", "day the transfer or assignment was received"),
            _t("origin", "key of the imported row; the same key is never imported twice"),
            _t("addressee", "受信人"),
            _d("postmark_on", "邮戳日期"),
            _t("reception", "接访方式 code"),
            _t("on_the_spot", "当场 outcome code"),
            _i("people", "信访人数"),
            _i("representatives", "代表人数"),
            _i("involved", "涉及人数"),
            _f("repeat", "重复信访"),
            _i("repeat_of", "重复件编号: the earlier item", refers="item"),
            _t("remark", "备注"),
            _f("address_unclear", "name or address unclear: no notice can be sent"),
            _t("cancelled", "reason; a cancelled item keeps its number"),
        ),
        ("matter", "origin", "number", "received_on", "source_number"),
    ),
    Table(
        "person",
        "A petitioner of an item; representatives, agents and signatories included.",
        (
            _MATTER,
            _ITEM,
            _t("role", "petitioner | representative | agent | signatory", required=True),
            _t("kind", "person | organisation", required=True),
            _t("name", "姓名/名称; empty when anonymous"),
            _f("main", "主信访人"),
            _t("id_kind", "证件类型 code"),
            _t("id_number", "证件号码"),
            _t("address", "住址"),
            _t("address_code", "住址代码"),
            _t("mail_address", "通讯地址"),
            _t("postcode", "邮编"),
            _t("phone", "手机号/电话"),
            _t("email", "电子邮件"),
            _i("acts_for", "for an agent: the person represented", refers="person"),
            _t("mandate", "委托书 reference"),
            _t("sex", "optional"),
            _d("born_on", "optional"),
            _t("household", "户口所在地, optional"),
            _t("workplace", "工作单位, optional"),
            _t("nationality", "国籍/港澳台身份, optional"),
            _t("removed", "reason; entered by mistake"),
        ),
        ("matter", "id_number", "phone", "name"),
    ),
    Table(
        "accused",
        "被反映单位或人: restricted; whoever is named here loses all sight of the matter.",
        (
            _MATTER,
            _t("kind", "unit | person", required=True),
            _t("name", "as the petitioner named it", required=True),
            _t("post", "post or place, as given"),
            _i("staff", "the same person among our staff", refers="staff"),
            _i("unit", "the same unit among ours", refers="unit"),
            _t("removed", "reason; entered by mistake"),
        ),
        ("matter", "staff", "unit", "name"),
    ),
    Table(
        "recusal",
        "回避: asked or declared, and decided.",
        (
            _MATTER,
            _i("staff", "the officer", required=True, refers="staff"),
            _t("ground", "reason given", required=True),
            _t("asked_by", "petitioner | officer | bureau", required=True),
            _d("asked_on", "day asked", required=True),
            _d("decided_on", "day decided"),
            _t("decision", "granted | refused; absent while open"),
            _i("decided_by", "who decided", refers="staff"),
        ),
        ("matter", "staff"),
    ),
    Table(
        "reader",
        "Who may read a sealed matter.",
        (
            _MATTER,
            _i("staff", "the reader", required=True, refers="staff"),
            _t("ground", "why this person reads"),
            _t("wrapped_key", "the matter's key sealed to this reader, base64; absent until matters are sealed by key"),
            _d("ended_on", "no longer a reader from this day"),
        ),
        ("matter,staff,ended_on",),
    ),
    Table(
        "passage",
        "A long text, kept apart from the short columns.",
        (
            _MATTER,
            _ITEM,
            _i("document", "the document it is the text of", refers="document"),
            _t("kind", "statement | facts | reasons | request | answer | note | reception", required=True),
            _t("body", "the text", required=True),
        ),
        ("matter",),
    ),
    Table(
        "claim",
        "One request of the petitioner, answered by itself.",
        (
            _MATTER,
            _i("place", "order, from 1", required=True),
            _t("request", "what is asked", required=True),
            _t("decision", "处理结论: support partly explain refuse"),
            _t("grounds", "facts found and basis"),
            _t("removed", "reason; entered by mistake"),
        ),
        ("matter",),
    ),
    Table(
        "event",
        "A dated fact from which clocks are counted; `kind` is the vocabulary of models.clocks.",
        (
            _MATTER,
            _ITEM,
            _t("kind", "event kind", required=True),
            _d("on_date", "the day", required=True),
            _i("days", "for an extension or a set limit: number of days"),
            _d("until", "for a set limit: the day"),
            _i("document", "the document that proves it", refers="document"),
            _i("staff", "who did it", refers="staff"),
            _t("note", "reason, place, way of service, receiver"),
            _t("withdrawn", "reason; entered by mistake"),
        ),
        ("matter",),
    ),
    Table(
        "document",
        "A letter or form, ours or incoming.",
        (
            _MATTER,
            _ITEM,
            _t("kind", "kind code of models.letters", required=True),
            _t("state", "issued | spoiled | incoming", required=True),
            _t("number", "document number as printed"),
            _t("title", "title as printed"),
            _d("dated_on", "date printed"),
            _i("issued_by", "who issued it", refers="staff"),
            _t("signed_by", "approver as printed"),
            _t("template", "template id"),
            _i("template_version", "version of the template"),
            _j("facts", "the facts it was composed from"),
            _t("sha256", "hash of the frozen PDF, hex"),
            _i("size", "bytes of the PDF"),
            _t("code", "short verification code"),
            _t("signature", "device signature, base64"),
            _t("reason", "for a spoiled document: why"),
        ),
        ("matter", "code", "number"),
    ),
    Table(
        "number",
        "A serial number given out: used, or spoiled with its reason.",
        (
            _t("series", "kind and organ code", required=True),
            _i("year", "year", required=True),
            _i("serial", "running number, from 1", required=True),
            _t("state", "used | spoiled", required=True),
            _i("document", "what bears it", refers="document"),
            _i("item", "what bears it", refers="item"),
            _t("reason", "for a spoiled number: why"),
        ),
        ("series,year,serial",),
    ),
    Table(
        "attachment",
        "A paper or file handed in or made; its bytes are chunks addressed by hash.",
        (
            _MATTER,
            _ITEM,
            _t("name", "file name or label", required=True),
            _t("media_type", "e.g. image/png", required=True),
            _i("size", "bytes", required=True),
            _t("sha256", "hash of the bytes, hex", required=True),
            _t("removed", "reason"),
        ),
        ("matter",),
    ),
    Table(
        "rating",
        "满意度评价 by the petitioner.",
        (
            _MATTER,
            _t("target", "petition | unit", required=True),
            _t("state", "待评价 … code", required=True),
            _t("value", "满意 … code"),
            _t("reason", "in the petitioner's words"),
            _d("rated_on", "day"),
        ),
        ("matter",),
    ),
    Table(
        "template",
        "Wording of a letter, edited and approved by the unit; versions are never changed.",
        (
            _t("kind", "document kind", required=True),
            _i("version", "1, 2, …", required=True),
            _j(
                "wording",
                "named texts",
            ),
            _d("from_on", "in force from"),
            _i("approved_by", "who approved it", refers="staff"),
        ),
        ("kind",),
    ),
)

BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
