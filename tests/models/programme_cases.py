"""A programme of 2026 and a key case in it, for the tests: each step on its day, by whoever takes it."""

from __future__ import annotations

from datetime import date
from typing import Any

from models.desk import Desk
from models.programme.programmes import Programmes
from models.programme.records import MilestoneDraft, ProgrammeDraft, StageDraft
from models.records import PaperDraft
from models.register import Register
from tests.models.cases import Case
from tests.models.conftest import NOW, at, person, unit

KEY = "2026-cases"
PROGRAMME = ProgrammeDraft(
    key=KEY,
    name="重点案件化解专项",
    basis="市公信〔2026〕1号",
    from_on=date(2026, 3, 1),
    to_on=date(2026, 12, 31),
    stages=(
        StageDraft(name="排查", from_on=date(2026, 3, 1), to_on=date(2026, 3, 31)),
        StageDraft(name="化解", from_on=date(2026, 4, 1), to_on=date(2026, 9, 30)),
        StageDraft(name="总结", from_on=date(2026, 10, 1), to_on=date(2026, 12, 31)),
    ),
    milestones=(
        MilestoneDraft(kind="target", name="过半", on_date=date(2026, 6, 30), share=50),
        MilestoneDraft(kind="target", name="全部", on_date=date(2026, 9, 30), share=100),
        MilestoneDraft(kind="roster", name="名单", on_date=date(2026, 3, 31)),
        MilestoneDraft(kind="summary", name="排查小结", stage=1, days=3),
        MilestoneDraft(kind="summary", name="化解小结", stage=2, days=3),
        MilestoneDraft(kind="final", name="总结报告", stage=3, days=3),
    ),
)
"""Last days by hand: 03-31 Tue + 3 = 04-03 Fri; 09-30 Wed + 3 = 10-03 Sat, a holiday until 10-07: 10-08 Thu (calendar
of 2026); 12-31 + 3 = 2027-01-03: no calendar of 2027."""

LEADER, OFFICER = "dl", "ho"


def programmes(register: Register, day: str = "2026-03-02", login: str = "") -> Programmes:
    """Return the questions of a person on a day; of the founder, who has every role, by default."""
    desk = Desk(register, now=lambda: at(day) if day else NOW)
    if login:
        desk.person = person(register, login)
    return desk.programmes


def start(register: Register, draft: ProgrammeDraft = PROGRAMME) -> int:
    """Make the programme; returns its row."""
    return programmes(register).create(draft)


class KeyCase(Case):
    """A matter received on 2026-03-02, entered on that day, and what is done on it."""

    def do(
        self, act: str, day: str = "", /, letter: Any = None, *, papers: Any = "", by: Any = "", **inputs: Any
    ) -> KeyCase:
        """Take a step (see `Case.do`)."""
        super().do(act, day, letter, papers=papers, by=by, **inputs)
        return self

    def include(self, day: str = "", **inputs: Any) -> KeyCase:
        """Enter it: left from an earlier clean-up."""
        return self.do("include_key_case", day, **{"source": "backlog", **inputs})

    def plan(self, day: str = "", **inputs: Any) -> KeyCase:
        """Draw up a plan: the deputy leads, the criminal police and its officer answer, until the end of May."""
        given = {
            "leader": LEADER,
            "unit": "刑侦",
            "officer": OFFICER,
            "limit_on": date(2026, 5, 31),
            "methods": ["law", "mediation"],
            "plan": "先行调解，依法补偿。",
        }
        return self.do("draw_plan", day, **{**given, **inputs})

    def meet(self, day: str = "", *, by: str = LEADER, **inputs: Any) -> KeyCase:
        """Meet petitioner and handler and read the file."""
        self.do("meet_petitioner", day, by=by, place="城关所", present="刑办案", note="要求补偿", signed=True, **inputs)
        self.do("meet_handler", by=by, note="办理经过清楚", **inputs)
        return self.do("read_case_file", by=by, volumes="正卷一册", note="症结在补偿数额", **inputs)

    def approve(self, day: str = "", *, by: str = "ch") -> KeyCase:
        """Approve the plan."""
        return self.do("approve_plan", day, by=by)

    def round(self, result: str = "none", method: str = "mediation", day: str = "") -> KeyCase:
        """Try a round."""
        return self.do("record_round", day, method=method, what="上门调解", result=result)

    def solve(self, day: str = "", outcomes: tuple[str, ...] = ("solved",)) -> KeyCase:
        """Solve it, after a round that settled it."""
        self.round("settled", "mediation", day)
        return self.do("solve_case", outcomes=list(outcomes), told="当面告知结论")

    def dossier(self) -> KeyCase:
        """Put into the file what the dossier lacks: report, signed commitment, other material."""
        for kind in ("investigation_report", "commitment", "evidence"):
            self.paper(kind)
        return self

    def paper(self, kind: str, dated_on: date | None = None) -> KeyCase:
        """Record a paper that came in."""
        self.desk.perform(
            self.matter, "receive_paper", {}, papers=[PaperDraft(kind=kind, dated_on=dated_on or self.on)]
        )
        return self

    def close(self, day: str = "", result: str = "approved", **inputs: Any) -> KeyCase:
        """Report the closing and record the city's review."""
        self.do("report_case_closing", day)
        return self.do("record_city_review", papers="city_review", result=result, **inputs)

    def closed(self) -> KeyCase:
        """Go the whole way on the day of entry."""
        return self.include().plan().meet().approve().solve().dossier().close()

    @property
    def on(self) -> date:
        """The day it has come to."""
        return self.now.astimezone().date()

    @property
    def file(self) -> Any:
        """The case file as the founder sees it on the day that it has come to."""
        return programmes(self.register, self.on.isoformat()).case(self.matter)

    @property
    def unit_id(self) -> int:
        """The criminal police."""
        return unit(self.register, "刑侦")
