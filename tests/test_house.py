"""Tests about the house itself: stairs, layout, lock, documents and set-up say what they should."""

from __future__ import annotations

import ast
import importlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import click
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOMS = ("app", "ui", "sync", "models", "resources")
TOP_LEVEL = {
    ".ci",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "Makefile",
    "README.md",
    "app",
    "docs",
    "installer",
    "models",
    "pyproject.toml",
    "requirements.lock",
    "resources",
    "sync",
    "tests",
    "ui",
}
ROOM_LINES = 500
SETUP = "installer/debian/setup.sh"


def tracked(root: Path) -> list[Path]:
    """Return the files under version control, or without git or a repository all that make did not make."""
    git = shutil.which("git")
    if git and (root / ".git").exists():
        # safe.directory: the checkout may belong to someone else than the person who tests it.
        command = [git, "-c", f"safe.directory={root}", "-C", str(root), "ls-files", "-z"]
        names = subprocess.run(command, check=True, capture_output=True).stdout.decode().split("\0")
        return [path for name in names if name and (path := root / name).is_file()]
    made = {".git", ".venv", "build", "__pycache__"}
    return [
        path
        for path in root.rglob("*")
        if path.is_file()
        and not any(part in made or part.endswith(("_cache", ".egg-info")) for part in path.relative_to(root).parts)
        and ".hypothesis" not in path.parts
    ]


def room_files(root: Path) -> list[Path]:
    return [path for path in tracked(root) if path.suffix == ".py" and path.relative_to(root).parts[0] in ROOMS]


def texts(root: Path) -> list[tuple[str, str]]:
    """Return name and content of each tracked text file."""
    found = []
    for path in tracked(root):
        content = path.read_bytes()
        if b"\0" not in content[:8192]:
            found.append((path.relative_to(root).as_posix(), content.decode("utf-8", errors="replace")))
    return found


# --- stairs and rooms


