"""The challenges that the package holds, and the file to start one with."""

import ast
import difflib
import importlib
import inspect
import pkgutil
from types import ModuleType

import handbook
from handbook import solutions
from handbook.checks import checks_of, promise, subject


def stems() -> list[str]:
    """Return the names of all challenges, in alphabetical order."""
    return sorted(m.name for m in pkgutil.iter_modules(solutions.__path__))


def checks_module(stem: str) -> ModuleType:
    """Return the module that holds a challenge's checks and title."""
    return importlib.import_module(f"handbook.checks.{stem}")


def functions_of(stem: str) -> list[str]:
    """Return the names of the functions that a challenge asks for."""
    return list(dict.fromkeys(subject(check) for check in checks_of(stem)))


def nearest(name: str) -> str:
    """Return the challenge whose name, or function's name, is nearest."""
    known = {f: stem for stem in stems() for f in functions_of(stem)}
    known |= {stem: stem for stem in stems()}
    return known[difflib.get_close_matches(name, known, 1, cutoff=0)[0]]


def starter(stem: str) -> str:
    """Return the file to start a challenge with: it fails every promise.

    Signatures and summaries are those of the solution, the promises those
    that the judge checks.
    """
    module = importlib.import_module(f"handbook.solutions.{stem}")
    source = inspect.getsource(module)
    about, lines = checks_module(stem), source.splitlines()
    functions = [
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef)
        and node.name in handbook.__all__
    ]
    text = [
        f"# {about.TITLE} ({about.DIFFICULTY}).",
        f"# Judge it with: handbook check {stem}",
        "",
        *lines[: functions[0].lineno - 1],
    ]
    for node in functions:
        summary = str(ast.get_docstring(node)).splitlines()[0]
        text += lines[node.lineno - 1 : node.body[0].lineno - 1]
        text += [f'    """{summary}', ""]
        text += [
            f"    - {promise(check)}"
            for check in checks_of(stem)
            if subject(check) == node.name
        ]
        text += ['    """', "    raise NotImplementedError", "", ""]
    return "\n".join(text[:-1])
