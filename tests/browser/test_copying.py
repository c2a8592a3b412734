"""What a copy button yields is the code, and it runs where it is pasted."""

import ast
import inspect
import re
from collections.abc import Iterator
from doctest import DocTestParser

import handbook
from tests.browser import CLIPBOARD, fences

# The clipboard holds something else before, so that the wait has an end
# that is known; five seconds are for a button that does nothing.
PRESS = """
async (button) => {
  const before = "nothing was copied";
  await navigator.clipboard.writeText(before);
  button.click();
  const end = Date.now() + 5000;
  let text = before;
  while (text === before && Date.now() < end) {
    text = await navigator.clipboard.readText();
  }
  return text;
}
"""
OPEN = "document.querySelectorAll('details').forEach(d => d.open = true)"


def copied(page) -> Iterator[str]:
    """What each copy button of a page puts into the clipboard.

    What the docstrings of a page hold is copied from the reference.
    """
    page.evaluate(OPEN)
    buttons = page.query_selector_all(
        "[data-clipboard-target]:not(details .doc *)"
    )
    if buttons:
        buttons[0].click()  # a pointer gets at it; the others are alike
    for button in buttons:
        yield button.evaluate(PRESS)


def code(text: str) -> list[str]:
    """The lines, without the blank ones that outputs leave behind."""
    return [line for line in text.splitlines() if line.strip()]


def session(source: str) -> list[str]:
    """The lines that are typed in a session."""
    examples = DocTestParser().get_examples(source)
    return code("".join(example.source for example in examples))


def test_blocks_are_copied_as_code(visit, path):
    """What they hold has run: only the text is compared here."""
    if path == "reference/":
        return  # below
    blocks = zip(
        fences(path),
        copied(visit(path, permissions=CLIPBOARD)),
        strict=True,
    )
    for fence, text in blocks:
        if fence.session:
            assert code(text) == session(fence.source), fence.where
        elif fence.language == "console":
            typed = re.findall(r"^\$ (.*)", fence.source, re.MULTILINE)
            assert code(text) == typed, fence.where
        else:
            assert text == fence.source.rstrip(), fence.where


def header(source: str) -> str:
    """A function without its body."""
    (function,) = ast.parse(source).body
    function.body = []
    return ast.unparse(function)


def test_contracts_are_copied_as_code(visit):
    """The reference has two blocks a function: signature and examples."""
    yielded = list(copied(visit("reference/", permissions=CLIPBOARD)))
    assert len(yielded) == 2 * len(handbook.__all__)
    for number, name in enumerate(handbook.__all__):
        shown, example = yielded[2 * number : 2 * number + 2]
        function = getattr(handbook, name)
        signature = header(inspect.getsource(function))
        signature = re.sub(r"\b[a-z]+\.", "", signature)  # np.random.
        assert header(f"def {shown}: 0") == signature
        assert code(example) == session(inspect.getdoc(function))