@pytest.mark.parametrize("room", ["models", "sync", "resources"])
def test_lower_rooms_never_load_qt(root: Path, room: str) -> None:
    program = (
        "import importlib, pkgutil, sys\n"
        f"sys.path.insert(0, {str(root)!r})\n"
        f"import {room}\n"
        f"names = [m.name for m in pkgutil.walk_packages({room}.__path__, '{room}.')]\n"
        "for name in names: importlib.import_module(name)\n"
        "loaded = sorted(n for n in sys.modules if n.split('.')[0] in ('PySide6', 'shiboken6', 'app', 'ui'))\n"
        "sys.exit(f'loaded: {loaded}' if loaded else 0)\n"
    )
    run = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_only_ui_and_app_name_qt(root: Path) -> None:
    for path in room_files(root):
        if path.relative_to(root).parts[0] in ("ui", "app"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            modules = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            assert not [m for m in modules if m.split(".")[0] in ("PySide6", "qtpy", "qtawesome")], path


def test_each_room_is_read_in_one_sitting_and_tells_its_subject(root: Path) -> None:
    for path in room_files(root):
        source = path.read_text("utf-8")
        assert source.count("\n") <= ROOM_LINES, f"{path} is several rooms"
        assert ast.get_docstring(ast.parse(source)), f"{path} does not tell its subject"


def test_each_exception_to_the_linters_has_its_reason(root: Path) -> None:
    bare = re.compile(r"#\s*(?:noqa(?!:\s*[A-Z]+\d+.*\s\S{3,})|type:\s*ignore(?!\[[\w, -]+\]\s*(?:#|--|—)\s*\S+))")
    for path in room_files(root):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            assert not bare.search(line), f"{path}:{number}: {line.strip()}"


def test_top_level_is_what_the_design_names(root: Path) -> None:
    assert {path.relative_to(root).parts[0] for path in tracked(root)} <= TOP_LEVEL


def test_no_file_knows_where_it_was_made(root: Path) -> None:
    # Put together from halves, so that this file does not find itself.
    forbidden = [
        "/work/" + "main",
        "/work/" + "shared",
        "../" + "shared",
        "/tmp/" + "pd",
        "/opt/" + "wheels",
        "/root/" + ".",
        "pypi." + "org",
        "python" + "hosted",
        "deb." + "debian.org",
        "npmjs." + "org",
        "--index" + "-url",
        "--extra-index" + "-url",
    ]
    found = [f"{name}: {word}" for name, content in texts(root) for word in forbidden if word in content]
    assert not found


def test_no_personal_key_or_register_is_tracked(root: Path) -> None:
    for path in tracked(root):
        assert path.suffix not in {".pyc", ".so", ".whl"}, f"made by a program: {path}"
        if path.relative_to(root).parts[:2] == ("tests", "old_files"):
            continue
        assert path.suffix not in {".register", ".keys", ".keyring", ".pem", ".key", ".p12", ".pfx"}, path
        assert b"PRIVATE " + b"KEY-----" not in path.read_bytes(), path


def test_the_built_package_carries_every_file_of_the_rooms(root: Path, tmp_path: Path) -> None:
    rooms = [path.relative_to(root) for path in tracked(root) if path.relative_to(root).parts[0] in ROOMS]
    for name in [*rooms, Path("pyproject.toml"), Path("README.md")]:
        (tmp_path / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / name, tmp_path / "tree" / name)
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--no-index", "--no-deps"]
    command += ["--no-build-isolation", "--wheel-dir", str(tmp_path), str(tmp_path / "tree")]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    assert {path.as_posix() for path in rooms} - set(zipfile.ZipFile(wheel).namelist()) == set()


# --- the lock


def locked(root: Path) -> dict[str, tuple[str, int]]:
    """Return name -> (version, number of hashes) from requirements.lock."""
    entries: dict[str, tuple[str, int]] = {}
    name = ""
    for line in (root / "requirements.lock").read_text("utf-8").splitlines():
        if start := re.match(r"([A-Za-z0-9._-]+)==(\S+)(?: ; .*)? \\$", line):
            name = canonicalize_name(start[1])
            entries[name] = (start[2], 0)
        elif re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?", line):
            version, count = entries[name]
            entries[name] = (version, count + 1)
        else:
            assert not line or line.lstrip().startswith("#"), f"not a pin, a hash or a comment: {line}"
    return entries


def test_lock_pins_everything_with_hashes_and_names_no_address(root: Path) -> None:
    entries = locked(root)
    assert len(entries) > 40
    assert [name for name, (_, hashes) in entries.items() if not hashes] == []
    assert "://" not in (root / "requirements.lock").read_text("utf-8")
    # Files for other systems than the one that made the lock: a lock made from local builds has one hash each.
    for name in ("cryptography", "sqlcipher3", "orjson", "pillow"):
        assert entries[name][1] > 10, name


def test_lock_satisfies_pyproject(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    entries = locked(root)
    for text in project["dependencies"] + project["optional-dependencies"]["dev"]:
        requirement = Requirement(text)
        version, _ = entries[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), f"{text}, but {version} is locked: make lock"


def imported_names(paths: list[Path]) -> set[str]:
    """Return the first parts of all modules that the files import."""
    names: set[str] = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    return names


def test_pyproject_names_what_the_rooms_import_and_nothing_else(root: Path) -> None:
    modules = {"pyside6-essentials": "PySide6", "pyside6-pdf": "PySide6", "sqlite-utils": "sqlite_utils"}
    modules |= {"fonttools": "fontTools", "xlsxwriter": "xlsxwriter", "import-linter": "importlinter"}
    modules |= {"python-docx": "docx", "pillow": "PIL"}
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {
        modules.get(name := canonicalize_name(Requirement(text).name), name.replace("-", "_")): name
        for text in project["dependencies"]
    }
    # shiboken6 is the half of PySide6 that tells whether a Qt object still lives: the same wheels bring it.
    used = {n for n in imported_names(room_files(root)) if n not in sys.stdlib_module_names} - {*ROOMS, "shiboken6"}
    assert used - set(declared) == set(), "imported, but not declared in pyproject.toml"
    assert set(declared) - used == set(), "declared in pyproject.toml, but imported nowhere"


# --- make and the documents


def make_targets(root: Path) -> dict[str, str]:
    """Return target -> explanation of the Makefile."""
    lines = (root / "Makefile").read_text("utf-8").splitlines()
    return {m[1]: m[2] for line in lines if (m := re.match(r"([a-z-]+):[^#]*## +(.+)", line))}


def test_make_help_lists_every_target(root: Path) -> None:
    targets = make_targets(root)
    assert {"run", "test", "demo", "bench", "lint", "help"} <= set(targets)
    phony = re.search(r"^\.PHONY: (.+)$", (root / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert phony
    assert set(phony[1].split()) - {"system"} == set(targets)
    if make := shutil.which("make"):
        told = subprocess.run([make, "-s", "-C", str(root)], check=True, capture_output=True, text=True).stdout
        for target, explanation in targets.items():
            assert re.search(rf"make {target} +{re.escape(explanation)}", told)


def test_no_make_target_is_dead(root: Path) -> None:
    makefile = (root / "Makefile").read_text("utf-8")
    for module in re.findall(r"-m (tests\.[\w.]+)", makefile):
        assert (root / Path(*module.split("."))).with_suffix(".py").is_file(), f"{module} is not there"


def test_readme_names_the_two_commands(root: Path) -> None:
    readme = (root / "README.md").read_text("utf-8")
    assert "make run" in readme
    assert "make test" in readme


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"])
def test_links_of_the_documents_lead_somewhere(root: Path, name: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", (root / name).read_text("utf-8")):
        if "://" not in target:
            assert (root / target).exists(), f"{name}: {target}"


def verbs(command: click.Command, path: str) -> list[str]:
    """Return the full names of all commands below this one."""
    if not isinstance(command, click.Group):
        return [path]
    context = click.Context(command)
    return [
        name
        for verb in command.list_commands(context)
        if (sub := command.get_command(context, verb)) is not None
        for name in verbs(sub, f"{path} {verb}")
    ]


@pytest.mark.parametrize(("module", "program"), [("app.commands", "petition-desk"), ("app.hub", "petition-hub")])
def test_every_verb_is_documented(root: Path, module: str, program: str) -> None:
    command = importlib.import_module(module).main
    assert isinstance(command, click.Command)
    documents = [root / "README.md", root / "ARCHITECTURE.md", *sorted((root / "docs").rglob("*.md"))]
    told = "\n".join(path.read_text("utf-8") for path in documents)
    missing = [verb for verb in verbs(command, program) if not re.search(re.escape(verb) + r"(?![\w-])", told)]
    assert not missing, "a verb that no document names"


# --- what a bare machine lacks


def run_setup(root: Path, folder: Path, programs: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run setup.sh on a machine whose programs of these names are replaced by these shell scripts."""
    stand_ins = folder / "bin"
    stand_ins.mkdir()
    for name, script in programs.items():
        (stand_ins / name).write_text(f"#!/bin/sh\n{script}\n")
        (stand_ins / name).chmod(0o755)
    environment = {"PATH": f"{stand_ins}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    command = ["sh", str(root / SETUP), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


needs_debian = pytest.mark.skipif(not shutil.which("dpkg-query"), reason="not a Debian system")
NOTHING_INSTALLED = {"dpkg-query": "exit 1"}


@needs_debian
def test_setup_calls_no_apt_when_all_is_there(root: Path, tmp_path: Path) -> None:
    programs = {
        "dpkg-query": "echo installed",
        "apt-get": f"touch {tmp_path}/called",
        "sudo": f"touch {tmp_path}/called",
    }
    run = run_setup(root, tmp_path, programs)
    assert run.returncode == 0
    assert (run.stdout, run.stderr) == ("", "")
    assert not (tmp_path / "called").exists()


def test_setup_names_the_exact_line_when_it_may_not_install(root: Path, tmp_path: Path) -> None:
    programs = NOTHING_INSTALLED | {"id": "echo 1000", "sudo": "exit 1", "apt-get": f"touch {tmp_path}/called"}
    run = run_setup(root, tmp_path, programs)
    assert run.returncode == 1
    packages = " ".join(run_setup_list(root))
    assert f"apt-get update && apt-get install --yes --no-install-recommends {packages}" in run.stderr
    assert not (tmp_path / "called").exists()


def test_setup_installs_only_what_is_missing(root: Path, tmp_path: Path) -> None:
    programs = {
        "dpkg-query": 'for last; do :; done; [ "${last%t64}" = libegl1 ] || echo installed',
        "id": "echo 0",
        "apt-get": f'echo "$@" >> {tmp_path}/called',
    }
    assert run_setup(root, tmp_path, programs).returncode == 0
    called = (tmp_path / "called").read_text().splitlines()
    assert called == ["update -q", "install -q --yes --no-install-recommends libegl1"]


def test_setup_uses_sudo_only_when_it_asks_no_question(root: Path, tmp_path: Path) -> None:
    programs = NOTHING_INSTALLED | {
        "id": "echo 1000",
        "sudo": f'[ "$1" = -n ] || echo "$@" >> {tmp_path}/called',
    }
    assert run_setup(root, tmp_path, programs).returncode == 0
    assert (tmp_path / "called").read_text().startswith("apt-get update -q\nenv DEBIAN_FRONTEND=noninteractive apt-get")


def test_setup_tells_the_line_when_apt_fails(root: Path, tmp_path: Path) -> None:
    run = run_setup(root, tmp_path, NOTHING_INSTALLED | {"id": "echo 0", "apt-get": "exit 100"})
    assert run.returncode == 1
    assert "apt-get update && apt-get install" in run.stderr


@needs_debian
def test_setup_goes_on_when_only_tests_would_miss_something(root: Path, tmp_path: Path) -> None:
    programs = {
        "dpkg-query": 'for last; do :; done; [ "$last" != "${last#zbar}" ] || echo installed',
        "id": "echo 0",
        "apt-get": "exit 100",
    }
    run = run_setup(root, tmp_path, programs)
    assert run.returncode == 0
    assert "apt-get install --yes --no-install-recommends zbar-tools'" in run.stderr
    assert "only a few tests are left out" in run.stderr


def test_setup_knows_libraries_by_their_later_names(root: Path, tmp_path: Path) -> None:
    programs = {
        "dpkg-query": 'for last; do :; done; [ "$last" = libglib2.0-0 ] || echo installed',
        "apt-get": f"touch {tmp_path}/called",
    }
    assert run_setup(root, tmp_path, programs).returncode == 0
    assert not (tmp_path / "called").exists()


def run_setup_list(root: Path) -> list[str]:
    """Return the packages that setup.sh asks for."""
    return subprocess.run(
        ["sh", str(root / SETUP), "--list"], check=True, capture_output=True, text=True
    ).stdout.split()


def test_setup_lists_each_package_once(root: Path) -> None:
    packages = run_setup_list(root)
    assert len(packages) == len(set(packages))
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9+.-]+", package) for package in packages)
