"""The batches of an epoch; learning rates on both sides of the bound."""

import numpy as np
from matplotlib.patches import Ellipse

from figures import STAND_INS, Drawing, plot, themed
from handbook import mini_batch_gd


def epoch() -> str:
    n, batch_size = 10, 4
    order = np.random.default_rng(0).permutation(n)  # (10,)
    starts = range(0, n, batch_size)
    lengths = [len(order[start:][:batch_size]) for start in starts]
    drawing = Drawing(
        "gradient_descent",
        220,
        "One epoch: the row numbers, permuted and cut into batches",
        f"The row numbers 0 to {n - 1} in a random order, {order.tolist()},"
        f" are cut into batches of at most {batch_size}; their lengths m"
        f" are {lengths}. The gradient of a batch is 2/m times Xᵀe: 2 is"
        f" divided by {lengths[-1]} in the last one, not by {batch_size}."
        " Each gradient, times −lr, moves the weights on from where the"
        f" batch before left them: {len(lengths)} updates in the epoch.",
    )
    colours = ["blue", "orange", "green"]  # by batch
    width, left = 30, 20
    drawing.text(170, 14, f"order = rng.permutation({n})", mono=True)
    drawing.cells(
        order, left, 28, colours=np.repeat(colours, lengths), width=width
    )
    drawing.cells("w", left - 16, 186, width=32)
    for start, m, colour in zip(starts, lengths, colours, strict=True):
        x0, x1 = left + width * start, left + width * (start + m)
        middle = (x0 + x1) / 2
        drawing.line((x0 + 3, 58), (x0 + 3, 63), (x1 - 3, 63), (x1 - 3, 58))
        drawing.text(middle, 76, f"m = {m}")
        drawing.line((middle, 88), (middle, 108), arrow=True)
        drawing.cells(
            f"2/{m} · Xᵀe", middle - 36, 114, colours=colour, width=72
        )
        drawing.line((middle, 146), (middle, 191), arrow=True)
        drawing.text(middle + 8, 164, "× −lr", anchor="start")
        drawing.line((x0 + 20, 199), (x1 - 20, 199), arrow=True)
        drawing.cells("w", x1 - 16, 186, colours=colour, width=32)
    return drawing.svg()


def path() -> str:
    x = np.array([-0.3, 0, 0.3, 0.6, 0.9])
    A = np.column_stack([x, np.ones(len(x))])  # (5, 2): the bias counts
    optimum = np.array([2.0, 0.1])  # of weight and bias
    y = A @ optimum
    eigenvalues, vectors = np.linalg.eigh(2 / len(x) * A.T @ A)
    bound = 2 / eigenvalues[-1]
    long_axis = vectors[:, 0]  # of the ellipses of equal loss
    tilt = np.degrees(np.arctan2(long_axis[1], long_axis[0]))
    ratio = np.sqrt(eigenvalues[0] / eigenvalues[1])
    thin = {"fill": False, "ec": STAND_INS[None], "lw": 0.8, "alpha": 0.4}

    figure, panels = plot(280, ncols=2, sharex=True, sharey=True)
    cases, told = ((0.9, 10, "blue", "o-"), (1.1, 6, "orange", "s-")), []
    for axes, case in zip(panels, cases, strict=True):
        factor, epochs, colour, line = case
        lr = factor * bound
        fits = [
            mini_batch_gd(x[:, None], y, lr, epochs=t, batch_size=len(x))
            for t in range(epochs + 1)
        ]
        points = np.array([[*fit["weights"], fit["bias"]] for fit in fits])
        losses = np.mean((A @ points.T - y[:, None]) ** 2, axis=0)
        for radius in np.arange(0.8, 4, 0.8):
            size = 2 * radius, 2 * radius * ratio
            axes.add_patch(Ellipse(optimum, *size, angle=tilt, **thin))
        axes.plot(*points.T, line, color=STAND_INS[colour], ms=4, lw=1.4)
        axes.plot(*optimum, "+", color=STAND_INS[None], ms=10)
        axes.set_title(f"lr = {factor} × bound", pad=22)
        loss = f"loss {losses[0]:.2f} → {losses[-1]:.2f}"
        text = axes.text(0.5, 1.03, loss, transform=axes.transAxes)
        text.set(color=STAND_INS[colour], horizontalalignment="center")
        axes.set_xlabel("weight")
        axes.set_aspect("equal")
        told.append(
            f"At {factor} times the bound, lr = {lr:.2f}, the {loss} in"
            f" {epochs} epochs."
        )
    panels[0].set(ylabel="bias", xlim=(-0.4, 2.9), ylim=(-2.3, 2.3))
    panels[0].set_xticks([0, 1, 2])
    return themed(
        figure,
        "gradient_descent_path",
        "Full-batch descent just below and just above the bound",
        f"A line is fitted to {len(x)} samples. Two plots of its bias"
        " against its weight show ellipses of equal loss around the minimum"
        f" at {tuple(optimum.tolist())}. The largest eigenvalue of the"
        f" Hessian is {eigenvalues[-1]:.2f}, so the bound on the learning"
        f" rate is {bound:.2f}. Both paths start at (0, 0) and cross the"
        f" valley with every step. {' '.join(told)}",
    )


def figures() -> dict[str, str]:
    return {"gradient_descent": epoch(), "gradient_descent_path": path()}
