"""Practise on the command line: list, start, check, interview, review."""

import codecs
import contextlib
import errno
import itertools
import json
import math
import os
import random
import re
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from handbook.challenges import nearest, starter, stems
from handbook.page import LEVELS, TRACKS, challenge, in_order
from handbook.rendering import MARK, failed_of, level, rendered

if TYPE_CHECKING:
    from handbook.judge import Report

LATEST = 3600.0  # seconds; the judge's, which is imported when it is used
RECORD = "record.jsonl"
LONGEST = 1_000_000  # bytes of an attempt
SAID = 100  # characters of either end of a long complaint
LEFT = 128 + 13  # the status that SIGPIPE gives other commands
PLAIN = {"✓": "+", "✗": "x", "–": "-", "−": "-"}

app = typer.Typer(
    name="handbook",
    help="Practise NumPy interview challenges against a judge.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
Folder = Annotated[
    Path, typer.Option("--dir", help="The folder of your attempts.")
]
Interviews = Annotated[
    Path, typer.Option("--dir", help="The folder of your interviews.")
]


class Unusable(Exception):
    """A call or a file that nothing can be done with."""


def complain(error: Exception) -> None:
    text = str(error)
    if isinstance(error, OSError):
        text = f"{error.filename}: {error.strerror}"
    if len(text) > 2 * SAID:  # a name may have thousands of characters
        text = f"{text[:SAID]} ... {text[-SAID:]}"
    print(f"handbook: {text}", file=sys.stderr)


def plain(error: UnicodeError) -> tuple[str, int]:
    """Replace what a terminal can't show."""
    assert isinstance(error, UnicodeEncodeError)
    characters = error.object[error.start : error.end]
    found = (PLAIN.get(character, "?") for character in characters)
    return "".join(found), error.end


class Output(Console):
    """The output, whose reader may leave, as `head` does."""

    def on_broken_pipe(self) -> NoReturn:  # pragma: no cover - as run
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        raise SystemExit(LEFT)


def run() -> None:  # pragma: no cover - a process of its own
    """Run the command: whatever ends it ends its attempts, too."""
    for name in ("SIGTERM", "SIGHUP"):
        if number := getattr(signal, name, None):
            signal.signal(number, lambda n, frame: sys.exit(128 + n))
    try:
        app()
    except OSError as error:  # nothing can be written
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if os.name == "nt" and error.errno == errno.EINVAL:  # it has left
            sys.exit(LEFT)
        complain(Unusable(f"the output: {error.strerror}"))
        sys.exit(2)


@app.callback()
def main() -> None:
    codecs.register_error("handbook", plain)
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", dict)(errors="handbook")
    for name in ("COLUMNS", "LINES"):  # some terminals do not know them
        if not re.fullmatch("0*[1-9][0-9]*", os.environ.get(name, "1")):
            del os.environ[name]
    if sys.flags.optimize > 1:  # pragma: no cover - the same
        complain(
            Unusable("PYTHONOPTIMIZE=2 removes all promises: unset it")
        )
        raise typer.Exit(2)


@app.command("list")
def list_challenges(folder: Folder = Path("attempts")) -> None:
    """List the challenges, and how far your attempts are."""
    table = Table(box=None, pad_edge=False)
    for title in ("track", "", "start with", "challenge", "your attempt"):
        table.add_column(title, overflow="fold")
    reached: dict[str, str] = {}
    attempts: dict[str, tuple[Path, str]] = {}
    for stem in in_order():
        try:
            path = attempt_at(stem, folder)
            if not (path.is_symlink() or path.exists()):
                reached[stem] = "–"
            elif (source := read(path)) == starter(stem):
                reached[stem] = _at(path, stem, "begun")
            else:
                attempts[stem] = path, source
        except Unusable as error:
            reached[stem] = str(error)
        except OSError as error:
            reached[stem] = f"{error.strerror}"
    # they are judged, nothing is stored
    try:
        reports = judged([*attempts.values()], compare=False)
    except RuntimeError as error:
        complain(error)
        raise typer.Exit(2) from None
    for stem, (path, report) in zip(attempts, reports, strict=True):
        reached[stem] = _at(path, stem, level(report))
    for stem in in_order():
        front = challenge(stem).front
        words = front["track"], front["difficulty"], stem, front["title"]
        table.add_row(*words, Text(reached[stem]))
    Output().print(table)


def _at(path: Path, stem: str, level: str) -> str:
    """Name the file beside the level if it is not called by the stem."""
    return level if path.name == f"{stem}.py" else f"{path.name}: {level}"


@app.command()
def start(
    name: Annotated[str, typer.Argument(metavar="CHALLENGE")],
    folder: Folder = Path("attempts"),
) -> None:
    """Write a file with a challenge's signature and promises."""
    try:
        path = write_starter(known(name), folder)
    except Unusable as error:
        complain(error)
        raise typer.Exit(2) from None
    call = path.stem if folder == Path("attempts") else path
    print(f"{path} is yours to fill in. Then: handbook check {call}")


@app.command()
def check(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CHALLENGE or FILE]...",
            help="By default every attempt in the folder, as a table.",
        ),
    ] = None,
    folder: Folder = Path("attempts"),
    watch: Annotated[
        bool, typer.Option("--watch", help="Check again at each save.")
    ] = False,
    production: Annotated[
        bool,
        typer.Option(
            "--production",
            help="Demand both tiers, and show each question in detail.",
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON list of reports.")
    ] = False,
    seconds: Annotated[
        float,
        typer.Option(min=0.1, max=LATEST, help="Time limit of each check."),
    ] = 10.0,
) -> None:
    """Judge attempts. Exit status: 0 accepted, 1 not, 2 unusable."""

    def once(stopped: threading.Event) -> int:
        attempts, status = [], 0
        try:
            found = names or all_in(folder)
        except (Unusable, OSError) as error:
            complain(error)
            return 2
        for name in found:
            try:
                path = locate(name, folder)
                attempts.append((path, read(path)))
            except (Unusable, OSError) as error:
                complain(error)
                status = 2
        compare = bool(names) or as_json  # the table does not show it
        try:
            reports = judged(attempts, seconds, stopped, compare)
        except RuntimeError as error:
            complain(error)
            return 2
        if stopped.is_set():
            return status
        if as_json:
            show_json(reports)
        elif names:
            show_reports(reports, production)
        else:
            show_table(reports)
        enough = [
            r["production"] if production else r["accepted"]
            for _, r in reports
        ]
        return status or int(not all(enough))

    if watch:
        raise typer.Exit(at_each_save(once, names, folder))
    raise typer.Exit(once(threading.Event()))


