"""The site as `make site` builds it, in a real browser."""

import re
import shutil
from functools import partial

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import PATHS, SITE, cover
from tests.browser.server import Server


def pytest_addoption(parser):
    parser.addoption(
        "--all-pages",
        action="store_true",
        help="visit every page, not only those that show something new",
    )


def pytest_generate_tests(metafunc):
    """Give a test that takes a path the pages that it is to visit."""
    if "path" in metafunc.fixturenames:
        if not SITE.exists():
            raise pytest.UsageError("make test-browser builds the site")
        every = metafunc.config.getoption("--all-pages")
        metafunc.parametrize("path", PATHS if every else cover(PATHS))


# the theme's RxJS says so now and then of frames, where a clock jumps:
# https://github.com/ReactiveX/rxjs/issues/6891
THEIRS = "executing a cancelled action"


@pytest.fixture(scope="session")
def site():
    """A server of the site; `folder` is where its files are."""
    with Server(SITE) as server:
        yield server


# With each window Chromium starts a process for what its address bar would
# show. No test opens that, and it costs as much as a page.
ADDRESS_BAR = "WebUIOmniboxPopup", "WebUIOmniboxAimPopup"


@pytest.fixture(scope="session")
def launch():
    """Start a browser; where no chromium is installed, Playwright's own."""
    with sync_playwright() as playwright:
        yield partial(
            playwright.chromium.launch,
            executable_path=shutil.which("chromium"),
            args=[
                "--no-sandbox",
                f"--disable-features={','.join(ADDRESS_BAR)}",
            ],
        )


@pytest.fixture(scope="session")
def chromium(launch):
    browser = launch()
    yield browser
    browser.close()


@pytest.fixture
def visit(chromium, site):
    """Open a page of the site, each call in a profile of its own.

    No page may ask another host for anything but those that are named, or
    complain on the console.
    """
    contexts, foreign, complaints = [], [], []

    def visit(path, palette="light", width=1280, hosts=(), **settings):
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=palette,
            **settings,
        )
        contexts.append(context)
        context.on(
            "request",
            lambda request: (
                request.url.startswith((site.url, "data:", "blob:", *hosts))
                or foreign.append(request.url)
            ),
        )
        context.on(
            "console",
            lambda message: (
                message.type in ("error", "warning")
                and not re.search("status of 404", message.text)
                and complaints.append(message.text)
            ),
        )
        context.on(
            "weberror",
            lambda web: (
                THEIRS in str(web.error) or complaints.append(web.error)
            ),
        )
        page = context.new_page()
        page.goto(site.url + path)
        return page

    visit.complaints = complaints
    yield visit
    for context in contexts:
        context.close()
    assert not foreign
    assert not complaints


MISSING = (
    "Failed to load resource: the server responded with a status of 404"
)
