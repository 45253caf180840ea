"""What a server holds: the lines that are made of what was seen."""

from benchmarks import memory, reaches, soak


def held(opened: int = 220, first: int = 340, last: int = 355, most: int = 400) -> memory.Held:
    opened, first, last, most = (each * 10**6 for each in (opened, first, last, most))
    return memory.Held(opened, first, last, most, soak.Met())


def test_what_a_server_holds() -> None:
    found = {line.what: line for line in memory.said(2_000_000, 190 * 10**6, held())}
    shown = {name: str(line.ours) for name, line in found.items()}
    assert shown == {
        "index open": "220 MB",
        "a row of it": "15.0 bytes",
        "after 100 requests": "340 MB",
        "after 1,000 requests": "355 MB",
        "more": "15.0 MB",
        "the most meanwhile": "400 MB",
        "answers that are none": "0",
    }
    judged = {name: line.holds for name, line in found.items() if line.reaches}
    assert judged == {
        "a row of it": "yes (15.0)",
        "more": "yes (15.0)",
        "the most meanwhile": "yes (400)",
        "answers that are none": "yes (0)",
    }


def test_what_does_not_hold() -> None:
    found = held(opened=231, last=361, most=601)
    found.met.statuses[500] = 1
    lines = memory.said(2_000_000, 190 * 10**6, found)
    assert [line.what for line in lines if memory.NO in line.holds] == [
        "a row of it",
        "more",
        "the most meanwhile",
        "answers that are none",
    ]


def test_a_row_is_judged_where_there_are_many() -> None:
    (line,) = (
        each
        for each in memory.said(reaches.LARGE - 1, 0, held(opened=500))
        if each.what == "a row of it"
    )
    assert line.holds == ""
