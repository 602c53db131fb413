"""A register in the middle of the whole life: something in every queue, made by real acts on days gone by."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from models.desk import Desk
from models.programme.records import ProgrammeDraft, StageDraft
from models.records import ItemDraft, PaperDraft, PersonDraft
from models.register import Register
from tests.ui import staging

UNITS = {"刑侦": "刑侦大队", "城东所": "城东派出所", "法制": "法制大队"}
PEOPLE = (
    ("zheng", "郑法", '["LEG"]', "法制大队"),
    ("wu", "吴队", '["HU"]', "刑侦大队"),
    ("he", "何办", '["HO"]', "刑侦大队"),
)
REPLY = {"facts_text": "已查明。", "handling_text": "依法处理。", "opinion_text": "建议书面答复。"}


class Course:
    """A matter received so many days ago, and its steps, each on its own day before today."""

    def __init__(self, life: Life, ago: int, title: str, **changed: Any) -> None:
        self.life, self.ago = life, ago
        draft: dict[str, Any] = {
            "channel": "letter",
            "received_on": life.day(ago),
            "title": title,
            "statement": f"{title}，请求依法处理并书面答复。",
            "claims": ("书面答复",),
            "people": (PersonDraft(name="顾大海", phone="13900010002", main=True, address="云溪县柳岸路 8 号"),),
            "purpose": "solution",
        }
        self.matter = life.desk.register_item(ItemDraft(**{**draft, **changed}), life.now).matter

    def do(self, act: str, ago: int | None = None, *, by: str = "chen", papers: str = "", **inputs: Any) -> Course:
        """Take a step on the day `ago` days before today."""
        self.ago = self.ago if ago is None else ago
        if act not in ("screen", "note") and "on" not in inputs:
            inputs["on"] = self.life.day(self.ago).isoformat()
        handed = [PaperDraft(kind=kind, received_on=self.life.day(self.ago)) for kind in papers.split()]
        self.life.take(by, self.matter, act, inputs, handed)
        return self

    def accepted(self, ago: int) -> Course:
        """Screen it as a claim and accept it."""
        return self.do("screen", ago, category="claim", exit="6").do("accept")

    def drafted(self, ago: int, decision: str = "explain") -> Course:
        """Hand it to the criminal police, and have them answer and draft."""
        self.do("assign", ago, unit=self.life.units["刑侦大队"], handler=self.life.people["he"])
        self.do("declare", by="he", interest="none").do("hear", by="he", record="当面听取")
        self.do("answer_unit", by="wu", **REPLY)
        claims = {"1": {"decision": decision, "grounds": "经查属实"}}
        basis = "《信访工作条例》第三十二条"
        return self.do("draft", by="he", facts="查明属实。", basis=basis, claims=claims)

    def checked(self) -> Course:
        """Have the draft agreed to by law."""
        return self.do("legal_check", by="zheng", result="agree", opinion_text="事实清楚。")


class Life:
    """The staged register, and the people who act on it."""

    def __init__(self, path: Path, today: date) -> None:
        self.register = Register.open(path, staging.LOGIN, staging.PASSPHRASE)
        self.desk = Desk(self.register)
        self.today = today
        self.now = datetime.combine(today, time(0, 5)).astimezone().astimezone(UTC)
        self.founder = self.desk.person
        self.units = {name: number for number, name in self.register.units().items()}
        with self.register.act("add_staff", by=self.founder, at=self.now) as act:
            for login, name, roles, unit in PEOPLE:
                act.insert("staff", {"login": login, "name": name, "unit": self.units[unit], "roles": roles})
        self.people = {one.login: one.id for one in self.register.staff().values()}

    def day(self, ago: int) -> date:
        """Return the day so many days before today."""
        return self.today - timedelta(days=ago)

    def take(self, by: str, matter: int, act: str, inputs: dict[str, Any], papers: list[PaperDraft]) -> None:
        """Let a person take a step."""
        self.desk.person = next(one for one in self.register.staff().values() if one.login == by)
        try:
            self.desk.perform(matter, act, inputs, at=self.now, papers=papers)
        finally:
            self.desk.person = self.founder


def furnish(path: Path, today: date) -> dict[str, int]:
    """Add matters in every stage to a staged register; returns them by the name of the queue in which they wait."""
    life = Life(path, today)
    try:
        made = {
            "to_check": Course(life, 30, "反映报警后出警记录不完整").accepted(25).drafted(10),
            "to_sign": Course(life, 32, "请求说明案件不予立案的理由").accepted(27).drafted(12).checked(),
            "undelivered": Course(life, 40, "反映窗口收费未开票据").accepted(35).drafted(20).checked(),
            "confirm": Course(life, 45, "请求退还多收的工本费").accepted(40).drafted(25).checked(),
            "closing": Course(life, 120, "反映扣押物品清单有误").accepted(110).drafted(90).checked(),
            "executing": Course(life, 60, "请求补发工资证明材料").accepted(55).drafted(30, "support").checked(),
            "unassigned": Course(life, 9, "请求加装路口减速带").accepted(6),
            "returned": Course(life, 15, "反映小区门禁纠纷处置不当").accepted(12),
            "assisting": Course(life, 16, "反映夜间摩托车噪声扰民").accepted(13),
            "instructions": Course(life, 14, "反映报警回执未送达").accepted(11),
            "major": Course(life, 4, "多人到窗口反映工地停工欠薪"),
            "received_only": Course(life, 3, "", received_only=True, statement="", claims=(), people=()),
        }
        made |= _key_cases(life)
        made["undelivered"].do("issue", 14).do("try_service", 10, way="in_person", place="家中", reason="外出")
        made["confirm"].do("issue", 15)
        made["confirm"].do("serve", 8, way="in_person", receiver="顾大海", papers="proof_of_service")
        made["closing"].do("issue", 80).do(
            "serve", 75, way="in_person", receiver="顾大海", papers="proof_of_service"
        ).do("confirm_service", 74)
        made["executing"].do("issue", 28, execute_by=life.day(-3).isoformat())
        made["executing"].do("serve", 25, way="in_person", receiver="顾大海", papers="proof_of_service")
        made["executing"].do("confirm_service", 24)
        wu, he, unit = life.people["wu"], life.people["he"], life.units["刑侦大队"]
        assert wu
        made["returned"].do("assign", 10, unit=unit, handler=he)
        made["returned"].do("return_unit", 7, by="wu", return_ground="other_unit", ground="属派出所管辖")
        made["assisting"].do("assign", 10, unit=unit, handler=he)
        made["assisting"].do("assist", 9, unit=life.units["城东派出所"], limit_on=life.day(-2).isoformat())
        made["answering"] = made["assisting"]
        made["answering"].do(
            "supervise", 8, trigger="4", way="call", demand="限期书面答复", due_on=life.day(1).isoformat(), unit=unit
        )
        with life.register.act("instruct", by=life.founder, at=life.now, matter=made["instructions"].matter) as act:
            asked = {"matter": made["instructions"].matter, "kind": "instruction", "what": "三日内补送回执"}
            given = {"unit": unit, "given_by": life.founder.id, "opened_on": life.day(10), "due_on": life.day(2)}
            act.insert("task", {**asked, **given})
        known = {"what": "约三十人到窗口反映欠薪", "place": "接待大厅", "people": "30", "claim": "支付工资"}
        made["major"].do("mark_major", 4, time="00:01", source="窗口", **known)
        told = {"to_whom": "县委值班室", "how": "call", "what": "已报告"}
        made["major"].do("report_major", 4, time="00:03", organ="party", **told)
        return {name: course.matter for name, course in made.items()}
    finally:
        life.register.close()


def _key_cases(life: Life) -> dict[str, Course]:
    """Add a programme with a case without a plan, one near its limit, and one solved and not reported."""
    year: dict[str, Any] = {"from_on": life.day(30), "to_on": life.day(-300)}
    stage = StageDraft(name="集中化解", **year)
    life.desk.programmes.create(ProgrammeDraft(key="county-cases", name="本县重点案件专项", stages=(stage,), **year))
    made = {
        name: Course(life, 29, title).do("include_key_case", 25, source="backlog")
        for name, title in (
            ("plans", "反映征地补偿多年未决"),
            ("case_limits", "反映老旧案件赔偿未到位"),
            ("case_closings", "请求纠正户口登记差错"),
        )
    }
    plan: dict[str, Any] = {"leader": life.founder.id, "unit": life.units["刑侦大队"], "officer": life.people["he"],
            "limit_on": life.day(-3).isoformat(), "methods": ["mediation"], "plan": "先行调解。"}  # fmt: skip
    for name in ("case_limits", "case_closings"):
        made[name].do("draw_plan", 20, **plan)
        made[name].do("meet_petitioner", 19, place="接待室", present="何办", note="要求赔偿", signed=True)
        made[name].do("meet_handler", note="经过清楚").do("read_case_file", volumes="一卷", note="数额")
        made[name].do("approve_plan", 18)
    solved = made["case_closings"].do("record_round", 9, method="mediation", what="调解", result="settled")
    solved.do("solve_case", 8, outcomes=["solved"], told="当面告知")
    return made
