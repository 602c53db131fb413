"""Likely earlier matters while an item is typed: same person and same substance, kept apart, each with its reasons.

A repeat matter is the same person *and* the same substance (published working rule, domain reference 10.4). This
room finds candidates for both tests and says why; whether it is a repeat is decided by the officer. Closed matters
are included.

- *same person*: a petitioner, representative or signatory with the same identity number (also in its other length),
  telephone number or name, or a name that sounds alike. Agents do not count: the person represented does. When no
  petitioner is named, the same accused counts.
- *same substance*: the texts share many pairs of characters, rare ones counting more.

Only matters that the viewer may see in full are ever named (`visible_sql`, the policy's condition over the alias `m`).
The score orders this list of matters and is neither stored nor shown as a figure about anyone (domain reference,
section 16).
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from models import names, people
from models.folding import fold
from models.records import Hint, ItemDraft, PersonDraft
from models.search.document import Connection, near_token
from models.search.session import SessionIndex
from models.search.tokens import pairs, quoted

STRENGTH = {"id_number": 1.0, "id_15": 0.95, "phone": 0.8, "name": 0.5, "homophone": 0.3, "accused": 0.4}
"""How much one reason says for "the same", 0 to 1."""
NEAR_STRENGTH = 0.2
"""As `STRENGTH`, for a name that sounds alike only to southern ears."""

MOST_ROWS = 200
"""Rows looked at for one number or name, newest first."""
MOST_SOUNDING = 60
MOST_PROBES = 56
"""Pairs of the draft that are looked up in the index."""
MOST_HITS = 500
"""Newest matters taken for one pair."""
MOST_COMPARED = 24
"""Candidates whose whole text is compared."""
FEWEST_PAIRS = 8
"""A text with fewer pairs says too little to be compared."""
ALIKE = 0.26
"""Likeness of texts from which a matter is named; found on real messages, see docs/decisions/0005-search.md."""


@dataclass(slots=True)
class _Found:
    """What speaks for one matter so far."""

    person: dict[tuple[str, str], float] = field(default_factory=dict)
    text: float = 0.0

    @property
    def person_score(self) -> float:
        return 1 - math.prod(1 - strength for strength in self.person.values())


def hints(
    connection: Connection,
    draft: ItemDraft,
    visible_sql: str,
    visible_params: Sequence[Any] = (),
    limit: int = 8,
    *,
    session: SessionIndex | None = None,
) -> tuple[Hint, ...]:
    """Return likely earlier matters for a draft: those that pass both tests first, then the two kinds in turn.

    Args:
        connection: The register's.
        draft: As typed so far; empty parts are not looked at.
        visible_sql: Condition over the alias `m` of matter: seen in full.
        visible_params: Its values.
        limit: At most so many.
        session: Sealed documents that the viewer may read: their texts and names are not in the index on disk.
    """
    found: defaultdict[int, _Found] = defaultdict(_Found)
    subjects = [person for person in draft.people if person.role != "agent"]
    for person in subjects:
        _by_numbers(connection, person, found)
        _by_name(connection, person.name, found, session)
    if not any(person.name.strip() for person in subjects):
        for accused in draft.accused:
            _by_accused(connection, accused.name, found)
    seen = _seen(connection, found, visible_sql, visible_params)
    texts = _alike(connection, draft, visible_sql, visible_params, session)
    seen.update(_seen(connection, [matter for matter in texts if matter not in seen], visible_sql, visible_params))
    for matter, likeness in texts.items():
        found[matter].text = likeness
    return _chosen([_hint(seen[matter], found[matter]) for matter in seen], limit)


def likeness(one: Iterable[str], other: Iterable[str], weights: dict[str, float] | None = None) -> float:
    """Return how alike two texts are, 0 to 1, from their pairs of characters.

    The mean of two measures: the share of pairs in common (Dice), and the weight of those of `one`'s looked-up pairs
    that `other` has too. The first alone would miss a short account of a long story, the second alone would find
    every long text.
    """
    first, second = set(one), set(other)
    if not first or not second:
        return 0.0
    dice = 2 * len(first & second) / (len(first) + len(second))
    if not weights:
        return dice
    covered = sum(weight for pair, weight in weights.items() if pair in second) / sum(weights.values())
    return (dice + covered) / 2


def _by_numbers(connection: Connection, person: PersonDraft, found: defaultdict[int, _Found]) -> None:
    """Add matters of people with the same identity or telephone number."""
    forms = people.id_forms(person.id_number)
    for matter, written in _people_with(connection, "id_number", (*forms, *map(str.lower, forms))):
        code = "id_number" if people.clean_id_number(written) == forms[0] else "id_15"
        _add(found, matter, code, people.clean_id_number(written))
    numbers = people.phone_forms(person.phone)
    for matter, written in _people_with(connection, "phone", (person.phone, *numbers)):
        _add(found, matter, "phone", written)


def _by_name(connection: Connection, name: str, found: defaultdict[int, _Found], session: SessionIndex | None) -> None:
    """Add matters of people whose name is written or sounds alike."""
    if not names.fold_name(name):
        return
    for matter, written in _people_with(connection, "name", (name, name.strip(), names.fold_name(name))):
        _add(found, matter, "name", written)
    rows = connection.execute(
        "SELECT p.matter, p.name FROM (SELECT rowid AS place FROM search_text WHERE search_text MATCH ? "
        "ORDER BY rowid DESC LIMIT ?) f CROSS JOIN matter m ON m.place=f.place CROSS JOIN person p ON p.matter=m.id "
        "WHERE p.removed IS NULL AND p.role<>'agent' AND p.name IS NOT NULL",
        (quoted(near_token(name)), MOST_SOUNDING),
    ).fetchall()
    if session is not None:
        wanted = names.near_key(name)
        held = [
            matter
            for matter, document in session.documents()
            if any(names.near_key(n) == wanted for n in document.names)
        ]
        rows += connection.execute(
            "SELECT matter, name FROM person WHERE matter IN (SELECT value FROM json_each(?)) "
            "AND removed IS NULL AND role<>'agent' AND name IS NOT NULL",
            (_listed(held),),
        ).fetchall()
    for matter, written in rows:
        if people.same_name(written, name):
            _add(found, matter, "name", written)
        elif people.homophones(written, name):
            _add(found, matter, "homophone", written)
        elif people.sound_near(written, name):
            _add(found, matter, "homophone", written, NEAR_STRENGTH)


def _by_accused(connection: Connection, name: str, found: defaultdict[int, _Found]) -> None:
    """Add matters that name the same accused: what "same person" means for an anonymous accusation."""
    for (matter,) in connection.execute(
        "SELECT matter FROM accused WHERE name IN (?, ?) AND removed IS NULL ORDER BY id DESC LIMIT ?",
        (name, name.strip(), MOST_ROWS),
    ).fetchall():
        _add(found, matter, "accused", name.strip())


def _people_with(connection: Connection, column: str, values: Iterable[str]) -> list[tuple[int, str]]:
    """Return matter and value of the newest people rows (agents left out) that have one of `values` in `column`."""
    wanted = sorted({value for value in values if value.strip()})
    if not wanted:
        return []
    rows: list[tuple[int, str]] = connection.execute(
        f"SELECT matter, {column} FROM person WHERE {column} IN ({','.join('?' * len(wanted))}) "
        f"AND {column} IS NOT NULL AND removed IS NULL AND role<>'agent' ORDER BY id DESC LIMIT ?",
        (*wanted, MOST_ROWS),
    ).fetchall()
    return rows


def _add(found: defaultdict[int, _Found], matter: int, code: str, words: str, strength: float | None = None) -> None:
    reasons = found[matter].person
    reasons[code, words] = max(reasons.get((code, words), 0.0), STRENGTH[code] if strength is None else strength)


def _alike(
    connection: Connection,
    draft: ItemDraft,
    visible_sql: str,
    visible_params: Sequence[Any],
    session: SessionIndex | None,
) -> dict[int, float]:
    """Return the matters whose text is like the draft's, with their likeness."""
    title = fold(draft.title)
    body = fold("\n".join((draft.statement, draft.facts, draft.reasons, *draft.claims)))
    whole = pairs(title) | pairs(body)
    if len(whole) < FEWEST_PAIRS:
        return {}
    weights: dict[str, float] = {}
    tally: defaultdict[int, float] = defaultdict(float)
    for pair in _probes(title, body):
        places = connection.execute(
            "SELECT rowid FROM search_text WHERE search_text MATCH ? ORDER BY rowid DESC LIMIT ?",
            (quoted(pair), MOST_HITS),
        ).fetchall()
        weights[pair] = 1 / (1 + math.log1p(len(places)))
        for (place,) in places:
            tally[place] += weights[pair]
    best = heapq.nlargest(MOST_COMPARED, tally, key=tally.__getitem__)
    candidates = [
        row[0]
        for row in connection.execute(
            "SELECT m.id FROM json_each(?) j CROSS JOIN matter m ON m.place=j.value "
            f"WHERE m.sealed IS NOT 1 AND ({visible_sql})",
            (_listed(best), *visible_params),
        ).fetchall()
    ]
    if session is not None:
        candidates += [matter for matter, _document in session.documents()]
    found = {}
    for matter, text in _texts(connection, candidates).items():
        score = likeness(whole, pairs(fold(text)), weights)
        if score >= ALIKE:
            found[matter] = score
    return found


