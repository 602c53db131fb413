"""Journal entries as columns: the body of a batch before compression.

Rows of like shape (same table, same columns, new or changed) stand together, one list per column, because that
compresses to about three quarters of the row-wise form. No hash is carried except where a payload is gone: the
receiver recomputes commitments and entry hashes. Whatever cannot be rebuilt to the very same bytes from columns is
carried as it is, so decoding returns exactly what was encoded.

Layout, as one msgpack array (docs/format/batch.md): acts, act of each entry, instants, hybrid instants, monotonic
differences, actors, actor of each entry, matters, positions without payload and their commitments, salts, number of
changes of each payload, raw payloads, shapes, shape of each change, columns of each shape.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from typing import Any

import msgpack
import orjson

from models.hlc import LOWER_BITS
from models.journal import GENESIS, SALT_BYTES, Change, Entry, commit_payload, encode_payload, header_hash

PLAIN, DELTAS = 0, 1
RAW = -1
_INT_LIMIT = 1 << 63
_DELTA_LIMIT = 1 << 62
_HASH_BYTES = 32
_PARTS = 15
_WHOLE = frozenset({int, type(None)})


def encode_entries(entries: Sequence[Entry]) -> bytes:
    """Return the body of `entries`: one device, gapless, in order, at least one.

    Raises:
        ValueError: An entry has a payload without a salt of 16 bytes, or the reverse.
    """
    for entry in entries:
        if (entry.payload is None) != (entry.salt is None) or len(entry.salt or bytes(SALT_BYTES)) != SALT_BYTES:
            raise ValueError(f"entry {entry.seq}: payload and salt go together")
    try:
        packed: bytes = msgpack.packb(_body(entries, _plain_changes))
    except (
        ValueError,
        TypeError,
        OverflowError,
        RecursionError,
    ):  # some payload is JSON, but nothing that msgpack takes
        packed = msgpack.packb(_body(entries, _packable_changes))
    return packed


def _body(entries: Sequence[Entry], changes_of: Callable[[bytes], list[Any] | None]) -> list[Any]:
    acts: dict[str, int] = {}
    actors: dict[int, int] = {}
    absent = [place for place, entry in enumerate(entries) if entry.payload is None]
    salts = b"".join(entry.salt or b"" for entry in entries)
    counts: list[int] = []
    raw: list[bytes] = []
    shapes: dict[tuple[str, bool, tuple[str, ...]], int] = {}
    order: list[int] = []
    groups: list[list[tuple[Any, ...]]] = []
    for entry in entries:
        if entry.payload is None:
            continue
        changes = changes_of(entry.payload)
        if changes is None:
            counts.append(RAW)
            raw.append(entry.payload)
            continue
        counts.append(len(changes))
        for table, row, seen, columns in changes:
            key = (table, seen is None, tuple(columns))
            number = shapes.get(key)
            if number is None:
                number = shapes[key] = len(groups)
                groups.append([])
            groups[number].append((row, seen, *columns.values()))
            order.append(number)
    device = entries[0].device
    act_of = [acts.setdefault(entry.act, len(acts)) for entry in entries]
    actor_of = [actors.setdefault(entry.actor, len(actors)) for entry in entries]
    return [
        list(acts),
        act_of,
        _column([entry.at_ms for entry in entries]),
        _column([entry.hlc - (entry.at_ms << LOWER_BITS | device) for entry in entries], plain=True),
        _column([entry.mono_ms for entry in entries], plain=True),
        list(actors),
        actor_of,
        _column([entry.matter for entry in entries]),
        absent,
        b"".join(entries[place].commitment for place in absent),
        salts,
        counts,
        raw,
        [[table, new, list(names)] for table, new, names in shapes],
        [order, [[_column(list(values)) for values in zip(*group, strict=True)] for group in groups]],
    ]


def decode_entries(
    body: bytes, *, device: int, first: int, prev: bytes = GENESIS
) -> tuple[list[Entry], list[list[Change] | None]]:
    """Return the entries of a body, with commitments and hashes recomputed, and the changes of each payload.

    The changes are None where the payload is gone and also where it was carried raw (decode it with
    `models.journal.decode_payload`).

    Raises:
        ValueError: The body is not one, or its parts do not fit each other.
    """
    try:
        return _decode(body, device, first, prev)
    except (
        TypeError,
        IndexError,
        KeyError,
        AttributeError,
        OverflowError,
        RecursionError,
        msgpack.UnpackException,
    ) as error:
        raise ValueError(f"body: {type(error).__name__}") from error


def _decode(body: bytes, device: int, first: int, prev: bytes) -> tuple[list[Entry], list[list[Change] | None]]:
    parts = msgpack.unpackb(body)
    if not isinstance(parts, list) or len(parts) != _PARTS:
        raise ValueError("parts")
    (
        acts,
        act_of,
        at,
        hlc,
        mono,
        actors,
        actor_of,
        matters,
        absent,
        gone,
        salts,
        counts,
        raw,
        shapes,
        (order, groups),
    ) = parts
    ats, hlcs, monos, matters = _values(at), _values(hlc), _values(mono), _values(matters)
    size = len(act_of)
    present = size - len(absent)
    if not (size == len(ats) == len(hlcs) == len(monos) == len(matters) == len(actor_of)):
        raise ValueError("columns of the entries differ in length")
    _check_kinds(acts, (ats, hlcs, monos, actors), matters)
    if len(salts) != SALT_BYTES * present or len(counts) != present or len(gone) != _HASH_BYTES * len(absent):
        raise ValueError("salts")
    changes = _all_changes(shapes, order, groups)
    missing = {place: gone[_HASH_BYTES * n : _HASH_BYTES * (n + 1)] for n, place in enumerate(absent)}
    if len(missing) != len(absent):
        raise ValueError("absent")
    instants = [own + (at_ms << LOWER_BITS | device) for own, at_ms in zip(hlcs, ats, strict=True)]
    _check_numbers(acts, (ats, instants, monos, actors, [matter for matter in matters if matter is not None]))
    entries: list[Entry] = []
    decoded: list[list[Change] | None] = []
    taken = used = raws = 0
    heads = zip(ats, instants, monos, actor_of, act_of, matters, strict=True)
    for place, (at_ms, instant, mono_ms, actor_at, act_at, matter) in enumerate(heads):
        own: list[Change] | None = None
        payload = salt = None
        if place in missing:
            commitment = missing[place]
        else:
            count = counts[taken]
            salt = salts[SALT_BYTES * taken : SALT_BYTES * (taken + 1)]
            taken += 1
            if count == RAW:
                payload = raw[raws]
                if type(payload) is not bytes:  # of a number, `bytes` would make as many zeros
                    raise ValueError("a payload is not bytes")
                raws += 1
            else:
                own = changes[used : used + count]
                used += count
                payload = encode_payload(own)
            commitment = commit_payload(salt, payload)
        seq, actor, act = first + place, actors[actor_at], acts[act_at]
        own_hash = header_hash(
            device=device, seq=seq, at_ms=at_ms, hlc=instant, mono_ms=mono_ms, actor=actor, act=act, matter=matter,
            commitment=commitment, prev=prev,
        )  # fmt: skip
        entries.append(
            Entry(
                device=device, seq=seq, at_ms=at_ms, hlc=instant, mono_ms=mono_ms, actor=actor, act=act, matter=matter,
                payload=payload, salt=salt, commitment=commitment, prev=prev, hash=own_hash,
            )
        )  # fmt: skip
        prev = own_hash
        decoded.append(own)
    if used != len(changes) or raws != len(raw):
        raise ValueError("left over")
    return entries, decoded


def _check_numbers(acts: Sequence[str], columns: Sequence[Sequence[int]]) -> None:
    """Refuse what no database can hold."""
    fit = all(min(column) >= -_INT_LIMIT and max(column) < _INT_LIMIT for column in columns if column)
    if not fit or any("\0" in act for act in acts):
        raise ValueError("no database can hold the head of an entry")


def _check_kinds(acts: list[Any], numbers: Sequence[list[Any]], matters: list[Any]) -> None:
    """Refuse what would hash all the same but fits no column of any table, such as half a millisecond."""
    whole = set().union(*(set(map(type, column)) for column in numbers))
    if not (whole <= {int} and set(map(type, matters)) <= {int, type(None)} and set(map(type, acts)) <= {str}):
        raise ValueError("the head of an entry is of another kind")


def _all_changes(shapes: list[Any], order: list[int], groups: list[Any]) -> list[Change]:
    if len(shapes) != len(groups):
        raise ValueError("shapes")
    rows: list[list[Change]] = []
    for (table, new, names), group in zip(shapes, groups, strict=True):
        ids, seens, *columns = [_values(column) for column in group]
        if len(columns) != len(names) or any(len(column) != len(ids) for column in (seens, *columns)):
            raise ValueError("columns of a shape differ in length")
        if new != all(seen is None for seen in seens) or not isinstance(table, str):
            raise ValueError("shape")
        by_row = zip(*columns, strict=True) if columns else ((),) * len(ids)
        rows.append(
            [
                # Versions that are none go on as they are: their entry alone waits, not its batch.
                Change(
                    table,
                    row,
                    tuple(seen) if isinstance(seen, list) else seen,
                    dict(zip(names, values, strict=True)),
                )
                for row, seen, values in zip(ids, seens, by_row, strict=True)
            ]
        )
    if len(order) != sum(map(len, rows)):
        raise ValueError("order")
    streams = [iter(changes) for changes in rows]
    return [next(streams[number], _NONE) for number in order]


_NONE = Change("", 0, None, {})


def _plain_changes(payload: bytes) -> list[Any] | None:
    """Return the changes as plain lists, or None when columns would not give back the same bytes."""
    try:
        changes = orjson.loads(payload)
        fits = isinstance(changes, list) and all(
            isinstance(change, list) and len(change) == 4 and isinstance(change[0], str) and isinstance(change[3], dict)
            for change in changes
        )
        if not fits or orjson.dumps(changes, option=orjson.OPT_SORT_KEYS) != payload:
            return None
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None
    return list(changes)


def _packable_changes(payload: bytes) -> list[Any] | None:
    """Return the same, and None also when msgpack does not take them."""
    try:
        changes = _plain_changes(payload)
        msgpack.packb(changes)
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None
    return changes


def _column(values: list[Any], *, plain: bool = False) -> list[Any]:
    """Return `[mode, values]`; whole numbers as differences, because ids and instants rise by little."""
    kinds = set(map(type, values))
    numbers: list[Any] = [] if plain or kinds - _WHOLE else [value for value in values if value is not None]
    if plain or kinds - _WHOLE or not all(-_DELTA_LIMIT < value < _DELTA_LIMIT for value in numbers):
        return [PLAIN, values]
    steps = iter([b - a for a, b in pairwise([0, *numbers])])
    return [DELTAS, [None if value is None else next(steps) for value in values]]


def _values(column: list[Any]) -> list[Any]:
    mode, values = column
    if mode == PLAIN:
        return list(values)
    if mode != DELTAS:
        raise ValueError("mode")
    if None not in values:
        return list(accumulate(values, initial=0))[1:]
    out: list[int | None] = []
    total = 0
    for step in values:
        if step is None:
            out.append(None)
        else:
            total += step
            out.append(total)
    return out
