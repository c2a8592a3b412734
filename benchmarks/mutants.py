"""Judge every small change of the solutions: do the checks notice it?

    python -m benchmarks.mutants            judge all, write mutants.json
    python -m benchmarks.mutants softmax    judge these challenges only
    python -m benchmarks.mutants --show     print the stored figures

The changes are those of cosmic-ray (pip install cosmic-ray), and two that
matter in NumPy code: a call loses a keyword argument, a statement becomes
`pass`. Changes of annotations do not count. What survives is classified by
hand in mutants.json, and a new run keeps that: "equivalent" says why no
input within the promises tells the change from the original, "reason" why
the judge does not object although one does.
"""

import argparse
import ast
import difflib
import importlib
import json
import re
import textwrap
import threading
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from rich.progress import track

from handbook.judge import judge
from tests.pages import ROOT, STEMS, challenge

STORE = ROOT / "benchmarks" / "mutants.json"
WORKERS = 2
SECONDS = 5  # for each check
KEYS = ("function", "before", "after")  # what names a mutant of a stem


def solution(stem: str) -> str:
    return challenge(stem).code("Solution")[0].source


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


def rejected(stem: str, source: str) -> bool:
    """Whether a check fails; it ends at the first one that does."""
    stopped = threading.Event()

    def tell(event):
        failed = "row" in event and not event["row"]["passed"]
        if failed or event.get("running") == "the comparison":
            stopped.set()

    report = judge(
        stem, source, seconds=SECONDS, tell=tell, stopped=stopped
    )
    return not report["passed"]


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
    for number, stem in enumerate(stems, start=1):
        source = solution(stem)
        assert source.isascii()
        assert not rejected(stem, source), f"{stem} needs another page"
        found = mutants(source)
        with ThreadPoolExecutor(WORKERS) as pool:
            verdicts = list(
                track(
                    pool.map(lambda m, s=stem: rejected(s, m), found),
                    f"{number}/{len(stems)} {stem}",
                    total=len(found),
                )
            )
        pairs = zip(found, verdicts, strict=True)
        survivors = [described(source, m) for m, no in pairs if not no]
        store(stem, len(found), survivors)


def store(stem: str, count: int, survivors: list[dict[str, str]]) -> None:
    """Write a challenge's results, and what was said of its survivors."""
    results = stored() if STORE.exists() else {}
    said = {
        tuple(s[key] for key in KEYS): s
        for s in results.get(stem, {}).get("survivors", [])
    }
    results[stem] = {
        "mutants": count,
        "rejected": count - len(survivors),
        "survivors": [
            {**s, "equivalent": "", "reason": ""}
            | said.get(tuple(s[key] for key in KEYS), {})
            for s in survivors
        ],
    }
    ordered = {s: results[s] for s in STEMS if s in results}
    text = json.dumps(ordered, indent=2, ensure_ascii=False) + "\n"
    STORE.write_text(text, encoding="utf-8")


def stored() -> dict[str, dict]:
    """What the last run has left."""
    return json.loads(STORE.read_text(encoding="utf-8"))


def table() -> str:
    """How many changes of each solution the judge rejects."""
    rows = []
    for stem, result in stored().items():
        same = sum(bool(s["equivalent"]) for s in result["survivors"])
        rows.append((f"`{stem}`", result["mutants"], same, result))
    total = {"rejected": sum(row[3]["rejected"] for row in rows)}
    sums = [sum(row[i] for row in rows) for i in (1, 2)]
    lines = [
        "| challenge | mutants | equivalent | rejected of the others | % |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, count, same, result in [*rows, ("all", *sums, total)]:
        others, caught = count - same, result["rejected"]
        lines.append(
            f"| {name} | {count:,} | {same} | {caught:,} of {others:,} "
            f"| {100 * caught / others:.1f} |"
        )
    return "\n".join(lines)


def survivors() -> str:
    """The changes that the judge lets pass although they matter."""
    by_reason: dict[str, list[str]] = {}
    for result in stored().values():
        for s in result["survivors"]:
            if not s["equivalent"]:
                before, after = flat(s["before"]), flat(s["after"])
                by_reason.setdefault(s["reason"], []).append(
                    f"- `{s['function']}`: `{before}` becomes `{after}`"
                )
    return "\n\n".join(
        "\n".join([f"{reason}\n", *changes])
        for reason, changes in by_reason.items()
    )


def flat(text: str) -> str:
    return " ".join(text.split())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("stem", nargs="*", help=", ".join(STEMS))
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    if unknown := set(arguments.stem) - set(STEMS):
        parser.error(f"no challenge {unknown}: choose from {STEMS}")
    if not arguments.show:
        run(arguments.stem or STEMS)
    print(f"\n{table()}\n\n{survivors()}")


if __name__ == "__main__":
    main()