@app.command()
def interview(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[CHALLENGE]",
            help="By default one is drawn, preferably one that is not "
            "solved yet or was asked long ago.",
        ),
    ] = None,
    track: Annotated[
        str | None, typer.Option(help=f"One of {', '.join(TRACKS)}.")
    ] = None,
    difficulty: Annotated[
        str | None, typer.Option(help=f"One of {', '.join(LEVELS)}.")
    ] = None,
    minutes: Annotated[
        int | None,
        typer.Option(min=1, help="Only challenges of at most so many."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Draw and ask the same again.")
    ] = None,
    folder: Interviews = Path("interviews"),
) -> None:
    """Take a mock interview against the clock, or resume a paused one."""
    from handbook.interview import (
        Room,
        Run,
        hold,
        left,
        solution,
        summary,
    )
    from handbook.record import append, draw
    from handbook.record import read as recorded

    out = Output()
    state, record = folder / "open.json", folder / RECORD

    def judge(path: Path) -> "Report | None":
        try:
            ((_, report),) = judged([(path, read(path))], compare=False)
            return report
        except (Unusable, RuntimeError) as error:
            complain(error)
            return None

    try:
        records = recorded(record) if record.exists() else []
        if state.exists():
            if name or track or difficulty or minutes or seed is not None:
                raise Unusable(
                    f"an interview is still open in {state}: handbook "
                    f"interview without arguments resumes it"
                )
            run = Run.load(state)
            out.print(Text(f"Resuming {run.challenge}, {left(run)}."))
        else:
            stems = eligible(name, track, difficulty, minutes)
            rng = random.Random(seed)
            stem = draw(stems, records, date.today(), rng)
            path = write_interview(stem, folder)
            file = path.relative_to(folder).as_posix()
            run = Run(stem, file, rng.randrange(2**32))
        room = Room(input, out.print, judge, time.monotonic, state)
        try:
            rubric = hold(run, room)
        except (EOFError, KeyboardInterrupt):
            said = f"Paused, {left(run)}. Run handbook interview to resume."
            out.print(Text(f"\n{said}"))
            return
        ended = run.record(datetime.now(), rubric)
        append(record, [ended])
        state.unlink()
    except (Unusable, OSError, ValueError) as error:
        complain(error)
        raise typer.Exit(2) from None
    out.print(solution(run))
    out.print(Text(f"{run.challenge}: {summary(ended)}."))
    out.print(Text(f"Saved in {record}. What is due: handbook review"))


