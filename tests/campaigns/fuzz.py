"""Fuzz the readers of what comes from outside: nothing but their own errors may come out.

    python -m tests.campaigns.fuzz MINUTES [READER ...]        each reader MINUTES minutes, one after another

Every reader is run by libFuzzer (atheris, guided by the branches of sync/ and models/) in a process of its own. Inputs
begin with the example files of docs/format and go behind check sums, signatures and seals: what is fuzzed is signed
and sealed anew with the example keys (`tests/campaigns/fuzzing/`). What an input reached is kept in
build/fuzz/READER/corpus and is where the next run begins; an input that brought out anything but a refusal is kept as
build/fuzz/READER/crash-* and is a finding.

Ends with one line of figures a reader; exit code 1 when there was a finding.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "fuzz"
READERS = ("batch", "receipt", "enrolment", "relay", "chunk", "said")
LENGTH_LIMIT_BYTES = 16 << 10
"""Longer inputs are not made: the examples have some two thousand bytes."""
SLOW_S = 10
MEMORY_MIB = 2048
TOLD_EVERY_S = 60


def make(name: str) -> Any:
    """Return the reader called `name`."""
    from tests.campaigns.fuzzing import batches, downward, papers

    readers = {
        "batch": batches.Reader, "receipt": papers.Receipts, "enrolment": papers.Enrolments,
        "relay": downward.Relays, "chunk": downward.Chunks, "said": downward.Said,
    }  # fmt: skip
    return readers[name]()


class Inputs:
    """What libFuzzer calls: one input in, counted; anything but a refusal goes up."""

    def __init__(self, reader: Any, summary: Path) -> None:
        self.reader = reader
        self.summary = summary
        self.outcomes: Counter[str] = Counter()
        self.begun = self.told = time.monotonic()

    def one(self, data: bytes) -> None:
        """Read one input."""
        self.outcomes[self.reader.one(data)] += 1
        now = time.monotonic()
        if now - self.told >= 1:
            self.told = now
            self.tell()

    def tell(self) -> None:
        """Write down what was reached so far."""
        figures = {"seconds": round(time.monotonic() - self.begun), "outcomes": dict(self.outcomes)}
        self.summary.write_text(json.dumps(figures), "utf-8")

    def change(self, data: bytes, size: int, seed: int) -> bytes:
        """Change an input: the tree inside it, or its bytes."""
        import atheris

        dice = Random(seed)
        if dice.random() < 0.7:
            try:
                made = self.reader.change(data, dice)
            except (ValueError, TypeError, OverflowError, RecursionError, AttributeError):
                made = None
            if made is not None and len(made) <= size:
                return bytes(made)
        return bytes(data[:1] + atheris.Mutate(data[1:], max(1, size - 1)))


def child(name: str, seconds: int) -> None:
    """Fuzz one reader in this process; libFuzzer ends it."""
    import atheris

    with atheris.instrument_imports(include=["sync", "models"], enable_loader_override=False):
        reader = make(name)
    folder = FOLDER / name
    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(reader.seeds()):
        (folder / "corpus" / f"seed-{number}").write_bytes(seed)
    inputs = Inputs(reader, folder / "summary.json")
    options = [
        f"-max_total_time={seconds}", f"-max_len={LENGTH_LIMIT_BYTES}", f"-timeout={SLOW_S}", "-use_value_profile=0",
        f"-rss_limit_mb={MEMORY_MIB}", f"-artifact_prefix={folder}/", "-print_final_stats=1", "-len_control=0",
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *options, str(folder / "corpus")], inputs.one, custom_mutator=inputs.change)
    atheris.Fuzz()


def fuzz(name: str, minutes: float) -> bool:
    """Fuzz one reader in a process of its own and print its line; returns whether nothing was found."""
    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    before = set(folder.glob("*-*"))
    (folder / "summary.json").unlink(missing_ok=True)
    command = [sys.executable, "-m", "tests.campaigns.fuzz", "--child", name, str(int(minutes * 60))]
    with (folder / "log").open("wb") as log:
        code = subprocess.run(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, check=False).returncode
    found = sorted(set(folder.glob("*-*")) - before)
    figures: dict[str, Any] = {"seconds": 0, "outcomes": {}}
    if (folder / "summary.json").exists():
        figures = json.loads((folder / "summary.json").read_text("utf-8"))
    outcomes = figures["outcomes"]
    reached = ", ".join(f"{code} {count:,}" for code, count in sorted(outcomes.items(), key=lambda one: -one[1]))
    print(
        f"fuzz {name}: {sum(outcomes.values()):,} inputs in {figures['seconds']} s ({reached});"
        f" {len(list((folder / 'corpus').iterdir())):,} kept; {len(found)} findings",
        flush=True,
    )
    if found or code:
        shutil.copyfile(folder / "log", folder / "log.finding")
        print((folder / "log").read_text("utf-8", "replace")[-3000:], file=sys.stderr)
    for path in found:
        print(f"finding: {path}", file=sys.stderr)
    return not found and not code


def main(minutes: float, names: list[str]) -> int:
    """Fuzz each reader; returns the exit code."""
    unknown = [name for name in names if name not in READERS]
    if unknown:
        raise SystemExit(f"no such reader: {', '.join(unknown)}; there are: {', '.join(READERS)}")
    clean = [fuzz(name, minutes) for name in names or READERS]
    return 0 if all(clean) else 1


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] == "--child":
        child(sys.argv[2], int(sys.argv[3]))
    else:
        sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0, sys.argv[2:]))
