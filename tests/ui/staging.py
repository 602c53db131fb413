"""A small invented register for the window's tests and pictures: real file, real acts, nothing that ever happened."""

from __future__ import annotations

import base64
import shutil
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from models.desk import Desk, put_setting
from models.intake import register_item
from models.records import AttachmentDraft, ItemDraft, PersonDraft
from models.register import NewPerson, Register

LOGIN = "chen"
PASSPHRASE = "柳梢青 练习登记库"
COUNTY = "339921"

ONE_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwADBwIAMCbHYQAAAABJRU5ErkJggg=="
)

UNITS = (
    ("刑侦大队", "刑侦", "business"),
    ("城东派出所", "城东所", "station"),
    ("法制大队", "法制", "legal"),
    ("交通管理大队", "交管", "business"),
)

SETTINGS = {
    "organ.name": "云溪县公安局",
    "organ.short": "云溪县公安局",
    "organ.address": "云溪县柳岸路 1 号",
    "organ.phone": "0339-5550101",
    "organ.review": "云州市公安局",
    "organ.rereview": "云海省公安厅",
    "organ.lookup": "凭查询码到窗口或拨打电话查询",
    "documents.code": "云公",
}

MATTERS: tuple[tuple[int, str, str, str, str, str, tuple[str, ...], str], ...] = (
    # days ago, channel, name, phone, title, statement, claims, purpose
    (
        21,
        "visit",
        "沈玉兰",
        "13900010001",
        "反映城东路口停车收费无票据",
        "今年以来在城东路口临时停车，收费员收钱不给票据，多次索要未果，请求核查并规范收费。",
        ("核查收费情况", "规范开具票据"),
        "solution",
    ),
    (
        14,
        "letter",
        "顾大海",
        "13900010002",
        "请求出具户口迁移证明",
        "因工作调动需要办理户口迁移，窗口以材料不全为由两次退回，但没有一次性告知缺少什么。",
        ("一次性告知所需材料", "依法办理迁移证明"),
        "solution",
    ),
    (
        12,
        "web",
        "林书平",
        "13900010003",
        "建议在实验小学门口设置护学岗",
        "早晚上下学时段车流大，建议在实验小学门口设置固定护学岗，并施划斑马线。",
        ("设置护学岗",),
        "suggestion",
    ),
    (
        10,
        "call",
        "方小舟",
        "13900010004",
        "催问电动车被盗案件进展",
        "上月报案的电动车被盗案至今没有收到任何进展通知，希望告知办理情况。",
        ("告知案件进展",),
        "solution",
    ),
    (
        8,
        "visit",
        "马建国",
        "13900010005",
        "对交通事故认定时限有异议",
        "交通事故已经过去四十天，认定书还没有出具，影响后续理赔。",
        ("尽快出具认定书",),
        "appeal",
    ),
    (
        5,
        "visit",
        "何秀英",
        "13900010006",
        "请求返还暂扣物品",
        "调查已经结束，暂扣的一部手机和账本没有归还。",
        ("返还手机", "返还账本"),
        "solution",
    ),
    (
        3,
        "letter",
        "沈玉兰",
        "13900010001",
        "再次反映城东路口停车收费问题",
        "上次反映后情况没有改变，仍然不给票据。",
        ("核查收费情况",),
        "solution",
    ),
    (
        2,
        "web",
        "吴青山",
        "13900010008",
        "感谢城东派出所民警找回走失老人",
        "感谢民警连夜帮助寻找走失老人。",
        (),
        "thanks",
    ),
    (
        1,
        "visit",
        "许文静",
        "13900010009",
        "反映夜间施工噪声报警后处理不及时",
        "连续一周夜间施工，报警后到场较慢，请求加强巡查。",
        ("加强夜间巡查",),
        "solution",
    ),
    (
        0,
        "visit",
        "丁一凡",
        "13900010010",
        "咨询居住证办理材料",
        "咨询外地户籍办理居住证需要的材料。",
        ("告知所需材料",),
        "inquiry",
    ),
    (
        33,
        "letter",
        "邹志明",
        "13900010011",
        "请求更正户口登记的出生日期",
        "户口登记的出生日期与出生证明不一致，请求更正。",
        ("更正出生日期",),
        "solution",
    ),
)


