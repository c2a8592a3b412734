"""Judge an attempt at a challenge: what an interviewer would have said.

`judge` runs the attempt in a child process that can be ended at any time.
The child tells event by event what happens, so that what was found before
its end is kept. In a browser, where there are no processes, whoever calls
runs `judge` in a worker that can be ended.

The judge guards against accidents: endless loops, full memory, early exits,
floods of text, stray files and processes. It is no sandbox for code that
means harm: C code can do what Python is refused.
"""

import ast
import contextlib
import difflib
import faulthandler
import importlib
import io
import json
import linecache
import os
import queue
import re
import secrets
import signal
import statistics
import subprocess
import sys
import threading
import time
import traceback
import types
from collections.abc import Callable, Generator, Iterable, Iterator
from json import dumps  # which an attempt can't replace
from pathlib import Path
from time import perf_counter
from typing import Any, NoReturn, TypedDict

import numpy as np

import handbook
from handbook.challenges import stems
from handbook.checks import (
    ERRORS,
    Broken,
    Check,
    Tier,
    Unseen,
    advice,
    arguments_of,
    as_stated,
    calling,
    checks_module,
    checks_of,
    fenced,
    larger_input_of,
    peak_bytes,
    show,
)
from handbook.loops import installed


class Row(TypedDict):
    """A check of an attempt; the texts are empty if it passed."""

    name: str
    function: str  # whose promise it is
    tier: Tier
    promise: str
    hint: str  # that fits the failure; of production, the question
    passed: bool | None  # None if it was not run, or only in part
    given: str
    call: str  # of the input, as code; empty if that is long or unknown
    expected: str
    got: str
    where: str  # the attempt's own traceback


class Problem(TypedDict):
    """Why a file can't be run."""

    error: str
    where: str


class Comparison(TypedDict):
    """A function beside the handbook's on the larger input."""

    function: str
    input: str
    peak_bytes: dict[str, int]  # of "attempt" and "handbook"
    seconds: dict[str, float]
    error: str


class Report(TypedDict):
    """What the judge says of an attempt, of JSON types only."""

    challenge: str
    accepted: bool  # the core holds, the larger input included
    production: bool  # everything holds
    problem: Problem | None
    # the checks that were due: those of production once the core holds,
    # that of the larger input only if it fails
    checks: list[Row]
    printed: dict[str, str]  # by the file, check or comparison that ran
    comparison: list[Comparison]  # once accepted


Attempt = dict[str, Any]  # what it defines
Errors = type[BaseException] | tuple[type[BaseException], ...]
Event = dict[str, Any]
Tell = Callable[[Event], None]
PRINTED = 10_000  # characters kept of what an attempt prints
CUT = "\n[the rest is cut]\n"
SCRATCH = "scratch"  # its name in tracebacks
TEXT = 4_000  # characters kept of any other text that an attempt causes
ENOUGH = 0.05  # seconds of a comparison after which no round begins
MOST_ENDED = 3  # after so many ended checks the rest is not run
START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from handbook.judge import _serve; _serve()"
)
# what would move the cursor of a terminal, or end a line of a report
CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]"
)
LATEST = 3600.0  # seconds that a check may be given
NO_START = "the judge's Python does not start"
START_UP = 60.0  # seconds that the child may take to start
MEMORY = 2 * 2**30  # bytes of address space of the child
LATE = "gave no result within {:g} s"
# what an attempt may do nothing in, by the names of its audit events ...
OUTSIDE = re.compile(
    r"(os|shutil|socket|sqlite3|subprocess|syslog|tempfile|webbrowser"
    r"|winreg|_winapi)\.|ctypes\.dlsym"
)
# ... nor import, as these announce nothing ...
UNSEEN = {
    "_dbm",
    "_gdbm",
    "_interpreters",
    "_posixshmem",
    "_posixsubprocess",
    "_xxsubinterpreters",
    "readline",
}
# ... nor call, for the same reason ...
UNANNOUNCED = [
    ("_posixsubprocess", "fork_exec"),
    ("os", "mkfifo"),
    ("os", "mknod"),
    ("posix", "mkfifo"),
    ("posix", "mknod"),
]
# ... but read, and what ends with the process
HARMLESS = re.compile(
    r"os\.(add_dll_directory|f?chdir|fwalk|getxattr|listdir|listdrives"
    r"|listmounts|listvolumes|listxattr|putenv|scandir|unsetenv|walk)"
)


