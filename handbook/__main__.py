"""The command: `handbook`, or `python -m handbook`."""

import sys


def run() -> None:
    """Run the command; Ctrl-C ends it, also while it is imported."""
    try:
        from handbook import cli

        cli.run()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":  # pragma: no cover - a process of its own
    run()
