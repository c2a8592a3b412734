"""The command line, in this process and as the real command."""

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from itertools import product
from pathlib import Path

import psutil
import pytest
from rich.console import Console
from typer.testing import CliRunner

import handbook.judge as judge_module
from handbook.__main__ import run
from handbook.challenges import starter, stems
from handbook.checks import checks_of, larger_input_of
from handbook.cli import LATEST, LEFT, LONGEST, app, at_each_save
from handbook.judge import judge
from handbook.page import LEVELS, STEMS, TRACKS, challenge
from handbook.rendering import measured

HANDBOOK = str(Path(sys.executable).with_name("handbook"))
WATCH = ["check", "softmax", "--watch", "--json"]
SOLUTION = challenge("softmax").solution.source
PRODUCTION = "from handbook import softmax\n"
PLAIN = (
    "import numpy as np\ndef softmax(X):\n    E = np.exp(X)\n"
    "    return E / E.sum(axis=1, keepdims=True)\n"
)
NAIVE = "import numpy as np\ndef softmax(X):\n    return np.exp(X)\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty folder to work in, and a terminal that is wide enough."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "PYTHONUNBUFFERED"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture(autouse=True)
def interruptible():
    """Ctrl-C works even if pytest runs in the background of a script."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def handbook(*arguments):
    """Run a command here; the paths that it says have slashes."""
    run = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    own = os.sep.encode()
    run.stderr_bytes = run.stderr_bytes.replace(own, b"/")
    if "--json" not in arguments:
        run.stdout_bytes = run.stdout_bytes.replace(own, b"/")
    return run


def interrupt(process, status):
    """End a command as Ctrl-C does, and return the rest of its output.

    Windows can't send it to one process alone.
    """
    if os.name == "posix":
        process.send_signal(signal.SIGINT)
    else:
        process.kill()
    rest = process.stdout.read()
    if os.name == "posix":
        assert process.wait() == status
    return rest


def press_ctrl_c():
    """Interrupt this process, from any of its threads."""
    if os.name == "posix":
        os.kill(os.getpid(), signal.SIGINT)
    else:  # where os.kill would end it
        signal.raise_signal(signal.SIGINT)


def unknown(path):
    """What this system says of a path that does not exist."""
    with pytest.raises(FileNotFoundError) as caught:
        os.stat(path)
    return caught.value.strerror


def save(path, text):
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "call", [[HANDBOOK], [sys.executable, "-m", "handbook"]]
)
def test_help_names_the_commands(call):
    run = subprocess.run([*call, "--help"], capture_output=True, text=True)
    for command in ("list", "start", "check", "interview", "review"):
        assert re.search(rf"^\W+{command} ", run.stdout, re.MULTILINE)


def test_help_needs_no_numpy():
    """It takes as long to import as all the rest."""
    code = "import sys, handbook.cli; print('numpy' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True)
    assert run.stdout.split() == [b"False"]


def test_list_shows_the_level_reached():
    save("attempts/knn.py", starter("knn"))
    save("attempts/softmax.py", SOLUTION)
    save("attempts/top_k.py", "from handbook import topk_per_row\n")
    save("attempts/one_hot.py", "def one_hot(labels, num_classes): pass\n")
    save("attempts/sigmoid.py", "")
    reached = {
        "knn": "begun",
        "softmax": "accepted",
        "top_k": "fit for production",
        "one_hot": "not accepted",
        "sigmoid": "attempts/sigmoid.py is empty",
    }
    lines = handbook("list").stdout.splitlines()[1:]
    found = {line.split()[2]: line for line in lines}
    assert found.keys() == set(STEMS)
    for stem, line in found.items():
        front, mine = challenge(stem).front, reached.get(stem, "–")
        words = [front["track"], front["difficulty"], front["title"], mine]
        assert all(f"{word} " in f"{line} " for word in words)
    assert "mine/knn.py" not in handbook("list", "--dir", "mine").stdout


@pytest.mark.parametrize("name", ["top_k", "top-k", "Top-K"])
@pytest.mark.parametrize("where", ["attempts", "some/where"])
def test_start(name, where):
    run = handbook("start", name, "--dir", where)
    assert run.exit_code == 0
    path = Path(where, "top_k.py")
    call = "top_k" if where == "attempts" else path.as_posix()
    assert run.stdout.endswith(f"Then: handbook check {call}\n")
    assert path.read_text("utf-8") == starter("top_k")
    path.write_text("mine", encoding="utf-8")
    run = handbook("start", name, "--dir", where)
    assert (run.exit_code, run.stdout) == (2, "")
    said = f"handbook: {path.as_posix()} exists: it stays as it is\n"
    assert run.stderr == said
    assert path.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("sofmax", "softmax"),
        ("topk_per_row", "top_k"),
        ("mini-batch-gd", "gradient_descent"),
        ("k-nn", "knn"),
    ],
)
def test_an_unknown_name_suggests_the_nearest(name, near):
    for command in ("start", "check"):
        run = handbook(command, name)
        assert run.exit_code == 2
        said = (
            f"handbook: there is no challenge {name!r}; did you mean {near}"
        )
        assert run.stderr.startswith(said)
        assert run.stderr.count("\n") == 1


def unwritable(tmp_path):
    """A folder that may not be written to, not even by root."""
    if os.geteuid() == 0:
        return Path("/sys/kernel")
    tmp_path.chmod(0o555)
    return tmp_path


@pytest.mark.posix
def test_start_where_nothing_can_be_written(tmp_path):
    for where in (unwritable(tmp_path), unwritable(tmp_path) / "deeper"):
        run = handbook("start", "knn", "--dir", str(where))
        assert (run.exit_code, run.stdout) == (2, "")
        assert run.stderr.startswith(f"handbook: {where}/knn.py: ")
        assert run.stderr.count("\n") == 1


def test_start_where_the_folder_is_a_file():
    save("attempts", "a file")
    run = handbook("start", "knn")
    assert run.exit_code == 2
    assert run.stderr == "handbook: attempts exists: it stays as it is\n"


def test_check_accepts():
    save("attempts/softmax.py", SOLUTION)
    run = handbook("check", "softmax")
    assert run.exit_code == 0
    lines = run.stdout.splitlines()
    assert "softmax on a larger input: an array of shape (4001" in lines[0]
    for line, who in zip(lines[1:3], ["yours", "the handb"], strict=True):
        assert re.match(rf"  {who}.* [\d.]+ ms +[\d.]+ MB", line)
    assert lines[4:7] == [
        "attempts/softmax.py: accepted (5 of 5)",
        "An interviewer would ask next (2 of 5 answered):",
        "? Quantised logits arrive as uint8. What is 0 - 255 there? Which "
        "dtype does np.result_type(X, 1.0) name?",
    ]
    assert [line[0] for line in lines[7:]] == [*"??✓W"]
    assert lines[9].rstrip() == "✓ masked is zero, no rows"
    assert "given" not in run.stdout


def test_check_of_production():
    save("attempts/softmax.py", SOLUTION)
    run = handbook("check", "softmax", "--production")
    assert run.exit_code == 1
    for text in ("given", "expected", "got", "where"):
        assert re.search(rf"^  {text} +\S", run.stdout, re.MULTILINE)
    assert "\n  float32 stays float32; integers" in run.stdout
    save("attempts/softmax.py", PRODUCTION)
    run = handbook("check", "softmax", "--production")
    assert run.exit_code == 0
    assert run.stdout.endswith(
        "attempts/softmax.py: accepted (5 of 5)\n"
        "And fit for production: 5 of 5 answered.\n"
    )


def test_check_shows_every_failure_with_its_input():
    save("attempts/softmax.py", NAIVE)
    run = handbook("check", "softmax")
    assert run.exit_code == 1
    text = re.sub(" +", " ", run.stdout)
    assert text.startswith(
        "✗ No entry is negative, and every row sums to 1.\n"
        " given softmax(array([[1., 2., 3.]])) \n"
        " expected array([[0.09003057, 0.24472847, 0.66524096]]) \n"
        " got array([[ 2.71828183, 7.3890561 , 20.08553692]]) \n"
        " hint Which axis do you sum over"
    )
    assert text.count("\n given softmax(") == 3
    assert text.endswith(
        "attempts/softmax.py: not accepted (2 of 5)\n"
        "Begin with: No entry is negative, and every row sums to 1.\n"
        "✓ vectorised, input unchanged\n"
    )


def test_one_cause_is_told_once():
    save("attempts/softmax.py", starter("softmax"))
    text = handbook("check", "softmax").stdout
    assert text.count("to be written") == text.count("  where") == 1
    assert text.count("got    the same") == 4
    assert text.count("  given  ") == 5


@pytest.mark.parametrize("stem", STEMS)
def test_the_verdict_stays_in_view(stem, monkeypatch):
    """On the last screen of 24 lines of 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")
    for source, said in [
        (challenge(stem).solution.source, "accepted"),
        (starter(stem), "not accepted"),
    ]:
        save(f"attempts/{stem}.py", source)
        shown = handbook("check", stem).stdout.splitlines()
        screen = shown[-23:]  # and the prompt
        verdict = f"attempts/{stem}.py: {said}"
        assert any(line.startswith(verdict) for line in screen), screen


