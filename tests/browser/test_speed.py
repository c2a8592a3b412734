"""A first visit is light, and Lighthouse has nothing to add."""

from benchmarks.site import KINDS, lighthouse, marks
from handbook.page import STEMS


def test_a_first_visit_is_light(visit, site, path):
    site.sent.clear()
    page = visit(path)
    page.wait_for_load_state("networkidle")
    page.locator(".md-search__input").focus()  # the index is there by now
    assert any("search_index" in name for name in site.sent)
    # search index and measurements grow with the challenges
    limit = 150_000 + 4500 * len(STEMS)
    assert sum(site.sent.values()) <= limit, site.sent.most_common()


def test_lighthouse_gives_full_marks(site):
    # the other kinds and performance: benchmarks/site.py
    names = ("accessibility", "best-practices", "seo")
    report = lighthouse(site.url + KINDS["the longest challenge"], *names)
    assert marks(report) == dict.fromkeys(names, 100)
