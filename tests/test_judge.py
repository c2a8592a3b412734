"""The judge: right and wrong answers, and everything a person can type."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest

from handbook.challenges import functions_of, starter, stems
from handbook.checks import (
    checks_module,
    checks_of,
    fenced,
    larger_input_of,
)
from handbook.judge import (
    MOST_ENDED,
    PRINTED,
    _forbid,
    _last_words,
    _refusing,
    judge,
    printer,
    try_out,
)
from handbook.page import STEMS, challenge

SOLUTION = challenge("softmax").solution.source
CORE = checks_of("softmax", "core")
KEYS = {"name", "function", "tier", "promise", "hint", "passed"}
WORDS = {"given", "call", "expected", "got", "where"}
AT_LARGER = "np.shape(X) == (4001, 41)"


def wrapped(line, imports=""):
    """The solution of softmax, which runs a line before it answers."""
    return (
        f"{SOLUTION}\n{imports}\nright = softmax\n"
        f"def softmax(X):\n    {line}\n    return right(X)\n"
    )


def wait_for(condition, what):
    """Wait for what comes at once, or at the latest within a minute."""
    for _ in range(3000):
        if condition():
            return
        time.sleep(0.02)
    pytest.fail(f"still waiting: {what}")


def failed(report):
    return [row for row in report["checks"] if row["passed"] is False]


def idle(report):
    """The names of the checks that were not run."""
    return [r["name"] for r in report["checks"] if r["passed"] is None]


def test_challenges_are_those_of_the_pages():
    assert stems() == STEMS
    for stem in STEMS:
        larger = checks_module(stem).LARGER_INPUT
        assert list(larger) == functions_of(stem)


@pytest.mark.parametrize("stem", STEMS)
def test_the_whiteboard_is_accepted(stem):
    report = judge(stem, challenge(stem).solution.source)
    assert report["accepted"]
    assert not report["production"]
    assert (report["problem"], report["printed"]) == (None, {})
    for row, check in zip(report["checks"], checks_of(stem), strict=True):
        assert row.keys() == KEYS | WORDS
        assert row["name"] == check.name
        assert (row["tier"], row["hint"]) == (check.tier, check.hint)
        if row["passed"]:
            assert not any(row[word] for word in WORDS)
        else:
            assert row["tier"] == "production"
            assert all(row[word] for word in WORDS - {"call", "where"})
    measured = report["comparison"]
    assert [row["function"] for row in measured] == functions_of(stem)
    for row in measured:
        assert row["error"] == ""
        for who in ("attempt", "handbook"):
            assert row["seconds"][who] > 0
            assert row["peak_bytes"][who] > 0
    assert json.loads(json.dumps(report)) == report


def test_production_is_fit_for_production():
    report = judge("softmax", "from handbook import softmax")
    assert report["accepted"]
    assert report["production"]


@pytest.mark.parametrize("stem", STEMS)
def test_the_starter_fails_every_core_check(stem):
    report = judge(stem, starter(stem))
    assert not report["accepted"]
    assert not report["production"]
    assert report["comparison"] == []
    names = [row["name"] for row in report["checks"]]
    assert names == [check.name for check in checks_of(stem, "core")]
    assert report["checks"][0]["call"]
    for row in report["checks"]:
        assert not row["passed"]
        assert all(row[word] for word in WORDS - {"call"})
        assert row["hint"] == "This function is still to be written."


@pytest.mark.parametrize("stem", STEMS)
def test_the_starter_shows_the_core_and_nothing_else(stem):
    text = " ".join(starter(stem).split())
    for check in checks_of(stem):
        assert (check.promise in text) == (check.tier == "core")
    assert "import numpy as np" in text
    assert "ArrayLike" not in text


# Everything a person can type -------------------------------------------

# of what only POSIX has, or Windows says otherwise
POSIX_PROBLEMS = [
    ("import os\nos.abort()\n", "crashed Python (SIGABRT)", ""),
    (
        "import sys\ndel sys.modules['_posixsubprocess']\n"
        "import _posixsubprocess\n",
        "import _posixsubprocess",
        "line 3",
    ),
    ("import os\nos.closerange(0, 99)\n", "ended Python", ""),
    ("import os\nos.fork()\n", "not let an attempt use os.fork", "line 2"),
    (
        "import multiprocessing as m\n"
        "m.get_context('spawn').Process(target=print).start()\n",
        "does not let an attempt import _posixshmem",
        "line 2",
    ),
    (
        "import ctypes\nctypes.CDLL(None).fork()\n",
        "ctypes.dlsym",
        "line 2",
    ),
    ("import os\nos.mkfifo('mine')\n", "attempt use mkfifo", "line 2"),
    ("import posix\nposix.mknod('mine')\n", "attempt use mknod", "line 2"),
]
PROBLEMS = [
    ("def softmax(X:\n    pass\n", "'(' was never closed", "line 1\n"),
    ("def softmax(X):\nreturn X\n", "IndentationError", "line 2"),
    (
        "import numpy as np\nimport nmpy\n",
        "No module named 'nmpy'",
        "line 2",
    ),
    ("x = 1\nnp.exp(x)\n", "NameError: name 'np' is not", "line 2"),
    ("import sys\nsys.exit()\n", "SystemExit", "line 2"),
    ("raise KeyboardInterrupt\n", "KeyboardInterrupt", "line 1"),
    ("import os\nos._exit(0)\n", "ended Python with status 0", ""),
    (
        "code = '\\n' * 50 + 'while True: pass'\n"
        "exec(compile(code, 'softmax.py', 'exec'))",
        "gave no result within 1 s",
        "line 51",
    ),
    ("x = '\f'\n\n\nraise ValueError\n", "ValueError", "    raise Value"),
    ("raise ValueError('\x1b[2J')\n", "ValueError: \ufffd[2J", "line 1"),
    ("x = '\0'\n", "null bytes", ""),
    ("(" * 500, "too many nested parentheses", ""),
    ("x = " + "-" * 100_000 + "1", "Error", ""),
    (
        "while True:\n    pass\n",
        "gave no result within 1 s",
        "line 1|line 2",
    ),
    ("import time\ntime.sleep(99)\n", "no result within 1 s", "line 2"),
    ("import os\nos.system('ls')\n", "os.system", "line 2"),
    ("import os\nos.kill(os.getppid(), 9)\n", "os.kill", "line 2"),
    ("import sqlite3\nsqlite3.connect('mine')\n", "sqlite3", "line 2"),
    (
        "import tempfile\ntempfile.mkdtemp()\n",
        "No usable temporary",
        "line 2",
    ),
    (
        "import numpy as np\nnp.save('mine', [1])\n",
        "open mine.npy to write",
        "line 2",
    ),
    ("open('mine', 'w')\n", "open mine to write", "line 1"),
    ("import shelve\nshelve.open('mine')\n", "import _", "line 2"),
    ("import os\nos.open('mine', os.O_CREAT)\n", "open mine", "line 2"),
    ("import socket\nsocket.socket()\n", "socket.__new__", "line 2"),
    (
        "class Odd(Exception):\n"
        "    def __str__(self): raise ValueError\n"
        "    __repr__ = __str__\n"
        "raise Odd\n",
        "Odd",
        "line 4",
    ),
    ("input()\n", "EOFError", "line 1"),
]


@pytest.mark.parametrize(
    ("source", "error", "where"),
    [
        *PROBLEMS,
        *(
            pytest.param(*p, marks=pytest.mark.posix)
            for p in POSIX_PROBLEMS
        ),
    ],
)
def test_files_that_cannot_be_tried(source, error, where):
    seconds = 1 if re.search("True|sleep", source) else 10
    report = judge("softmax", source, seconds=seconds)
    assert not report["accepted"]
    assert report["checks"] == []
    assert error in report["problem"]["error"]
    assert re.search(where, report["problem"]["where"])
    assert "handbook" not in report["problem"]["where"]


@pytest.mark.linux
def test_a_file_that_needs_too_much_memory():
    source = "x = [0]\nwhile True:\n    x += x\n"
    problem = judge("softmax", source, seconds=60)["problem"]
    assert problem["error"].startswith("MemoryError")
    assert "line 3" in problem["where"]


def test_a_syntax_error_shows_line_and_caret():
    problem = judge("softmax", "def softmax(X):\n    return X +\n")[
        "problem"
    ]
    assert problem["error"] == "SyntaxError: invalid syntax"
    file, line, caret = problem["where"].splitlines()
    assert file == '  File "softmax.py", line 2'
    assert line.rstrip().endswith("return X +")
    assert caret.index("^") == line.index("+") + 1


ATTEMPTS = [
    ("def soft_max(X): pass", "you defined soft_max; softmax is expected"),
    ("def solve(X): pass", "you defined solve; softmax is expected"),
    ("x = 1", "it is missing; softmax is expected"),
    ("softmax = 3", "softmax is 3; a function is expected"),
    ("def softmax(): pass", "0 positional arguments but 1 was given"),
    ("def softmax(X): return None", "None"),
    ("def softmax(X): return 'text'", "'text'"),
    ("def softmax(X): return X[0]", "shape (3,)"),
    ("def softmax(X): return [[1], [1, 2]]", "[[1], [1, 2]]"),
    ("def softmax(X): return X / 0", "array([[inf, inf, inf]])"),
    ("def softmax(X): return X[99]", "IndexError"),
    ("def softmax(X): return softmax(X)", "RecursionError"),
    ("import sys\ndef softmax(X): sys.exit(0)", "SystemExit(0)"),
    ("def softmax(X): raise KeyboardInterrupt", "KeyboardInterrupt()"),
    (
        "import os\ndef softmax(X): os._exit(0)",
        "ended Python with status 0",
    ),
    ("def softmax(X):\n    while True: pass", "gave no result within 1 s"),
    ("def softmax(X): open('x', 'w')", "does not let an attempt open x"),
    (
        "class softmax:\n"
        "    def __init__(self, X): pass\n"
        "    def __array__(self, *_, **__): raise SystemExit\n"
        "    def __repr__(self): raise ValueError\n",
        "an object of type softmax, whose repr raises ValueError",
    ),
    (
        "import numpy as np\n"
        "class Liar(np.ndarray):\n"
        "    def __ge__(self, other): return np.True_\n"
        "    def __array_function__(self, *_): return True\n"
        "def softmax(X): return (0 * X).view(Liar)\n",
        "array([[0., 0., 0.]])",
    ),
]


@pytest.mark.posix
def test_a_function_that_crashes_python():
    report = judge("softmax", "import os\ndef softmax(X): os.abort()")
    got = {row["got"] for row in failed(report)}
    assert got == {"the attempt crashed Python (SIGABRT)"}


class Ended:
    """A child process that has ended."""

    def __init__(self, status):
        self.status = status

    def wait(self, timeout):
        return self.status


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (3, "ended Python with status 3"),
        (-99, "crashed Python (signal 99)"),
        (0xC000_0005, "crashed Python (0xC0000005)"),  # of Windows
    ],
)
def test_how_python_ended(status, said):
    assert _last_words(Ended(status), started=True) == said


@pytest.mark.parametrize(("source", "got"), ATTEMPTS)
def test_functions_that_are_no_answer(source, got):
    report = judge("softmax", source, seconds=1 if "while" in source else 9)
    assert not report["accepted"]
    assert report["problem"] is None
    assert len(report["checks"]) == len(CORE)
    first = failed(report)[0]
    assert first["name"] == "rows_sum_to_one"
    assert got in first["got"]
    assert "handbook" not in first["where"]


ODD = [
    "print(__file__)",
    "import sys\nsys.stdout.reconfigure(encoding='utf-8')",
    "import sys\nsys.stdout.buffer.write(b'x')",
    "import faulthandler\nfaulthandler.enable()",
    "print('\\ud800')",
    "import json\njson.dumps = lambda *a, **k: 'garbage'",
    "import numpy as np\nnp.isclose = np.shares_memory = None",
    "import time, tracemalloc\n"
    "time.perf_counter = tracemalloc.get_traced_memory = lambda: (0, '')",
    "class Long(type):\n    __slots__ = ()\n"
    "Odd = Long('x' * 2_000_000, (), {})\nprint('one')",
]


@pytest.mark.parametrize("head", ODD)
def test_right_answers_in_odd_surroundings(head):
    report = judge("softmax", f"{head}\n{SOLUTION}")
    assert report["accepted"], report["problem"]


@pytest.mark.parametrize(
    "source",
    [
        "np.isclose = lambda a, b, **k: np.ones(np.shape(a), bool)\n"
        "def softmax(X): return 0 * X + 1 / X.shape[1]\n",
        "import sys\ndef softmax(X):\n"
        "    sys.settrace(None); sys.setprofile(None)\n"
        "    E = [np.exp(x - x.max()) for x in X]\n"
        "    return [e / e.sum() for e in E]\n",
        "import threading\ndef softmax(X):\n    P = np.empty_like(X)\n"
        "    def fill():\n        for i, x in enumerate(X):\n"
        "            e = np.exp(x - x.max())\n"
        "            P[i] = e / e.sum()\n"
        "    t = threading.Thread(target=fill)\n    t.start()\n"
        "    t.join()\n    return P\n",
    ],
)
def test_no_verdict_is_forged(source):
    assert not judge("softmax", f"import numpy as np\n{source}")["accepted"]


def test_whoever_asks_gets_a_file_number():
    assert printer(lambda event: None).fileno() == 2


def test_what_is_printed_can_do_nothing_to_a_terminal():
    source = "print('\\x1b[2J\\x07\\ra\\u2028b')"
    printed = judge("softmax", source)["printed"]
    assert printed == {"softmax.py": "\ufffd[2J\ufffd\na\ufffdb\n"}


@pytest.mark.parametrize(
    "neighbour", ["sitecustomize.py", "org.py", "numpy.py"]
)
def test_a_neighbour_runs_only_if_it_is_imported(tmp_path, neighbour):
    (tmp_path / neighbour).write_text("raise SystemExit", encoding="utf-8")
    for folder in (tmp_path, tmp_path / f"a{os.pathsep}b"):
        folder.mkdir(exist_ok=True)
        (folder / "helper.py").write_text(SOLUTION, encoding="utf-8")
        file = str(folder / "softmax.py")
        report = judge("softmax", "from helper import softmax", file=file)
        assert report["accepted"], report["problem"]


@pytest.mark.posix
def test_a_judge_that_was_stopped_goes_on():
    """Ctrl-Z, and fg a minute later: the clock of the attempt went on."""
    code = (
        "from handbook.judge import judge\n"
        f"source = {wrapped('time.sleep(0.01)', 'import time')!r}\n"
        "tell = lambda e: print(e.get('running'), flush=True)\n"
        "report = judge('softmax', source, seconds=1, tell=tell)\n"
        "print(report['accepted'])\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True
    ) as parent:
        parent.stdout.readline()
        parent.send_signal(signal.SIGSTOP)
        time.sleep(4)
        parent.send_signal(signal.SIGCONT)
        assert parent.stdout.read().splitlines()[-1] == "True"


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("def soft_max(X): pass", "must define a function named softmax"),
        ("def softmax(): pass", "Which parameters does yours take?"),
        (
            "def softmax(X): return X[99]",
            "the line that raises the IndexError expect",
        ),
        ("def softmax(X): raise NotImplementedError", "to be written"),
        ("def softmax(X): raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("def softmax(X): return X", "Which axis do you sum over"),
        ("def softmax(X):\n    while True: pass", "does not end"),
        ("import os\ndef softmax(X): os._exit(0)", "what ends Python"),
    ],
)
def test_the_hint_fits_the_failure(source, hint):
    report = judge("softmax", source, seconds=1 if "while" in source else 9)
    assert hint in failed(report)[0]["hint"]


def test_a_failure_shows_the_attempts_own_lines():
    source = (
        "import numpy as np\n\n\ndef softmax(X):\n    return np.exp(X)\n"
    )
    row = next(
        row
        for row in judge("softmax", source, file="my/softmax.py")["checks"]
        if row["name"] == "finite_for_large_logits"
    )
    assert row["given"].startswith("softmax(array([[")
    assert row["expected"] == "no warning"
    assert row["got"] == "RuntimeWarning('overflow encountered in exp')"
    assert row["where"].splitlines()[:2] == [
        '  File "my/softmax.py", line 5, in softmax',
        "    return np.exp(X)",
    ]


def test_a_loop_is_shown_by_its_line():
    source = (
        "import numpy as np\n"
        "def one_hot(labels, num_classes):\n"
        "    rows = np.zeros((len(labels), num_classes))\n"
        "    for i in range(len(labels)):\n"
        "        rows[i, labels[i]] = 1\n"
        "    return rows\n"
    )
    rows = {r["name"]: r for r in judge("one_hot", source)["checks"]}
    got = rows["vectorised"]["got"]
    assert re.fullmatch(r"\d+ more steps in line [45] of one_hot.py", got)


def test_a_lambda_goes_by_the_name_it_is_given():
    report = judge("softmax", "softmax = lambda X: None")
    assert failed(report)[0]["given"] == "softmax(array([[1., 2., 3.]]))"


@pytest.mark.parametrize(
    "line", ["while len(X) < 9: X = X + 0", "return sum(range(10**15))"]
)
def test_an_endless_call_shows_its_line_and_its_input(line):
    """A loop in C, too, and whatever the attempt calls its variables."""
    source = f"def softmax(X):\n    given, file = 'forged', X\n    {line}\n"
    report = judge("softmax", source, file="é/softmax.py", seconds=2)
    (row,) = failed(report)
    assert row["given"] == "softmax(array([[1., 2., 3.]]))"
    assert row["call"] == "softmax(np.array([[1.0, 2.0, 3.0]]))"
    assert row["where"] == (
        f'  File "é/softmax.py", line 3, in softmax\n    {line}\n'
    )
    assert row["got"] == "the attempt gave no result within 2 s"


def test_one_time_out_is_all_the_time_that_is_lost():
    source = "def softmax(X):\n    while True: pass"
    report = judge("softmax", source, seconds=1)
    names = [check.name for check in CORE]
    assert [row["name"] for row in failed(report)] == names[:1]
    assert idle(report) == names[1:]


def test_what_was_found_before_an_end_is_kept():
    source = wrapped(
        "print('rows', len(X)); len(X) or os._exit(0)", "import os"
    )
    report = judge("softmax", source)
    assert report["accepted"]
    names = [row["name"] for row in failed(report)]
    assert "no_rows" in names
    assert len(report["checks"]) == len(checks_of("softmax"))
    assert report["printed"]["rows_sum_to_one"].startswith(
        "rows 1\nrows 2\n"
    )
    assert report["comparison"] != []


def test_after_some_ends_the_rest_is_not_run():
    report = judge("softmax", "import os\nsoftmax = lambda X: os._exit(3)")
    got = [row["got"] for row in failed(report)]
    assert got == ["the attempt ended Python with status 3"] * MOST_ENDED
    assert len(idle(report)) == len(CORE) - MOST_ENDED


def test_what_an_attempt_prints_is_kept_and_bounded():
    flood = (
        "import sys\n" + "print('ab' * 999)\n" * 99 + "print(1, end='')\n"
    )
    source = f"{flood}def softmax(X):\n    print('é', file=sys.stderr)\n"
    printed = judge("softmax", source)["printed"]["softmax.py"]
    assert printed.startswith("abab")
    assert printed.endswith("\n[the rest is cut]\n")
    assert len(printed) < PRINTED + 50
    report = judge("softmax", "import sys\nprint('é', file=sys.stderr)")
    assert report["printed"] == {"softmax.py": "é\n"}


def test_what_is_printed_stands_by_what_printed_it():
    source = wrapped("print(X.shape)", "print('the file')")
    report = judge("softmax", source)
    rows = [row["name"] for row in report["checks"]]
    core, asked = rows[: len(CORE)], rows[len(CORE) :]
    printed = report["printed"]
    assert list(printed) == [
        "softmax.py", *core, "larger_input", *asked, "the comparison"
    ]  # fmt: skip
    assert printed["softmax.py"] == "the file\n"
    assert printed["rows_sum_to_one"].startswith("(1, 3)\n")
    assert printed["larger_input"] == "(4001, 41)\n"


def tried(source, scratch):
    """What is printed, and what ends it: its lines, and the error."""
    printed = []

    def tell(event):
        printed.append(event.get("printed", ""))

    problem = try_out(source, scratch, "softmax.py", tell)
    ended = problem and (problem["where"], problem["error"])
    return "".join(printed), ended


def test_a_trial_shows_what_a_prompt_would():
    source = (
        "import numpy as numeric\n"
        "numeric.set_printoptions(precision=3)\n"
        "def softmax(X):\n    print('rows', len(X))\n    return X / 3\n"
    )
    with fenced():
        printed, ended = tried(
            source, "X = np.ones((1, 2))\nsoftmax(X)\n\n"
        )
    assert printed == "rows 1\narray([[0.333, 0.333]])\n"
    assert ended is None
    assert tried("", "for i in 1, 2:\n    print(i)") == ("1\n2\n", None)
    assert tried("print(1)", "") == ("1\n", None)
    assert tried("", "None") == ("", None)


@pytest.mark.parametrize(
    ("source", "scratch", "where", "error"),
    [
        ("", "1 +", ["scratch:1", "1 +"], "SyntaxError: invalid syntax"),
        ("\nx = (", "1", ["softmax.py:2"], "SyntaxError: '(' was never"),
        ("", "softmax(1)", ["scratch:1"], "NameError: name 'softmax'"),
        ("", "exit(3)", ["scratch:1"], "SystemExit: 3"),
        (
            "import numpy as np\ndef f(X):\n    return np.linalg.inv(X)",
            "X = np.ones(2)\nf(X)",
            ["scratch:2", "f(X)", "softmax.py:3", "np.linalg.inv(X)"],
            "LinAlgError: ",
        ),
    ],
)
def test_a_trial_ends_with_the_readers_own_lines(
    source, scratch, where, error
):
    printed, (lines, message) = tried(source, scratch)
    assert printed == ""
    assert error in message
    lines = re.sub('File "(.+)", line (\\d+)', r"\1:\2", lines)
    assert [word for word in where if word not in lines] == []
    assert (
        lines.count(".py") + lines.count("scratch") == (len(where) + 1) // 2
    )


def test_no_pass_is_forged():
    """A report written to every open file changes nothing."""
    line = json.dumps({"row": {"name": "rows_sum_to_one", "passed": True}})
    source = (
        "import os, sys\n"
        f"line = {line!r}\n"
        "def softmax(X):\n"
        "    print(line)\n"
        "    for fd in range(3, 64):\n"
        "        try:\n"
        "            os.write(fd, (line + '\\n' + 'x' * 9).encode())\n"
        "        except OSError:\n"
        "            pass\n"
        "    os._exit(0)\n"
    )
    report = judge("softmax", source)
    assert not any(row["passed"] for row in report["checks"])


def test_settings_of_the_file_do_not_help():
    """A function is judged as if it were pasted somewhere else."""
    source = (
        "import warnings\nimport numpy as np\n"
        "np.seterr(all='ignore')\nwarnings.simplefilter('ignore')\n"
        "def softmax(X):\n    E = np.exp(X)\n"
        "    return E / E.sum(axis=1, keepdims=True)\n"
    )
    row = judge("softmax", source)["checks"][1]
    assert row["got"] == "RuntimeWarning('overflow encountered in exp')"


def test_a_class_of_its_own_works():
    source = (
        "from __future__ import annotations\n"
        "from dataclasses import dataclass\n"
        "@dataclass\nclass Pair:\n    a: int\n    b: int\n"
        "def softmax(X): return [[Pair(1, 2).a]]\n"
    )
    assert failed(judge("softmax", source))[0]["got"] == "shape (1, 1)"


@pytest.mark.parametrize(
    ("line", "got"),
    [
        ("raise ValueError('too many')", "ValueError('too many')"),
        ("return 0 * X", "np.float64(0.0)"),
        ("raise MemoryError", "MemoryError()"),
        ("sys.exit(0)", "SystemExit(0)"),
        ("while True: pass", "the attempt gave no result within 2 s"),
    ],
)
def test_what_is_wrong_on_the_larger_input_is_not_accepted(line, got):
    source = wrapped(f"while {AT_LARGER}: {line}", "import sys")
    if line.startswith("while"):
        source = wrapped(f"while {AT_LARGER}: pass")
    report = judge("softmax", source, seconds=2)
    assert not report["accepted"]
    assert report["comparison"] == []
    (row,) = failed(report)
    assert (row["name"], row["tier"]) == ("larger_input", "core")
    assert row["given"].startswith("softmax(an array of shape (4001, 41)")
    assert row["got"] == got
    assert len(report["checks"]) == len(CORE) + 1


def test_each_function_is_tried_on_its_larger_input():
    for stem in STEMS:
        names = [check.function for check in larger_input_of(stem)]
        assert names == functions_of(stem)


def test_an_accepted_attempt_too_slow_to_compare_is_accepted():
    count = f"calls.append({AT_LARGER}); sum(calls) > 1 and time.sleep(9)"
    source = wrapped(count, "import time\ncalls = []")
    report = judge("softmax", source, seconds=1)
    assert report["accepted"]
    assert report["comparison"] == []


def test_a_long_comparison_is_one_round():
    source = wrapped(
        f"{AT_LARGER} and print(time.sleep(0.2))", "import time"
    )
    report = judge("softmax", source)
    assert report["comparison"][0]["seconds"]["attempt"] >= 0.2
    at_larger = {"larger_input": "None\n"}
    # for the memory, and for the time
    twice = {"the comparison": "None\nNone\n"}
    assert report["printed"] == at_larger | twice
    report = judge("softmax", source, compare=False)
    assert (report["accepted"], report["comparison"]) == (True, [])
    assert report["printed"] == at_larger


def test_an_error_in_the_comparison_is_told():
    count = f"calls.append({AT_LARGER}); assert sum(calls) < 2, 'tired'"
    report = judge("softmax", wrapped(count, "calls = []"))
    assert report["accepted"]
    assert "tired" in report["comparison"][0]["error"]


def test_print_options_change_no_text_of_the_judge():
    head = "import numpy as np\nnp.set_printoptions(precision=1)\n"
    source = "def softmax(X): return X / 3\n"
    plain = judge("softmax", f"import numpy as np\n\n{source}")
    assert judge("softmax", head + source) == plain


# that of Windows: what it is asked for, and the end of a process group
TASKKILL = """\
#!/bin/sh
echo "$@" > "$0.txt"
kill -KILL -- "-$4"
"""


@pytest.mark.parametrize(
    "platform",
    [sys.platform, pytest.param("win32", marks=pytest.mark.posix)],
)
def test_nothing_stays_behind(
    tmp_path_factory, tmp_path, monkeypatch, platform
):
    os_platform = sys.platform
    monkeypatch.setattr(sys, "platform", platform)
    if platform != os_platform:
        command = tmp_path_factory.mktemp("bin") / "taskkill"
        command.write_text(TASKKILL, encoding="utf-8")
        command.chmod(0o700)
        monkeypatch.setenv("PATH", str(command.parent), prepend=os.pathsep)
        monkeypatch.delattr(os, "killpg")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    threads = threading.active_count()
    source = (
        "import os\nprint(os.getpid())\n"
        "def softmax(X):\n    while True: pass"
    )
    printed = judge("softmax", source, seconds=0.3)["printed"]["softmax.py"]
    assert threading.active_count() == threads
    assert list(tmp_path.iterdir()) == []
    (pid,) = map(int, printed.split())
    assert not psutil.pid_exists(pid)
    if platform != os_platform:
        asked = (command.parent / "taskkill.txt").read_text("utf-8")
        assert asked == f"/F /T /PID {pid}\n"


def test_a_run_can_be_stopped():
    stopped = threading.Event()

    def tell(event):
        if event.get("running") == "finite_for_large_logits":
            stopped.set()

    source = wrapped("time.sleep(0.2)", "import time")
    report = judge("softmax", source, tell=tell, stopped=stopped)
    assert report["checks"][0]["passed"]
    assert not report["accepted"]
    assert idle(report)


GRANDCHILD = """
import multiprocessing.util, os, subprocess, sys, _posixsubprocess
_posixsubprocess.fork_exec = subprocess._fork_exec  # the judge's is refused
def is_open(fd):
    try:
        return os.fstat(fd)
    except OSError:
        return False
