"""The tables of the chief's reception day, of papers that belong to no single matter, and of the bureau's figures.

They hold the bureau's own days, duties and papers. Whoever comes to a reception stands here as a matter with a number
in the queue: no name, no list of persons (domain reference, sections 13 and 16).
"""

from __future__ import annotations

from models.columns import ITEM, MATTER, REMOVED, Table, day, flag, json, text, whole

RECEPTION_TABLES: tuple[Table, ...] = (
    Table(
        "reception_day",
        "局长信访接待日: one day on which a leader receives, as planned, as announced and as it went.",
        (
            day("on_date", "the day", required=True),
            text("form", "code of the table reception", required=True),
            text("from_time", "begin, local HH:MM", required=True),
            text("to_time", "end, local HH:MM", required=True),
            text("place", "where", required=True),
            text("phone", "telephone for appointments, as announced"),
            whole("leader", "who receives by the plan", required=True, refers="staff"),
            text("beside", "who sits beside: heads of business, legal and station units"),
            whole("substitute", "the named leader who receives in place of an absent one", refers="staff"),
            text("substitute_reason", "why the planned leader is absent"),
            day("substituted_on", "the day the substitute was named"),
            text("rule", "the bureau's rule by which the day was planned"),
            text("state", "planned | open | closed | cancelled", required=True),
            text("opened_at", "local HH:MM at which it began"),
            text("closed_at", "local HH:MM at which it ended"),
            text("cancelled", "why it was cancelled"),
            whole("notice", "the public notice that names it", refers="office_document"),
            whole("docket", "the docket sealed at its end", refers="office_document"),
        ),
        ("on_date",),
    ),
    Table(
        "reception_visit",
        "A matter's place on a reception day: appointment or walk-in, number in the queue, how it went.",
        (
            MATTER,
            ITEM,
            whole("reception", "the day", required=True, refers="reception_day"),
            text("kind", "appointment | walk_in | invited", required=True),
            text("slot", "time given for an appointment, local HH:MM"),
            day("booked_on", "the day it was entered", required=True),
            whole("turn", "number at the counter, from 1 each day; given when they have come"),
            text("state", "booked | waiting | called | received | left | withdrawn", required=True),
            text("came_at", "local HH:MM"),
            text("called_at", "local HH:MM"),
            text("ended_at", "local HH:MM"),
            whole("host", "the leader who received", refers="staff"),
            text("outcome", "code of the table on_the_spot"),
            whole("record", "the reception record", refers="document"),
            flag("read_back", "the record was read back"),
            flag("signed", "the petitioner signed it"),
            text("unsigned", "why not"),
            text("reason", "why they left unreceived, or the appointment was withdrawn"),
            REMOVED,
        ),
        ("matter", "reception"),
    ),
    Table(
        "office_document",
        "A paper of the bureau that belongs to no single matter: notice, docket, ledger, report, circular; frozen.",
        (
            text("kind", "code of the table office_document", required=True),
            text("number", "document number as printed"),
            text("title", "title as printed", required=True),
            day("dated_on", "date printed", required=True),
            text("subject", "what it is about: a day, a month, a stage"),
            whole("issued_by", "who issued it", required=True, refers="staff"),
            json("facts", "what it says, as data"),
            text("sha256", "hash of the frozen PDF, hex", required=True),
            whole("size", "bytes of the PDF", required=True),
            text("code", "short verification code"),
            text("signature", "device signature, base64"),
            text("spoiled", "why it does not count"),
        ),
        ("kind,dated_on", "code", "number"),
    ),
    Table(
        "liaison",
        "Leader in charge and liaison officer of the bureau, as reported to the city.",
        (
            whole("programme", "for a programme; absent: of the bureau's petition work", refers="programme"),
            text("duty", "leader | liaison", required=True),
            text("name", "name", required=True),
            text("post", "post"),
            text("phone", "office telephone", required=True),
            day("from_on", "since when", required=True),
            day("ended_on", "until when"),
        ),
    ),
    Table(
        "period_report",
        "The figures of a month, stage, programme or year as submitted: frozen; later changes are corrections.",
        (
            text("kind", "month | stage | final | annual", required=True),
            text("period", "YYYY-MM, YYYY, or the key of the stage", required=True),
            whole("programme", "for a stage or a programme", refers="programme"),
            day("from_on", "first day, inclusive", required=True),
            day("to_on", "last day, inclusive", required=True),
            json("figures", "every figure with its version, numerator and denominator"),
            json("corrections", "changes to periods submitted before, found since"),
            text("analysis", "what the figures say (duty nine)"),
            text("suggestions", "what is advised"),
            day("submitted_on", "the day", required=True),
            whole("submitted_by", "who submitted it", required=True, refers="staff"),
            whole("document", "the report as printed", refers="office_document"),
        ),
        ("kind,period",),
    ),
)
