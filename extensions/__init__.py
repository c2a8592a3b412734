"""Markdown extensions of the site."""