@app.command()
def review(
    folder: Interviews = Path("interviews"),
    source: Annotated[
        Path | None,
        typer.Option(
            "--import",
            metavar="FILE",
            help="First import the record that a browser has exported.",
        ),
    ] = None,
) -> None:
    """List the challenges that are due for another interview, and why."""
    from handbook.interview import summary
    from handbook.record import append, due, latest, merged
    from handbook.record import read as recorded

    record = folder / RECORD
    try:
        records = recorded(record) if record.exists() else []
        both = merged(records, recorded(source)) if source else records
        days = due(both) if both else {}
        if source:
            folder.mkdir(parents=True, exist_ok=True)
            new = [r for r in both if r not in records]
            append(record, new)
            print(f"New interviews: {len(new)}.")
            records = both
    except (ModuleNotFoundError, OSError, ValueError) as error:
        complain(error)
        raise typer.Exit(2) from None
    asked = sorted(
        (stem for stem in in_order() if stem in days),
        key=lambda stem: days[stem],
    )
    today = [stem for stem in asked if days[stem] <= date.today()]
    table = Table(box=None, pad_edge=False)
    for title in ("due", "challenge", "last interview"):
        table.add_column(title, overflow="fold")
    for stem in today:
        last = latest(records)[stem]
        when = last["ended"][:10]
        table.add_row(str(days[stem]), stem, f"{when}: {summary(last)}")
    out = Output()
    if today:
        out.print(table)
    elif asked:
        out.print(f"Nothing is due before {days[asked[0]]}: {asked[0]}.")
    unasked = [stem for stem in in_order() if stem not in days]
    if unasked:
        out.print(Text(f"Not asked yet: {', '.join(unasked)}."))
    if following := [*today, *unasked]:
        out.print(Text(f"Begin with: handbook interview {following[0]}"))


def eligible(
    name: str | None,
    track: str | None,
    difficulty: str | None,
    minutes: int | None,
) -> list[str]:
    """Return the challenges of which one may be drawn."""
    wanted = {"track": track, "difficulty": difficulty}
    allowed = {"track": TRACKS, "difficulty": LEVELS}
    for option, value in wanted.items():
        if value and value not in allowed[option]:
            raise Unusable(
                f"--{option} {value}: it is one of "
                f"{', '.join(allowed[option])}"
            )
    stems = [
        stem
        for stem in ([known(name)] if name else in_order())
        if all(
            v in (None, challenge(stem).front[k]) for k, v in wanted.items()
        )
        and challenge(stem).front["minutes"] <= (minutes or math.inf)
    ]
    if not stems:
        raise Unusable("no challenge matches these options")
    return stems


