"""Letters: facts -> compose -> lay out -> PDF, with required parts, wording as data, fonts and a verification code.

    kinds(), kind_of(code)              what can be made
    fields_for(kind), apply_fields(...) what the officer types, and the facts with it
    LetterFacts                         what a letter says, frozen with it
    wording(kind, own)                  how it says it
    missing_parts(kind, facts, ...)     what keeps it from being issued
    compose(kind, facts, wording)       -> Letter
    layout(letter, sealed=...)          -> PDF bytes
    make_code, verify_code              the code that any counter checks offline

reportlab, segno and cryptography are imported on first need, not with this package.
"""

from models.letters.blocks import Letter
from models.letters.code import SealedCode, Statement, make_code, read_code, short_code, verify_code
from models.letters.compose import compose
from models.letters.facts import ClaimFacts, LetterFacts, PersonFacts, ServiceFacts, digest_of
from models.letters.fields import LetterField, apply_fields, fields_for
from models.letters.kinds import Family, LetterKind, chinese_date, document_number, family_of, kind_of, kinds
from models.letters.layout import layout
from models.letters.required import missing_parts, require_complete
from models.letters.wording import Wording, wording

__all__ = [
    "ClaimFacts",
    "Family",
    "Letter",
    "LetterFacts",
    "LetterField",
    "LetterKind",
    "PersonFacts",
    "SealedCode",
    "ServiceFacts",
    "Statement",
    "Wording",
    "apply_fields",
    "chinese_date",
    "compose",
    "digest_of",
    "document_number",
    "family_of",
    "fields_for",
    "kind_of",
    "kinds",
    "layout",
    "make_code",
    "missing_parts",
    "read_code",
    "require_complete",
    "short_code",
    "verify_code",
    "wording",
]
