"""Practice: an invented county bureau with as many invented matters as are wanted, for learning, tests and measuring.

dice      seeded choices
folk      people: names, identity numbers, telephones, addresses
texts     titles, statements, requests, answers from templates
lives     what happened since, along the lawful steps
matters   the stream of items
county    the bureau, its units, people and sign-ins
build     a register from all this, through the act path
"""

from models.practice.build import build_practice, fill
from models.practice.county import PRACTICE_PASSPHRASE
from models.practice.matters import PracticeItem, drafts

__all__ = ["PRACTICE_PASSPHRASE", "PracticeItem", "build_practice", "drafts", "fill"]
