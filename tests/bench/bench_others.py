"""Figures of rooms that have a bench of their own: search, sync and letters."""

from __future__ import annotations

from tests.bench.measure import Figure, absolute, compared, told


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
    """Measure 1,000 changed matters to a hub process and receipted: loopback, TLS."""
    from tests.bench import bench_sync

    found = bench_sync.run()
    seconds, nothing, size = found["seconds"], found["nothing_to_do_seconds"], found["bytes_a_record"]
    note = f"{found['ratio_to_bare']} x its bare steps, worst {found['worst_seconds']}"
    return [
        absolute("1,000 changed matters to the hub, receipted", 0, "s", seconds, found["aim_seconds"], note),
        absolute("bytes a record in a batch of 1,000", 0, "B", size, found["aim_bytes_a_record"]),
        told("sync with nothing to do", 0, "ms", nothing * 1000),
    ]  # fmt: skip


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