def test_questions_that_several_functions_share_are_asked_once():
    save("attempts/sigmoid.py", challenge("sigmoid").solution.source)
    text = handbook("check", "sigmoid").stdout
    asked = [line for line in text.splitlines() if line.startswith("?")]
    assert len(asked) == len(set(asked))
    assert any(
        line.startswith("? sigmoid, sigmoid_derivative") for line in asked
    )


def test_check_names_the_function_where_there_are_several():
    save("attempts/sigmoid.py", starter("sigmoid"))
    printed = handbook("check", "sigmoid").stdout
    assert "✗ sigmoid_derivative: " in printed
    assert re.search('File "attempts/sigmoid.py", line \\d+, in s', printed)


def test_what_holds_of_one_function_only_says_so():
    source = challenge("normalize_rows").solution.source
    source += "\n\ndef l1_normalize(X):\n    return X\n"
    save("attempts/normalize_rows.py", source)
    last = handbook("check", "normalize_rows").stdout.splitlines()[-1]
    assert "unit rows of l2_normalize" in last
    assert re.search(r"vectorised(,|$| *$)", last)


def test_check_a_file_that_cannot_be_tried():
    save("else/softmax.py", "def softmax(X:\n    pass\n")
    run = handbook("check", "else/softmax.py")
    assert run.exit_code == 1
    lines = [line.rstrip() for line in run.stdout.splitlines()]
    assert lines[0].strip() == 'File "else/softmax.py", line 1'
    assert lines[2].strip() == "^"
    assert lines[3].strip() == "SyntaxError: '(' was never closed"
    verdict = "else/softmax.py: not accepted, it can't be run"
    assert lines[-1] == verdict


