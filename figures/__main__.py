"""Write every figure, growth included, into docs/assets/figures."""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import figures
from benchmarks import curves

FOLDER = Path(__file__).parents[1] / "docs/assets/figures"


def drawn() -> dict[str, str]:
    """Return the SVG of every figure by its name."""
    found = curves.figures()
    for module in iter_modules(figures.__path__):
        if not module.name.startswith("_"):
            path = f"{figures.__name__}.{module.name}"
            found |= import_module(path).figures()
    return found


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, svg in drawn().items():
        (FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")
