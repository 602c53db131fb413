"""Facts and wording to a letter. Pure: no register, no clock, no font.

A part whose facts are not stated is left out when it is optional; when it is required the letter still composes, with a
visible gap, so that the preview shows what is missing. `models.letters.required` keeps such a letter from being issued.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from models.letters import forms, notices, opinion, outlined
from models.letters.blocks import Letter
from models.letters.draft import Draft
from models.letters.facts import LetterFacts
from models.letters.kinds import kind_of
from models.letters.wording import Wording

_COMPOSERS: dict[str, Callable[[Draft], Letter]] = {
    "registration_form": forms.registration_form,
    "receipt": forms.receipt,
    "receipt_roll": forms.receipt,
    "service_proof": forms.service_proof,
    "acceptance_notice": notices.acceptance,
    "non_acceptance_notice": notices.non_acceptance,
    "no_longer_accepted_notice": notices.no_longer_accepted,
    "route_notice": notices.route,
    "destination_notice": notices.destination,
    "extension_notice": notices.extension,
    "transfer_slip": notices.transfer_slip,
    "answer": opinion.answer,
}


def compose(kind: str, facts: LetterFacts, wording: Wording, *, draft: bool = False) -> Letter:
    """Return the letter of `kind` that says `facts` in the words of `wording`.

    Args:
        kind: Code of the kind.
        facts: What to say.
        wording: How to say it.
        draft: A preview: the paper says so at its foot.

    Raises:
        InputError: There is no such kind.
    """
    known = kind_of(kind)
    composer = outlined.outlined if known.outlined else _COMPOSERS[known.code]
    letter = composer(Draft(known, facts, wording))
    return replace(letter, draft=draft)