held = filter(is_open, range(64))  # among them the pipe to the judge
code = "import os, time; time.sleep(600)"
call = [sys.executable.encode(), b"-c", code.encode()]
pid = multiprocessing.util.spawnv_passfds(call[0], call, held)
print(pid, os.getpid())
"""


def gone(pid):
    """Whether a process has ended, also if nobody has asked how."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.mark.posix
@pytest.mark.parametrize(
    "rest",
    [
        "",
        "os._exit(0)\n",
        "def softmax(X): os._exit(0)\n",
        "def softmax(X): return sum(range(10**15))\n",
    ],
)
def test_what_an_attempt_started_ends_with_it(rest):
    report = judge("softmax", GRANDCHILD + rest, seconds=1)
    pids = [int(pid) for pid in report["printed"]["softmax.py"].split()]
    assert pids
    for pid in pids:
        wait_for(lambda pid=pid: gone(pid), f"for the end of {pid}")


@pytest.mark.posix
def test_who_leaves_the_group_does_not_hold_the_judge():
    threads = threading.active_count()
    source = GRANDCHILD.replace("time.sleep", "os.setsid(); time.sleep")
    source += "while os.getsid(pid) != pid: pass\n"
    report = judge("softmax", source + SOLUTION)
    assert report["accepted"]
    pid = int(report["printed"]["softmax.py"].split()[0])
    assert not gone(pid)  # what the guide says: it is no sandbox
    os.kill(pid, signal.SIGKILL)
    wait_for(
        lambda: threading.active_count() == threads, "for the reader to end"
    )


