"""Lines of the two ledgers: a supervision with its answer, a major matter with who was told when; and its log whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui import law
from ui.context import Context
from ui.parts.layout import column
from ui.parts.lines import LineButton
from ui.parts.sheet import Sheet
from ui.parts.text import button, chip, due_chip, label, notice
from ui.screens.base import today
from ui.words import day, t, title_seen

if TYPE_CHECKING:
    from models.duty_ledgers import MajorMatterLine, SupervisionLine
    from models.major_log import MajorLine, MajorLog


def supervision_line(context: Context, one: SupervisionLine) -> LineButton:
    """Return a supervision; pressed, it opens the matter at the answer or at the end of it."""
    look = context.look
    title = title_seen(one.title, one.sight)
    if one.state in ("open", "late"):
        state = due_chip(one.due_on, today(), look) if one.due_on else chip(t("duties.state_open"), look)
    else:
        state = chip(t(f"duties.state_{one.state}"), look, "done" if one.state == "lifted" else "accent")
    said = t("duties.answered", text=one.answer) if one.answer else ""
    made = LineButton(
        look,
        t("duties.supervised_for", unit=one.unit, words=law.code("supervision_trigger", one.trigger)),
        f"{one.number}  {title}",
        third="  ".join(part for part in (one.demand, said) if part),
        chips=(state,),
        small=t(
            "duties.raised", day=day(one.raised_on), way=law.code("supervision", one.way) if one.way else ""
        ).strip(),
    )
    act = {"open": "answer_supervision", "late": "answer_supervision", "answered": "lift_supervision"}.get(
        one.state, ""
    )
    made.clicked.connect(lambda: context.matter_wanted.emit(one.matter, act))
    return made


def major_line(context: Context, one: MajorMatterLine) -> LineButton:
    """Return a major matter; pressed, its log is shown."""
    look = context.look
    title = title_seen(one.title, one.sight)
    organs = law.code_list("major_organ", one.missing)
    state = (
        chip(t("duties.untold", organs=organs), look, "late") if one.missing else chip(t("duties.told"), look, "done")
    )
    told = t("join.list").join(
        t("duties.told_at", organ=law.code("major_organ", organ), at=at) for organ, at in one.told
    )
    made = LineButton(
        look,
        one.what or title,
        f"{one.number}  {title}" if one.what else one.number,
        third=told,
        chips=(state,),
        small="  ".join(part for part in (one.unit, t("duties.known_at", at=one.known_at)) if part),
    )

    def show(log: MajorLog) -> None:
        context.sheet_wanted.emit(MajorLogSheet(context, one, log))

    def pressed() -> None:
        if one.sight == "full":
            context.ask(lambda desk: desk.duties.major_log(one.matter), show, owner=made, key="major")
        else:
            context.matter_wanted.emit(one.matter, "")

    made.clicked.connect(pressed)
    return made


class MajorLogSheet(Sheet):
    """Who knew when, who was told when, what was done: every line of the log, which nothing takes back."""

    def __init__(self, context: Context, one: MajorMatterLine, log: MajorLog) -> None:
        super().__init__(context, t("duties.log_title", number=one.number), width=560)
        look = context.look
        if log.missing:
            organs = law.code_list("major_organ", log.missing)
            self.body.addWidget(notice(t("duties.untold", organs=organs), look, "late"))
        if log.missing_beside:
            organs = law.code_list("major_organ", log.missing_beside)
            self.body.addWidget(notice(t("duties.beside", organs=organs), look, "soon"))
        if log.minutes is not None:
            self.body.addWidget(notice(t("duties.minutes", count=log.minutes), look, "late" if log.late else "done"))
        if log.warning is not None:
            self.body.addWidget(notice(str(log.warning), look, "soon"))
        for line in log.lines:
            entry = column(None, look, 0)
            entry.setSpacing(look.space(1) // 2)
            entry.addWidget(label(f"{line.at}  {t(f'duties.log_{line.kind}')}", "strong"))
            entry.addWidget(label(line.what, wrap=True, copy=True))
            entry.addWidget(label(_facts(line), "small", wrap=True))
            self.body.addLayout(entry)
        self.finish_body()
        report = button(t("duties.open_report"), lambda: self._open(one.matter), "primary")
        self.foot.addWidget(report)
        self.foot.addWidget(button(t("sheet.close"), self.close_sheet))
        self.foot.addStretch(1)

    def _open(self, matter: int) -> None:
        self.close_sheet()
        self.context.matter_wanted.emit(matter, "report_major")


def _facts(line: MajorLine) -> str:
    parts = [
        t("duties.by", name=line.staff) if line.staff else "",
        line.source,
        line.place,
        t("duties.people", count=line.people) if line.people is not None else "",
        line.claim,
        law.code("major_organ", line.organ) if line.organ else "",
        line.to_whom,
        law.code("major_how", line.how) if line.how else "",
    ]
    return t("join.spoken").join(part for part in parts if part)