def judge(
    stem: str,
    source: str,
    *,
    file: str = "",
    seconds: float = 10.0,
    compare: bool = True,
    tell: Tell = lambda event: None,
    stopped: threading.Event | None = None,
) -> Report:
    """Run an attempt's source against a challenge's checks.

    Parameters
    ----------
    stem : str
        The challenge, one of `handbook.challenges.stems()`.
    source : str
        The Python source of the attempt. It runs in a process of its own.
    file : str, optional
        The name of the attempt in tracebacks, by default ``<stem>.py``.
    seconds : float, default 10.0
        The time limit of the file and of each check. After the first that
        is not kept, nothing else is run.
    compare : bool, default True
        Whether time and memory of an accepted attempt are measured.
    tell : callable, optional
        Is called with each event as it happens: ``{"running": name}``,
        ``{"calling": text}``, ``{"row": check}`` and so on.
    stopped : threading.Event, optional
        Ends the attempt when it is set; what is left is reported as not
        run.

    Returns
    -------
    Report
        The verdict and the checks behind it, of JSON types only.

    Raises
    ------
    ValueError
        If there is no such challenge, or `seconds` is not positive or
        more than an hour.

    Examples
    --------
    >>> from handbook.judge import judge
    >>> report = judge("one_hot", "import numpy as np")
    >>> report["accepted"], report["checks"][0]["got"]
    (False, 'it is missing; one_hot is expected')
    """
    if stem not in stems():
        raise ValueError(f"stem must be one of {stems()}, got {stem!r}")
    if not 0 < seconds <= LATEST:
        limits = f"positive and at most {LATEST:g}"
        raise ValueError(f"seconds must be {limits}, got {seconds}")
    order: dict[str, Any] = {
        "stem": stem,
        "source": source,
        "file": file or f"{stem}.py",
        "compare": compare,
    }

    def run(record: Tell) -> None:
        if sys.platform == "emscripten":
            examine(**order, tell=record)
        else:
            _supervise(order, seconds, record, stopped or threading.Event())

    return report_of(stem, stages(stem), run, tell)


def report_of(
    stem: str,
    due: list[list[Check]],
    run: Callable[[Tell], None],
    tell: Tell = lambda event: None,
) -> Report:
    """Return the report of a run, which tells what happens."""
    report: Report = {
        "challenge": stem,
        "accepted": False,
        "production": False,
        "problem": None,
        "checks": [],
        "printed": {},
        "comparison": [],
    }

    running = ""

    def record(event: Event) -> None:
        nonlocal running
        if "running" in event:
            running = event["running"]
        elif "row" in event:
            row = event["row"]
            verdicts[row["name"]] = row["passed"] is True
            if not (row["passed"] and row["name"] in larger):
                report["checks"].append(row)
        elif "printed" in event:
            printed = report["printed"]
            left = PRINTED + len(CUT) - sum(map(len, printed.values()))
            text = printed.get(running, "") + event["printed"][:left]
            printed[running] = text
        elif "problem" in event:
            report["problem"] = event["problem"]
        elif "comparison" in event:
            report["comparison"] = event["comparison"]
        tell(event)

    core, larger, production = (
        [check.name for check in stage] for stage in due
    )
    verdicts: dict[str, bool] = {}
    run(record)
    report["accepted"] = all(verdicts.get(name) for name in core + larger)
    report["production"] = report["accepted"] and all(
        verdicts.get(name) for name in production
    )
    return report


def stages(stem: str) -> list[list[Check]]:
    """Return the checks of a challenge; a stage is due if the last held."""
    return [
        checks_of(stem, "core"),
        larger_input_of(stem),
        checks_of(stem, "production"),
    ]


# In the process of the attempt ------------------------------------------


def examine(
    stem: str,
    source: str,
    file: str,
    tell: Tell,
    compare: bool = True,
    skip: int = 0,
    failed: bool = False,
) -> None:
    """Run an attempt in this process; tell what happens, event by event.

    Another process has told the rows of the first `skip` checks, and
    whether one of the core `failed`.
    """

    def load() -> Attempt:
        return _load(source, file)

    _examine(
        stem,
        load,
        file,
        tell,
        stages(stem),
        BaseException,
        compare,
        skip,
        failed,
    )


