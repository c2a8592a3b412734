"""Judge every small change of both codes: do the checks notice it?

    python -m benchmarks.mutants            judge all, write mutants.json
    python -m benchmarks.mutants softmax    judge these challenges only

The changes are those of cosmic-ray (the extra "mutants" installs it), and
two that matter in NumPy code: a call loses a keyword argument, a statement
becomes `pass`. Changes of annotations do not count. The whiteboard code is
judged by the core, the production code by all. A change that passes is
called equivalent if its results are those of the original up to rounding,
and its types of errors, warnings and arguments left behind are the same, on
all inputs of the checks and on 1,000 random ones like them; top-k may name
equal values in any order.
"""

import argparse
import ast
import copy
import difflib
import functools
import hashlib
import importlib
import re
import textwrap
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from rich.progress import track

from benchmarks import ROOT, load, save
from handbook.checks import checks_of, fenced, frozen, larger_input_of
from handbook.judge import judge
from handbook.page import STEMS

STORE = ROOT / "benchmarks" / "mutants.json"
COMMAND = ".venv/bin/python -m benchmarks.mutants"
WORKERS = 2
SECONDS = 5  # for each check
RANDOM = 1000  # inputs
SMALL = 5000  # numbers in a random input, at the most
CODES = {"whiteboard": "whiteboard", "production": "solutions"}  # rooms

Input = tuple[str, tuple[Any, ...], dict[str, Any]]


def source_of(stem: str, code: str) -> str:
    path = ROOT / "handbook" / CODES[code] / f"{stem}.py"
    return path.read_text(encoding="utf-8")


def digest(source: str) -> str:
    """Return what changes with the code, not with a comment of it."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node):
            text = node.body[0]
            for number in range(text.lineno - 1, text.end_lineno or 0):
                lines[number] = ""
    code = text_of([line for line in lines if line])
    return hashlib.sha256(code.encode()).hexdigest()[:16]


def mutants(source: str) -> list[str]:
    """The changed sources that mean something else, each of them once."""
    found, seen = [], {meaning(source)}
    for changed in changes(source):
        try:
            means = meaning(changed)
        except SyntaxError:
            continue
        if means not in seen:
            seen.add(means)
            found.append(changed)
    return found


def meaning(source: str) -> str:
    """The syntax tree without positions and annotations."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # `x is 0` is no good style
        tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.FunctionDef):
            node.returns = None
    return ast.dump(tree)


def changes(source: str) -> Iterator[str]:
    yield from cosmic_changes(source)
    yield from without_a_keyword(source)
    yield from without_a_statement(source)


def cosmic_changes(source: str) -> Iterator[str]:
    """What the operators of cosmic-ray do that need no settings."""
    # by name: only who makes mutants needs the package
    plugins = importlib.import_module("cosmic_ray.plugins")
    mutating = importlib.import_module("cosmic_ray.mutating")
    for name in plugins.operator_names():
        operator = plugins.get_operator(name)
        if operator.arguments():
            continue
        occurrence = 0
        while changed := mutating.mutate_code(
            source, operator(), occurrence
        ):
            yield changed
            occurrence += 1


def without_a_keyword(source: str) -> Iterator[str]:
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        arguments = sorted([*call.args, *call.keywords], key=place)
        for i, argument in enumerate(arguments):
            if not isinstance(argument, ast.keyword):
                continue
            start, end = extent(source, argument)
            if i > 0:  # with the comma in front of it, else behind it
                start = extent(source, arguments[i - 1])[1]
            elif len(arguments) > 1:
                end = extent(source, arguments[1])[0]
            yield source[:start] + source[end:]


def without_a_statement(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module):
            continue
        for block in ("body", "orelse"):
            statements = getattr(node, block, [])
            if not isinstance(statements, list):
                continue  # of a lambda or a conditional expression
            if isinstance(node, ast.If) and len(statements) == 1:
                continue  # as good as without the `if`
            if isinstance(node, ast.FunctionDef):
                statements = statements[1:]  # not the docstring
            for statement in statements:
                start, end = extent(source, statement)
                yield f"{source[:start]}pass{source[end:]}"


def place(node: ast.expr | ast.keyword) -> tuple[int, int]:
    return node.lineno, node.col_offset


