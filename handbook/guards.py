"""What the production functions demand of their arguments."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def as_real(name: str, value: ArrayLike) -> NDArray[Any]:
    """Return an argument as an array of real numbers, never a copy of one.

    Parameters
    ----------
    name : str
        What the function calls the argument.
    value : array_like, any shape
        The argument: bools, integers or floats.

    Returns
    -------
    ndarray, shape and dtype of value
        The argument itself, if it is an array.

    Raises
    ------
    TypeError
        If it does not hold real numbers.

    Examples
    --------
    >>> from handbook.guards import as_real
    >>> as_real("X", [1, 2])
    array([1, 2])
    """
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} must be real, got dtype {array.dtype}")
    return array


def as_float(name: str, value: ArrayLike) -> NDArray[np.floating]:
    """Return an argument as floats, before any arithmetic that could wrap.

    Parameters
    ----------
    name : str
        What the function calls the argument.
    value : array_like, any shape
        The argument: bools, integers or floats.

    Returns
    -------
    ndarray, shape of value
        In ``np.result_type(value, 1.0)``: float32 stays float32, integers
        and bools become float64. A float array is not copied.

    Raises
    ------
    TypeError
        If it does not hold real numbers.

    Examples
    --------
    >>> from handbook.guards import as_float
    >>> as_float("X", [1, 2])
    array([1., 2.])
    """
    array = as_real(name, value)
    return array.astype(np.result_type(array, 1.0), copy=False)


def as_integer(name: str, value: int) -> int:
    """Return an argument as a Python integer, which never wraps.

    Parameters
    ----------
    name : str
        What the function calls the argument.
    value : int
        The argument: an integer of Python or NumPy.

    Returns
    -------
    int
        The same number.

    Raises
    ------
    TypeError
        If it is no integer; 2.0 is none.

    Examples
    --------
    >>> import numpy as np
    >>> from handbook.guards import as_integer
    >>> -as_integer("k", np.uint8(2))
    -2
    """
    if not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be an integer, got {value!r}")
    return int(value)