def judge_functions(stem: str, attempt: Attempt) -> Report:
    """Return the report of functions of this process, judged in place."""
    code = [getattr(f, "__code__", None) for f in attempt.values()]
    file = getattr(code[0], "co_filename", stem)
    due = [
        [check for check in stage if check.function in attempt]
        for stage in stages(stem)
    ]

    def run(tell: Tell) -> None:
        # an interrupt is the reader's, not the attempt's
        homes = [getattr(f, "__globals__", {}) for f in attempt.values()]
        _examine(
            stem,
            lambda: attempt,
            file,
            tell,
            due,
            ERRORS,
            namespaces={id(home): home for home in homes}.values(),
        )

    return report_of(stem, due, run)


def _examine(
    stem: str,
    load: Callable[[], Attempt],
    file: str,
    tell: Tell,
    due: list[list[Check]],
    errors: Errors,
    compare: bool = True,
    skip: int = 0,
    failed: bool = False,
    namespaces: Iterable[dict[str, Any]] = (),
) -> None:
    printed = printer(tell)
    with (
        _telling(tell),
        # before the attempt imports map under another name
        installed(*namespaces),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
    ):
        tell({"running": file})
        try:
            attempt = load()
        except errors as error:
            tell({"problem": _problem(error, file)})
            return
        for stage in due:
            for check in stage[skip:]:
                tell({"running": check.name})
                row = _try(check, attempt, file, errors)
                failed |= check.tier == "core" and not row["passed"]
                tell({"row": row})
            skip = max(0, skip - len(stage))
            if failed:
                return
        if compare:
            tell({"running": "the comparison"})
            tell({"comparison": _compare(stem, attempt, errors)})


def try_out(
    source: str, scratch: str, file: str, tell: Tell
) -> Problem | None:
    """Run an attempt and then lines as at a Python prompt; judge nothing.

    What they print is told, as is the value of each expression. Return
    what ended them, if anything did.
    """
    printed = printer(tell)
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
    ):
        tell({"running": file})
        try:
            attempt = _execute(source, file)
            attempt.setdefault("np", np)
            _remember(scratch, SCRATCH)
            lines = ast.Interactive(ast.parse(scratch, SCRATCH).body)
            exec(compile(lines, SCRATCH, "single"), attempt)
        except BaseException as error:
            return _problem(error, file, SCRATCH)
    return None


@contextlib.contextmanager
def _telling(tell: Tell) -> Iterator[None]:
    """Tell of each call that a check makes."""

    def say(given: str) -> None:
        tell({"calling": given, "arguments": arguments_of(given)})

    before = calling.set(say)
    try:
        yield
    finally:
        calling.reset(before)


class _Printed(io.RawIOBase):
    """A stream that tells what is written to it, up to a limit."""

    def __init__(self, tell: Tell) -> None:
        self.told, self.left = tell, PRINTED

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return 2  # for whoever asks; in the child it leads nowhere

    def write(self, data: Any, /) -> int:
        if self.left > 0 and data:
            text = bytes(data).decode(errors="replace").replace("\r", "\n")
            kept = shown(text[: self.left])
            self.left -= len(text)
            self.told({"printed": kept + CUT * (self.left < 0)})
        return len(data)


def printer(tell: Tell) -> io.TextIOWrapper:
    """Return a stream as sys.stdout is one."""
    raw: Any = _Printed(tell)
    return io.TextIOWrapper(
        raw,
        encoding="utf-8",
        errors="replace",
        newline="\n",
        write_through=True,
    )


def _load(source: str, file: str) -> Attempt:
    """Execute the source and return what it defines."""
    with fenced():  # a promise must hold without np.seterr above it
        return _execute(source, file)


def _execute(source: str, file: str) -> Attempt:
    _remember(source, file)
    module = types.ModuleType("attempt")
    module.__file__ = file
    sys.modules["attempt"] = module  # where dataclasses look
    exec(compile(source, file, "exec", dont_inherit=True), vars(module))
    return vars(module)


def _remember(source: str, file: str) -> None:
    """Have tracebacks show the lines of a source."""
    linecache.cache[file] = (len(source), None, lines_of(source), file)


def lines_of(source: str) -> list[str]:
    """Return the lines that Python counts."""
    return io.StringIO(source, newline=None).readlines()


def shown(text: str) -> str:
    """Return a text that can do nothing to a terminal."""
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def _text(text: str) -> str:
    """Return a text as a report has it, cut to its limit."""
    return shown(text[:TEXT])


