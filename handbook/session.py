"""Judge functions where they were defined: in a session or a notebook."""

import io
from collections.abc import Callable
from typing import Any, cast

# the judge and rich are imported where they are needed, as NumPy is: the
# command line would take twice as long to start


class Verdict(dict[str, Any]):
    """A report that shows itself as the command line would.

    Its entries are those of `handbook.judge.Report`.
    """

    def __init__(
        self, report: Any, functions: tuple[str, ...], production: bool
    ) -> None:
        super().__init__(report)
        self._functions, self._production = functions, production

    def __repr__(self) -> str:
        text = str(self._recorded().export_text())
        return "\n".join(map(str.rstrip, text.split("\n"))).rstrip()

    def _repr_html_(self) -> str:
        style = "overflow-x: auto; line-height: normal"
        return str(
            self._recorded().export_html(
                inline_styles=True,
                code_format=f'<pre style="{style}">{{code}}</pre>',
            )
        )

    def _recorded(self) -> Any:
        """Return a console that has printed the report."""
        from rich.console import Console

        from handbook.judge import Report
        from handbook.rendering import rendered

        names = ", ".join(self._functions)
        call = f"check({names}, production=True)"
        console = Console(
            record=True, width=76, file=io.StringIO(), force_jupyter=False
        )
        report = cast(Report, self)
        for part in rendered(names, report, self._production, call):
            console.print(part)
        return console


def check(
    *functions: Callable[..., Any], production: bool = False
) -> Verdict:
    """Judge functions of this session as the command line judges a file.

    They run here, not in a process of their own: there is no time limit,
    and an interrupt ends the run.

    Parameters
    ----------
    *functions : callable
        Your answers to one challenge, under the names that it asks for.
        What a challenge asks for beside them is not judged.
    production : bool, default False
        Show each open production question with its input.

    Returns
    -------
    Verdict
        The report, a dictionary. It shows itself in a terminal and in
        Jupyter.

    Raises
    ------
    TypeError
        If there is no function, or one of them can't be called.
    ValueError
        If no challenge asks for a function of this name, or not for all of
        them.

    Examples
    --------
    >>> import numpy as np
    >>> import handbook
    >>> def softmax(X):
    ...     E = np.exp(X - X.max(axis=1, keepdims=True))
    ...     return E / E.sum(axis=1, keepdims=True)
    >>> verdict = handbook.check(softmax)
    >>> verdict["accepted"], verdict["production"]
    (True, False)
    """
    from handbook.challenges import functions_of, nearest, stems
    from handbook.judge import judge_functions

    if not functions:
        raise TypeError("check needs a function: handbook.check(softmax)")
    for function in functions:
        if not callable(function):
            raise TypeError(f"check takes functions, got {function!r}")
        if not isinstance(getattr(function, "__name__", None), str):
            raise TypeError(f"{function!r} has no name: define it with def")
    attempt = {f.__name__: f for f in functions}
    for stem in stems():
        if attempt.keys() <= {*functions_of(stem)}:
            report = judge_functions(stem, attempt)
            return Verdict(report, tuple(attempt), production)
    known = {name for stem in stems() for name in functions_of(stem)}
    for name in attempt:
        if name not in known:
            raise ValueError(
                f"no challenge asks for a function named {name!r}; did you "
                f"mean the one of {nearest(name)}?"
            )
    raise ValueError(f"{', '.join(attempt)} belong to several challenges")
