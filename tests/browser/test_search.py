"""What people type into the search box, and what has to come first."""

import json
import re
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from tests.pages import ROOT

# The queries are those of a stranger, written down before the search was
# asked. The page comes first of all; of its sections, the one named here.
FIRST = {
    "challenges/softmax/": [
        "softmax",
        "stable softmax",
        "log softmax",
        "overflow",
        "why subtract the max in softmax",
    ],
    "challenges/softmax/#any_axis": ["softmax axis"],
    "challenges/softmax/#attention_mask": ["attention mask"],
    "challenges/softmax/#derivative": [
        "softmax gradient",
        "derivative of softmax",
    ],
    "challenges/softmax/#log_softmax": ["log-softmax"],
    "challenges/softmax/#online": ["online softmax", "flash attention"],
    "challenges/softmax/#softmax_logsumexp": ["logsumexp"],
    "challenges/softmax/#temperature": ["temperature"],
    "challenges/batch_matmul/": [
        "batch matmul",
        "bmm",
        "matrix multiplication",
        "difference between matmul and dot",
        "integer overflow",
        "tensordot",
    ],
    "challenges/batch_matmul/#attention_scores": ["attention scores"],
    "challenges/batch_matmul/#batch_matmul_dot": [
        "np.dot",
        "matmul vs dot",
    ],
    "challenges/batch_matmul/#batch_matmul_elementwise": [
        "element-wise product"
    ],
    "challenges/batch_matmul/#batched_solve": ["np.linalg.solve"],
    "challenges/one_hot/": ["one hot", "onehot", "one-hot encoding"],
    "challenges/one_hot/#confusion_matrix": ["confusion matrix"],
    "challenges/one_hot/#ignore_index": ["missing labels"],
    "challenges/one_hot/#label_smoothing": [
        "label smoothing",
        "what is label smoothing",
    ],
    "challenges/one_hot/#one_hot_eye": ["np.eye"],
    "challenges/one_hot/#row_lookup": ["embedding lookup"],
    "challenges/normalize_rows/": [
        "normalise",
        "normalize",
        "normalize rows",
        "how to normalize rows",
        "l2 norm",
        "unit vector",
        "zero rows",
        "divide by zero",
    ],
    "challenges/normalize_rows/#any_p": ["max norm"],
    "challenges/normalize_rows/#columns": ["normalise columns"],
    "challenges/normalize_rows/#l2_normalize_epsilon": ["epsilon"],
    "challenges/cosine_similarity/": [
        "cosine similarity",
        "pairwise cosine",
    ],
    "challenges/cosine_similarity/#cosine_distance": ["cosine distance"],
    "challenges/cosine_similarity/#euclidean": ["cosine vs euclidean"],
    "challenges/cosine_similarity/#pearson": [
        "correlation",
        "pearson correlation",
    ],
    "challenges/top_k/": [
        "top k",
        "topk",
        "top_k",
        "k largest",
        "how to find the k largest",
        "argmax",
        "argsort",
    ],
    "challenges/top_k/#accuracy": ["top k accuracy"],
    "challenges/top_k/#smallest": ["k smallest"],
    "challenges/top_k/#streaming": ["streaming top k"],
    "challenges/top_k/#ties": ["top k ties"],
    "challenges/top_k/#top_p": ["top p", "nucleus sampling"],
    "challenges/top_k/#topk_per_row_heapq": ["heapq"],
    "challenges/moving_average/": [
        "moving average",
        "moving average without loop",
        "rolling mean",
        "running average",
    ],
    "challenges/moving_average/#edges": ["padding"],
    "challenges/moving_average/#exponential": [
        "exponential moving average",
        "ema",
    ],
    "challenges/moving_average/#moving_average_as_strided": ["as_strided"],
    "challenges/moving_average/#moving_average_convolve": ["convolve"],
    "challenges/moving_average/#solution": ["cumsum"],
    "challenges/moving_average/#moving_average_fft": ["fft"],
    "challenges/moving_average/#nan": ["moving average nan"],
    "challenges/moving_average/#streaming": ["streaming mean"],
    "challenges/moving_average/#stride_tricks": [
        "stride tricks",
        "moving median",
    ],
    "challenges/moving_average/#two_dimensions": ["2d moving average"],
    "challenges/sigmoid/": [
        "sigmoid",
        "sigmoid derivative",
        "bce",
        "binary cross entropy",
        "cross entropy from logits",
        "log loss",
        "logistic regression",
        "softplus",
    ],
    "challenges/sigmoid/#binary_cross_entropy_clipped": [
        "clip probabilities"
    ],
    "challenges/sigmoid/#class_weights": [
        "class weights",
        "class imbalance",
    ],
    "challenges/sigmoid/#gradient": ["gradient of the cross entropy"],
    "challenges/sigmoid/#multi_label": ["multi label"],
    "challenges/sigmoid/#sigmoid_vectorize": ["np.vectorize"],
    "challenges/sigmoid/#sigmoid_where": ["np.where"],
    "challenges/knn/": [
        "knn",
        "k nearest neighbors",
        "k-nearest neighbours",
        "majority vote",
        "pairwise distances",
        "pairwise euclidean distances",
    ],
    "challenges/knn/#approximate": ["approximate nearest neighbors"],
    "challenges/knn/#choosing_k": ["choose k", "how to choose k in knn"],
    "challenges/knn/#feature_scaling": ["feature scaling"],
    "challenges/knn/#kd_tree": ["k-d tree", "kd tree"],
    "challenges/knn/#regression": ["knn regression"],
    "challenges/gradient_descent/": [
        "gradient descent",
        "sgd",
        "minibatch",
        "linear regression",
        "optimisation",
        "optimization",
        "random seed",
        "shuffle x and y",
    ],
    "challenges/gradient_descent/#adam": ["adam"],
    "challenges/gradient_descent/#early_stopping": ["early stopping"],
    "challenges/gradient_descent/#gradient_check": ["gradient check"],
    "challenges/gradient_descent/#mini_batch_gd_drop_last": [
        "drop last batch"
    ],
    "challenges/gradient_descent/#mini_batch_gd_global_seed": [
        "np.random.seed"
    ],
    "challenges/gradient_descent/#momentum": ["momentum"],
    "challenges/gradient_descent/#normal_equations": ["normal equations"],
    "challenges/gradient_descent/#ridge": [
        "regularization",
        "weight decay",
    ],
    "challenges/gradient_descent/#step_bound": [
        "learning rate",
        "learning rate too large",
    ],
    "guides/idioms/#argpartition": [
        "argpartition",
        "np.argpartition",
        "argpartition(",
    ],
    "guides/idioms/#bincount": ["bincount"],
    "guides/idioms/#broadcasting-and-keepdims": [
        "broadcasting",
        "keepdims",
    ],
    "guides/idioms/#dtype-promotion": ["dtype"],
    "guides/idioms/#generators": [
        "default_rng",
        "how to shuffle two arrays",
    ],
    "guides/idioms/#matmul-and-einsum": ["einsum", "when to use einsum"],
    "guides/idioms/#paired-fancy-indexing": ["fancy indexing"],
    "guides/idioms/#sliding-windows": [
        "sliding window",
        "sliding_window_view",
    ],
    "guides/idioms/#take_along_axis": ["take_along_axis"],
    "guides/idioms/#where-and-out": ["where"],
    "guides/interview/": [
        "interview tips",
        "what should i ask the interviewer",
    ],
    "guides/interview/#questions-worth-asking": ["questions to ask"],
    "guides/cheatsheet/": ["cheat sheet", "cheatsheet"],
    "guides/practise/": ["practice"],
    "guides/practise/#install": ["install"],
    "guides/scale/": ["dask", "out of core", "larger than memory"],
    "guides/measured/": ["benchmark"],
}