def _problem(error: BaseException, *files: str) -> Problem:
    """Say why a file can't be tried, with the lines of these files."""
    where = _own_traceback(error, *files)
    if isinstance(error, SyntaxError):
        *place, last = traceback.format_exception_only(error)
        return {
            "error": _text(last.strip()),
            "where": _text("".join(place)),
        }
    text = f"{type(error).__name__}: {show(error)}"
    with contextlib.suppress(Exception):
        text = traceback.format_exception_only(error)[-1].strip()
    return {"error": _text(text), "where": _text(where)}


def _try(check: Check, attempt: Attempt, file: str, errors: Errors) -> Row:
    """Return the row of a check in the report."""
    name = check.function
    function = attempt.get(name)
    try:
        if not callable(function):
            got = _instead(attempt, name)
            hint = f"The file must define a function named {name}."
            raise Broken(file, f"a function named {name}", got, hint)
        with contextlib.suppress(Exception):
            function.__name__ = name  # reports name a lambda's calls by it
        check(function)
    except Broken as broken:
        where = _own_traceback(broken.__cause__, file)
        words = broken.given, broken.expected, broken.got
        call = broken.arguments and name + broken.arguments
        return _row(check, *words, where, broken.hint, call=call)
    except Unseen as unseen:
        got = f"a browser can't show {unseen}: the command line checks it"
        return _row(check, got=got, passed=None)
    except errors as error:  # whatever the result provoked
        where, hint = _own_traceback(error, file), advice(name, error)
        expected = "a result that can be checked"
        return _row(check, name, expected, show(error), where, hint)
    return _row(check, passed=True)


def _row(
    check: Check,
    given: str = "",
    expected: str = "",
    got: str = "",
    where: str = "",
    hint: str = "",
    passed: bool | None = False,
    call: str = "",
) -> Row:
    """Return what the report says of a check."""
    return {
        "name": check.name,
        "function": check.function,
        "tier": check.tier,
        "promise": check.promise,
        "hint": (check.tier == "core" and _text(hint)) or check.hint,
        "passed": passed,
        "given": _text(given),
        "call": call,
        "expected": _text(expected),
        "got": _text(got),
        "where": _text(where),
    }


def _instead(attempt: Attempt, name: str) -> str:
    """Say what an attempt defines instead of a function."""
    if name in attempt:
        return f"{name} is {show(attempt[name])}; a function is expected"
    own = [
        key
        for key, value in attempt.items()
        if getattr(value, "__module__", None) == "attempt"
        and key not in handbook.__all__
    ]
    near = difflib.get_close_matches(name, own, 1) or own[:5]
    defined = f"you defined {', '.join(near)}" if near else "it is missing"
    return f"{defined}; {name} is expected"


def _own_traceback(error: BaseException | None, *files: str) -> str:
    """Return the lines of a traceback that are the attempt's own."""
    frames = traceback.extract_tb(error.__traceback__ if error else None)
    own = [frame for frame in frames if frame.filename in files]
    return "".join(traceback.format_list(own))


def _compare(
    stem: str, attempt: Attempt, errors: Errors
) -> list[Comparison]:
    """Measure the attempt and the handbook on a larger input."""
    rows: list[Comparison] = []
    for check in larger_input_of(stem):
        if (name := check.function) not in attempt:
            continue
        larger = checks_module(stem).LARGER_INPUT[name]
        args = larger(np.random.default_rng(0))
        rivals = {
            "attempt": as_stated(stem, attempt[name]),
            "handbook": as_stated(stem, getattr(handbook, name)),
        }
        row: Comparison = {
            "function": name,
            "input": "; ".join(map(show, args)),
            "peak_bytes": {},
            "seconds": {},
            "error": "",
        }
        rows.append(row)
        times: dict[str, list[float]] = {who: [] for who in rivals}
        try:
            for who, function in rivals.items():
                row["peak_bytes"][who] = peak_bytes(function, args)
            spent, rounds = 0.0, 0
            while spent < ENOUGH and rounds < 5:
                rounds += 1
                for who, function in rivals.items():  # drift hits both
                    start = perf_counter()
                    function(*args)
                    times[who].append(perf_counter() - start)
                    spent += times[who][-1]
        except errors as error:
            row["error"] = show(error)
            continue
        row["seconds"] = {w: statistics.median(t) for w, t in times.items()}
    return rows


