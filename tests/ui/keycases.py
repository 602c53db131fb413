"""A staged register with a key-case programme in its course: a case in every state, by real acts on days gone by."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from models.programme.records import MilestoneDraft, ProgrammeDraft, StageDraft
from models.records import PaperDraft
from tests.ui.life import Course, Life

KEY = "autumn-cases"
NAME = "秋季重点信访案件化解专项"
STAGES = ("动员排查", "集中化解", "总结验收")


def programme(today: date) -> ProgrammeDraft:
    """Return a programme whose second stage is under way, with one target missed and one ahead."""

    def day(ahead: int) -> date:
        return today + timedelta(days=ahead)

    return ProgrammeDraft(
        key=KEY,
        name=NAME,
        basis="市公信〔2026〕41号",
        goal="基本化解交办的重点信访案件。",
        from_on=day(-120),
        to_on=day(30),
        stages=(
            StageDraft(name=STAGES[0], from_on=day(-120), to_on=day(-91)),
            StageDraft(name=STAGES[1], from_on=day(-90), to_on=day(9)),
            StageDraft(name=STAGES[2], from_on=day(10), to_on=day(30)),
        ),
        milestones=(
            MilestoneDraft(kind="target", name="过半化解", on_date=day(-10), share=60),
            MilestoneDraft(kind="target", name="全部化解", on_date=day(9), share=100),
            MilestoneDraft(kind="roster", name="报送联络名单", on_date=day(-91)),
            MilestoneDraft(kind="filing", name="方案逐案报备", on_date=day(2)),
            MilestoneDraft(kind="summary", name="动员排查小结", stage=1, days=3),
            MilestoneDraft(kind="summary", name="集中化解小结", stage=2, days=3),
            MilestoneDraft(kind="final", name="工作总结", stage=3, days=3),
        ),
    )


class KeyCase(Course):
    """A matter received before the programme, entered in it, and what was done on it."""

    def __init__(self, life: Life, title: str, source: str = "backlog", **inputs: str) -> None:
        super().__init__(life, 130, title)
        self.accepted(128)
        self.do("include_key_case", 119, source=source, **inputs)

    def plan(self, ago: int, limit: int = -9, **inputs: object) -> KeyCase:
        """Draw up the plan: the deputy leads; its limit lies `limit` days back."""
        people, units = self.life.people, self.life.units
        self.do(
            "draw_plan",
            ago,
            **{
                "leader": people["qian"],
                "unit": units["刑侦大队"],
                "officer": people["he"],
                "limit_on": self.life.day(limit).isoformat(),
                "methods": ["mediation", "law"],
                "plan": "先行调解，核清补偿数额，依法一次补偿到位。",
                **inputs,
            },
        )
        return self

    def meet(self, ago: int) -> KeyCase:
        """Meet the petitioner."""
        note = "希望按原协议补足差额，并当面说明"
        self.do("meet_petitioner", ago, by="qian", place="城东派出所", present="何办", note=note, signed=True)
        return self

    def approved(self, ago: int, limit: int = -9) -> KeyCase:
        """Draw the plan up, make the three meetings, have it approved and file it."""
        self.plan(ago, limit).meet(ago)
        self.do("meet_handler", by="qian", note="办理经过清楚，补偿数额当年未核对")
        self.do("read_case_file", by="qian", volumes="正卷一册、副卷一册", note="症结在补偿数额")
        self.do("approve_plan", by="chen").do("file_plan")
        return self

    def round(self, ago: int, result: str, method: str = "mediation") -> KeyCase:
        """Try a round."""
        what = "约双方到所调解，未谈拢" if result == "none" else "双方当面谈妥补偿数额"
        self.do("record_round", ago, by="he", method=method, what=what, result=result)
        return self

    def solved(self, ago: int) -> KeyCase:
        """Solve it."""
        self.round(ago, "settled").do("solve_case", outcomes=["solved"], told="当面告知并送达答复")
        return self

    def closed(self, ago: int) -> KeyCase:
        """Complete the dossier and have the city approve the closing."""
        for kind in ("investigation_report", "commitment", "evidence"):
            paper = PaperDraft(kind=kind, received_on=self.life.day(ago))
            self.life.take("chen", self.matter, "receive_paper", {}, [paper])
        self.do("report_case_closing", ago)
        self.do("record_city_review", ago - 2, papers="city_review", result="approved", opinion="事实清楚，同意结案。")
        return self


def furnish(path: Path, today: date) -> dict[str, int]:
    """Add the programme and its cases to a staged register; returns the matters by the state of their case."""
    life = Life(path, today)
    try:
        life.desk.programmes.create(programme(today))
        made = {
            "entered": KeyCase(life, "反映征地补偿款分配不公", "province", basis="省信交〔2026〕3号"),
            "meeting": KeyCase(life, "反映非法拘禁案久拖未结", "central", basis="政法委交〔2026〕7号")
            .plan(100)
            .meet(95),
            "stuck": KeyCase(life, "反映故意伤害案赔偿未落实").approved(100, 5).round(80, "none").round(60, "none"),
            "solved": KeyCase(life, "请求返还扣押车辆").approved(100).solved(40),
            "closed": KeyCase(life, "反映户口误注销造成损失").approved(100).solved(70).closed(60),
            "rebound": KeyCase(life, "反映交通事故认定错误", "bodies").approved(100).solved(75).closed(65),
            "excluded": KeyCase(life, "反映合同纠纷立案监督"),
            "numbered": KeyCase(life, "反映多年前处罚决定"),
        }
        made["closed"].do("look_back", 20, by="he", finding="holds", told="补偿款已到账，户口已恢复")
        made["rebound"].do("record_rebound", 15, told="补偿款少付一笔，再次来信")
        made["excluded"].do(
            "exclude_key_case", 90, exclusion="X2", case_number="（2026）云01民初12号", case_stage="一审审理中"
        )
        made["numbered"].do("exclude_key_case", 90, exclusion="X5", document_number="云公（治）决字〔2019〕12号")
        return {name: case.matter for name, case in made.items()}
    finally:
        life.register.close()
