"""Figures of rooms that have a bench of their own: search, sync and letters."""

from __future__ import annotations

from tests.bench.measure import Figure, absolute, compared, part_of_bare, told


def searches(size: int) -> list[Figure]:
    """Measure finding beside the bare index, on as many invented matters as `size`."""
    from tests.bench import bench_search

    found = bench_search.run(size)
    every, update = found["all"], found["update"]
    ours, bare = (every[side]["cpu"]["p95"] for side in ("ours_ms", "bare_ms"))
    wall = every["ours_ms"]["wall"]
    filtered = max(one["wall"]["p95"] for one in found["filtered"].values())
    middle = f"p50 {every['ours_ms']['cpu']['p50']:.2f} beside {every['bare_ms']['cpu']['p50']:.2f}"
    return [
        compared("search, newest 50, exact, p95 of processor time", size, "ms", ours, bare, 1.5, middle),
        absolute(
            "search, newest 50, exact, p95", size, "ms", wall["p95"], 15 if size > 200_000 else 5, f"max {wall['max']}"
        ),
        told("search by letters of names, p95", size, "ms", found["letters"]["wall"]["p95"]),
        told("search under a filter, p95", size, "ms", filtered),
        told(
            "index kept by an act, p50", size, "ms", update["ours_ms"]["wall"]["p50"], update["bare_ms"]["wall"]["p50"]
        ),
        told("earlier matters while typing, p95", size, "ms", found["hints"]["wall"]["p95"]),
    ]


def syncs() -> list[Figure]:
    """Measure the sync by line: loopback with TLS, a desk process and a hub process, 100,000 records and then 1,000."""
    from tests.bench import bench_sync

    def best(timed: dict[str, float]) -> str:
        return f"best {timed['best_seconds']} s, processor {timed['processor_s']} s"

    found = bench_sync.run()
    size, first, newest, spread, nothing = (found[name] for name in ("records", "first", "newest", "spread", "nothing"))
    note = (
        f"{found['ratio_to_bare']} x its bare steps, best {newest['best_seconds']}, processor {newest['processor_s']}"
    )
    return [
        absolute("1,000 changed records, the newest, receipted", size, "s", newest["seconds"], 0.06, note),
        told("1,000 changed records, spread over all", size, "s", spread["seconds"], note=best(spread)),
        absolute("first sync", size, "s", first["seconds"], 5, f"processor {first['processor_s']}"),
        absolute("memory of the desk in the first sync", size, "MiB", first["desk_mib"], 180),
        absolute("memory of the hub in the first sync", size, "MiB", first["hub_mib"], 110),
        absolute("bytes a record in a batch of 1,000", size, "B", found["bytes_a_record"], 280),
        absolute("sync with nothing to do", size, "ms", nothing["seconds"] * 1000, 6, best(nothing)),
        absolute("sync with nothing to do, both ways, TLS's own with them", size, "B", nothing["bytes"], 1200),
        absolute("sync with nothing to do, round trips", size, "", nothing["round_trips"], 1),
    ]  # fmt: skip


def hubs() -> list[Figure]:
    """Measure what the hub takes beside bare upserts of the same rows, and two workers beside one."""
    from tests.bench import bench_hub

    found = bench_hub.run()
    size = found["held"]
    lines = []
    for kind, words in (("made", "1,000 new"), ("changed", "1,000 changed")):
        file = found["file"][kind]
        note = f"{file['ratio_to_plain']} x a file that is not encrypted"
        lines.append(
            part_of_bare(
                f"{words} taken by the hub on its file", size, "ms", file["ours_ms"], file["bare_ms"], 0.6, note
            )
        )
        if "server" in found:
            server = found["server"][kind]
            note = f"beside COPY into a temporary table; {server['ratio_to_statements']} x statements"
            what = f"{words} taken by the hub on PostgreSQL"
            lines.append(part_of_bare(what, size, "ms", server["ours_ms"], server["copy_ms"], 0.6, note))
    if "server" in found:
        workers = found["server"]["workers"]
        lines.append(
            part_of_bare("two workers on PostgreSQL beside one", 0, "s", workers["two_s"], workers["one_s"], 1.7)
        )
    return lines


def slow_lines() -> list[Figure]:
    """Measure 200 records over a slow line beside the line's own time."""
    from tests.bench import bench_slow

    found = bench_slow.run()
    whole, cut = found["whole"], found["cut"]
    what = "200 records at 64 kbit/s, 1 s each way, 5 % loss"
    return [
        compared(what, 0, "s", whole["seconds"], whole["line"], 1.3, f"worst {whole['worst']}"),
        told(f"{what}, cut once", 0, "s", cut["seconds"], cut["line"], f"worst {cut['worst']}"),
    ]


def downloads() -> list[Figure]:
    """Measure a whole register up and then down to a workstation that joins."""
    from tests.bench import bench_down

    found = bench_down.run()
    size = found["records"]
    note = f"processor {found['down_processor_s']}; {found['matters']:,} matters, {found['entries']:,} entries"
    return [
        told("a whole register up for the first time", size, "s", found["up_s"]),
        absolute("first download: fetched, verified, applied, listed", size, "s", found["down_s"], 10, note),
        told("its search index, in the background", size, "s", found["index_s"]),
    ]


def letters() -> list[Figure]:
    """Measure the acceptance notice beside a bare reportlab page of the same words in the same font."""
    from tests.bench import bench_letters

    found = bench_letters.run()
    canvas = (
        f"{found['following_ratio_to_canvas']:.2f} x a page drawn line by line; preview {found['preview_ratio']:.2f} x"
    )
    return [
        compared("letter as PDF, following ones, p50", 0, "ms", found["ours_ms"], found["bare_ms"], 1.2, canvas),
        absolute("letter as PDF, first of a process with imports", 0, "ms", found["first_ms"], 500),
    ]
