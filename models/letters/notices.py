"""Notices to the petitioner and the transfer slip to another organ: one composer for each (domain reference, 9.2)."""

from __future__ import annotations

from models.letters.blocks import Imprint, Letter
from models.letters.draft import GAP, Draft, clean, day


def acceptance(draft: Draft) -> Letter:
    """受理告知书: received when, accepted by whom, until when, where to look it up (SC-431 Art. 22; REG-2022 23)."""
    facts = draft.facts
    named = facts.handler and facts.handler_phone
    blocks = [*draft.paragraphs("opening"), *draft.paragraphs("limit" if facts.due_on else "limit_uncounted")]
    blocks += draft.paragraphs("rights_and_contact" if named else "rights")
    reachable = facts.organ_address and facts.organ_phone
    return draft.letter(
        [*blocks, *draft.paragraphs("lookup" if reachable else "lookup_here"), *draft.paragraphs("closing")]
    )


def non_acceptance(draft: Draft) -> Letter:
    """不予受理告知书: ground, article and the route that is open (domain reference, 6.5)."""
    blocks = [*draft.paragraphs("opening"), *draft.paragraphs("decision"), *draft.paragraphs("route")]
    return draft.letter([*blocks, *draft.paragraphs("closing")])


def no_longer_accepted(draft: Draft) -> Letter:
    """不再受理告知书: re-review done, same facts and reasons (SC-431 Art. 35; REG-2022 Art. 36)."""
    blocks = [*draft.paragraphs("opening"), *draft.paragraphs("decision")]
    blocks += draft.paragraphs("route", when=draft.facts.open_route)
    return draft.letter([*blocks, *draft.paragraphs("new_facts"), *draft.paragraphs("closing")])


def route(draft: Draft) -> Letter:
    """告知书 on route and procedure, or on the organ to go to (REG-2022 Arts 23, 31). No remedy: review-exempt."""
    facts = draft.facts
    blocks = [*draft.paragraphs("opening"), *draft.paragraphs("route"), *draft.paragraphs("procedure")]
    blocks += draft.paragraphs("lookup", when=facts.petition_unit and facts.organ_phone)
    return draft.letter([*blocks, *draft.paragraphs("closing")])


def destination(draft: Draft) -> Letter:
    """告知书 on where the matter was sent (REG-2022 Arts 22, 23; SC-431 Arts 21, 22)."""
    facts = draft.facts
    blocks = [*draft.paragraphs("opening"), *draft.paragraphs("destination", handing=facts.handing or "转送")]
    blocks += draft.paragraphs("procedure")
    blocks += draft.paragraphs("lookup", when=facts.query_code and facts.petition_unit and facts.organ_phone)
    return draft.letter([*blocks, *draft.paragraphs("closing")])


def extension(draft: Draft) -> Letter:
    """延期告知书: old date, reason, approval, new date (SC-431 Art. 33; REG-2022 Art. 34)."""
    facts = draft.facts
    blocks = [*draft.paragraphs("opening"), *draft.paragraphs("decision")]
    blocks += draft.paragraphs("lookup", when=facts.query_code and facts.petition_unit and facts.organ_phone)
    return draft.letter([*blocks, *draft.paragraphs("closing")])


def transfer_slip(draft: Draft) -> Letter:
    """转送单: a letter to another organ by GB/T 9704; the petitioner's name only when asked for (domain, section 1)."""
    facts = draft.facts
    blocks = draft.paragraphs("opening")
    blocks += draft.paragraphs("identity", when=facts.show_identity and facts.people)
    blocks += draft.paragraphs("summary")
    blocks += draft.paragraphs("request")
    blocks += draft.paragraphs("demand", when=facts.demand)
    blocks += draft.paragraphs("protection")
    blocks += draft.paragraphs("contact", when=facts.handler and facts.handler_phone)
    return draft.letter(
        blocks,
        addressee=clean(facts.receiving_organ) or GAP,
        imprint=Imprint(
            copies=clean(facts.copies).rstrip("。"),
            printed_by=facts.petition_unit or facts.organ,
            printed_on=day(facts.dated_on),
        ),
    )