def _serve() -> NoReturn:  # pragma: no cover - runs in the child process
    """Carry out one order; its events leave by a private pipe."""
    order = json.loads(sys.stdin.buffer.readline())
    token, seconds = order.pop("token").encode(), order.pop("seconds")
    own = order.pop("own")
    asked, out = os.dup(0), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)

    def tell(event: Event) -> None:
        out.write(b"\n" + token + dumps(event).encode() + b"\n")
        out.flush()
        if "running" in event:  # it ends this process even in a loop in C
            faulthandler.dump_traceback_later(seconds, exit=True, file=out)

    def end_with_the_parent() -> None:
        os.read(asked, 1)  # until it closes its end
        if sys.platform != "win32":
            os.killpg(0, signal.SIGKILL)
        os._exit(1)

    watch = threading.Thread(target=end_with_the_parent, daemon=True)
    watch.start()
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, hard))
    for module, name in UNANNOUNCED:
        with contextlib.suppress(ImportError):
            functions = vars(importlib.import_module(module))
            if name in functions:
                functions[name] = _refusing(name)

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if threading.get_ident() != watch.ident:
            _forbid(event, args)

    sys.addaudithook(hook)
    sys.path.append(own)  # the last: no file there hides a module
    try:
        examine(**order, tell=tell)
        tell({"done": True})
    except BrokenPipeError:  # the parent has ended
        watch.join()
    os._exit(0)


def _refusing(name: str) -> Callable[..., NoReturn]:
    """Return what stands in the place of a function that is refused."""

    def refuse(*_: object, **__: object) -> NoReturn:
        said = f"the judge does not let an attempt use {name}"
        raise PermissionError(said)

    return refuse


def _forbid(event: str, args: tuple[Any, ...]) -> None:
    """Refuse what would outlast the attempt: files, processes, sockets."""
    what = ""
    if event == "open":
        writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
        if args[2] & writing:
            what = f"open {args[0]} to write"
    elif event == "import" and args[0] in UNSEEN:
        what = f"import {args[0]}"
    elif OUTSIDE.match(event) and not HARMLESS.fullmatch(event):
        what = f"use {event}"
    if what:
        raise PermissionError(f"the judge does not let an attempt {what}")


# In the process of the caller -------------------------------------------


def _supervise(
    order: dict[str, Any],
    seconds: float,
    record: Tell,
    stopped: threading.Event,
) -> None:
    """Have a child carry out the order, and another where it was ended."""
    due = stages(order["stem"])
    checks = [check for stage in due for check in stage]
    done = ended = 0
    failed = False
    while True:
        running = given = arguments = reason = where = ""
        so_far = {"skip": done, "failed": failed, "seconds": seconds}
        for event in _child(order | so_far, seconds, stopped):
            if "ended" in event:
                reason, where = event["ended"], event["where"]
                break
            if "calling" in event:
                given, arguments = event["calling"], event["arguments"]
                continue
            if "running" in event:
                running, given, arguments = event["running"], "", ""
            if row := event.get("row"):
                done += 1
                failed |= row["tier"] == "core" and not row["passed"]
            record(event)
        if not reason or done == len(checks):
            return  # all is done, or all but the comparison
        if running == order["file"]:
            error = f"the file {reason}"
            record({"problem": {"error": error, "where": where}})
            return
        check = checks[done]
        given, got = given or check.function, f"the attempt {reason}"
        call = arguments and check.function + arguments
        row = _row(
            check, given, "a result", got, where, advised(reason), call=call
        )
        record({"row": row})
        done += 1
        ended += 1
        failed |= check.tier == "core"
        late = reason == LATE.format(seconds)
        if ended == MOST_ENDED or late or stopped.is_set():
            stage = next(stage for stage in due if check in stage)
            for other in stage[stage.index(check) + 1 :]:
                record({"row": _row(other, passed=None)})
            return


def advised(reason: str) -> str:
    """Return what an interviewer would say of a run that was ended."""
    if "no result within" in reason:
        return "Which loop does not end, or does more than it needs to?"
    return "A function returns its result: what ends Python before that?"