def _probes(title: str, body: str) -> list[str]:
    """Return the pairs to look up: those of the title first, then pairs from all over the text."""
    first = _in_order(title)[: MOST_PROBES // 2]
    rest = [pair for pair in _in_order(body) if pair not in first]
    room = MOST_PROBES - len(first)
    step = max(len(rest) / room, 1.0)
    return first + [rest[int(place * step)] for place in range(min(room, len(rest)))]


def _in_order(folded: str) -> list[str]:
    """Return the pairs of a folded text, each once, in the order in which they come."""
    return list(dict.fromkeys(one + other for one, other in pairwise(folded) if one.isalnum() and other.isalnum()))


def _texts(connection: Connection, matters: Sequence[int]) -> dict[int, str]:
    """Return what each matter says: its title, what the petitioner stated and asked."""
    wanted = _listed(matters)
    texts: defaultdict[int, list[str]] = defaultdict(list)
    for sql in (
        "SELECT id, title FROM matter WHERE id IN (SELECT value FROM json_each(?))",
        "SELECT matter, body FROM passage WHERE matter IN (SELECT value FROM json_each(?)) "
        "AND kind IN ('statement', 'facts', 'reasons', 'request') AND removed IS NULL",
        "SELECT matter, request FROM claim WHERE matter IN (SELECT value FROM json_each(?)) AND removed IS NULL",
    ):
        for matter, text in connection.execute(sql, (wanted,)).fetchall():
            texts[matter].append(text)
    return {matter: "\n".join(parts) for matter, parts in texts.items()}


def _seen(
    connection: Connection, matters: Iterable[int], visible_sql: str, visible_params: Sequence[Any]
) -> dict[int, tuple[Any, ...]]:
    """Return the rows shown of those `matters` that the viewer may see in full."""
    rows = connection.execute(
        "SELECT m.id, m.number, m.title, m.who, m.state, m.received_on FROM matter m "
        f"WHERE m.id IN (SELECT value FROM json_each(?)) AND ({visible_sql})",
        (_listed(list(matters)), *visible_params),
    ).fetchall()
    return {row[0]: row for row in rows}


def _hint(row: tuple[Any, ...], found: _Found) -> Hint:
    matter, number, title, who, state, received_on = row
    reasons = sorted(found.person, key=lambda reason: -found.person[reason])
    if found.text:
        reasons.append(("text", f"{found.text:.0%}"))
    return Hint(
        matter=matter,
        number=number,
        title=title,
        who=who,
        state=state,
        received_on=date.fromisoformat(received_on),
        same="both" if found.person and found.text else "person" if found.person else "substance",
        reasons=tuple(reasons),
        score=round(1 - (1 - found.person_score) * (1 - found.text), 4),
    )


def _chosen(all_hints: Sequence[Hint], limit: int) -> tuple[Hint, ...]:
    """Return the best hints: both tests first, then the two kinds in turn, so that neither hides the other."""
    ordered = sorted(all_hints, key=lambda hint: (hint.score, hint.received_on, hint.matter), reverse=True)
    kinds = {kind: [hint for hint in ordered if hint.same == kind] for kind in ("both", "person", "substance")}
    chosen = kinds["both"][:limit]
    turns = [kinds["person"], kinds["substance"]]
    while len(chosen) < limit and any(turns):
        turn = turns.pop(0)
        if turn:
            chosen.append(turn.pop(0))
        turns.append(turn)
    return tuple(chosen)


def _listed(values: Sequence[int]) -> str:
    return "[" + ",".join(map(str, values)) + "]"