def test_check_several():
    source = challenge("cosine_similarity").solution.source
    save("else/cosine-similarity.py", source)
    save("attempts/softmax.py", SOLUTION)
    run = handbook("check", "else/cosine-similarity.py", "softmax")
    assert run.exit_code == 0
    assert "else/cosine-similarity.py: accepted (" in run.stdout
    assert "attempts/softmax.py: accepted (5 of 5)" in run.stdout


def test_check_the_folder():
    save("attempts/softmax.py", SOLUTION)
    save("attempts/knn.py", "def knn_predict(")
    save("attempts/one-hot.py", starter("one_hot"))
    save("attempts/notes.py", "no challenge")
    run = handbook("check")
    assert run.exit_code == 1
    header, *lines = [line.split() for line in run.stdout.splitlines()]
    assert header == ["challenge", "verdict", "next"]
    refused = ["not", "accepted"]
    assert lines[0][:5] == ["✗", "knn", *refused, "SyntaxError:"]
    assert lines[1][:5] == ["✗", "one_hot", *refused, "Row"]
    assert lines[2][:4] == ["✓", "softmax", "accepted", "Quantised"]


def test_a_table_compares_nothing(monkeypatch):
    save("attempts/softmax.py", SOLUTION)
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("TTY_INTERACTIVE", "1")
    for arguments in (["check"], ["list"]):
        run = handbook(*arguments)
        assert "softmax: " in run.stderr
        assert "the comparison" not in run.stderr
    assert "the comparison" in handbook("check", "--json").stderr


def test_check_shows_what_was_printed_as_it_is():
    save("attempts/softmax.py", f"print('[red]x[/] [/]')\n{SOLUTION}")
    run = handbook("check", "softmax")
    assert run.exit_code == 0
    assert "It printed:\n  [red]x[/] [/]" in run.stdout


def test_check_refuses_what_fails_on_the_larger_input():
    wrong = "right = softmax\ndef softmax(X):\n"
    wrong += "    if np.shape(X) == (4001, 41): raise ValueError('[/]')\n"
    save("attempts/softmax.py", f"{SOLUTION}{wrong}    return right(X)\n")
    run = handbook("check", "softmax")
    assert run.exit_code == 1
    assert "ValueError('[/]')" in run.stdout
    assert "attempts/softmax.py: not accepted (5 of 6)" in run.stdout


