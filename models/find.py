"""Search and earlier-matter hints for one viewer: the search rooms with the policy's conditions put in.

Sealed matters that the viewer reads are searched in memory only; the list of them is made on the first search of a
session and kept up by every act.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from models import duplicates, lists, policy, search
from models.records import Filters, Hint, ItemDraft, Page, Staff

if TYPE_CHECKING:
    from models.register import Register


def find_page(
    register: Register,
    staff: Staff,
    text: str,
    filters: Filters,
    *,
    after: int | None,
    limit: int,
    total: bool,
    today: date,
) -> Page:
    """Return a page of the matters that match, newest first and exact.

    Args:
        register: The open register.
        staff: The viewer: nothing of a matter that the person may not know of appears or counts.
        text: The one box: terms, and filters typed among them.
        filters: Filters chosen beside the box.
        after: `Page.after` of the page before.
        limit: Lines at most.
        total: Whether to count all hits exactly.
        today: The day that "late" is measured from.
    """
    request = search.read_request(text, search.units_of(register.connection), filters)
    condition = lists.conditions(request.filters, today)
    full = policy.visible_sql(staff)
    known = "" if lists.tells_content(request.filters) else policy.known_sql(staff)
    session = register.sealed_for(staff)
    places = search.find(
        register.connection,
        request.query,
        condition.sql,
        condition.values,
        full,
        (),
        after,
        limit,
        known_sql=known,
        session=session,
    )
    number = (
        search.count(
            register.connection,
            request.query,
            condition.sql,
            condition.values,
            full,
            (),
            known_sql=known,
            session=session,
        )
        if total
        else None
    )
    lines = tuple(
        line
        for start in range(0, len(places), 500)
        for line in lists.lines_at(register, staff, places[start : start + 500])
    )
    return Page(
        lines=lines,
        after=places[-1] if len(places) == limit else None,
        total=number,
        indexed=search.background_left(register.connection) if text.strip() else None,
    )


def hints(register: Register, staff: Staff, draft: ItemDraft) -> tuple[Hint, ...]:
    """Return likely earlier matters for a draft, among those that the viewer sees in full."""
    return duplicates.hints(register.connection, draft, policy.visible_sql(staff), session=register.sealed_for(staff))
