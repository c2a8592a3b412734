"""What is measured: time, memory, the judge, the site."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
