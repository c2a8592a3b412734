// What the pages gain where JavaScript runs: the filter of the table, marks
// of what is accepted, the switch of palettes, the practice pad, the mock
// interview, the suggestions on a missing page.

const SITE = new URL("..", import.meta.url);
const CHALLENGE = /\/challenges\/(\w+)\/(?:index\.html)?$/; // or from the disk
const PALETTE = "numpy-handbook.palette"; // "", "light" or "dark"
/** Where the text of an attempt is kept, with the stem of its challenge. */
export const DRAFT = "numpy-handbook.draft.";
/** So is that the solution was asked for or earned with this draft. */
export const SHOWN = "numpy-handbook.shown.";
const MARKS = {
  accepted: "numpy-handbook.solved", // a JSON list of stems
  production: "numpy-handbook.production", // another, within the first
};

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

/** Look again at what scrolls, after something was added. */
export function reach() {
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

const marks = { accepted: new Set(), production: new Set() };

/** Return the stems by how far the reader is, and whether that lasts. */
export function readMarks() {
  try {
    for (const [level, key] of Object.entries(MARKS)) {
      marks[level] = readStems(key);
    }
    return { ...marks, kept: true };
  } catch {
    return { ...marks, kept: false }; // no storage: as long as the page lives
  }
}

function readStems(key) {
  const text = localStorage.getItem(key);
  try {
    const stems = JSON.parse(text ?? "[]");
    if (Array.isArray(stems)) return new Set(stems);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  localStorage.setItem(`${key}.damaged`, text); // not ours to lose
  localStorage.removeItem(key);
  return new Set();
}

/** Mark a challenge as "accepted", fit for "production" or "" neither. */
export function mark(stem, level) {
  readMarks(); // another tab may have marked others
  if (level) marks.accepted.add(stem);
  else marks.accepted.delete(stem);
  if (level === "production") marks.production.add(stem);
  else if (!level) marks.production.delete(stem);
  for (const [name, key] of Object.entries(MARKS)) {
    keep(key, JSON.stringify([...marks[name]].sort()));
  }
  showMarks();
}

/** Return the mark of a challenge, or nothing. */
function markOf(stem, { accepted, production }) {
  if (!accepted.has(stem)) return [];
  const textContent = production.has(stem) ? "production" : "accepted";
  const own = make("span", { className: "mark", textContent });
  own.dataset.verdict = textContent;
  return [own];
}

/** Mark in the navigation, in the table and on its page what is accepted. */
function showMarks() {
  const state = readMarks();
  for (const old of document.querySelectorAll(".mark")) old.remove();
  const stem = ({ href }) => href.match(CHALLENGE)?.[1];
  for (const link of document.querySelectorAll(".md-nav--primary a[href]")) {
    link.append(...markOf(stem(link), state));
  }
  for (const cell of document.querySelectorAll("td[data-challenge]")) {
    cell.append(...markOf(cell.dataset.challenge, state));
    const box = cell.querySelector("input");
    box.checked = state.accepted.has(cell.dataset.challenge);
  }
  const idea = document.querySelector("article > h1 + p");
  idea?.append(...markOf(stem({ href: location.pathname }), state));
}

/** Store a text, where storage is allowed; return whether it lasts. */
export function keep(key, text, storage = "localStorage") {
  try {
    window[storage].setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

/** Return what was stored, or null. */
export function recall(key, storage = "localStorage") {
  try {
    return window[storage].getItem(key);
  } catch {
    return null;
  }
}

/** Store a text no longer; return whether that was to be had. */
export function forget(key, storage = "localStorage") {
  try {
    window[storage].removeItem(key);
    return true;
  } catch {
    return false;
  }
}

/** Make a select, by which all or one of some values is chosen. */
export function choice(name, options) {
  const select = make(
    "select",
    { name: name.toLowerCase() },
    make("option", { value: "" }, "all"),
    ...options.map((option) => make("option", {}, option)),
  );
  return make("label", {}, `${name} `, select);
}

/** Let the reader filter the tables of challenges and tick what is solved. */
function filter() {
  const tables = [...document.querySelectorAll("table:has(th.idea)")];
  if (!tables.length || document.querySelector(".filter")) return;
  /** The box that a table scrolls in; its heading stands before it. */
  const box = (table) => table.closest(".md-typeset__scrollwrap") ?? table;
  const heading = (table) => box(table).previousElementSibling;
  const all = tables.flatMap((table) => [...table.tBodies[0].rows]);
  const rows = all.map((row) => {
    const link = row.querySelector("a");
    return {
      row,
      track: heading(row.closest("table")).id,
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
    choice("Track", [...new Set(rows.map((r) => r.track))]),
    choice("Difficulty", [...new Set(rows.map((r) => r.difficulty))]),
    choice("Topic", [...new Set(rows.flatMap((r) => r.topics))].sort()),
    choice("Solved", ["yes", "no"]),
    count,
  );

  function show() {
    const { track, difficulty, topic, solved } = form.elements;
    const { accepted, kept } = readMarks();
    for (const entry of rows) {
      const done = accepted.has(entry.stem) ? "yes" : "no";
      entry.row.hidden = !(
        (!track.value || track.value === entry.track) &&
        (!difficulty.value || difficulty.value === entry.difficulty) &&
        (!topic.value || entry.topics.includes(topic.value)) &&
        (!solved.value || solved.value === done)
      );
    }
    for (const table of tables) {
      const none = [...table.tBodies[0].rows].every((row) => row.hidden);
      box(table).hidden = none;
      heading(table).hidden = none;
    }
    const shown = rows.filter((entry) => !entry.row.hidden).length;
    count.textContent = `${shown} of ${rows.length} challenges`;
    if (!kept) {
      count.textContent += "; this browser does not keep what is solved";
    }
  }

  for (const table of tables) {
    table.tHead.rows[0].append(make("th", {}, "Solved"));
  }
  for (const { row, stem, title } of rows) {
    const tick = make("input", {
      type: "checkbox",
      ariaLabel: `${title} solved`,
    });
    tick.addEventListener("change", () => {
      mark(stem, tick.checked ? "accepted" : "");
      show();
    });
    const word = make("span", { className: "solved" }, " solved");
    const cell = make("td", {}, tick, word);
    cell.dataset.challenge = stem;
    row.append(cell);
  }
  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  heading(tables[0]).before(form);
  show();
}

/** Lead who reads from the disk to the page on the web; return whether so. */
function leadToWeb(place, name) {
  if (location.protocol !== "file:") return false;
  const { href } = document.querySelector("link[rel=canonical]") ?? SITE;
  const web = make("a", { href }, "this page on the web");
  const said = `The ${name} does not run from the disk. It runs on `;
  place.prepend(make("p", {}, said, web, "."));
  return true;
}

/** Offer to practise in the page; all that takes is loaded when asked for. */
function offerPractice() {
  const place = document.querySelector(".practice");
  const button = place?.querySelector(":scope > .md-button");
  if (!button || "offered" in button.dataset) return;
  button.dataset.offered = "";
  if (leadToWeb(place, "practice pad")) return button.remove();
  async function show(focused) {
    button.disabled = true;
    try {
      const { open } = await import("./practice.mjs");
      await open(place, focused);
      button.remove();
    } catch {
      place.classList.remove("opening");
      button.disabled = false;
      button.textContent = "The pad cannot be loaded: try again";
    }
  }

  button.addEventListener("click", () => show(true));
  button.disabled = false;
  const draft = recall(DRAFT + place.dataset.challenge);
  if (draft !== null || linksDraft()) show(false);
}

/** Offer the mock interview on its page. */
async function offerMock() {
  const place = document.querySelector(".mock");
  if (!place || leadToWeb(place, "mock interview")) return;
  try {
    const { offer } = await import("./mock.mjs");
    offer(place);
  } catch {
    const said = "The mock interview cannot be loaded. Reload the page.";
    place.replaceChildren(make("p", {}, said));
  }
}

let reloading = false;

/** Whether the address holds a draft (sharing.mjs) that is to be opened. */
export const linksDraft = () =>
  !reloading && location.hash.startsWith("#draft=");

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
addEventListener("storage", ({ key }) => {
  if (Object.values(MARKS).includes(key)) showMarks();
});
addEventListener("storage", async ({ key }) => {
  if (![DRAFT, SHOWN].some((start) => key?.startsWith(start))) return;
  const { cover } = await import("./cover.mjs");
  cover();
});
addEventListener("popstate", () => {
  if (!linksDraft()) return;
  reloading = true; // it links to the page that is there
  location.reload();
});
document$.subscribe(() => {
  label();
  reach();
  openByKey();
  offerPalettes();
  filter();
  showMarks();
  offerPractice();
  offerMock();
  suggest();
});

let path; // of the page that is there, which the address may be ahead of

/** Show the view for an interviewer that the address names. */
function showView() {
  if (location.pathname !== path) return;
  document.documentElement.dataset.view = location.hash.slice(1);
}

document$.subscribe(() => {
  path = location.pathname;
  showView();
});
location$.subscribe(showView); // the theme's navigation
addEventListener("popstate", showView, { capture: true }); // before it scrolls