def write_interview(stem: str, folder: Path) -> Path:
    """Write the file to fill in, in a folder that is new."""
    folder.mkdir(parents=True, exist_ok=True)
    names = (folder / f"{stem}-{n}" for n in itertools.count(1))
    own = next(name for name in names if not name.exists())
    return write_starter(stem, own, "check, at the prompt")


def known(name: str) -> str:
    """Return the challenge of this name, with _ or with -."""
    stem = name.lower().replace("-", "_")
    if stem not in stems():
        raise Unusable(
            f"there is no challenge {name!r}; did you mean {nearest(stem)}?"
        )
    return stem


def locate(name: str, folder: Path) -> Path:
    """Return the file of an attempt that is given by itself or its stem."""
    path = Path(name)
    if path.suffix == ".py" or len(path.parts) > 1:
        if not is_challenge(path):
            raise Unusable(
                f"{path} names no challenge: call the file after one, "
                f"{nearest(path.stem)}.py for example"
            )
        return path
    if name and path.is_dir() and not is_challenge(path):
        raise Unusable(
            f"{path} is a folder: handbook check --dir {path} "
            f"judges every attempt in it"
        )
    path = attempt_at(known(name), folder)
    if not path.is_symlink() and not path.exists():
        raise Unusable(
            f"{path} does not exist: handbook start {path.stem} writes it"
        )
    return path


def attempt_at(stem: str, folder: Path) -> Path:
    """Return the attempt at a challenge, however its name is spelled."""
    path = folder / f"{stem}.py"
    with contextlib.suppress(FileNotFoundError):
        os.stat(folder)  # if it can't be entered, that is the answer
    if path.is_symlink() or path.exists():
        return path
    others = [p for p in folder.glob("*.py") if spelling(p) == stem]
    if len(others) > 1:
        raise Unusable(
            f"{' and '.join(map(str, others))} are one challenge"
        )
    return others[0] if others else path


def all_in(folder: Path) -> list[str]:
    """Return the attempts in a folder."""
    paths = sorted(folder.glob("*.py"))
    found = [str(path) for path in paths if is_challenge(path)]
    if not found:
        raise Unusable(
            f"no attempts in {folder}: handbook list shows what to start"
        )
    return found


def spelling(path: Path) -> str:
    """Return the name of a file as that of a challenge is spelled."""
    return path.stem.lower().replace("-", "_")


def is_challenge(path: Path) -> bool:
    return spelling(path) in stems()


def read(path: Path) -> str:
    """Return the source of an attempt."""
    try:
        if path.is_symlink() and not path.exists():
            to = os.readlink(path)
            raise Unusable(f"{path} links to {to}, which does not exist")
        if path.is_dir():
            raise Unusable(f"{path} is a folder, not a file")
        if path.exists() and not path.is_file():
            raise Unusable(f"{path} is not a regular file")
        if (size := path.stat().st_size) > LONGEST:
            raise Unusable(
                f"{path} has {size:,} bytes, at most {LONGEST:,} are read"
            )
        source = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unusable(
            f"{path} is not UTF-8: byte {error.start} is "
            f"0x{error.object[error.start]:02x}"
        ) from None
    except OSError as error:
        raise Unusable(f"{path}: {error.strerror}") from None
    if not source.strip():
        raise Unusable(f"{path} is empty")
    return source


def write_starter(
    stem: str, folder: Path, how: str = "handbook check {}"
) -> Path:
    path = folder / f"{stem}.py"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(starter(stem, how))
    except FileExistsError:
        there = path if folder.is_dir() else folder
        raise Unusable(f"{there} exists: it stays as it is") from None
    except OSError as error:
        raise Unusable(f"{path}: {error.strerror}") from None
    return path


