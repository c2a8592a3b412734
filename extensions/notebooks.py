"""Write a notebook of every challenge into a built site.

    python -m extensions.notebooks SITE

What is folded stands in <details>: its title is shown, and its Markdown is
rendered. The metadata `source_hidden` would show neither.
"""

import os
import sys
from pathlib import Path

from markdown import markdown

from handbook.challenges import functions_of, starter
from handbook.page import STEMS, challenge, portable

try:
    from nbformat import NotebookNode, v4, writes
except ModuleNotFoundError:
    sys.exit('notebooks need nbformat: pip install -e ".[study]"')

PYTHON = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}
ABOUT = """\
# {title}

{difficulty}, {minutes} minutes.

This notebook needs the package `handbook`. To install it, run
`%pip install FOLDER` in a cell, where `FOLDER` is your copy of the
handbook's repository.

[The page of this challenge]({stem}.md) in the NumPy interview handbook also
shows pitfalls, complexity and alternatives."""
ASKED = """\
Write your answer into the next cell and run it. The cell after it judges
your answer."""


def folded(title: str, text: str) -> str:
    """Return Markdown that is shown once its title is pressed."""
    title = markdown(title).removeprefix("<p>").removesuffix("</p>")
    # inside HTML, Markdown begins and ends with an empty line
    return f"<details>\n<summary>{title}</summary>\n\n{text}\n\n</details>"


def notebook(stem: str, web: str = "") -> NotebookNode:
    """Return the notebook of a challenge, for a site at this address."""
    page = challenge(stem)
    front = page.front
    about = ABOUT.format(
        stem=stem,
        title=front["title"],
        difficulty=front["difficulty"].capitalize(),
        minutes=front["minutes"],
    )
    address = web and f"{web}challenges/{stem}.md"
    names = ", ".join(functions_of(stem))
    solution = (
        f"```python\n{page.solution.source}```\n\n"
        f'**Say aloud:** "{page.say_aloud}"'
    )

    def prose(name: str, text: str) -> NotebookNode:
        return v4.new_markdown_cell(portable(text, address), id=name)

    def code(name: str, source: str) -> NotebookNode:
        return v4.new_code_cell(source, id=name)

    cells = [
        prose("about", about),
        prose("problem", f"## Problem\n\n{page.statement}\n\n{ASKED}"),
        # without the lines that name the command line
        code("answer", starter(stem).partition("\n\n")[2].rstrip()),
        code("check", f"import handbook\n\nhandbook.check({names})"),
        prose("hints", "## Hints"),
        *(
            prose(f"hint-{number}", folded(title, text))
            for number, (title, text) in enumerate(page.hints, start=1)
        ),
        prose(
            "solution",
            f"## Solution\n\n{folded('Show the solution', solution)}",
        ),
        prose("follow-ups", "## Follow-ups"),
        *(
            prose(
                f"follow-up-{number}",
                f"### {title}\n\n{folded('Answer', text)}",
            )
            for number, (title, text) in enumerate(page.follow_ups, start=1)
        ),
    ]
    return v4.new_notebook(cells=cells, metadata=PYTHON)


def write(folder: Path, web: str = "") -> None:
    """Write the notebooks beside the pages, the same bytes each time."""
    for stem in STEMS:
        path = folder / f"challenges/{stem}/{stem}.ipynb"
        text = writes(notebook(stem, web)) + "\n"
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    # without SITE_URL the site has the address of `make serve`
    address = os.environ.get("SITE_URL", "")
    write(Path(sys.argv[1]), address and f"{address.rstrip('/')}/")
