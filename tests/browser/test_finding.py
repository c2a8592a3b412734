"""From one page to the next: the table, links, tags, the missing page."""

import json
import re
from itertools import pairwise
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from extensions.generated import navigation
from handbook.page import STEMS, challenge, in_order
from tests.browser import MISSING, PATHS, REFUSED, SOLVED, address, built
from tests.pages import PAGES

FRONTS = {stem: challenge(stem).front for stem in STEMS}


def shown(page):
    """The stems of the rows of the table that are to be seen."""
    links = page.locator("table:has(th.idea) tbody tr:visible td strong a")
    return [
        link.get_attribute("href").strip("/").split("/")[-1]
        for link in links.all()
    ]


def test_the_table_is_plain_without_javascript(visit):
    page = visit("", java_script_enabled=False)
    assert len(shown(page)) == len(STEMS)
    assert page.locator(".filter").count() == 0


def test_the_table_is_filtered(visit):
    page = visit("")
    form = page.locator(".filter")
    count = form.locator("output")
    expect(count).to_have_text(f"{len(STEMS)} of {len(STEMS)} challenges")
    topics = {tag for front in FRONTS.values() for tag in front["tags"][1:]}
    options = form.get_by_label("Topic").locator("option")
    assert options.all_inner_texts() == ["all", *sorted(topics)]
    for topic in topics:
        form.get_by_label("Topic").select_option(topic)
        wanted = {s for s in STEMS if topic in FRONTS[s]["tags"]}
        assert set(shown(page)) == wanted
    form.get_by_label("Topic").select_option("")
    tracks = dict.fromkeys(FRONTS[stem]["track"] for stem in in_order())
    assert form.get_by_label("Track").locator(
        "option"
    ).all_inner_texts() == [
        "all",
        *tracks,
    ]
    for track in tracks:
        form.get_by_label("Track").select_option(track)
        wanted = {s for s in STEMS if FRONTS[s]["track"] == track}
        assert set(shown(page)) == wanted
        headings = page.locator("article h3:visible")
        expect(headings).to_have_text([f"{track.capitalize()}¶"])
    form.get_by_label("Track").select_option("fundamentals")
    form.get_by_label("Topic").select_option("stability")
    form.get_by_label("Difficulty").select_option("medium")
    assert set(shown(page)) == {"moving_average", "sigmoid"}
    expect(count).to_have_text(f"2 of {len(STEMS)} challenges")
    form.get_by_label("Difficulty").select_option("")
    form.get_by_label("Track").select_option("")
    form.get_by_label("Topic").select_option("")
    assert len(shown(page)) == len(STEMS)


def test_what_is_solved_is_kept(visit):
    page = visit("")
    page.get_by_label("Softmax solved").check()
    page.get_by_label("Moving average solved").check()
    page.get_by_label("Moving average solved").uncheck()
    page.reload()
    expect(page.get_by_label("Softmax solved")).to_be_checked()
    page.locator(".filter").get_by_label("Solved").select_option("yes")
    assert shown(page) == ["softmax"]
    page.locator(".filter").get_by_label("Solved").select_option("no")
    assert set(shown(page)) == set(STEMS) - {"softmax"}
    page.get_by_role("link", name="Reference").first.click()
    expect(page.locator("h1")).to_contain_text("Reference")
    page.go_back()  # instant navigation builds the table anew
    expect(page.get_by_label("Softmax solved")).to_be_checked()
    assert page.locator(".filter").count() == 1


@pytest.mark.parametrize("damaged", ["{not json", '{"softmax": true}'])
def test_a_damaged_entry_is_set_aside(visit, damaged):
    page = visit("")
    page.evaluate(
        "([k, v]) => localStorage.setItem(k, v)", [SOLVED, damaged]
    )
    page.reload()
    page.get_by_label("Softmax solved").check()
    stored = page.evaluate("() => ({...localStorage})")
    assert stored[f"{SOLVED}.damaged"] == damaged
    assert json.loads(stored[SOLVED]) == ["softmax"]


def test_table_and_search_work_where_storage_is_refused(visit):
    page = visit("about/")  # a page without the table
    page.add_init_script(REFUSED)
    page.goto(page.url.removesuffix("about/"))
    page.get_by_label("Softmax solved").check()
    output = page.locator(".filter output")
    expect(output).to_contain_text("does not keep what is solved")
    page.locator(".filter").get_by_label("Solved").select_option("yes")
    assert shown(page) == ["softmax"]
    page.locator(".md-search__input").click()
    page.keyboard.type("momentum")
    page.locator(".md-search-result__item").first.wait_for()
    said = {str(complaint) for complaint in visit.complaints}
    assert said == {"refused"}  # by the theme, about its palette
    visit.complaints.clear()


def test_previous_and_next_follow_the_order_of_learning(visit):
    order = [Path(page).stem for page in navigation("challenges")]
    for stem, following in pairwise(order):
        link = f'<link rel="next" href="../{following}/">'
        assert link in built(f"challenges/{stem}/")
        link = f'<link rel="prev" href="../{stem}/">'
        assert link in built(f"challenges/{following}/")
    page = visit(f"challenges/{order[0]}/")
    page.locator(".md-footer__link--next").click()
    page.wait_for_url(f"**/{order[1]}/")
    page.locator(".md-footer__link--prev").click()
    page.wait_for_url(f"**/{order[0]}/")


@pytest.mark.parametrize("stem", STEMS)
def test_a_stable_link_leads_to_its_part(stem):
    ids = re.findall(r' id="([^"]*)"', built(f"challenges/{stem}/"))
    assert len(set(ids)) == len(ids)
    for anchor in re.findall("{ #([^ }]*)", challenge(stem).text):
        assert anchor in ids


def test_tags_list_topics_and_difficulties(visit):
    page = visit("tags/")
    for stem, front in FRONTS.items():
        for tag in front["tags"]:
            heading = page.get_by_role("heading", name=tag, exact=False)
            links = heading.locator("xpath=following-sibling::ul[1]//a")
            hrefs = [a.get_attribute("href") for a in links.all()]
            assert any(stem in href for href in hrefs), (tag, stem)


def test_a_missing_page_helps(visit, site):
    page = visit(MISSING)
    expect(page.locator("h1")).to_have_text("This page does not exist")
    first = page.locator(".md-content li a").first
    expect(first).to_have_text("Softmax")
    first.click()
    page.wait_for_url("**/challenges/softmax/")
    page = visit("nothing/like/it")
    expect(page.locator(".md-content a").first).to_have_text("the table")
    plain = visit(MISSING, java_script_enabled=False)
    expect(plain.locator("h1")).to_contain_text("Not found")
    link = plain.locator(".md-nav--primary a", has_text="Softmax")
    assert link.first.get_attribute("href").endswith("/challenges/softmax/")


def test_every_address_is_in_the_sitemap(site):
    sitemap = urlopen(f"{site.url}sitemap.xml").read().decode()
    for path in PATHS:
        assert f"<loc>{site.url}{path}</loc>" in sitemap
    assert sorted(map(address, PAGES)) == sorted(PATHS)
