"""People as they are typed: identity numbers, telephone numbers, names. Every finding here is a doubt, never a bar.

Identity numbers follow GB 11643-1999 with the check character of ISO 7064 MOD 11-2; the 15-digit form of the older
cards (6 address + 6 birth date + 3 sequence) is allowed in old records and compared with its 18-digit form. Cards
under the old rules ceased on 2013-01-01 (居民身份证法 Art. 23). Codes of organisations follow GB 32100-2015. A
failed check is a warning: an unclear or missing number never blocks a petitioner (domain reference, section 11).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import replace
from datetime import date

from models import names
from models.records import Doubt, ItemDraft, PersonDraft

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_CREDIT_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ID_18 = re.compile(r"[0-9]{17}[0-9X]")
_ID_15 = re.compile(r"[0-9]{15}")
_CREDIT = re.compile(f"[{_CREDIT_LETTERS}]{{18}}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0[1-9][0-9]{1,2}[2-9][0-9]{6,7}|[2-9][0-9]{6,7}|[48]00[0-9]{7}|1[0-9]{2,4}")

CITIZEN_ID_KINDS = frozenset({"", "111", "112", "113"})
"""Codes of documents that bear the citizen number; also taken when no kind is given."""
PROVINCES = frozenset(
    str(number)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for number in range(first, last + 1)
)
"""First two digits of address codes (GB/T 2260), with 83 of the residence permits for Taiwan residents."""
OLDEST_YEARS = 130


def clean_id_number(text: str) -> str:
    """Return an identity number as it is stored: half width, no blanks or dashes, capital X."""
    return re.sub(r"[\s\-‐-―]", "", unicodedata.normalize("NFKC", text)).upper()


def check_character(first_17: str) -> str:
    """Return the check character of the first 17 digits of a citizen number (GB 11643-1999; ISO 7064 MOD 11-2)."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True)) % 11]


def to_18_digits(id_15: str) -> str:
    """Return the 18-digit form of a 15-digit number: births of the 20th century, as all old cards were."""
    first_17 = f"{id_15[:6]}19{id_15[6:]}"
    return first_17 + check_character(first_17)


def id_forms(text: str) -> tuple[str, ...]:
    """Return the forms under which one identity number may stand in the register: as cleaned, then its other length.

    An 18-digit number has a 15-digit form only for a birth in the 20th century. Empty for an empty text.
    """
    cleaned = clean_id_number(text)
    if _ID_15.fullmatch(cleaned):
        return cleaned, to_18_digits(cleaned)
    if _ID_18.fullmatch(cleaned) and cleaned[6:8] == "19":
        return cleaned, cleaned[:6] + cleaned[8:17]
    return (cleaned,) if cleaned else ()


def birth_date(id_number: str) -> date | None:
    """Return the birth date written in a citizen number of 15 or 18 digits; None when there is none that can be."""
    cleaned = clean_id_number(id_number)
    if _ID_15.fullmatch(cleaned):
        digits = "19" + cleaned[6:12]
    elif _ID_18.fullmatch(cleaned):
        digits = cleaned[6:14]
    else:
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def id_doubts(
    text: str, *, on: date, known_codes: Collection[str] | None = None, field: str = "id_number"
) -> tuple[Doubt, ...]:
    """Return what is doubtful about a citizen number; empty when nothing is, or nothing was typed.

    Args:
        text: As typed.
        on: The day; a birth after it, or more than 130 years before it, is doubtful.
        known_codes: Six-digit division codes, present and former; None: only the province is looked at.
        field: Name of the input, for the doubts.
    """
    cleaned = clean_id_number(text)
    if not cleaned:
        return ()
    is_15 = _ID_15.fullmatch(cleaned) is not None
    if not is_15 and _ID_18.fullmatch(cleaned) is None:
        return (
            Doubt(
                field=field,
                zh=f"公民身份号码应为 18 位数字（末位可为 X），现为 {len(cleaned)} 位。请与证件核对；不影响登记。",
                en=f"A citizen number has 18 digits (the last may be X); this has {len(cleaned)} characters. "
                "Compare it with the card; registration is not held up.",
            ),
        )
    doubts = []
    if is_15:
        doubts.append(
            Doubt(
                field=field,
                zh="15 位号码的旧证已于 2013 年 1 月 1 日停用，只应见于旧档案。请与证件核对。",
                en="Cards with 15 digits ceased on 1 January 2013; such a number belongs to old records only. "
                "Compare it with the card.",
            )
        )
    elif check_character(cleaned[:17]) != cleaned[17]:
        doubts.append(
            Doubt(
                field=field,
                zh=f"公民身份号码的校验码不符：末位为 {cleaned[17]}，按前 17 位应为 {check_character(cleaned[:17])}。"
                "请与证件核对；不影响登记。",
                en=f"The check character does not fit: it is {cleaned[17]}, from the first 17 digits it would be "
                f"{check_character(cleaned[:17])}. Compare it with the card; registration is not held up.",
            )
        )
    born = birth_date(cleaned)
    if born is None or born > on or on.year - born.year > OLDEST_YEARS:
        written = f"19{cleaned[6:12]}" if is_15 else cleaned[6:14]
        doubts.append(
            Doubt(
                field=field,
                zh=f"号码中的出生日期 {written} 不可能。请与证件核对；不影响登记。",
                en=f"The birth date in the number, {written}, cannot be. "
                "Compare it with the card; registration is not held up.",
            )
        )
    if cleaned[:2] not in PROVINCES or (
        known_codes is not None and cleaned[:6] not in known_codes and cleaned[2:6] != "0000"
    ):
        doubts.append(
            Doubt(
                field=field,
                zh=f"号码开头的地址码 {cleaned[:6]} 不在区划代码中（代码会变动，仅供核对）。",
                en=f"The address code {cleaned[:6]} is not among the division codes (codes change; only look again).",
            )
        )
    return tuple(doubts)