def extent(source: str, node: ast.AST) -> tuple[int, int]:
    """The indices in an ASCII source at which a node starts and ends."""
    lines = source.splitlines(keepends=True)
    before = [0]
    for line in lines:
        before.append(before[-1] + len(line))
    return (
        before[node.lineno - 1] + node.col_offset,
        before[node.end_lineno - 1] + node.end_col_offset,
    )


def rejected(stem: str, source: str, code: str) -> bool:
    """Whether a check fails; it ends at the first one that does."""
    stopped = threading.Event()
    later = {"the comparison"}
    if code == "whiteboard":
        later |= {check.name for check in checks_of(stem, "production")}
    wanted = "accepted" if code == "whiteboard" else "production"

    def tell(event: dict[str, Any]) -> None:
        failed = "row" in event and not event["row"]["passed"]
        if failed or event.get("running") in later:
            stopped.set()

    report = judge(
        stem, source, seconds=SECONDS, tell=tell, stopped=stopped
    )
    return not report[wanted]


def inputs_of(stem: str, code: str) -> list[Input]:
    """Return every call that the checks make of the original."""
    original = functions(source_of(stem, code))
    checks = checks_of(stem, "core") + larger_input_of(stem)
    if code == "production":
        checks += checks_of(stem, "production")
    found: list[Input] = []
    for check in checks:
        function = original[check.function]

        @functools.wraps(function)
        def recorded(
            *args: Any,
            name: str = check.function,
            f: Any = function,
            **kw: Any,
        ) -> Any:
            found.append((name, *copy.deepcopy((args, kw))))
            return f(*args, **kw)

        check(recorded)
    return found


def functions(source: str) -> dict[str, Callable[..., Any]]:
    namespace: dict[str, Any] = {}
    exec(compile(source, "mutant", "exec"), namespace)
    return namespace


