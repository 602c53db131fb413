"""A small bureau's first months of 2026, made by the lawful acts; every figure of March was counted by hand.

Days by hand (2026): Spring Festival 02-15 to 02-23, Qingming 04-04 to 04-06, Labour Day 05-01 to 05-05; 03-15 and 04-12
are Sundays, 03-21 is a Saturday.

    matter  what                                     last day of the notice    last day of the answer
    A       visit 03-02, accepted 03-05, answered    03-17, given 03-05        05-04 -> 05-06
            03-20, received by the petitioner 03-25
    B       visit of 6 people 03-04, route notice    03-19, given 03-18
            03-18
    C       letter 03-10, nothing done               03-25, not given
    D       call 03-20, a suggestion, replied 03-21, 04-04 -> 04-07, given
            closed 03-25
    E       web 02-10, accepted 02-12, extended      02-25, given 02-12        04-13 (+30 days: 05-13)
            03-30
    F       letter 01-12, accepted 01-14, answered   01-27, given 01-14        03-15 -> 03-16, in time
            03-16, received by the petitioner 03-30
    G       letter 01-15, accepted 01-20, answered   01-30, given 01-20        03-21 -> 03-23, late
            03-27
    H       letter 03-28, a repeat item of A         04-12 -> 04-13
    I       letter 03-12, an accusation of 所民警,   03-27, given 03-13
            passed on 03-13 (sealed)
    J       letter 03-15, entered by mistake and cancelled
    K       fax 03-30, nothing done                  04-14
    L       visit 03-31, transferred the same day    04-15, given 03-31
"""

from __future__ import annotations

from datetime import date

from models.records import AccusedDraft, PersonDraft
from models.register import Register
from tests.models.cases import Case
from tests.models.conftest import at, draft

ROUTE = {"competent_organ": "示例县人民法院", "procedure": "行政诉讼", "route": "提起行政诉讼"}
RECEIVED = {"way": "in_person", "receiver": "王小明"}

MARCH = {
    "received": 8,  # A B C D H I K L
    "letters": 3,  # C H I
    "visits_batches": 3,  # A B L
    "visits_people": 8,  # 1 + 6 + 1
    "group_batches": 1,
    "group_people": 6,
    "calls": 1,
    "web": 0,
    "fax": 1,
    "matters_new": 7,  # A B C D I K L
    "repeat_items": 1,
    "repeat_rate": 1 / 8,
    "accepted": 1,  # A
    "answered": 4,  # A D F G
    "directed": 1,  # B
    "transferred": 1,  # L
    "assigned_out": 0,
    "passed_on": 1,  # I
    "refused": 0,
    "extended": 1,  # E
    "closed": 1,  # D
    "open_at_end": 9,  # A B C E F G I K L
    "late": 1,  # C: the notice
    "late_met": 1,  # G: the answer
    "notices_due": 4,  # A B C I
    "notices_on_time": 3,
    "notice_rate": 3 / 4,
    "answers_due": 2,  # F G
    "answers_on_time": 1,
    "answer_rate": 1 / 2,
    "mean_accept_days": 3.0,  # A
    "mean_answer_days": (18 + 1 + 63 + 71) / 4,  # A D F G
    "contact_rate": 1 / 7,  # A was heard
    "published_rate": 0.0,
    "rated_share": None,
    "satisfied_share": None,
    "satisfied_rate": None,
    "reviews": 0,
    "review_kept": None,
    "served_on_time": 1.0,  # F: 03-16 + 15 days
    "executed_on_time": None,
    "supervision": 0,
    "advice_made": 0,
    "advice_adopted": 0,
    "major": 0,
    "reception_days": 0,
    "reception_batches": 0,
    "reception_people": 0,
    "instructions": 0,
    "instructions_proved": 0,
}
"""The whole of March, as seen by whoever may know of every matter."""


def furnish(register: Register) -> dict[str, Case]:
    """Do what the head of this room lists; returns the matters by their letter."""
    made: dict[str, Case] = {}
    made["F"] = one = _letter(register, "2026-01-12")
    one.do("screen", "2026-01-14", category="claim", exit="6").do("accept")
    made["G"] = one = _letter(register, "2026-01-15")
    one.do("screen", "2026-01-20", category="claim", exit="6").do("accept")
    made["E"] = one = Case(register, channel="web", received_on=date(2026, 2, 10))
    one.do("screen", "2026-02-12", category="claim", exit="6").do("accept")

    made["A"] = one = Case(register, people_count=1)
    one.do("screen", "2026-03-03", category="claim", exit="6").do("accept", "2026-03-05").assign().find_out()
    one.draft().check().do("issue", "2026-03-20").serve("2026-03-25", on="2026-03-25", **RECEIVED)
    people = tuple(PersonDraft(name=name, main=name == "赵一") for name in ("赵一", "钱二"))
    made["B"] = one = Case(register, received_on=date(2026, 3, 4), people=people, people_count=6)
    one.do("screen", "2026-03-18", category="claim", exit="4").do("direct", "", ROUTE)
    made["C"] = _letter(register, "2026-03-10")
    made["I"] = one = _letter(
        register, "2026-03-12", purpose="accusation", accused=(AccusedDraft(name="所民警", kind="person"),)
    )
    one.do("screen", "2026-03-13", category="accusation")
    one.do("pass_on", destination_name="示例县纪委监委")
    made["J"] = one = _letter(register, "2026-03-15", title="误登")
    number = register.row("SELECT number FROM item WHERE matter=?", (one.matter,))
    assert number
    one.do("cancel_item", "", by="pu", item=number[0], reason="误登")
    for letter, day in (("F", "2026-03-16"), ("G", "2026-03-27")):
        made[letter].now = at("2026-03-10")
        made[letter].assign().find_out().draft().check().do("issue", day)
    made["D"] = one = Case(register, channel="call", received_on=date(2026, 3, 20), purpose="suggestion")
    one.do("screen", "2026-03-21", category="suggestion").do("reply", answer="已采纳")
    one.do("close", "2026-03-25", closing="filed")
    made["A"].now = at("2026-03-28")
    made["A"].desk.register_item(
        draft(channel="letter", received_on=date(2026, 3, 28), repeat_of_matter=made["A"].matter)
    )
    made["F"].serve("2026-03-30", on="2026-03-30", **RECEIVED)
    made["E"].do("extend", "2026-03-30", by="dl", days=30, reason="案情复杂")
    made["K"] = Case(register, channel="fax", received_on=date(2026, 3, 30))
    made["L"] = one = Case(register, received_on=date(2026, 3, 31))
    one.do("screen", category="claim", exit="6").do("transfer", destination_name="邻县公安局")
    return made


def _letter(register: Register, day: str, **changed: object) -> Case:
    return Case(register, channel="letter", received_on=date.fromisoformat(day), **changed)
