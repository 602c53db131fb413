"""What the suggestions look at: facts of the registration, and a reader that takes them from the register.

Nothing here is about a petitioner: no name, no number, no address, no count of visits goes in. The one thing known of
people is whom the matter accuses, so that nothing is ever suggested to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models import projections, sight
from models.records import Staff

if TYPE_CHECKING:
    from datetime import date

    from models.register import Register

ABOVE = frozenset(
    {
        "national",
        "province_petition",
        "city_petition",
        "county_petition",
        "ministry",
        "provincial_police",
        "city_police",
    }
)
"""Sources from which a matter comes assigned or transferred from above (domain reference, 10.2)."""

_POLICE_NAMES = ("公安", "派出所", "交警", "刑警")
_TEXTS = ("statement", "facts", "reasons", "request")
_CODES = {
    "category": "category",
    "purpose": "purpose",
    "content": "content_code",
    "problem": "problem_type",
    "police": "police",
    "channel": "channel",
    "source": "source",
    "label": "content_label",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit of the directory, as the suggestions need it."""

    id: int
    name: str
    short: str = ""
    kind: str = "business"
    police: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was registered of a matter.

    Attributes:
        rules: Rule set of the matter.
        received_on: Day of receipt: fixes whether the simplified procedure existed.
        title, text, claims: What the petitioner says.
        category: Class that is recorded: derived from the purpose at registration, decided by screening.
        screened: Class and exit were decided by a person.
        exit: Exit of Art. 31 that screening fixed; None before.
        county: Division code of the bureau.
        organ: The bureau's name.
        place_code: Division code of the place of the problem.
        home_code: Division code of the petitioner's address: only for person and household apart from the matter.
        initial: No item of it is a repeat, and it was not joined to another matter.
        transferred: It was handed to us by another organ.
        from_above: The source is an organ above.
        accused: Kind (unit, person), name and post of whom it complains, as given.
        accused_units: Units of the directory that are accused, with all below them, and the own units of accused
            people of the bureau: never suggested.
        units: Units in use.
    """

    rules: str = "REG-2022"
    received_on: date | None = None
    title: str = ""
    text: str = ""
    claims: tuple[str, ...] = ()
    category: str = ""
    purpose: str = ""
    screened: bool = False
    exit: int | None = None
    content_code: str = ""
    content_label: str = ""
    problem_type: str = ""
    police: str = ""
    channel: str = "letter"
    source: str = "own"
    county: str = ""
    organ: str = ""
    place_code: str = ""
    home_code: str = ""
    initial: bool = True
    transferred: bool = False
    from_above: bool = False
    joint: bool = False
    group_visit: bool = False
    major: bool = False
    litigation: bool = False
    confidential: bool = False
    three_cross: bool = False
    address_unclear: bool = False
    accused: tuple[tuple[str, str, str], ...] = ()
    accused_units: frozenset[int] = frozenset()
    units: tuple[Unit, ...] = ()

    @property
    def under_2005(self) -> bool:
        """Whether SC-431 governs the matter."""
        return self.rules.startswith("SC-")

    @property
    def screened_class(self) -> bool:
        """Whether a person decided the class."""
        return self.screened and bool(self.category)

    @property
    def has_accused(self) -> bool:
        """Whether a unit or person is recorded as complained of."""
        return bool(self.accused)

    @property
    def organ_accused(self) -> bool:
        """Whether a unit outside the bureau is recorded as complained of."""
        return any(
            kind == "unit" and not any(mark in name for mark in _POLICE_NAMES)
            and not any(names_meet(name, unit.name) for unit in self.units)
            for kind, name, _ in self.accused
        )  # fmt: skip

    def recorded(self, name: str) -> str:
        """Return a recorded code by the name that rows call it; '' when none was recorded."""
        return str(getattr(self, _CODES[name]) or "")


def facts_of(register: Register, matter: int, by: Staff) -> Facts:
    """Return the facts of a matter for someone who sees it in full.

    Raises:
        InputError: No such matter, or one that this person may not know of.
        NotAllowedError: Sealed, and the person is no reader.
    """
    row = sight.matter_for(register, matter, by)
    items = register.rows(
        "SELECT channel, source, transferred_on, repeat, address_unclear FROM item WHERE matter=? AND cancelled IS NULL"
        " ORDER BY id",
        (matter,),
    )
    texts = register.rows(
        f"SELECT body FROM passage WHERE matter=? AND removed IS NULL AND kind IN ({','.join('?' * len(_TEXTS))})"
        " ORDER BY id",
        (matter, *_TEXTS),
    )
    claims = register.rows("SELECT request FROM claim WHERE matter=? AND removed IS NULL ORDER BY place", (matter,))
    accused = register.rows(
        "SELECT kind, name, post, staff FROM accused WHERE matter=? AND removed IS NULL ORDER BY id", (matter,)
    )
    home = register.row(
        "SELECT address_code FROM person WHERE matter=? AND removed IS NULL AND role<>'agent' AND address_code IS NOT"
        " NULL ORDER BY main IS NOT 1, id LIMIT 1",
        (matter,),
    )
    first = items[0] if items else ("letter", "own", None, None, None)
    settings = register.settings()
    units = _units(register)
    return Facts(
        rules=row["rules"],
        received_on=_day(row["received_on"]),
        title=row["title"],
        text="\n".join(body for (body,) in texts),
        claims=tuple(request for (request,) in claims),
        category=row["category"] or "",
        purpose=row["purpose"] or "",
        screened=row["state"] not in ("S0", "S1"),
        exit=row["exit"],
        content_code=row["content_code"] or "",
        content_label=row["content_label"] or "",
        problem_type=row["problem_type"] or "",
        police=row["police"] or "",
        channel=first[0],
        source=first[1] or "own",
        county=register.county,
        organ=str(settings.get("organ.name", "")),
        place_code=row["place_code"] or "",
        home_code=home[0] if home else "",
        initial=row["joined"] is None and not any(item[3] for item in items),
        transferred=first[2] is not None,
        from_above=first[1] in ABOVE and first[2] is not None,
        joint=bool(row["joint"]),
        group_visit=bool(row["group_visit"]),
        major=bool(row["major"]),
        litigation=bool(row["litigation"]),
        confidential=bool(row["confidential"]),
        three_cross=bool(row["three_cross"]),
        address_unclear=any(item[4] for item in items),
        accused=tuple((kind, name, post or "") for kind, name, post, _ in accused),
        accused_units=_never(register, matter, accused, units),
        units=units,
    )


def _units(register: Register) -> tuple[Unit, ...]:
    return tuple(
        Unit(id=id_, name=name, short=short or "", kind=kind, police=police or "")
        for id_, name, short, kind, police in register.rows(
            "SELECT id, name, short, kind, police FROM unit WHERE closed IS NOT 1 ORDER BY id"
        )
    )


def _never(register: Register, matter: int, accused: list[tuple[Any, ...]], units: tuple[Unit, ...]) -> frozenset[int]:
    """Return the units to which a matter is never suggested.

    They are the accused units with all below them, units whose name is part of an accused unit's name or the other way
    round, and the own units of accused people: what accuses somebody does not go to them or through them (MPS-79 Art.
    10; SC-431 Art. 23; REG-2022 Art. 30).
    """
    if not accused:
        return frozenset()
    found = projections.accused_units(register.connection, matter)
    people = register.staff()
    for kind, name, _post, staff in accused:
        if kind == "unit":
            found |= {unit.id for unit in units if names_meet(unit.name, name)}
        for person in people.values():
            if person.unit is not None and (person.id == staff or (kind == "person" and person.name == name)):
                found.add(person.unit)
    return frozenset(found)


def names_meet(one: str, other: str) -> bool:
    """Return whether two unit names are one within the other, e.g. with and without the bureau's name."""
    short, long = sorted((one.strip(), other.strip()), key=len)
    return len(short) >= 3 and short in long


def _day(text: str | None) -> date | None:
    from datetime import date

    return date.fromisoformat(text) if text else None
