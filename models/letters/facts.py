"""The facts of a letter: plain values, frozen with the document, from which it can be composed again at any time.

No ids, no rows: what is printed, and what the checks need. Dates are local calendar days. An empty text, None or zero
means "not stated". `digest_of` is what the verification code signs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from typing import Any

from models.errors import InputError
from models.letters.leaf import Leaf


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """A petitioner as printed."""

    name: str = ""
    kind: str = "person"
    """person | organisation."""
    role: str = "petitioner"
    """petitioner | representative | agent | signatory."""
    id_kind: str = ""
    """In words, e.g. 居民身份证."""
    id_number: str = ""
    address: str = ""
    mail_address: str = ""
    phone: str = ""
    mandate: str = ""
    """For an agent: reference of the written authority."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFacts:
    """One request of the petitioner and what was decided on it."""

    request: str
    decision: str = ""
    """support | partly | explain | refuse; empty while undecided."""
    grounds: str = ""
    """Reasons of this decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFacts:
    """How a document was served (domain reference, 9.3). Empty values are left as blanks to fill in by hand."""

    document_title: str = ""
    document_number: str = ""
    place: str = ""
    way: str = ""
    served_on: date | None = None
    receiver: str = ""
    relation: str = ""
    """Substitute receiver's relation to the addressee."""
    refusal_reason: str = ""
    witness: str = ""
    server: str = ""


