"""The chief's reception day: notice, docket, record, instruction until proved, the sealed end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from app.workingday.day import Day, note_clocks, person, refused
from models import door, errors
from models.desk import Desk
from models.records import ItemDraft, PersonDraft
from models.sheets.issue import pdf_of
from models.verify import verify

PLACE = {"place": "信访接待室", "phone": "0000-110"}
_RECEIVED: dict[str, Any] = {
    "statement": "与邻居因通道堆物多次争执，三次报警，要求彻底解决。",
    "answer_given": "已听取陈述，说明调解的程序。",
    "decision": "由城关派出所牵头，一周内组织双方调解并书面反馈。",
    "outcome": "assigned",
    "present": "信访科负责人",
    "read_back": True,
}


def reception(day: Day) -> None:
    """A visitor is received by the chief's substitute; what was instructed is proved the same day."""
    with day.at_desk("xinfang") as desk:
        chief, deputy = person(desk, "juzhang"), person(desk, "fenguan")
        form = "fixed" if works(desk, desk.on) else "invited"
        held = desk.reception.add_day(desk.on, chief, form=form, begin="00:00", end="23:59", **PLACE)
        announced = next((on for on in following(desk.on) if works(desk, on)), None)
        if announced is not None:
            desk.reception.add_day(announced, chief, form="fixed", begin="09:00", end="11:30", **PLACE)
            notice = pdf_of(desk.register, desk.reception.issue_notice(announced, announced), by=desk.person)
            door.write_file(day.folder / "letters" / "reception_notice.pdf", notice)
            day.check("reception_is_announced", notice.startswith(b"%PDF"))
        refused(day, "absent_chief_needs_a_substitute", lambda: desk.reception.begin(held, present=False))
        desk.reception.substitute(held, deputy, "参加市局会议")
        desk.reception.begin(held, present=False)
    with day.at_desk("dengji") as desk:
        done = desk.register_item(
            ItemDraft(
                channel="visit",
                received_on=desk.on,
                purpose="solution",
                title="局长接待：反映邻里纠纷多次报警未化解",
                statement=_RECEIVED["statement"],
                claims=("组织双方调解",),
                people=(PersonDraft(name="仇大海", main=True, phone="19900000336"),),
            )
        )
    if form == "invited":
        with day.at_desk("fenguan") as desk:
            desk.perform(done.matter, "invite_reception", {"reception_on": desk.on, "agreed": True})
    with day.at_desk("dengji") as desk:
        desk.perform(done.matter, "arrive", {"people": 1})
        desk.reception.call_next(held)
    with day.at_desk("fenguan") as desk:
        station = next(unit for unit, name in desk.units() if name.endswith("派出所"))
        until = desk.on + timedelta(days=7)
        words = {**_RECEIVED, "unit": station, "what": "组织双方调解并书面反馈", "due_on": until}
        refused(
            day,
            "record_needs_a_signature_or_the_reason",
            lambda: desk.perform(done.matter, "receive", words),
            errors.RegisterError,
        )
        desk.perform(done.matter, "receive", {**words, "signed": True})
        found = desk.matter(done.matter)
        day.keep(desk, found.documents[-1].id, "reception_record")
        promises = desk.reception.promises(done.matter)
        day.check(
            "reception_is_recorded_with_its_instruction",
            [one.state for one in desk.reception.docket(held).lines] == ["received"]
            and [one.due_on for one in promises] == [until],
        )
        note_clocks(day, found)
    with day.at_desk("xinfang") as desk:
        docket = desk.reception.close(held)
        day.check(
            "docket_is_sealed_in_the_journal",
            bool(docket.sealed) and all(one.holds for one in verify(desk.register)),
        )
        assert docket.document is not None  # noqa: S101  a closed day has one
        pdf = pdf_of(desk.register, docket.document, by=desk.person)
        door.write_file(day.folder / "letters" / "reception_docket.pdf", pdf)
        desk.perform(done.matter, "prove_instruction", {"proof": "双方已签调解协议，见派出所书面反馈"})
        day.check("instruction_is_proved", desk.reception.promises(done.matter)[0].done_on is not None)
    day.say(
        "局长接待日：替代接访、记录、交办、日志封存", "Reception day: substitute, record, instruction, sealed docket"
    )


def works(desk: Desk, on: date) -> bool:
    """Return whether a day is known to be a working day: nobody receives at the reception place on a rest day."""
    calendar = desk.register.calendar
    return calendar.knows(on) and calendar.is_working(on)


def following(on: date) -> list[date]:
    """Return the days after `on` among which there is a working day, whatever holiday it is."""
    return [on + timedelta(days=ahead) for ahead in range(1, 15)]