def test_line_endings_of_windows_change_nothing():
    text = starter("knn").replace("\n", "\r\n")
    save("attempts/knn.py", "")
    Path("attempts/knn.py").write_bytes(text.encode())
    assert " begun" in handbook("list").stdout


def test_a_byte_order_mark_is_fine():
    Path("softmax.py").write_bytes(b"\xef\xbb\xbf" + SOLUTION.encode())
    assert handbook("check", "softmax.py").exit_code == 0


UNUSABLE = [
    ("none/softmax.py", lambda p: None, unknown("none/softmax.py")),
    ("softmax.py", lambda p: p.mkdir(), "is a folder, not a file"),
    pytest.param(
        "softmax.py",
        lambda p: os.mkfifo(p),
        "is not a regular file",
        marks=pytest.mark.posix,
    ),
    pytest.param(
        "softmax.py",
        lambda p: p.symlink_to(p),
        "links to softmax.py",
        marks=pytest.mark.posix,
    ),
    pytest.param(
        "softmax.py",
        lambda p: p.symlink_to("no"),
        "links to no, which does",
        marks=pytest.mark.posix,
    ),
    (
        "softmax.py",
        lambda p: p.write_bytes(b"a = '\xe9'"),
        "not UTF-8: byte 5",
    ),
    ("softmax.py", lambda p: p.touch(), "softmax.py is empty"),
    (
        "softmax.py",
        lambda p: p.write_text(" \n", encoding="utf-8"),
        "softmax.py is empty",
    ),
    (
        "softmax.py",
        lambda p: p.write_bytes(b"#" * 10 * LONGEST),
        "has 10,000,000 bytes, at most 1,000,000 are read",
    ),
    ("softmx.py", lambda p: p.touch(), "softmax.py for example"),
    ("", lambda p: None, "there is no challenge ''"),
    ("softmax", lambda p: None, "handbook start softmax writes it"),
    ("mine", lambda p: p.mkdir(), "mine is a folder: handbook check --dir"),
]


@pytest.mark.parametrize(("name", "make", "said"), UNUSABLE)
@pytest.mark.parametrize("other", [[], ["else/softmax.py"]])
def test_what_is_unusable(name, make, said, other):
    make(Path(name))
    before = Path(name).read_bytes() if Path(name).is_file() else None
    save("else/softmax.py", SOLUTION)
    run = handbook("check", name, *other, "--json")
    assert run.exit_code == 2
    assert run.stderr.startswith("handbook: ")
    assert said in run.stderr
    assert run.stderr.count("\n") == 1
    reports = json.loads(run.stdout)
    assert [r["accepted"] for r in reports] == [True for _ in other]
    if before is not None:
        assert Path(name).read_bytes() == before


def test_no_attempts():
    for _ in range(2):
        run = handbook("check")
        assert (run.exit_code, run.stdout) == (2, "")
        assert run.stderr.startswith("handbook: no attempts in attempts")
        Path("attempts").mkdir(exist_ok=True)
    assert handbook("check", "--seconds", "0").exit_code == 2
    assert LATEST == judge_module.LATEST


def test_json_is_what_the_judge_reports():
    save("attempts/softmax.py", SOLUTION)
    save("attempts/knn.py", f"print('hello')\n{starter('knn')}")
    run = handbook("check", "--json")
    assert run.exit_code == 1
    reports = json.loads(run.stdout)
    for stem, report in zip(("knn", "softmax"), reports, strict=True):
        path = str(Path(f"attempts/{stem}.py"))
        source = Path(path).read_text("utf-8")
        expected = judge(stem, source, file=path)
        for row in report["comparison"] + expected["comparison"]:
            assert row.pop("seconds").keys() == {"attempt", "handbook"}
            assert row.pop("peak_bytes").keys() == {"attempt", "handbook"}
        assert report == expected


