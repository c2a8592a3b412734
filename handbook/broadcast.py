"""Broadcast along long rows without a copy of what is broadcast."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def unbuffer(X: NDArray[Any]) -> None:
    """Let ufuncs broadcast to the shape of X without copies, for a while.

    Call it inside ``with np.errstate():``, whose end undoes it.

    Parameters
    ----------
    X : (..., d) ndarray
        The array that is not broadcast. Unless d >= 400 and `X` takes
        200 kB or more, nothing changes.

    Notes
    -----
    A ufunc that broadcasts one number or row to many copies it into a
    buffer of 8,192 numbers, unless the rows are too long to share that
    [1]. A small buffer is too small for two rows. Then such a call takes
    0.5 to 0.9 of the time in float32 and float64.

    References
    ----------
    1. NumPy manual, "numpy.setbufsize".
       <https://numpy.org/doc/stable/reference/generated/numpy.setbufsize.html>

    Examples
    --------
    >>> import numpy as np
    >>> from handbook.broadcast import unbuffer
    >>> X = np.ones((50, 500))
    >>> with np.errstate():
    ...     unbuffer(X)
    ...     X -= X.mean(axis=1, keepdims=True)
    """
    if X.shape[-1] >= 400 and X.nbytes >= 200_000:
        np.setbufsize(256)