def build(path: Path, today: date, *, copies: int = 1) -> None:
    """Make the register; with `copies` the invented matters are repeated, for lists of several pages."""
    now = datetime.combine(today, time(9, 30)).astimezone().astimezone(UTC)
    keeper = NewPerson(login=LOGIN, name="陈立新", passphrase=PASSPHRASE, post="信访科科长")
    register = Register.create(path, county=COUNTY, name="云溪县公安局", keeper=keeper, device_name="窗口一", at=now)
    try:
        by = register.person
        with register.act("add_unit", by=by, at=now) as act:
            for name, short, kind in UNITS:
                act.insert("unit", {"name": name, "short": short, "kind": kind})
        with register.act("add_staff", by=by, at=now) as act:
            for login, name, roles in (
                ("zhou", "周敏", '["HO","HU"]'),
                ("qian", "钱伟", '["DL"]'),
                ("sun", "孙浩", '["HO"]'),
            ):
                act.insert("staff", {"login": login, "name": name, "unit": by.unit, "roles": roles, "post": "民警"})
        matters = []
        for _copy in range(copies):
            with register.act("practice", by=by, at=now) as act:
                for ago, channel, name, phone, title, statement, claims, purpose in MATTERS:
                    draft = ItemDraft(
                        channel=channel,
                        received_on=today - timedelta(days=ago),
                        title=title,
                        statement=statement,
                        claims=claims,
                        purpose=purpose,
                        people=(PersonDraft(name=name, phone=phone, main=True, address="云溪县城东街道柳岸路 8 号"),),
                        problem_place="城东街道",
                    )
                    matters.append(register_item(act, draft, today=today).matter)
        _go_on(register, matters, today, now)
    finally:
        register.close()


def _go_on(register: Register, matters: list[int], today: date, now: datetime) -> None:
    by = register.person
    with register.act("set_setting", by=by, at=now) as act:
        for name, value in SETTINGS.items():
            put_setting(act, name, value)
    accepted = today - timedelta(days=18)
    desk = Desk(register)
    desk.attach(matters[0], AttachmentDraft(name="停车缴费照片.png", media_type="image/png", data=ONE_PIXEL), now)
    with register.act("accept", by=by, at=now, matter=matters[0]) as act:
        act.set("matter", matters[0], state="S4", category="claim", exit=6, accepted_on=accepted)
        act.insert("event", {"matter": matters[0], "kind": "noticed", "on_date": accepted, "staff": by.id})
        act.insert("event", {"matter": matters[0], "kind": "accepted", "on_date": accepted, "staff": by.id})
    with register.act("name_accused", by=by, at=now, matter=matters[8]) as act:
        act.insert("accused", {"matter": matters[8], "kind": "person", "name": "某施工队负责人", "post": "柳岸路工地"})
    for matter in (matters[5],):
        with register.act("screen", by=by, at=now, matter=matter) as act:
            act.set("matter", matter, state="S2", category="claim", exit=6)
    with register.act("close", by=by, at=now, matter=matters[7]) as act:
        act.set("matter", matters[7], state="S13", closed_on=today, closing="filed")
        act.insert("event", {"matter": matters[7], "kind": "replied", "on_date": today, "staff": by.id})
        act.insert("event", {"matter": matters[7], "kind": "closed", "on_date": today, "staff": by.id})


def copy(template: Path, folder: Path) -> Path:
    """Copy a closed register with its keyring into a folder."""
    for found in template.parent.iterdir():
        if found.name.startswith(template.stem):
            shutil.copy(found, folder / found.name)
    return folder / template.name


def opener(path: Path, login: str, passphrase: str) -> Desk:
    """Open a register as the window's service does."""
    return Desk(Register.open(path, login, passphrase))