def outcome(function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    """Return everything that a caller can see of a call."""
    args, kwargs = copy.deepcopy((args, kwargs))
    with fenced(), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            result = function(*args, **kwargs)
            if function.__name__ == "topk_per_row":
                result = up_to_ties(np.asarray(args[0]), result)
        except Exception as error:
            kinds = (TypeError, ValueError, IndexError, Exception)
            result = next(k for k in kinds if isinstance(error, k))
    said = sorted({str(warning.message) for warning in warned})
    return result, frozen((args, kwargs)), said


def close(one: Any, other: Any) -> bool:
    """Whether two are equal, floats up to 512 units in the last place."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(close, one, other))
    if type(one) is not type(other) or not isinstance(
        one, float | np.floating | np.ndarray
    ):
        return frozen(one) == frozen(other)
    a, b = np.asarray(one), np.asarray(other)
    if (a.dtype, a.shape) != (b.dtype, b.shape) or a.dtype.kind != "f":
        return frozen(one) == frozen(other)
    rtol = 512 * float(np.finfo(a.dtype).eps)
    return np.allclose(a, b, rtol=rtol, atol=0, equal_nan=True)


def up_to_ties(X: Any, T: Any) -> Any:
    """Return all but the order of equal values, which is not promised."""
    values = np.take_along_axis(X, T, axis=1)
    values += values.dtype.type(0)  # -0.0 is equal to 0.0
    return values, T.dtype, [len({*row}) for row in T.tolist()]


def alike(value: Any, rng: np.random.Generator) -> Any:
    """Return random data of the shape and dtype of a part of an input."""
    if isinstance(value, list):
        array = np.asarray(value)
        if array.dtype.kind not in "biuf":
            return value
        return alike(array, rng).tolist()
    if not isinstance(value, np.ndarray) or value.size == 0:
        return value
    shuffled = rng.permutation(value.ravel()).reshape(value.shape)
    if value.dtype.kind != "f" or rng.random() < 0.5:
        return shuffled
    spread = 10.0 ** rng.integers(-3, 4)
    return (spread * rng.standard_normal(value.shape)).astype(value.dtype)


def size(part: Any) -> int:
    return int(np.size(part)) if isinstance(part, np.ndarray | list) else 1


def equivalent(
    original: str, changed: str, inputs: list[Input], seed: int = 0
) -> bool:
    """Whether no input, of the checks or random, tells them apart."""
    rng = np.random.default_rng(seed)
    ours, other = functions(original), functions(changed)
    small = [i for i in inputs if sum(map(size, i[1])) <= SMALL]
    chosen = [small[n] for n in rng.integers(len(small), size=RANDOM)]
    varied = (
        (name, tuple(alike(part, rng) for part in args), kwargs)
        for name, args, kwargs in chosen
    )
    for name, args, kwargs in [*inputs, *varied]:
        expected = outcome(ours[name], args, kwargs)
        found = outcome(other[name], args, kwargs)
        if close(found, expected):
            continue
        # who draws from fresh entropy differs from itself
        again = outcome(ours[name], args, kwargs)
        if close(again, expected):
            return False
    return True


def described(source: str, changed: str) -> dict[str, str]:
    """The lines of a change, and the function that it is in."""
    old, new = source.splitlines(), changed.splitlines()
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    blocks = [b for b in matcher.get_opcodes() if b[0] != "equal"]
    _, start, _, first, _ = blocks[0]
    _, _, end, _, last = blocks[-1]
    functions = [
        node.name
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef)
        and node.lineno <= start + 1 <= node.end_lineno
    ]
    return {
        "function": functions[0] if functions else "",
        "before": text_of(old[start:end]),
        "after": text_of(new[first:last]),
    }


def text_of(lines: list[str]) -> str:
    """The lines without indentation, comments and cosmic-ray's blanks."""
    lines = [re.sub(r"  # .*", "", line) for line in lines]
    lines = [re.sub(r"(?<=\S)  +", " ", line) for line in lines]
    return textwrap.dedent("\n".join(lines)).strip()


def run(stems: list[str]) -> None:
    """Judge all mutants and store the results, a challenge at a time."""
    for stem in stems:
        found = {code: judged(stem, code) for code in CODES}
        every = (stored() if STORE.exists() else {}) | {stem: found}
        save(STORE, {s: every[s] for s in STEMS if s in every})


def judged(stem: str, code: str) -> dict[str, Any]:
    """Return what became of the mutants of a code."""
    source = source_of(stem, code)
    assert source.isascii()
    assert not rejected(stem, source, code), (
        f"{stem}: the {code} code fails"
    )
    found = mutants(source)
    with ThreadPoolExecutor(WORKERS) as pool:
        verdicts = list(
            track(
                pool.map(lambda m: rejected(stem, m, code), found),
                f"{stem} {code}",
                total=len(found),
            )
        )
    passed = [m for m, no in zip(found, verdicts, strict=True) if not no]
    inputs = inputs_of(stem, code) if passed else []
    same = [m for m in passed if equivalent(source, m, inputs)]
    return {
        "digest": digest(source),
        "mutants": len(found),
        "equivalent": len(same),
        "survivors": [
            described(source, m) for m in passed if m not in same
        ],
    }


def stored() -> dict[str, Any]:
    """What the last run has left."""
    return load(STORE)


def results(stem: str, code: str) -> dict[str, Any]:
    """What became of the mutants of a code when they were last judged."""
    if stem not in stored():
        raise LookupError(
            f"{STORE.name} lacks {stem!r}: run {COMMAND} {stem}"
        )
    return stored()[stem][code]


def counts(code: str, stems: list[str] = STEMS) -> tuple[int, int, int]:
    """Return the mutants of a code, the equivalent, and the survivors."""
    found = [results(stem, code) for stem in stems]
    return (
        sum(r["mutants"] for r in found),
        sum(r["equivalent"] for r in found),
        sum(len(r["survivors"]) for r in found),
    )


def table() -> str:
    """How many changes of each code the judge rejects."""
    lines = [
        "| challenge | core, of the whiteboard's | % "
        "| all checks, of production's | % |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, stems in [*((f"`{s}`", [s]) for s in STEMS), ("all", STEMS)]:
        cells = []
        for code in CODES:
            count, same, survived = counts(code, stems)
            others = count - same
            caught = others - survived
            cells += [
                f"{caught:,} of {others:,}",
                f"{100 * caught / others:.1f}",
            ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def survivors() -> str:
    """The changes that the judge lets pass although they matter."""
    return "\n".join(
        f"- {code}, `{s['function'] or 'module'}`: `{flat(s['before'])}`"
        f" becomes `{flat(s['after'])}`"
        for code in CODES
        for result in stored().values()
        for s in result[code]["survivors"]
    )


def flat(text: str) -> str:
    return " ".join(text.split())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("stem", nargs="*", help=", ".join(STEMS))
    stems = parser.parse_args().stem or STEMS
    if unknown := set(stems) - set(STEMS):
        parser.error(f"no challenge {unknown}: choose from {STEMS}")
    run(stems)
    print(f"\n{table()}\n\n{survivors()}")


if __name__ == "__main__":
    main()
