"""The written answer (信访处理意见书, before 2022 答复意见书): claims, facts found, basis, decisions, remedy.

Contents: REG-2022 Art. 32; SC-431 Arts 32, 34; for their order the local regulations named in the domain reference,
9.2.
"""

from __future__ import annotations

from typing import Any

from models.letters.blocks import Imprint, Letter, Paragraph
from models.letters.draft import GAP, Draft, clean, numeral, one_line, sentence

DECISIONS = ("support", "partly", "explain", "refuse")
"""处理结论 for one claim; the words are texts of the wording."""


def answer(draft: Draft) -> Letter:
    """Compose the answer. Long findings keep their paragraphs."""
    facts = draft.facts
    blocks: list[Any] = draft.paragraphs("opening" if facts.accepted_on else "opening_unaccepted")
    place = 0

    def head(name: str) -> Paragraph:
        nonlocal place
        place += 1
        return Paragraph(text=f"{numeral(place)}、{draft.say(name)}", level=1)

    blocks += [head("head_claims"), *(draft.claims() or [Paragraph(text=GAP, part="claims")])]
    blocks += [head("head_findings"), *_running(facts.findings)]
    blocks += draft.paragraphs("hearing", when=facts.hearing)
    blocks += [head("head_basis"), *_running(facts.legal_basis)]
    blocks.append(head("head_decisions"))
    several = len(facts.claims) > 1
    for order, claim in enumerate(facts.claims, 1):
        request = one_line(claim.request)
        if several:
            blocks.append(Paragraph(text=f"（{numeral(order)}）{draft.say('decision', request=request)}", level=2))
        word = draft.say(claim.decision) if claim.decision in DECISIONS else GAP
        said = draft.say("decision_one", decision=word)
        lead = said.rstrip("。") + "：" if claim.decision == "explain" and claim.grounds else said
        grounds = sentence(claim.grounds).split("\n") if claim.grounds else []
        blocks.append(Paragraph(text=lead + (grounds[0] if grounds else ""), part="decision"))
        blocks += [Paragraph(text=line) for line in grounds[1:]]
    if not facts.claims:
        blocks.append(Paragraph(text=GAP, part="decision"))
    blocks += [head("head_remedy"), *draft.paragraphs("remedy", part="remedy")]
    copies = clean(facts.copies).rstrip("。")
    return draft.letter(blocks, imprint=Imprint(copies=copies) if copies else None)


def _running(text: str) -> list[Paragraph]:
    """Return free text as paragraphs; a gap when there is none."""
    return [Paragraph(text=line) for line in (sentence(text) or GAP).split("\n")]