def judged(
    attempts: list[tuple[Path, str]],
    seconds: float = 10.0,
    stopped: threading.Event | None = None,
    compare: bool = True,
) -> "Reports":
    """Judge attempts, one on each processor at a time.

    On a terminal, show how far they are.
    """
    if not attempts:
        return []
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
    )

    from handbook.judge import judge, stages

    over = stopped or threading.Event()
    due = {
        path: sum(map(len, stages(spelling(path)))) for path, _ in attempts
    }
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task("", total=sum(due.values()))

        def report_on(attempt: tuple[Path, str]) -> tuple[Path, "Report"]:
            path, source = attempt
            stem = spelling(path)
            left = due[path]

            def tell(event: dict[str, Any]) -> None:
                nonlocal left
                if "running" in event:
                    running = f"{stem}: {event['running']}"
                    progress.update(task, description=running)
                elif "row" in event:
                    progress.advance(task)
                    left -= 1

            report = judge(
                stem,
                source,
                file=str(path),
                seconds=seconds,
                compare=compare,
                tell=tell,
                stopped=over,
            )
            progress.advance(task, left)  # those that were not due
            return path, report

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            try:
                return [*pool.map(report_on, attempts)]
            except BaseException:  # Ctrl-C, for one, ends what runs
                over.set()
                raise


def at_each_save(
    once: Callable[[threading.Event], int],
    names: list[str] | None,
    folder: Path,
) -> int:
    """Run `once` now and at every save, until Ctrl-C; return its last.

    The files are looked at ten times a second: that also notices links,
    and folders that are replaced.
    """
    try:
        for path in [locate(name, folder) for name in names or []]:
            os.stat(path.parent)
        if not names and not folder.is_dir():
            raise Unusable(f"{folder} is not a folder")
    except (Unusable, OSError) as error:
        complain(error)
        return 2

    def saved() -> dict[str, tuple[int, ...]]:
        """Return what changes at a save, by file."""
        found: dict[str, tuple[int, ...]] = {}
        for name in names or map(str, folder.glob("*.py")):
            with contextlib.suppress(Unusable, OSError):
                path = locate(name, folder)
                status = path.stat()
                found[str(path)] = (
                    status.st_ino,
                    status.st_mtime_ns,
                    status.st_size,
                )
        return found

    def run(stopped: threading.Event) -> int:
        Output().clear()
        return once(stopped)

    with ThreadPoolExecutor(1) as pool:
        stopped, state = threading.Event(), saved()
        last = pool.submit(run, stopped)
        try:
            while True:
                time.sleep(0.1)
                if last.done():
                    last.result()  # raises what went wrong
                if (now := saved()) != state:
                    stopped.set()  # what runs is about an older version
                    stopped, state = threading.Event(), now
                    last = pool.submit(run, stopped)
        except KeyboardInterrupt:
            stopped.set()
            return last.result()
        finally:
            stopped.set()


# What is shown ----------------------------------------------------------

Reports = list[tuple[Path, "Report"]]


def show_json(reports: Reports) -> None:
    text = json.dumps([report for _, report in reports])
    Output().out(text, highlight=False)


def show_table(reports: Reports) -> None:
    """Show an attempt a row: how far it is and what comes next."""
    table = Table(box=None, pad_edge=False)
    for title in ("", "challenge", "verdict", "next"):
        table.add_column(title, overflow="fold")
    for _, report in reports:
        failed = failed_of(report["checks"])
        problem = report["problem"] or {"error": ""}
        following = ""
        if failed and report["accepted"]:
            following = failed[0]["hint"]
        elif failed:
            following = failed[0]["promise"]
        table.add_row(
            MARK[report["accepted"]],
            report["challenge"],
            level(report),
            Text(problem["error"] or following),
        )
    Output().print(table)


def show_reports(reports: Reports, production: bool) -> None:
    console = Output()
    for path, report in reports:
        console.print(Group(*rendered(str(path), report, production)))