# The theme sets its line about the number of results anew with each answer,
# and the first results with it.
ASK = """
async (queries) => {
  const box = document.querySelector(".md-search__input");
  const meta = document.querySelector(".md-search-result__meta");
  const links = () => [...document.querySelectorAll(
    ".md-search-result__item:first-child a.md-search-result__link")];
  const answers = {};
  for (const query of queries) {
    const answered = new Promise((resolve) =>
      new MutationObserver((_, observer) => {
        observer.disconnect();
        resolve();
      }).observe(meta, {childList: true}));
    box.value = query;
    box.dispatchEvent(new KeyboardEvent("keyup"));
    await answered;
    answers[query] = links().slice(0, 2).map(
      ({origin, pathname, hash}) => origin + pathname + hash);
  }
  return answers;
}
"""


@pytest.fixture
def search(visit):
    """A page with the search open and ready."""
    page = visit("tags/", reduced_motion="reduce")
    page.keyboard.press("/")
    meta = page.locator(".md-search-result__meta")
    expect(meta).to_have_text("Type to start searching")
    expect(page.locator(".md-search__input")).to_be_focused()
    return page


def test_what_is_asked_for_comes_first(search, site):
    wanted = {query: link for link in FIRST for query in FIRST[link]}
    assert len(wanted) == sum(map(len, FIRST.values())), "a query is twice"
    guide = (ROOT / "docs/guides/verified.md").read_text(encoding="utf-8")
    assert f"{len(wanted)} queries are typed" in guide
    answers = search.evaluate(ASK, list(wanted))
    wrong = []
    for query, link in wanted.items():
        page, _, section = link.partition("#")
        expected = [page, link] if section else [page]
        found = [answer.removeprefix(site.url) for answer in answers[query]]
        if found[: len(expected)] != expected:
            came = ", ".join(found) or "nothing"
            wrong.append(f"{query}: {came} comes first, not {link}")
    assert not wrong, "\n".join([f"{len(wrong)} queries", *wrong])


