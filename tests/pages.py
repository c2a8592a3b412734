"""The checkout, and every page of its site."""

from pathlib import Path

from handbook.page import Page

ROOT = Path(__file__).parent.parent
SHEETS = ("cheatsheet", "booklet")  # the solutions, from their own pages
PAGES = [Page(path) for path in sorted((ROOT / "docs").rglob("*.md"))]
