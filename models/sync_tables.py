"""The tables of working together: papers of the city bureau, blocks of numbers, conflicts that were settled.

Rows of `city_paper` are made by the city's own journal (workstation number `models.device.CITY`) and come down to the
county; what the county did with a paper stands in the same row and goes up. Rows of `number_lease` are made by the one
workstation that gives out numbers. Both travel as all entries do.
"""

from __future__ import annotations

from models.columns import Table, day, json, text, whole

SYNC_TABLES: tuple[Table, ...] = (
    Table(
        "city_paper",
        "市局来文: what the city bureau assigns, transfers, reviews, urges or sends, and what the county did with it.",
        (
            text(
                "kind",
                "assignment | transfer | review | supervision | calendar | overlay | codes | units | notice",
                required=True,
            ),
            text("number", "document number (文号), as printed"),
            text("title", "title", required=True),
            day("on_date", "date of the paper", required=True),
            text("organ", "full name of the city bureau", required=True),
            text("signed_by", "who signed it, as printed"),
            text("body", "its text: what is to be done, or the opinion"),
            json("content", "facts of an assigned item, or the file that is sent (calendar, rules, codes, units)"),
            day("limit_on", "last day that the city sets for the answer"),
            whole("matter", "the county's matter that it concerns", refers="matter"),
            whole("key_case", "the place in a programme whose closing it reviews", refers="key_case"),
            text("outcome", "of a review: approve | return | unsolved"),
            text("withdrawn", "reason; the city took it back"),
            text("insisted", "reason; the city does not agree that the county sent it back"),
            day("taken_on", "the day on which the county took it in"),
            whole("taken_by", "who took it in", refers="staff"),
            whole("result", "the matter registered from it", refers="matter"),
            whole("document", "the incoming paper that was entered for it", refers="document"),
            text("refused", "why the county sent it back, when it is not for it to handle"),
            day("answered_on", "the day on which the county reported what was done"),
            text("answer", "what the county reported"),
        ),
        ("taken_on", "matter"),
    ),
    Table(
        "number_lease",
        "A block of numbers that one workstation may give out while it is apart from the others.",
        (
            text("series", "J (items), S (matters), or the series of a document", required=True),
            whole("year", "year of the numbers", required=True),
            whole("holder", "number of the workstation", required=True),
            whole("first", "first serial", required=True),
            whole("last", "last serial", required=True),
            text("ended", "reason; the rest of the block is not used any more"),
        ),
        ("series,year",),
    ),
    Table(
        "settlement",
        "冲突裁定: which of two values that were entered apart from each other holds.",
        (
            text("table_name", "the table", required=True),
            whole("row", "id of the row", required=True),
            text("column_name", "the column", required=True),
            whole("kept_at", "hybrid instant of the value that showed", required=True),
            whole("other_at", "hybrid instant of the other value", required=True),
            text("chosen", "kept | other | new", required=True),
            text("reason", "why", required=True),
            whole("matter", "the matter that the row belongs to", refers="matter"),
            whole("settled_by", "who settled it", required=True, refers="staff"),
        ),
        ("row",),
    ),
)