@pytest.mark.parametrize(
    "source",
    [
        "import os\nprint(os.getpid())\n",
        pytest.param(GRANDCHILD, marks=pytest.mark.posix),
    ],
)
@pytest.mark.parametrize("end", ["kill", "terminate"])
def test_all_ends_with_the_judge(end, source):
    attempt = source + "def softmax(X):\n    while True: pass"
    code = (
        "from handbook.judge import judge\n"
        "tell = lambda e: print(e.get('printed', ''), end='', flush=True)\n"
        f"judge('softmax', {attempt!r}, seconds=600, tell=tell)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as parent:
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert not any(map(gone, pids))
        getattr(parent, end)()
        getattr(parent, end)()
    for pid in pids:
        wait_for(lambda pid=pid: gone(pid), f"for the end of {pid}")


def test_a_python_that_does_not_start_is_named(tmp_path, monkeypatch):
    (tmp_path / "numpy.py").write_text(
        "raise ImportError('damaged')", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    said = "^the judge's Python does not start: ImportError: damaged$"
    with pytest.raises(RuntimeError, match=said):
        judge("softmax", "")
    monkeypatch.setattr(sys, "executable", "/none")
    # "No such file or directory", and what Windows says in any language
    with pytest.raises(
        RuntimeError, match=r"start: \[(Errno|WinError) 2\]"
    ):
        judge("softmax", "")


def test_bad_arguments():
    with pytest.raises(
        ValueError, match=r"one of \['.*'softmax', .*'soft_max'$"
    ):
        judge("soft_max", "")
    for seconds in (0, -1.0, float("nan"), float("inf")):
        with pytest.raises(
            ValueError, match=rf"positive and at most 3600, got {seconds}"
        ):
            judge("softmax", "", seconds=seconds)


def test_without_processes_the_report_is_the_same(monkeypatch):
    """A browser has no processes: there the caller can end the whole."""
    sources = [
        SOLUTION,
        starter("softmax"),
        "from handbook import softmax\n",
        "print('x' * 20_000)\nprint(1)\n",
        wrapped(f"assert not {AT_LARGER}, 'too many'"),
        wrapped(
            f"calls.append({AT_LARGER}); assert sum(calls) < 2, 'tired'",
            "calls = []",
        ),
        *(s for s, *_ in PROBLEMS + ATTEMPTS if harmless(s)),
    ]
    in_child = [judge("softmax", source) for source in sources]
    monkeypatch.setattr(sys, "platform", "emscripten")
    for source, expected in zip(sources, in_child, strict=True):
        report = judge("softmax", source)
        for row in report["comparison"] + expected["comparison"]:
            row["seconds"] = row["seconds"].keys()
            row["peak_bytes"] = row["peak_bytes"].keys()
        assert report == expected
    assert judge("softmax", SOLUTION, compare=False)["comparison"] == []


def harmless(source):
    """Whether a source may run in the process of the tests."""
    if "return softmax" in source:  # the depth differs
        return False
    harm = r"import (?!numpy|nmpy|sys)|while|open\(|input|np\.save"
    return not re.search(harm, source)


@pytest.mark.posix
def test_a_child_that_closes_its_files_and_stays():
    source = "import os, time\nos.closerange(3, 99)\ntime.sleep(99)\n"
    report = judge("softmax", source)
    assert report["problem"]["error"] == "the file closed the judge's files"


def test_an_end_in_the_last_check():
    line = "np.asarray(X).dtype.kind == 'U' and os._exit(0)"
    source = wrapped(line, "import os")
    report = judge("softmax", source)
    assert report["accepted"]
    assert failed(report)[-1]["name"] == "bad_input"


@pytest.mark.parametrize(
    ("event", "args", "refused"),
    [
        ("open", ("f", "w", os.O_WRONLY | os.O_CREAT), True),
        ("open", ("f", None, os.O_RDWR), True),
        ("open", ("f", "r", os.O_RDONLY | os.O_EXCL), False),
        ("os.remove", ("f", -1), True),
        ("os.an_event_of_tomorrow", (), True),
        ("os.listdir", ("f",), False),
        ("import", ("os", None), False),
        ("import", ("readline", None), True),
    ],
)
def test_what_is_refused(event, args, refused):
    caught = contextlib.nullcontext()
    if refused:
        caught = pytest.raises(PermissionError, match="does not let")
    with caught:
        _forbid(event, args)


def test_what_announces_nothing_is_refused_by_its_name():
    with pytest.raises(PermissionError, match=r"an attempt use mkfifo$"):
        _refusing("mkfifo")("f", mode=0o666)


def test_the_judge_needs_numpy_only():
    """It runs in a browser, where nothing else is installed."""
    code = (
        "import sys\n"
        "before = set(sys.modules)\n"
        "import handbook.challenges, handbook.judge\n"
        "new = {m.partition('.')[0] for m in set(sys.modules) - before}\n"
        "new -= sys.stdlib_module_names\n"
        "found = map(sys.modules.get, new)\n"
        "print(*(m.__name__ for m in found if hasattr(m, '__file__')))\n"
    )
    command = [sys.executable, "-c", code]
    run = subprocess.run(
        command, capture_output=True, text=True, check=True
    )
    assert set(run.stdout.split()) == {"handbook", "numpy"}
