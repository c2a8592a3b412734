"""TODO: the idea that the drawing shows."""

from figures import Drawing


def figures() -> dict[str, str]:
    drawing = Drawing("layer_norm", 60, "TODO", "TODO, with its 2 numbers.")
    drawing.cells([[0, 0]], 134, 17)
    return {"layer_norm": drawing.svg()}
