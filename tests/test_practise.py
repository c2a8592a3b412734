"""The guides to practising: a session is run, its output compared."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from handbook.challenges import starter
from handbook.page import Page
from tests.pages import ROOT

GUIDE = Page(ROOT / "docs/guides/practise.md")
HANDBOOK = Path(sys.executable).with_name("handbook")
# in a pipe on Windows, Rich leaves the last column empty
COLUMNS = "77" if os.name == "nt" else "76"


def handbook(arguments, folder, answers=""):
    """What the command prints on a terminal of 76 columns.

    The paths with slashes, as the guide has them.
    """
    run = subprocess.run(
        [HANDBOOK, *arguments.split()],
        cwd=folder,
        input=answers,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": COLUMNS, "PYTHONUTF8": "1"},
    )
    lines = (run.stdout + run.stderr).replace(os.sep, "/").splitlines()
    return "\n".join(line.rstrip() for line in lines)


def comparable(text):
    """Without what differs between machines and versions of Python."""
    text = re.sub(r" [\d.]+ ms +[\d.]+ MB", " # ms # MB", text)
    return re.sub(r"^ +[~^]+\n", "", text, flags=re.MULTILINE)


def megabytes(text):
    return [*map(float, re.findall(r"([\d.]+) MB", text))]


def test_the_session_of_the_guide(tmp_path):
    attempt = tmp_path / "attempts/softmax.py"
    ran = 0
    for section in ("Start", "Check"):
        for fence in GUIDE.code(section):
            if fence.language == "python":
                if attempt.exists() and section == "Start":
                    assert attempt.read_text("utf-8") == fence.source
                attempt.write_text(fence.source, encoding="utf-8")
                continue
            command, _, shown = fence.source.partition("\n")
            printed = handbook(
                command.removeprefix("$ handbook "), tmp_path
            )
            ran += 1
            assert comparable(shown.strip()) == comparable(printed), (
                f"{fence.where} must show:\n{printed}"
            )
            # a few kB more or less by the version of Python
            close = pytest.approx(megabytes(printed), rel=0.01)
            assert megabytes(shown) == close, fence.where
    assert ran == 3


def test_every_command_of_the_guide_exists(tmp_path):
    for stem in ("softmax", "knn", "top_k"):
        for folder in ("attempts", "somewhere/else"):
            path = tmp_path / folder / f"{stem}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(starter(stem), encoding="utf-8")
    for line in GUIDE.code("Every day")[0].source.splitlines():
        command = line.removeprefix("$ handbook ")
        if "--watch" not in command:  # that one is in test_cli.py
            printed = handbook(command, tmp_path)
            assert re.search('not acc|"accepted": false', printed)


def test_every_command_of_the_mock_interview_exists(tmp_path):
    (fence,) = Page(ROOT / "docs/guides/mock.md").fences
    printed = []
    for line in fence.source.splitlines():
        if "--import" in line:
            record = tmp_path / "interviews/record.jsonl"
            record.rename(tmp_path / "record.jsonl")
        command = line.removeprefix("$ handbook ")
        printed.append(handbook(command, tmp_path, "stop\ny\n"))
    first, second, review, imported = printed
    for said in (first, second):
        assert "not accepted after 0:00, 0 hints, 0 checks" in said
    assert "Nothing is due before" in review
    # two of one challenge in the same second are one
    lines = (tmp_path / "record.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == 2
    assert imported.startswith(f"New interviews: {len({*lines})}.")
    assert imported.endswith(review)
