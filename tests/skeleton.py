"""Write the files of a new challenge: make new STEM=attention.

Each holds as little as it can. `make test` then names what is missing, one
thing after the other; the word TODO marks what it can't know.
"""

import sys

from handbook.page import STEMS
from tests.pages import ROOT

FILES = {
    "handbook/whiteboard/{stem}.py": '''\
import numpy as np


def {stem}(X):
    """TODO: what it returns, in one line."""
    return np.exp(X)  # (n, d)
''',
    "handbook/solutions/{stem}.py": '''\
import numpy as np
from numpy.typing import ArrayLike, NDArray

from handbook.guards import as_float


def {stem}(X: ArrayLike) -> NDArray[np.floating]:
    """TODO: what it returns, in one line.

    Parameters
    ----------
    X : (n, d) array_like
        TODO

    Returns
    -------
    (n, d) ndarray
        TODO

    Raises
    ------
    TypeError
        If `X` does not hold real numbers.

    Examples
    --------
    >>> from handbook import {stem}
    >>> {stem}([[0, 0]])
    array([[1., 1.]])
    """
    return np.exp(as_float("X", X))
''',
    "handbook/checks/{stem}.py": '''\
import numpy as np

from handbook import checks
from handbook.checks import Function, expect_result, production

LARGER_INPUT = {{"{stem}": lambda rng: (rng.standard_normal((4001, 41)),)}}


vectorised = checks.vectorised(
    "No Python loop over rows or elements.",
    "Which expression takes the whole matrix?",
    {{"{stem}": [((np.ones((4, 4)),), (np.ones((404, 4)),))]}},
)

input_unchanged = checks.input_unchanged(
    {{"{stem}": [(np.array([[1.0, 2], [3, 4]]),)]}}
)


@production("{stem}")
def any_real_dtype({stem}: Function) -> None:
    """Integers and bools become float64 first.

    X may be a list. What does your first line ask of it?
    """
    expect_result({stem}, [[0, 0]], expected=[[1, 1]], rtol=1e-9)
''',
    "docs/challenges/{stem}.md": """\
---
title: {title}
description: TODO, 40 to 160 characters that say what the function does.
track: fundamentals
read_first: []
difficulty: easy
minutes: 15
tags: [easy, broadcasting]
time: O(n·d)
memory: O(n·d)
idea: TODO, the idea in one sentence.
queries: [TODO, by which words people look for it]
---

# {title}

TODO, the idea in one sentence. 15 minutes. [Show the answer](#solution)

## Problem

TODO

- [**Vectorised.**](#vectorised){{ #vectorised }} There is no
  Python loop over rows or elements.
- [**Input unchanged.**](#input_unchanged){{ #input_unchanged }} No
  array of the caller changes, and each result is new.

<div class="practice" data-challenge="{stem}"></div>

## Hints

## Solution

```python
import numpy as np


def {stem}(X):
    \"\"\"TODO: what it returns, in one line.\"\"\"
    return np.exp(X)  # (n, d)
```

## Interviewer notes

## Pitfalls

## Complexity

## Alternatives

## Follow-ups

## In production

- [**Any real dtype.**](#any_real_dtype){{ #any_real_dtype }} Integers
  and bools become float64 first.

TODO: what makes it fast, or slower than the whiteboard.
{{{{ speed_{stem} }}}}

??? note "Contract and source"

    {{{{ production_{stem} }}}}

## Reference

[`handbook.{stem}`][handbook.{stem}]
""",
    "tests/test_{stem}.py": """\
import numpy as np

from handbook import {stem}


def test_published_values():
    np.testing.assert_allclose({stem}([[0.0]]), [[1]])  # TODO: whose?
""",
    "tests/attempts/{stem}.txt": """\
# accept: TODO, which algorithm
def {stem}(X):
    return np.exp(X)

# vectorised: TODO, row by row
- np.exp(X)
+ np.array([np.exp(x) for x in X])
""",
    "figures/{stem}.py": '''\
"""TODO: the idea that the drawing shows."""

from figures import Drawing


def figures() -> dict[str, str]:
    drawing = Drawing("{stem}", 60, "TODO", "TODO, with its 2 numbers.")
    drawing.cells([[0, 0]], 134, 17)
    return {{"{stem}": drawing.svg()}}
''',
    "benchmarks/cases/{stem}.py": '''\
"""TODO: along which axes."""

from benchmarks.sweeps import Sweep, calls, normal, steps, versions

OWN = versions("{stem}")
PEERS = {{}}  # TODO: {{OWN[0]: [labels of libraries]}}, if there are any
LIMITS = {{OWN[0]: "X.copy()"}}  # TODO: what it does at the least


def results(n):
    X = normal(n, 100)
    return X.size, {{
        **calls("{stem}", OWN, X),
        "X.copy()": lambda: X.copy(),
    }}


SWEEPS = [
    Sweep(
        key="rows",
        setting="rows of 100 columns, float64",
        sizes=steps(10, 10_000),
        at=results,
        exponents={{1: OWN}},
    )
]
''',
}


def write(stem: str) -> list[str]:
    """Write the files, and return their names; none may exist."""
    if not stem.isidentifier() or stem != stem.lower() or stem in STEMS:
        sys.exit(
            f"STEM must be a new name in lower case such as attention, "
            f"got {stem!r}"
        )
    title = stem.replace("_", " ").capitalize()
    made = {name.format(stem=stem): text for name, text in FILES.items()}
    if there := [name for name in made if (ROOT / name).exists()]:
        sys.exit(f"{', '.join(there)}: there already, nothing was written")
    for name, text in made.items():
        (ROOT / name).write_text(
            text.format(stem=stem, title=title), encoding="utf-8"
        )
    return list(made)


if __name__ == "__main__":
    print("\n".join(write(sys.argv[1])))
    print("Now: make generate, then make test")
