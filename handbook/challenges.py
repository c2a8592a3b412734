"""The challenges that the package holds, and the file to start one with."""

import ast
import difflib
import importlib
import inspect
import pkgutil
from functools import cache

from handbook import solutions

# NumPy and what needs it, the checks and the judge, are imported where they
# are used: the command line would take twice as long to start


@cache
def stems() -> list[str]:
    """Return the names of all challenges, in alphabetical order."""
    return sorted(m.name for m in pkgutil.iter_modules(solutions.__path__))


def functions_of(stem: str) -> list[str]:
    """Return the names of the functions that a challenge asks for."""
    from handbook.checks import checks_of

    return list(dict.fromkeys(c.function for c in checks_of(stem, "core")))


def nearest(name: str) -> str:
    """Return the challenge whose name, or function's name, is nearest."""
    known = {f: stem for stem in stems() for f in functions_of(stem)}
    known |= {stem: stem for stem in stems()}
    return known[difflib.get_close_matches(name, known, 1, cutoff=0)[0]]


def starter(stem: str, how: str = "handbook check {}") -> str:
    """Return the file to start a challenge with: it fails every promise.

    Signatures and summaries are those of the whiteboard code, the promises
    those that the judge checks before it accepts; `how` has them checked.
    """
    from handbook.checks import checks_of
    from handbook.page import challenge  # a browser has no pages

    module = importlib.import_module(f"handbook.whiteboard.{stem}")
    source = inspect.getsource(module)
    front, lines = challenge(stem).front, source.splitlines()
    wanted = functions_of(stem)
    functions = [
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name in wanted
    ]
    text = [
        f"# {front['title']} ({front['difficulty']}).",
        f"# Judge it with: {how.format(stem)}",
        "",
        "import numpy as np",
        "",
        "",
    ]
    for node in functions:
        text += lines[node.lineno - 1 : node.body[0].lineno - 1]
        text += [f'    """{ast.get_docstring(node)}', ""]
        text += [
            f"    - {check.promise}"
            for check in checks_of(stem, "core")
            if check.function == node.name
        ]
        text += ['    """', "    raise NotImplementedError", "", ""]
    return "\n".join(text[:-1])