def test_every_result_leads_to_its_section(site):
    with urlopen(f"{site.url}search/search_index.json") as answer:
        documents = json.load(answer)["docs"]
    anchors = {}
    for document in documents:
        path, _, anchor = document["location"].partition("#")
        if path not in anchors:
            with urlopen(site.url + path) as answer:
                html = answer.read().decode()
            anchors[path] = {"", *re.findall(r'\bid="([^"]+)"', html)}
        assert anchor in anchors[path], document["location"]
    assert {link.split("#")[0] for link in FIRST} < set(anchors)


def enter(page, query):
    """Put a query in place of the last, so that there is one answer."""
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.insert_text(query)
    page.keyboard.press("End")  # the theme listens to keys


def test_a_result_is_reached_and_opened_by_keyboard(search, site):
    best = search.locator(".md-search-result__item").first.locator("> a")
    enter(search, "label smoothing")
    expect(best.nth(1)).to_contain_text("Label smoothing?")
    search.keyboard.press("ArrowDown")
    expect(best.nth(0)).to_be_focused()
    search.keyboard.press("ArrowDown")
    expect(best.nth(1)).to_be_focused()
    search.keyboard.press("Enter")
    search.wait_for_url(f"{site.url}challenges/one_hot/**#label_smoothing")
    expect(search.locator(".md-search__input")).not_to_be_focused()
    expect(search.locator("h3#label_smoothing")).to_be_in_viewport()
    # The theme notes the offset 100 ms after the page has come to rest, and
    # what is opened before opens at this offset, whatever its anchor.
    search.wait_for_function("history.state?.y === scrollY")
    search.keyboard.press("/")
    enter(search, "normal equations")
    expect(best.nth(1)).to_contain_text("normal equations")
    search.keyboard.press("Enter")  # in the box: what is best
    search.wait_for_url(
        f"{site.url}**/gradient_descent/**#normal_equations"
    )
    expect(search.locator("h3#normal_equations")).to_be_in_viewport()


def test_nothing_is_found_where_nothing_is(search):
    meta = search.locator(".md-search-result__meta")
    items = search.locator(".md-search-result__item")
    for query in ("xqzvw", "qwrtzp plkmnb", "()"):
        enter(search, query)
        expect(meta).to_have_text("No matching documents")
        expect(items).to_have_count(0)
        enter(search, "einsum")
        expect(items.first).to_contain_text("einsum")