class Particulars(Mapping[str, str]):
    """Values that belong to few kinds of letters, by the name of their field: text as typed, days in ISO form.

    Frozen, sorted by name, without empty values: the same particulars are equal, hash alike and print alike.
    """

    __slots__ = ("_pairs",)

    def __init__(self, values: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        """Keep what is not empty."""
        self._pairs = {name: text for name, text in sorted(dict(values).items()) if text}

    def __getitem__(self, name: str) -> str:
        """Return a value."""
        return self._pairs[name]

    def __iter__(self) -> Iterator[str]:
        """Return the names, sorted."""
        return iter(self._pairs)

    def __len__(self) -> int:
        """Return how many values are stated."""
        return len(self._pairs)

    def __hash__(self) -> int:
        return hash(tuple(self._pairs.items()))

    def __repr__(self) -> str:
        return f"Particulars({self._pairs!r})"


_NO_PARTICULARS = Particulars()


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFacts:
    """Everything that a letter may say. Which values a kind needs stands in `required`."""

    rules: str
    """Rule set of the matter, e.g. SC-431 or REG-2022: decides which law the wording names."""
    organ: str
    """Full name of the bureau, as in its seal."""
    number: str = ""
    """Document number as printed; empty in a preview."""
    dated_on: date | None = None
    petition_unit: str = ""
    organ_address: str = ""
    organ_phone: str = ""
    office_hours: str = ""

    addressee: str = ""
    """Person, persons or organ, without the colon."""
    addressee_kind: str = "person"
    """person | people | organisation | organ: chooses 你, 你们, 你单位."""
    addressee_address: str = ""

    matter_number: str = ""
    item_number: str = ""
    query_code: str = ""
    title: str = ""
    """概况/标题 of the matter."""
    summary: str = ""
    channel: str = ""
    """letter visit call web fax."""
    received_on: date | None = None
    received_at: str = ""
    """Local time HH:MM."""
    source: str = ""
    """Sending organ, when the item was transferred or assigned to the bureau."""
    source_number: str = ""
    transferred_on: date | None = None
    """Day the transfer reached the bureau."""

    category: str = ""
    """suggestion | accusation | claim | other."""
    anonymous: bool = False
    people: tuple[PersonFacts, ...] = ()
    people_count: int = 0
    statement: str = ""
    facts: str = ""
    reasons: str = ""
    claims: tuple[ClaimFacts, ...] = ()
    earlier_handling: str = ""
    contact_result: str = ""
    registrar: str = ""

    unit: str = ""
    """Handling unit."""
    handler: str = ""
    handler_phone: str = ""
    accepted_on: date | None = None
    limit_days: int = 0
    """Length of the clock that the letter speaks of, days: 60 for an acceptance, 15 for a receipt."""
    due_on: date | None = None
    """Last lawful day of that clock."""

    ground: str = ""
    article: str = ""
    open_route: str = ""
    route: str = ""
    competent_organ: str = ""
    procedure: str = ""
    destination: str = ""
    handing: str = ""
    """转送 or 交办, for a notice of destination."""
    handed_on: date | None = None

    receiving_organ: str = ""
    demand: str = ""
    show_identity: bool = False
    """Print the petitioner's name on a slip to another organ; off by default (domain reference, section 1)."""
    attachments: tuple[str, ...] = ()
    copies: str = ""

    original_due_on: date | None = None
    new_due_on: date | None = None
    extended_days: int = 0
    most_extended_days: int | None = None
    """How long the matter's rules let it be extended, days; None: as the set named in `rules` says."""
    window_days: int | None = None
    """Length of the window for a review (C3) by the matter's rules, days; None: as the set named in `rules` says."""
    extension_reason: str = ""
    approver: str = ""
    """Name and post of who approved, as printed."""
    approved_on: date | None = None

    hearing: str = ""
    """How and when the petitioner was heard, or why not."""
    findings: str = ""
    """Facts found: time, place, main facts."""
    legal_basis: str = ""
    remedy_organ: str = ""
    remedy_days: int = 0
    remedy_papers: str = ""
    """What to bring with the request for review."""

    service: ServiceFacts | None = None

    particulars: Particulars = _NO_PARTICULARS
    """Values of the kinds whose wording file has an outline; read them with `value`."""
    rows: tuple[Leaf, ...] = ()
    """Lines of an index, in their order."""

    def value(self, name: str) -> Any:
        """Return a fact by name, or the particular of that name; None when neither is stated."""
        return getattr(self, name) if name in FACT_NAMES else self.particulars.get(name)

    def to_json(self) -> str:
        """Return the facts as canonical JSON: sorted keys, no spaces, empty values left out, dates in ISO form."""
        return json.dumps(_plain(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> LetterFacts:
        """Return the facts written by `to_json`; keys that this version does not know are passed over.

        Raises:
            InputError: Not facts of a letter.
        """
        try:
            raw = json.loads(text)
            return cls(**_values(cls, raw))
        except (ValueError, TypeError, AttributeError) as error:
            raise InputError(
                "facts",
                f"文书所存的事实无法读取（{error}）。请用“核验登记簿”检查。",
                f"The stored facts of the letter cannot be read ({error}). Check the register with verify.",
            ) from error


FACT_NAMES = frozenset(field.name for field in fields(LetterFacts))
"""Names that no particular may bear."""


def digest_of(kind: str, facts: LetterFacts, template: str, version: int) -> bytes:
    """Return the SHA-256 digest of a letter's content: its kind, its facts, and the wording it was composed with."""
    said = json.dumps([kind, template, version, facts.to_json()], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(b"petition-desk/letter-facts/1\n" + said.encode("utf-8", "surrogatepass")).digest()


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        found = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        defaults = {f.name: None if f.default is MISSING else _plain(f.default) for f in fields(value)}
        return {name: each for name, each in found.items() if each != defaults[name]}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Particulars):
        return dict(value)
    return value.isoformat() if isinstance(value, date) else value


def _values(record: Any, raw: dict[str, Any]) -> dict[str, Any]:
    known = {field.name for field in fields(record)}
    values: dict[str, Any] = {}
    for name, value in raw.items():
        if name not in known:
            continue
        if name.endswith("_on") and value is not None:
            values[name] = date.fromisoformat(value)
        elif name == "people":
            values[name] = tuple(PersonFacts(**_values(PersonFacts, each)) for each in value)
        elif name == "claims":
            values[name] = tuple(ClaimFacts(**_values(ClaimFacts, each)) for each in value)
        elif name == "rows":
            values[name] = tuple(Leaf(**_values(Leaf, each)) for each in value)
        elif name == "particulars":
            values[name] = Particulars({key: str(each) for key, each in value.items()})
        elif name == "service" and value is not None:
            values[name] = ServiceFacts(**_values(ServiceFacts, value))
        else:
            values[name] = tuple(value) if isinstance(value, list) else value
    return values
