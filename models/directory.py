"""The bureau's people and units: who may open the register, in which roles, and where matters can be sent inside.

A new person gets a key slot in the same step as the row: the slot first, then the act, so that nobody stands in the
register who cannot open it; if the act fails the slot is taken out again. People who leave keep their row (the journal
names them) and lose their slot.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import orjson

from models import codes, errors, keyring, policy
from models.records import Staff

if TYPE_CHECKING:
    from models.register import NewPerson, Register

KEEPERS = frozenset({"KEEPER"})


def add_person(register: Register, person: NewPerson, *, by: Staff, at: datetime) -> int:
    """Add a person with a key slot of their own; returns the row's id.

    Raises:
        NotAllowedError: `by` is no keeper.
        InputError: The login is taken, a role is unknown, the passphrase too short.
    """
    from models.register import person_row

    policy.require_role(by, KEEPERS, "增加人员", "add people")
    _check(register, person)
    keys = keyring.Keys.new(register.keys.register_key)
    keyring.put_slot(register.path, person.login, person.passphrase, keys)
    try:
        with register.act("add_staff", by=by, at=at) as act:
            return act.insert("staff", person_row(person, keys, person.unit))
    except BaseException:
        keyring.drop_slot(register.path, person.login)
        raise


def _check(register: Register, person: NewPerson) -> None:
    if not person.login.strip() or not person.name.strip():
        raise errors.InputError("login", "须填写登录名和姓名。", "A login and a name are needed.")
    taken = register.row("SELECT 1 FROM staff WHERE login=?", (person.login,))
    if taken or person.login in keyring.logins(register.path):
        raise errors.InputError(
            "login",
            f"登录名“{person.login}”已被使用，请换一个。",
            f"The login “{person.login}” is taken; choose another.",
        )
    unknown = person.roles - set(policy.ROLES)
    if unknown or not person.roles:
        known = "、".join(f"{role}（{codes.word('role', role, 'zh')}）" for role in policy.ROLES)
        raise errors.InputError(
            "roles",
            f"角色无效：{'、'.join(sorted(unknown)) or '未填写'}。可用：{known}。",
            f"Not a role: {', '.join(sorted(unknown)) or 'none given'}. There are: {', '.join(policy.ROLES)}.",
        )
    if person.unit is not None and person.unit not in register.units():
        raise errors.InputError("unit", f"没有这个单位：{person.unit}。", f"There is no such unit: {person.unit}.")


def close_person(register: Register, login: str, *, by: Staff, at: datetime) -> None:
    """Let a person go: the key slot is removed, the row stays, marked as closed.

    The register's own key does not change by this: who copied the file and knew a passphrase before keeps that copy.

    Raises:
        NotAllowedError: `by` is no keeper, or would close their own login.
        InputError: There is no such person.
        RuleError: It is the last slot.
    """
    policy.require_role(by, KEEPERS, "停用人员", "close a login")
    found = register.row("SELECT id FROM staff WHERE login=? AND closed IS NOT 1", (login,))
    if found is None:
        raise errors.InputError("login", f"没有在用的登录名“{login}”。", f"There is no active login “{login}”.")
    if login == by.login:
        raise errors.NotAllowedError(
            "不能停用自己的登录名，请由另一名管理员办理。", "Nobody closes their own login; another keeper does."
        )
    with register.act("close_staff", by=by, at=at) as act:
        act.set("staff", found[0], closed=True)
    keyring.drop_slot(register.path, login)


def set_roles(register: Register, login: str, roles: frozenset[str], *, by: Staff, at: datetime) -> None:
    """Give a person other roles.

    Raises:
        NotAllowedError: `by` is no keeper.
        InputError: No such person or role.
        RuleError: Nobody would be left as keeper.
    """
    policy.require_role(by, KEEPERS, "更改角色", "change roles")
    person = next((person for person in register.staff().values() if person.login == login), None)
    if person is None:
        raise errors.InputError("login", f"没有在用的登录名“{login}”。", f"There is no active login “{login}”.")
    unknown = roles - set(policy.ROLES)
    if unknown or not roles:
        raise errors.InputError(
            "roles",
            f"角色无效：{'、'.join(sorted(unknown)) or '未填写'}。可用：{'、'.join(policy.ROLES)}。",
            f"Not a role: {', '.join(sorted(unknown)) or 'none given'}. There are: {', '.join(policy.ROLES)}.",
        )
    others = [other for other in register.staff().values() if other.login != login and "KEEPER" in other.roles]
    if "KEEPER" in person.roles and "KEEPER" not in roles and not others:
        raise errors.RuleError("至少要保留一名系统管理员。", "One keeper at least must remain.")
    with register.act("set_roles", by=by, at=at) as act:
        act.set("staff", person.id, roles=orjson.dumps(sorted(roles)).decode())


def add_unit(
    register: Register, name: str, kind: str, *, short: str = "", police: str = "", by: Staff, at: datetime
) -> int:
    """Add a unit of the bureau or an organ next to it; returns its id.

    Raises:
        NotAllowedError: `by` is neither keeper nor petition-unit head.
        InputError: The name is empty or taken, or there is no such kind.
    """
    policy.require_role(by, KEEPERS | {"PU"}, "增加单位", "add units")
    if kind not in codes.codes("unit_kind"):
        known = "、".join(f"{code}（{codes.word('unit_kind', code, 'zh')}）" for code in codes.codes("unit_kind"))
        raise errors.InputError(
            "kind",
            f"没有“{kind}”这类单位。可用：{known}。",
            f"There is no kind of unit “{kind}”; use one of {', '.join(codes.codes('unit_kind'))}.",
        )
    if not name.strip() or name in register.units().values():
        raise errors.InputError(
            "name", f"单位名称为空或已有：“{name}”。", f"The unit's name is empty or taken: “{name}”."
        )
    with register.act("add_unit", by=by, at=at) as act:
        return act.insert("unit", {"name": name.strip(), "short": short, "kind": kind, "police": police})
