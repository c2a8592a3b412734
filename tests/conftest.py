import contextlib
import os
import re
import sys

import markdown
import numpy as np
import pytest
from hypothesis import settings
from mkdocs.config import load_config
from xdist.scheduler import LoadScopeScheduling

from tests.pages import ROOT

# no clock in a test, and nothing written: a checkout may be read-only
settings.register_profile("handbook", deadline=None, database=None)
settings.load_profile("handbook")
# as NumPy starts, before any test can change it
STATE = np.geterr(), np.getbufsize()


class Together(LoadScopeScheduling):
    """Give a worker the tests of a file, or all answers to a challenge.

    So that the site is built once, and each answer judged once.
    """

    def _split_scope(self, nodeid):
        answer = re.search(r"test_attempts\.py::\w+\[(\w+)[]:]", nodeid)
        return answer[1] if answer else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    # the marks of --dist=loadgroup do nothing with pytest 9.2:
    # https://github.com/pytest-dev/pytest-xdist/issues/1386
    is_ours = config.getvalue("dist") == "loadscope"
    return Together(config, log) if is_ours else None


def pytest_collection_modifyitems(config, items):
    """Leave out what needs another system."""
    needs = {"posix": os.name == "posix", "linux": sys.platform == "linux"}
    left_out = [
        item
        for item in items
        if any(
            not needs.get(mark.name, True) for mark in item.iter_markers()
        )
    ]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def site_markdown():
    """Markdown as the site is rendered with."""
    config = load_config(str(ROOT / "mkdocs.yml"))
    return markdown.Markdown(
        extensions=config.markdown_extensions,
        extension_configs=config.mdx_configs,
    )


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def untouched():
    """Assert that a block leaves its arrays and NumPy's state alone.

    The arrays are compared byte by byte, so that NaN equals NaN, and stay
    writeable, so that a write into them shows.
    """

    @contextlib.contextmanager
    def watch(*arrays):
        before = [(a.tobytes(), a.shape, a.dtype) for a in arrays]
        state = np.random.get_state(legacy=False)  # noqa: NPY002
        yield arrays[0] if len(arrays) == 1 else arrays
        after = np.random.get_state(legacy=False)  # noqa: NPY002
        np.testing.assert_equal(after, state)
        assert (np.geterr(), np.getbufsize()) == STATE
        assert [(a.tobytes(), a.shape, a.dtype) for a in arrays] == before

    return watch