def test_a_terminal_that_cannot_show_a_mark():
    save("attempts/softmax.py", SOLUTION)
    run = subprocess.run(
        [HANDBOOK, "check", "softmax"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0
    assert "+ masked is zero" in run.stdout
    assert "? Quantised logits" in run.stdout


def test_marks_have_a_plain_form():
    handbook("list")
    assert "✓✗–é".encode("ascii", "handbook") == b"+x-?"


def test_watch():
    """A save is seen, also if the editor replaces the file."""
    save("attempts/softmax.py", NAIVE)
    with subprocess.Popen(
        [
            HANDBOOK,
            *["check", "softmax", "--watch", "--json", "--seconds", "600"],
        ],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert not json.loads(process.stdout.readline())[0]["accepted"]
        seen, pause = threading.Event(), 0.5

        def save_until_seen():
            nonlocal pause
            while not seen.wait(pause := 2 * pause):  # each ends a run
                Path("new.py").write_text(SOLUTION, encoding="utf-8")
                with contextlib.suppress(PermissionError):  # it is read
                    os.replace("new.py", "attempts/softmax.py")

        saving = threading.Thread(target=save_until_seen)
        saving.start()
        assert json.loads(process.stdout.readline())[0]["accepted"]
        seen.set()
        saving.join()
        interrupt(process, 0)


@pytest.mark.parametrize("names", [None, ["softmax"]])
def test_each_save_is_a_run(names):
    save("attempts/softmax.py", NAIVE)
    runs, second = [], threading.Event()

    def once(stopped):
        runs.append(stopped)
        if len(runs) == 2:
            second.set()
        return len(runs)

    def save_until_seen():
        while not second.wait(0.2):
            save("attempts/notes.py", "no challenge")
            save("attempts/softmax.py", NAIVE)
        press_ctrl_c()

    saving = threading.Thread(target=save_until_seen)
    saving.start()
    status = at_each_save(once, names, Path("attempts"))
    saving.join()
    assert status == len(runs) >= 2
    assert all(stopped.is_set() for stopped in runs)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sofmax"], "did you mean softmax?"),
        (["--dir", "none"], "none is not a folder"),
        (["none/softmax.py"], f"none: {unknown('none')}"),
    ],
)
def test_what_cannot_be_watched(arguments, said):
    run = handbook("check", "--watch", *arguments)
    assert (run.exit_code, run.stdout) == (2, "")
    assert said in run.stderr
    assert run.stderr.count("\n") == 1


def test_progress_is_shown_on_a_terminal_only(monkeypatch):
    save("attempts/softmax.py", SOLUTION)
    assert handbook("check", "softmax").stderr == ""
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("TTY_INTERACTIVE", "1")
    assert "11/11" in handbook("check", "softmax").stderr
    save("attempts/knn.py", "raise ValueError")
    due = len(checks_of("knn")) + len(larger_input_of("knn"))
    assert f"{11 + due}/{11 + due}" in handbook("check").stderr


def test_stems_are_those_of_the_pages():
    assert stems() == STEMS


def test_list_goes_by_track_from_easy_to_hard():
    save("mine/knn.py", "")
    lines = handbook("list", "--dir", "mine").stdout.splitlines()[1:]
    found = [tuple(line.split()[:2]) for line in lines]
    order = list(product(TRACKS, LEVELS))
    assert found == sorted(found, key=order.index)
    assert found[0] == ("fundamentals", "easy")
    assert sum("mine/knn.py" in line for line in lines) == 1


@pytest.mark.parametrize("name", ["top-k", "Top_K", "mine/top_k.py"])
def test_a_stem_in_any_spelling(name):
    save("mine/top_k.py", starter("top_k"))
    run = handbook("check", name, "--dir", "mine")
    assert (run.exit_code, run.stderr) == (1, "")
    assert "mine/top_k.py: not accepted (0 of " in run.stdout


def test_the_table_has_every_spelling():
    save("attempts/One-Hot.py", starter("one_hot"))
    run = handbook("check")
    assert (run.exit_code, run.stderr) == (1, "")
    assert " one_hot  " in run.stdout


def test_a_file_without_a_suffix():
    save("else/softmax", PLAIN)
    run = handbook("check", "else/softmax")
    assert "else/softmax: not accepted" in run.stdout


def test_a_folder_of_a_challenges_name_is_in_nobodys_way():
    Path("softmax").mkdir()
    save("attempts/softmax.py", PLAIN)
    assert handbook("check", "softmax").exit_code == 1


def test_the_time_limit_is_the_given_one():
    save("softmax.py", "def softmax(X):\n    while True: pass\n")
    run = handbook("check", "softmax.py", "--seconds", "0.5")
    assert "the attempt gave no result within 0.5 s" in run.stdout


def test_no_time_at_all():
    save("attempts/softmax.py", SOLUTION)
    run = handbook("check", "softmax", "--seconds", "0")
    assert (run.exit_code, run.stdout) == (2, "")
    assert "--seconds" in run.stderr


def test_the_unusable_is_named_on_one_line_and_nothing_else_is_said():
    Path("softmax.py").write_bytes(b"a = '\xe9'")
    run = handbook("check", "softmax.py")
    assert (run.exit_code, run.stdout) == (2, "")
    said = "handbook: softmax.py is not UTF-8: byte 5 is 0xe9\n"
    assert run.stderr == said


@pytest.mark.parametrize("name", ["[red]x[x]", "x[", "[bold]"])
def test_markup_in_a_path_is_shown_as_it_is(name):
    save(f"{name}/softmax.py", "raise ValueError('[/] [red]y[/]')\n")
    save(f"{name}/knn.py", "def knn_predict(*_): return '[/] [red]y[/]'\n")
    table = handbook("check", "--dir", name).stdout
    assert "ValueError: [/] [red]y[/]" in table
    for stem in ("softmax", "knn"):
        text = handbook("check", f"{name}/{stem}.py").stdout
        assert f"\n{name}/{stem}.py: not accepted" in text
        assert "[/] [red]y[/]" in text


def test_a_path_of_a_closing_tag_is_shown_as_it_is():
    save("[/]/softmax.py", "raise ValueError\n")
    text = handbook("check", "[/]/softmax.py").stdout
    assert text.endswith("[/]/softmax.py: not accepted, it can't be run\n")


def test_what_was_measured():
    row = {
        "seconds": {"attempt": 0.0025, "handbook": 0.001},
        "peak_bytes": {"attempt": 2_000_000, "handbook": 1_000_000},
    }
    console = Console(file=io.StringIO(), width=76)
    console.print(measured(row))
    lines = console.file.getvalue().split("\n")
    words = [" ".join(line.split()) for line in lines]
    assert words[0] == "yours 2.5 ms 2 MB at the peak"
    assert words[1] == "the handbook's 1 ms 1 MB at the peak"


def test_progress_names_the_check_that_runs(monkeypatch):
    save("softmax.py", SOLUTION)
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("TTY_INTERACTIVE", "1")
    run = handbook("check", "softmax.py")
    assert "softmax: the comparison" in run.stderr


# Watching ---------------------------------------------------------------


def waiting(folder):
    """An attempt that waits for ever, and where to see that it does."""
    os.mkfifo("pipe")
    source = f"open({str(folder / 'pipe')!r}).read()\n"
    save("attempts/softmax.py", source)
    return folder / "pipe"


@pytest.mark.posix
def test_a_save_ends_a_run_that_is_under_way(folder):
    pipe, new = waiting(folder), folder / "new.py"
    with subprocess.Popen(
        [
            HANDBOOK,
            *["check", "softmax", "--watch", "--json", "--seconds", "600"],
        ],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        with pipe.open("w"):  # returns when the attempt runs
            seen = threading.Event()

            def save_until_seen():
                pause = 0.2  # grows: a save stops the run of the one before
                while not seen.wait(pause):
                    save(new, SOLUTION)
                    new.replace("attempts/softmax.py")
                    pause *= 2

            saving = threading.Thread(target=save_until_seen)
            saving.start()
            assert json.loads(process.stdout.readline())[0]["accepted"]
            seen.set()
            saving.join()
        interrupt(process, 0)


@pytest.mark.posix
def test_ctrl_c_ends_a_run_that_is_under_way(folder):
    pipe = waiting(folder)

    def press_while_it_runs():
        with pipe.open("w"):  # returns when the attempt runs
            press_ctrl_c()
            ended.wait()

    ended = threading.Event()
    interrupting = threading.Thread(target=press_while_it_runs)
    interrupting.start()
    run = handbook("check", "--watch", "--seconds", "600")
    ended.set()
    interrupting.join()
    assert run.stdout == ""


def watched(names, *saves):
    """Watch while each of `saves` is done, once the last was seen.

    Return what the attempt held at each run.
    """
    seen, again = [], threading.Event()

    def once(stopped):
        with contextlib.suppress(OSError):
            path = Path("attempts/softmax.py")
            seen.append(path.read_text(encoding="utf-8"))
            again.set()
            if len(seen) <= len(saves):  # it goes on until the next save
                assert stopped.wait(60)
        return 0

    def save_all():
        for number, change in enumerate(saves, start=2):
            again.wait()
            again.clear()
            change(str(number))
        again.wait()
        press_ctrl_c()

    save("attempts/softmax.py", "1")
    saving = threading.Thread(target=save_all)
    saving.start()
    assert at_each_save(once, names, Path("attempts")) == 0
    saving.join()
    return seen


@pytest.mark.parametrize("names", [None, ["softmax"]])
def test_what_is_no_attempt_is_no_save(names):
    other = "notes.py" if names is None else "knn.py"

    def save_both(text):
        for _ in range(3):
            save(f"attempts/{other}", "something else")
            time.sleep(0.2)  # time to be seen, if it were watched
        save("attempts/softmax.py", text)

    assert watched(names, save_both) == ["1", "2"]


@pytest.mark.posix
@pytest.mark.parametrize("names", [None, ["softmax"]])
def test_links_and_replaced_folders_are_watched(names):
    def link_the_file(text):
        save("real/one.py", text)
        Path("attempts/softmax.py").unlink()
        Path("attempts/softmax.py").symlink_to("../real/one.py")

    def save_what_is_linked(text):
        save("real/one.py", text)

    def replace_the_folder(text):
        save("other/softmax.py", text)
        Path("attempts").rename("gone")
        Path("other").rename("attempts")

    def link_the_folder(text):
        save("linked/softmax.py", text)
        Path("attempts").rename("gone too")
        Path("attempts").symlink_to("linked")

    def save_in_the_linked_folder(text):
        save("linked/softmax.py", text)

    seen = watched(
        names,
        link_the_file,
        save_what_is_linked,
        replace_the_folder,
        link_the_folder,
        save_in_the_linked_folder,
    )
    assert list(dict.fromkeys(seen)) == [*"123456"]


def test_a_file_may_import_its_neighbour():
    save("attempts/helper.py", SOLUTION)
    save("attempts/numpy.py", "raise ImportError('not yours')")
    save("attempts/softmax.py", "import numpy\nfrom helper import softmax")
    assert handbook("check", "softmax").exit_code == 0


def test_another_spelling_is_found():
    save("attempts/One-Hot.py", challenge("one_hot").solution.source)
    assert handbook("check", "one_hot").exit_code == 0
    assert "One-Hot.py: accepted" in handbook("list").stdout
    save("attempts/one-hot.py", "")
    run = handbook("check", "one_hot")
    assert (run.exit_code, run.stdout) == (2, "")
    several = len(os.listdir("attempts")) > 1  # not where case is nothing
    said = "are one challenge" if several else "is empty"
    assert said in run.stderr


@pytest.mark.posix
@pytest.mark.parametrize("arguments", [["list"], ["check", "softmax"]])
def test_a_folder_that_cannot_be_entered(arguments):
    Path("loop").symlink_to("loop")
    for folder in ("loop", "x" * 5000):
        run = handbook(*arguments, "--dir", folder)
        text = run.stdout + run.stderr
        assert re.search("symbolic|too long", " ".join(text.split()))
        assert len(run.stderr) < 400


def environment(**variables):
    """Run a command with these environment variables."""
    run = subprocess.run(
        [HANDBOOK, "check", "softmax"],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    return run.returncode, run.stdout, run.stderr


def test_odd_environments():
    save(
        "attempts/softmax.py",
        f"{SOLUTION}\nright = softmax\n"
        "def softmax(X):\n    assert X is None\n    return right(X)\n",
    )
    status, out, _ = environment(PYTHONOPTIMIZE="1")
    assert (status, "AssertionError" in out) == (1, True)
    status, out, err = environment(PYTHONOPTIMIZE="2")
    assert (status, out, err.count("\n")) == (2, "", 1)
    for variables in (
        {"COLUMNS": "0"},
        {"TMPDIR": "/none", "TEMP": "/none"},
    ):
        status, out, _ = environment(**variables)
        assert (status, "not accepted" in out) == (1, True)


@pytest.mark.posix
def test_a_terminal_is_cleared_before_each_run():
    save("attempts/softmax.py", PLAIN)
    with subprocess.Popen(
        [HANDBOOK, *["check", "softmax", "--watch"]],
        stdout=subprocess.PIPE,
        env={**os.environ, "TTY_COMPATIBLE": "1", "TERM": "xterm"},
    ) as process:
        assert process.stdout.readline().startswith(b"\x1b[2J\x1b[H")
        interrupt(process, 1)


def test_streams_that_know_no_encoding(monkeypatch):
    save("softmax.py", PLAIN)
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, io.StringIO())
    with pytest.raises(SystemExit) as caught:
        app(["check", "softmax.py"])
    assert caught.value.code == 1
    assert "\nsoftmax.py: not accepted" in sys.stdout.getvalue()


def test_a_report_is_out_as_soon_as_it_is_there():
    save("attempts/softmax.py", PLAIN)
    with subprocess.Popen(
        [HANDBOOK, *WATCH],
        stdout=subprocess.PIPE,
    ) as process:
        assert not json.loads(process.stdout.readline())[0]["accepted"]
        assert interrupt(process, 1) == b""


def test_a_name_too_long_for_a_file():
    name = "x" * 300
    for arguments in ([f"{name}/a.py"], [name], ["knn", "--dir", name]):
        for watched in ([], ["--watch"]):
            run = handbook("check", *arguments, *watched)
            assert (run.exit_code, run.stdout) == (2, "")
            assert run.stderr.count("\n") == 1


@pytest.mark.parametrize("columns", ["0", "00", "²", "-5"])
def test_a_terminal_of_no_width(columns, monkeypatch):
    # as a terminal hands it over, whatever the locale
    monkeypatch.setenv("COLUMNS", os.fsdecode(columns.encode()))
    assert "softmax" in handbook("list").stdout


def test_an_output_that_cannot_be_written():
    save("attempts/softmax.py", SOLUTION)
    with Path("attempts/softmax.py").open() as read_only:
        run = subprocess.run(
            [HANDBOOK, "check", "softmax"],
            stdout=read_only,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert run.returncode == 2
    assert re.fullmatch("handbook: the output: .*\n", run.stderr)


@pytest.mark.posix
@pytest.mark.parametrize("end", ["SIGTERM", "SIGHUP", "SIGINT"])
@pytest.mark.parametrize("names", [["softmax"], []])
def test_whatever_ends_the_command_ends_the_attempts(end, names):
    """Also those that never let another thread run."""
    for stem in STEMS:
        save(f"attempts/{stem}.py", "sum(iter(int, 1))")
    command = [HANDBOOK, "check", *names, "--seconds", "600"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        children = started_by(process.pid, 1 if names else os.cpu_count())
        for child in children:
            while psutil.Process(child).cpu_times().user < 1:
                time.sleep(0.05)  # by then the attempt runs
        process.send_signal(number := signal.Signals[end])
        assert process.wait() == 128 + number
        assert process.stdout.read() == process.stderr.read() == b""
    assert not any(map(psutil.pid_exists, children))


def started_by(pid, count):
    """Wait for the children of a process."""
    while len(found := psutil.Process(pid).children()) < min(count, 10):
        time.sleep(0.02)
    return [child.pid for child in found]


@pytest.mark.parametrize(
    ("module", "arguments"),
    [("typer", ["--help"]), ("numpy", ["check", "softmax"])],
)
def test_ctrl_c_while_the_command_starts(module, arguments):
    save("attempts/softmax.py", SOLUTION)
    save(f"early/{module}.py", "raise KeyboardInterrupt")
    run = subprocess.run(
        [HANDBOOK, *arguments],
        env={**os.environ, "PYTHONPATH": "early"},
        capture_output=True,
    )
    assert (run.returncode, run.stderr) == (130, b"")


def test_ctrl_c_is_no_traceback(monkeypatch):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr("handbook.cli.run", interrupted)
    with pytest.raises(SystemExit) as caught:
        run()
    assert caught.value.code == 130


def test_a_python_that_does_not_start_is_one_line(folder, monkeypatch):
    save("attempts/softmax.py", SOLUTION)
    save("early/numpy.py", "\nraise ImportError('it is damaged')")
    monkeypatch.syspath_prepend(folder / "early")  # of the attempt's Python
    said = "the judge's Python does not start: ImportError: it is damaged"
    for arguments in (["check", "softmax"], ["check"], ["list"]):
        run = handbook(*arguments)
        assert (run.exit_code, run.stdout) == (2, "")
        assert run.stderr == f"handbook: {said}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["list"],
        ["check"],
        ["check", "softmax"],
        ["check", "softmax", "--json"],
        ["check", "softmax", "--watch"],
    ],
)
def test_a_reader_that_leaves(arguments):
    """The status is that of any command whose pipe is closed."""
    save("attempts/softmax.py", SOLUTION)
    with subprocess.Popen(
        [HANDBOOK, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == LEFT
