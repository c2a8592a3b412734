"""Functions that are judged where they were defined."""

import builtins
import functools
import json
import re

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

import handbook
from handbook.judge import judge
from handbook.page import challenge

NAIVE = """import numpy as np

def softmax(X):
    E = np.exp(X)
    return E / E.sum(axis=1, keepdims=True)
"""
SOLUTION = challenge("softmax").solution.source


def test_the_package_has_what_it_lists():
    assert {*handbook.__all__} <= {*dir(handbook)}
    with pytest.raises(AttributeError, match="no attribute 'x'"):
        _ = handbook.x


def defined(source):
    names = {}
    exec(source, names)
    return names["softmax"]


def without_times(report):
    report = json.loads(json.dumps(report))
    for row in report["comparison"]:
        row["seconds"] = row["peak_bytes"] = {}
    return report


def test_a_notebook_shows_the_verdict():
    """In a real kernel; the words are those of the command line."""
    cells = [
        NAIVE,
        "import handbook\nhandbook.check(softmax)",
        SOLUTION,
        "handbook.check(softmax)",
        "handbook.check(softmax, production=True)['production']",
        "def softmax(X):\n    return [row for row in X]",
        "handbook.check(softmax)",
    ]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells]
    )
    NotebookClient(notebook, timeout=60).execute()
    data = [c["outputs"][0]["data"] for c in notebook.cells if c["outputs"]]
    naive, right, production, _ = data
    for words in (
        "RuntimeWarning('overflow encountered in exp')",
        "softmax: not accepted (3 of 5)",
    ):
        assert words in naive["text/plain"]
        html = naive["text/html"].replace("&#x27;", "'")
        assert words in re.sub(r"<[^>]+>", "", html)
    assert (
        "    E = np.exp(X)" in naive["text/plain"]
    )  # the line of the cell
    assert "softmax: accepted (5 of 5)" in right["text/plain"]
    assert "check(softmax, production=True) each" in right["text/plain"]
    assert production["text/plain"] == "False"


@pytest.mark.parametrize("source", [NAIVE, SOLUTION])
def test_the_report_is_that_of_a_file(source):
    verdict = handbook.check(defined(source))
    expected = without_times(judge("softmax", source))
    found = without_times(verdict)
    for row in found["checks"] + expected["checks"]:
        row["where"] = ""  # the source of exec is nowhere
    assert found == expected


def test_one_function_of_several():
    verdict = handbook.check(handbook.sigmoid)
    assert verdict["production"]
    assert {row["function"] for row in verdict["checks"]} == {"sigmoid"}
    assert [r["function"] for r in verdict["comparison"]] == ["sigmoid"]
    assert "sigmoid: accepted (5 of 5)" in repr(verdict)


def test_production_in_detail():
    softmax = defined(SOLUTION)
    assert "uint8)" not in repr(handbook.check(softmax))
    assert "uint8)" in repr(handbook.check(softmax, production=True))


def test_nothing_is_left_changed():
    before = builtins.map, np.vectorize, np.geterr(), np.get_printoptions()
    handbook.check(defined(NAIVE))
    after = builtins.map, np.vectorize, np.geterr(), np.get_printoptions()
    assert after == before


def test_loops_under_another_name_are_found():
    names = {}
    exec(
        "from itertools import starmap as each\nimport numpy as np\n"
        "def one_hot(labels, num_classes):\n"
        "    pairs = np.stack([labels, labels], axis=1)\n"
        "    return np.eye(num_classes)[list(each(max, pairs))]\n",
        names,
    )
    each = names["each"]
    verdict = handbook.check(names["one_hot"])
    assert "No Python loop" in repr(verdict)
    assert names["each"] is each


def test_odd_texts_are_shown():
    def softmax(X):
        raise ValueError("\ud800")

    verdict = handbook.check(softmax)
    assert verdict.__repr__().encode()
    assert verdict._repr_html_().encode()


def test_an_interrupt_is_the_readers():
    def softmax(X):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        handbook.check(softmax)


def soft_max(X):
    return X


@pytest.mark.parametrize(
    ("functions", "error", "said"),
    [
        ([], TypeError, "check needs a function"),
        ([3], TypeError, "check takes functions, got 3"),
        ([functools.partial(soft_max)], TypeError, "define it with def"),
        (
            [soft_max],
            ValueError,
            "'soft_max'; did you mean the one of soft",
        ),
        (
            [handbook.softmax, handbook.sigmoid],
            ValueError,
            "softmax, sigmoid belong to several challenges",
        ),
    ],
)
def test_what_cannot_be_judged(functions, error, said):
    with pytest.raises(error, match=said):
        handbook.check(*functions)