def _child(
    order: dict[str, Any], seconds: float, stopped: threading.Event
) -> Iterator[Event]:
    """Yield the events of a child, and why it ended if it is not done."""
    token = secrets.token_hex()
    one_thread = dict.fromkeys(
        ("MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"
    )
    own = os.path.dirname(os.path.abspath(order["file"]))
    path = json.dumps([folder for folder in sys.path if folder])
    order |= {"token": token, "own": own}
    events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
    dump: list[str] = []  # the traceback of a child that was late
    try:
        child = subprocess.Popen(
            # isolated: no PYTHON... variable changes what an attempt does
            [sys.executable, "-I", "-B", "-c", START, path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=Path(__file__).anchor,
            env={**os.environ, **one_thread},
            # Ctrl-C is for the judge: on POSIX, and on Windows
            start_new_session=True,
            creationflags=getattr(
                subprocess, "CREATE_NEW_PROCESS_GROUP", 0
            ),
        )
    except OSError as error:
        raise RuntimeError(f"{NO_START}: {error}") from error
    assert child.stdin
    assert child.stdout
    assert child.stderr
    reader = threading.Thread(
        target=_read,
        args=(child, token.encode(), events, dump),
        daemon=True,
    )
    reader.start()
    try:
        with contextlib.suppress(OSError):  # it ended: events say so
            child.stdin.write(json.dumps(order).encode() + b"\n")
            child.stdin.flush()
        ended = yield from _events(child, events, seconds, stopped)
        if dump:
            ended = LATE.format(seconds)
        if ended:
            yield {"ended": ended, "where": _own_lines(dump, order)}
    finally:
        _end(child)
        child.wait()
        reader.join(timeout=1)  # whoever left the group may hold on
        with contextlib.suppress(OSError):
            child.stdin.close()
        child.stderr.close()


def _end(child: subprocess.Popen[bytes]) -> None:
    """End a child and all that it started."""
    if sys.platform == "win32":
        command = ["taskkill", "/F", "/T", "/PID", str(child.pid)]
        subprocess.run(command, capture_output=True)
    else:
        # none is left; macOS refuses where none but zombies are
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    child.kill()


def _read(
    child: subprocess.Popen[bytes],
    token: bytes,
    events: "queue.SimpleQueue[Event | None]",
    dump: list[str],
) -> None:
    """Put what carries the token into `events`, None at the end."""
    assert child.stdout
    with child.stdout as out:
        while line := out.readline(2**20):
            if line.startswith(token):
                with contextlib.suppress(ValueError):  # if it was cut
                    events.put(json.loads(line.removeprefix(token)))
            elif dump or line.startswith(b"Timeout ("):
                dump.append(line.decode(errors="replace"))
    events.put(None)


def _own_lines(dump: list[str], order: dict[str, Any]) -> str:
    """Return the attempt's own lines of what faulthandler wrote."""
    name = order["file"].encode("ascii", "backslashreplace").decode()
    found = re.findall(
        rf'^  File "{re.escape(name)}", line (\d+) in (.*)$',
        "".join(dump),
        re.MULTILINE,
    )
    lines = dict(enumerate(lines_of(order["source"]), start=1))
    own = [
        traceback.FrameSummary(
            order["file"],
            int(number),
            function,
            line=lines.get(int(number), ""),
        )
        for number, function in reversed(found)
    ]
    return "".join(traceback.format_list(own))[-TEXT:]


def _events(
    child: subprocess.Popen[bytes],
    events: "queue.SimpleQueue[Event | None]",
    seconds: float,
    stopped: threading.Event,
) -> Generator[Event, None, str]:
    """Yield events until the child is done; return why it ended if not."""
    started, deadline = False, time.monotonic() + START_UP
    while not stopped.is_set():
        now = time.monotonic()  # before it waits: it may have been stopped
        try:
            event = events.get(timeout=0.05)
        except queue.Empty:
            if now > deadline:  # it did not end itself
                return LATE.format(seconds)
            continue
        if event is None:
            return _last_words(child, started)
        if "done" in event:
            return ""
        if "running" in event:
            started = True
            deadline = time.monotonic() + seconds + 2
        yield event
    return "was stopped"


def _last_words(child: subprocess.Popen[bytes], started: bool) -> str:
    """Say how a child ended whose pipe is closed."""
    try:
        status = child.wait(timeout=1)
    except subprocess.TimeoutExpired:
        return "closed the judge's files"
    if not started:
        assert child.stderr
        text = child.stderr.read().decode(errors="replace")
        lines = [f"it ended with status {status}", *text.splitlines()]
        why = [line for line in lines if line.strip()][-1]
        raise RuntimeError(f"{NO_START}: {why}")
    if status < 0:
        names = {s.value: s.name for s in signal.Signals}
        name = names.get(-status, f"signal {-status}")
        return f"crashed Python ({name})"
    if status >= 0xC000_0000:  # how Windows says the same
        return f"crashed Python (0x{status:X})"
    return f"ended Python with status {status}"
