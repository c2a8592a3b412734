"""The nucleus: sorted probabilities, their mass, and the mark top_p."""

import numpy as np

from figures import SMALL, Drawing
from handbook import sampling_probs

LEFT, FULL = 88, 236  # where the bars begin, and the length of mass 1
TOP, STEP, HIGH = 36, 30, 24  # of the first bar, to the next, its height


def figures() -> dict[str, str]:
    logits, k, top_p = np.log([[0.1, 0.4, 0.2, 0.3]]), 3, 0.7
    cut = sampling_probs(logits, top_k=k)[0]
    final = sampling_probs(logits, top_k=k, top_p=top_p)[0]
    tokens = np.argsort(-cut)[:k]  # largest first
    p = cut[tokens]
    ends = p.cumsum()
    starts = ends - p
    said = [
        f"token {t}, {x:.2f}, from {a:.2f} to {b:.2f}"
        for t, x, a, b in zip(tokens, p, starts, ends, strict=True)
    ]
    crossing = int(np.argmax(ends >= top_p))
    kept = tokens[: crossing + 1]
    drawing = Drawing(
        "sampling",
        190,
        "A token stays if the mass before it is below top_p",
        f"Bars of {k} probabilities, the largest first. Each begins where"
        f" the last ends: {'; '.join(said)}. A line marks top_p = {top_p}."
        f" Token {tokens[crossing]} crosses it and stays, later ones are"
        " cut. Divided by their sum, the kept ones are"
        f" {' and '.join(f'{final[t]:.2f}' for t in kept)}.",
    )
    mark, bottom = LEFT + top_p * FULL, TOP + k * STEP
    words = [("stays", 1), ("crosses, stays", -1), ("cut", -1)]
    for x, name in ((20, "token"), (62, "before")):
        drawing.text(x, 14, name, size=SMALL)
    drawing.text(mark, 14, f"top_p = {top_p}", colour="orange")
    drawing.line((mark, 25), (mark, bottom), colour="orange", dashed=True)
    for i, (word, side) in enumerate(words):
        y, stays = TOP + i * STEP, i <= crossing
        left, right = LEFT + starts[i] * FULL, LEFT + ends[i] * FULL
        middle = y + HIGH / 2
        drawing.text(20, middle, str(tokens[i]), mono=True)
        drawing.text(62, middle, f"{starts[i]:.2f}", mono=True)
        drawing.cells(
            f"{p[i]:.2f}",
            left,
            y,
            width=right - left,
            height=HIGH,
            colours="blue" if stays else None,
            faint=not stays,
        )
        if side > 0:
            drawing.text(
                right + 7, middle, word, anchor="start", size=SMALL
            )
        else:
            x = min(left, mark) - 7
            drawing.text(x, middle, word, anchor="end", size=SMALL)
    middle = LEFT + ends[crossing] * FULL / 2
    drawing.line((middle, bottom + 4), (middle, bottom + 28), arrow=True)
    total = f"divide by {ends[crossing]:.2f}"
    drawing.text(middle - 9, bottom + 15, total, anchor="end", size=SMALL)
    x, y = LEFT, bottom + 36
    drawing.text(LEFT - 10, y + HIGH / 2, "result", anchor="end")
    for token in kept:
        drawing.cells(
            f"{token}: {final[token]:.2f}",
            x,
            y,
            width=final[token] * FULL,
            height=HIGH,
            colours="green",
        )
        x += final[token] * FULL
    return {"sampling": drawing.svg()}
