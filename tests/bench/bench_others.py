"""Figures of rooms that have a bench of their own: search, sync and letters."""

from __future__ import annotations

from tests.bench.measure import Figure, absolute, compared, told


def searches(size: int) -> list[Figure]:
    """Measure finding beside the bare index, on as many invented matters as `size`."""
    from tests.bench import bench_search

    found = bench_search.run(size)
    ours, bare, update = found["all"]["ours_ms"], found["all"]["bare_ms"], found["update"]
    note = f"p50 {ours['p50']} beside {bare['p50']}, max {ours['max']}"
    return [
        compared("search, newest 50, exact, p95", size, "ms", ours["p95"], bare["p95"], 1.5, note),
        absolute("search, newest 50, exact, p95", size, "ms", ours["p95"], 15 if size > 200_000 else 5),
        told("search by letters of names, p95", size, "ms", found["letters_ms"]["p95"]),
        told("search under a filter, p95", size, "ms", found["filtered_ms"]["p95"]),
        told("index kept by an act, p50", size, "ms", update["ours_ms"]["p50"], update["bare_ms"]["p50"]),
        told("earlier matters while typing, p95", size, "ms", found["hints_ms"]["p95"]),
    ]  # fmt: skip


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
