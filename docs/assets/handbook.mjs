// What the pages gain where JavaScript runs: the filter of the table, the
// switch of palettes, the practice pad, the suggestions on a missing page.

const SITE = new URL("..", import.meta.url);
const PALETTE = "numpy-handbook.palette"; // "", "light" or "dark"
const SOLVED = "numpy-handbook.solved"; // a JSON list of stems

/** Make an element with properties and children. */
export function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/** Name what the theme leaves without a name for a screen reader. */
function label() {
  document.querySelector(".md-search")?.setAttribute("aria-label", "Search");
  document
    .querySelector(".md-content .md-tags")
    ?.setAttribute("aria-label", "Tags");
  // one landmark for every search result is none
  for (const nav of document.querySelectorAll(".md-search-result .md-tags")) {
    nav.setAttribute("role", "presentation");
  }
}

/** Let the keyboard scroll what scrolls sideways, once it is laid out. */
const laidOut = new IntersectionObserver(
  (entries) => {
    const boxes = entries.filter((e) => e.isIntersecting).map((e) => e.target);
    const wide = boxes.map((box) => box.scrollWidth > box.clientWidth);
    for (const [number, box] of boxes.entries()) {
      if (wide[number]) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  },
  { rootMargin: "9999999px" }, // wherever it is
);

function reach() {
  laidOut.disconnect();
  for (const box of document.querySelectorAll(
    ".md-typeset__scrollwrap, .arithmatex, .arithmatex math, pre code",
  )) {
    laidOut.observe(box);
  }
}

/** Let the keyboard open what the theme opens by a label. */
function openByKey() {
  for (const name of ["drawer", "search"]) {
    const label = document.querySelector(
      `label.md-header__button[for=__${name}]`,
    );
    if (!label) continue;
    const button = make(
      "button",
      {
        type: "button",
        className: label.className,
        ariaLabel: name === "drawer" ? "Navigation" : "Search",
      },
      ...label.childNodes,
    );
    button.setAttribute("for", label.htmlFor); // the theme styles it by that
    button.addEventListener("click", () => {
      document.getElementById(label.htmlFor).click();
    });
    label.replaceWith(button);
  }
}

/** Offer the palettes: that of the system, then the other, then this. */
function offerPalettes() {
  const header = document.querySelector(".md-header__inner");
  if (header.querySelector(".palette")) return;
  const root = document.documentElement.style;
  const names = { "": "as the system", light: "light", dark: "dark" };
  const button = make("button", {
    type: "button",
    className: "palette md-header__button",
  });

  function show() {
    button.ariaLabel = `Palette: ${names[root.colorScheme]}`;
    button.title = button.ariaLabel;
  }

  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const order = dark ? ["", "light", "dark"] : ["", "dark", "light"];
  button.addEventListener("click", () => {
    const next = (order.indexOf(root.colorScheme) + 1) % order.length;
    root.colorScheme = order[next];
    keep(PALETTE, root.colorScheme);
    show();
  });
  const stored = recall(PALETTE);
  root.colorScheme = order.includes(stored) ? stored : "";
  show();
  header.querySelector(".md-header__title").after(button);
}

/** Open the closed search, so that the theme's shortcuts can focus it. */
function openByShortcut(event) {
  const search = document.querySelector(".md-search");
  if (
    ["/", "s", "f"].includes(event.key) &&
    !(event.ctrlKey || event.metaKey || event.altKey) &&
    !event.target.closest("input, select, textarea") &&
    getComputedStyle(search).visibility === "hidden"
  ) {
    document.getElementById("__search").click();
  }
}

/** Return the stems that the reader has solved, and whether they last. */
export function readSolved() {
  let text = null;
  try {
    text = localStorage.getItem(SOLVED);
    const stems = JSON.parse(text ?? "[]");
    if (Array.isArray(stems)) return { solved: new Set(stems), kept: true };
  } catch (error) {
    if (!(error instanceof SyntaxError)) {
      return { solved: new Set(), kept: false };
    }
  }
  localStorage.setItem(`${SOLVED}.damaged`, text); // not ours to lose
  return { solved: new Set(), kept: true };
}

/** Store the stems; return whether they last. */
export function writeSolved(solved) {
  return keep(SOLVED, JSON.stringify([...solved].sort()));
}

/** Store a text, where storage is allowed. */
export function keep(key, text) {
  try {
    localStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

/** Return what was stored, or null. */
export function recall(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function choice(name, options) {
  const select = make(
    "select",
    { name: name.toLowerCase() },
    make("option", { value: "" }, "all"),
    ...options.map((option) => make("option", {}, option)),
  );
  return make("label", {}, `${name} `, select);
}

/** Let the reader filter the table of challenges and tick what is solved. */
function filter() {
  const table = document.querySelector("th.idea")?.closest("table");
  if (!table || document.querySelector(".filter")) return;
  const state = readSolved();
  const rows = [...table.tBodies[0].rows].map((row) => {
    const link = row.querySelector("a");
    return {
      row,
      title: link.textContent,
      stem: new URL(link.href).pathname.split("/").at(-2),
      difficulty: row.cells[1].textContent.trim(),
      topics: row.cells[5].textContent.split(",").map((tag) => tag.trim()),
    };
  });
  const count = make("output");
  const form = make(
    "form",
    { className: "filter", ariaLabel: "Filter the challenges" },
    choice("Difficulty", [...new Set(rows.map((r) => r.difficulty))]),
    choice("Topic", [...new Set(rows.flatMap((r) => r.topics))].sort()),
    choice("Solved", ["yes", "no"]),
    count,
  );

  function show() {
    const { difficulty, topic, solved } = form.elements;
    for (const entry of rows) {
      const done = state.solved.has(entry.stem) ? "yes" : "no";
      entry.row.hidden = !(
        (!difficulty.value || difficulty.value === entry.difficulty) &&
        (!topic.value || entry.topics.includes(topic.value)) &&
        (!solved.value || solved.value === done)
      );
    }
    const shown = rows.filter((entry) => !entry.row.hidden).length;
    count.textContent = `${shown} of ${rows.length} challenges`;
    if (!state.kept) {
      count.textContent += "; this browser does not keep what is solved";
    }
  }

  table.tHead.rows[0].append(make("th", {}, "Solved"));
  for (const { row, stem, title } of rows) {
    const box = make("input", {
      type: "checkbox",
      checked: state.solved.has(stem),
      ariaLabel: `${title} solved`,
    });
    box.addEventListener("change", () => {
      state.solved[box.checked ? "add" : "delete"](stem);
      state.kept = writeSolved(state.solved);
      show();
    });
    row.append(make("td", {}, box));
  }
  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  (table.closest(".md-typeset__scrollwrap") ?? table).before(form);
  show();
}

/** Offer to practise in the page; all that takes is loaded when asked for. */
function offerPractice() {
  const place = document.querySelector(".practice");
  if (!place || place.querySelector("button")) return;
  const button = make("button", {
    type: "button",
    className: "md-button",
    textContent: "Write your solution here",
  });
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const { open } = await import("./practice.mjs");
      await open(place);
      button.remove();
    } catch {
      button.disabled = false;
      button.textContent = "The pad cannot be loaded: try again";
    }
  });
  place.prepend(button);
}

/** On a missing page, offer those whose address resembles its own. */
function suggest() {
  const heading = document.querySelector("h1");
  if (!heading?.textContent.startsWith("404")) return;
  const words = (path) => path.toLowerCase().match(/[a-z]{3,}/g) ?? [];
  const asked = words(location.pathname.slice(SITE.pathname.length));
  const pages = [...document.querySelectorAll(".md-nav--primary a")]
    .filter((link) => !link.hash)
    .map((link) => {
      const own = words(`${link.pathname} ${link.textContent}`);
      const hits = asked.filter((word) =>
        own.some((mine) => mine.startsWith(word) || word.startsWith(mine)),
      );
      return { link, hits: hits.length };
    });
  const best = Math.max(1, ...pages.map(({ hits }) => hits));
  const found = pages.filter(({ hits }) => hits === best);
  heading.textContent = "This page does not exist";
  heading.after(
    make("p", {}, found.length ? "Perhaps you meant:" : "Perhaps it moved."),
    make(
      "ul",
      {},
      ...found.map(({ link }) =>
        make("li", {}, make("a", { href: link.href }, link.textContent.trim())),
      ),
    ),
    make(
      "p",
      {},
      "All challenges are in ",
      make("a", { href: SITE.href }, "the table"),
      ", all ideas in the search above.",
    ),
  );
}

new MutationObserver(label).observe(
  document.querySelector(".md-search-result"),
  { childList: true, subtree: true },
);
addEventListener("resize", reach);
addEventListener("keydown", openByShortcut, { capture: true });
document$.subscribe(() => {
  label();
  reach();
  openByKey();
  offerPalettes();
  filter();
  offerPractice();
  suggest();
});