def credit_code_check(first_17: str) -> str:
    """Return the check character of the first 17 characters of a unified social credit code (GB 32100-2015, MOD 31)."""
    total = sum(_CREDIT_LETTERS.index(letter) * pow(3, place, 31) for place, letter in enumerate(first_17))
    return _CREDIT_LETTERS[-total % 31]


def credit_code_doubts(text: str, *, field: str = "id_number") -> tuple[Doubt, ...]:
    """Return what is doubtful about the unified social credit code of an organisation."""
    cleaned = clean_id_number(text)
    if not cleaned:
        return ()
    if _CREDIT.fullmatch(cleaned) is None or credit_code_check(cleaned[:17]) != cleaned[17]:
        return (
            Doubt(
                field=field,
                zh="统一社会信用代码应为 18 位（不用 I、O、S、V、Z）且校验码相符。请与证照核对；不影响登记。",
                en="A unified social credit code has 18 characters (no I, O, S, V, Z) and a check character that "
                "fits. Compare it with the licence; registration is not held up.",
            ),
        )
    return ()


def clean_phone(text: str) -> str:
    """Return a telephone number as it is compared: digits only, without the country code."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", text))
    for prefix in ("0086", "86", "0"):
        if digits.startswith(prefix) and _MOBILE.fullmatch(digits.removeprefix(prefix)):
            return digits.removeprefix(prefix)
    if digits.startswith("0086"):
        return "0" + digits[4:].removeprefix("0")
    return digits


def phone_forms(text: str) -> tuple[str, ...]:
    """Return the numbers of a telephone field as digits, each once; a field may hold several numbers."""
    parts = re.split(r"[,;、，；/\n]| +(?=1[3-9]\d{9})", unicodedata.normalize("NFKC", text))
    return tuple(dict.fromkeys(number for number in map(clean_phone, parts) if len(number) >= 3))


def phone_doubts(text: str, *, field: str = "phone") -> tuple[Doubt, ...]:
    """Return what is doubtful about a telephone field."""
    wrong = [number for number in phone_forms(text) if not (_MOBILE.fullmatch(number) or _LANDLINE.fullmatch(number))]
    if text.strip() and (wrong or not phone_forms(text)):
        shown = "、".join(wrong) or text.strip()
        return (
            Doubt(
                field=field,
                zh=f"电话号码 {shown} 不像手机或固定电话号码。请核对；不影响登记。",
                en=f"{shown} does not look like a mobile or landline number. Look again; registration is not held up.",
            ),
        )
    return ()


def doubts(draft: ItemDraft, on: date, known_codes: Collection[str] | None = None) -> tuple[Doubt, ...]:
    """Return every doubt about the people of a draft; fields are named `people.N.column`, N counted from 0.

    Args:
        draft: As typed so far.
        on: The day.
        known_codes: Six-digit division codes, present and former; None: only the province is looked at.
    """
    return tuple(
        replace(doubt, field=f"people.{place}.{doubt.field}")
        for place, person in enumerate(draft.people)
        for doubt in person_doubts(person, on=on, known_codes=known_codes)
    )


def person_doubts(person: PersonDraft, *, on: date, known_codes: Collection[str] | None = None) -> tuple[Doubt, ...]:
    """Return every doubt about one person as typed, in the order of the form."""
    found: list[Doubt] = []
    if person.kind == "organisation":
        found += credit_code_doubts(person.id_number) if len(clean_id_number(person.id_number)) == 18 else ()
    elif person.id_kind in CITIZEN_ID_KINDS:
        found += id_doubts(person.id_number, on=on, known_codes=known_codes)
        written = birth_date(person.id_number)
        if person.born_on and written and written != person.born_on:
            found.append(
                Doubt(
                    field="born_on",
                    zh=f"填写的出生日期 {person.born_on} 与身份号码中的 {written} 不同。请核对；不影响登记。",
                    en=f"The birth date entered, {person.born_on}, differs from {written} in the number. "
                    "Look again; registration is not held up.",
                )
            )
    found += phone_doubts(person.phone)
    return tuple(found)


def same_name(one: str, other: str) -> bool:
    """Return whether two names are written alike, apart from width, case, blanks and name dots."""
    return bool(one.strip()) and names.fold_name(one) == names.fold_name(other)


def homophones(one: str, other: str) -> bool:
    """Return whether two names are written differently and sound alike, the tones aside (张伟, 章玮)."""
    return not same_name(one, other) and names.homophone_key(one) == names.homophone_key(other)


def sound_near(one: str, other: str) -> bool:
    """Return whether two names may be taken for one another by ear, the differences of southern speech levelled."""
    return not same_name(one, other) and names.near_key(one) == names.near_key(other)
