"""What is shown of a report, on the command line and in a session."""

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from handbook.judge import Comparison, Report, Row

Rows = list["Row"]
MARK = {True: Text("✓", "green"), False: Text("✗", "red")}


def level(report: "Report") -> str:
    """Say what a report comes to."""
    if report["production"]:
        return "fit for production"
    return "accepted" if report["accepted"] else "not accepted"


def rendered(
    name: str,
    report: "Report",
    production: bool,
    option: str = "--production",
) -> Iterator[Any]:
    """Yield what an interviewer would say.

    `option` is how to ask for the production questions in detail.

    The verdict comes last: that is what a terminal shows of a long report.
    """
    core, asked = (
        [row for row in report["checks"] if row["tier"] == tier]
        for tier in ("core", "production")
    )
    failed = failed_of(core)
    yield from (failures(failed, several=len(functions(core)) > 1))
    if problem := report["problem"]:
        yield Text(problem["where"] + problem["error"])
    if text := "".join(report["printed"].values()).rstrip():
        yield Text("It printed:")
        yield indented(Text(text))
        yield Text("")
    for both in report["comparison"]:
        yield Text(f"{both['function']} on a larger input: {both['input']}")
        yield indented(Text(both["error"]) or measured(both))
    if report["comparison"]:
        yield Text("")
    idle = sum(row["passed"] is None for row in core)
    count = f"{len(core) - len(failed) - idle} of {len(core)}"
    count += f", {idle} not run" * bool(idle)
    if report["problem"]:
        yield Text(f"{name}: not accepted, it can't be run", "bold")
    elif not report["accepted"]:
        yield Text(f"{name}: not accepted ({count})", "bold")
        if len(failed) > 1:
            yield Text(f"Begin with: {failed[0]['promise']}")
        yield from held(core)
    else:
        yield Text(f"{name}: accepted ({count})", "bold")
        yield from questions(asked, production, option)


def failed_of(rows: Rows) -> Rows:
    """Return the rows of the checks that failed, not of those not run."""
    return [row for row in rows if row["passed"] is False]


def functions(rows: Rows) -> list[str]:
    return list(dict.fromkeys(row["function"] for row in rows))


def constraint(row: "Row") -> str:
    return row["name"].removesuffix(f"_of_{row['function']}")


def failures(rows: Rows, several: bool) -> Iterator[Any]:
    """Yield the failed checks of the core, each with its input."""
    before = None
    for row in rows:
        name = f"{row['function']}: " if several else ""
        line = Table.grid(padding=(0, 1))
        line.add_row(MARK[False], Text(name + row["promise"]))
        yield line
        same = row["got"], row["where"]
        if same == before:
            yield indented(details(given=row["given"], got="the same"))
        else:
            yield indented(details(**texts(row), hint=row["hint"]))
        before = same
        yield Text("")


def held(rows: Rows) -> Iterator[Any]:
    """Yield the checks that hold, in a line."""
    broken = {constraint(row) for row in failed_of(rows)}
    names = [
        constraint(row).replace("_", " ")
        + f" of {row['function']}" * (constraint(row) in broken)
        for row in rows
        if row["passed"]
    ]
    if names:
        text = ", ".join(dict.fromkeys(names))
        line = Table.grid(padding=(0, 1))
        line.add_row(MARK[True], Text(text))
        yield line


def questions(rows: Rows, production: bool, option: str) -> Iterator[Any]:
    """Yield what an interviewer would ask of an accepted answer."""
    open_ones, held_ones = failed_of(rows), [r for r in rows if r["passed"]]
    count = f"{len(held_ones)} of {len(rows)} answered"
    if len(held_ones) == len(rows):
        yield Text(f"And fit for production: {count}.")
        return
    yield Text(f"An interviewer would ask next ({count}):")
    several = len(functions(rows)) > 1
    for name in dict.fromkeys(map(constraint, open_ones)):
        same = [row for row in open_ones if constraint(row) == name]
        about = f"{', '.join(functions(same))}: " if several else ""
        line = Table.grid(padding=(0, 1))
        line.add_row("?", Text(about + same[0]["hint"]))
        if production:
            line.add_row("", Text(same[0]["promise"], "bold"))
        yield line
        for row in same if production else []:
            yield indented(details(**texts(row)))
    yield from held(rows)
    if not production:
        yield Text(f"With {option} each is shown with its input.")


def texts(row: "Row") -> dict[str, str]:
    """Return on what a check failed, and how."""
    return {
        "given": row["given"],
        "expected": row["expected"],
        "got": row["got"],
        "where": row["where"],
    }


def details(**words: str) -> Table:
    """Return the texts that are not empty, each behind its name."""
    grid = Table.grid(padding=(0, 2))
    for name, text in words.items():
        if shown := textwrap.dedent(text).rstrip():
            grid.add_row(name, Text(shown))
    return grid


def measured(row: "Comparison") -> Table:
    """Return the time and memory of an attempt and of the handbook."""
    grid = Table.grid(padding=(0, 2))
    for who, name in (("attempt", "yours"), ("handbook", "the handbook's")):
        time, peak = row["seconds"][who], row["peak_bytes"][who]
        grid.add_row(
            name,
            f"{1e3 * time:.3g} ms",
            f"{peak / 1e6:,.3g} MB at the peak",
        )
    return grid


def indented(content: Any) -> Padding:
    return Padding(content, (0, 0, 0, 2))
