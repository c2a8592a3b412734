// What follows an accepted answer: how it differs from the whiteboard code,
// and the next challenge.

import { diffArrays } from "./diff.mjs";
import { make, readMarks } from "./handbook.mjs";

// A text that stands alone, and all of a line from its comment on
const DOCSTRING = /^[ \t]*[rR]?("""|''')[\s\S]*?\1[ \t]*$/gm;
const COMMENT = /^((?:[^#"'\n]|"[^"\n]*"|'[^'\n]*')*)#.*$/gm;

const code = (source) =>
  source
    .replace(DOCSTRING, "")
    .replace(COMMENT, "$1")
    .split("\n")
    .map((line) => line.trimEnd())
    .filter(Boolean);

/** Draw how a source differs from another. */
function differences(mine, theirs) {
  const parts = diffArrays(code(mine), code(theirs));
  if (!parts.some(({ added, removed }) => added || removed)) {
    const same =
      "Your code is the whiteboard code, apart from comments and docstrings.";
    return [make("p", {}, same)];
  }
  const text =
    "Your code and the whiteboard code, without comments and docstrings: - is " +
    "only in yours, + only in the whiteboard code.";
  const lines = parts.flatMap(({ added, removed, value }) => {
    const [name, sign] = (removed && ["del", "-"]) ||
      (added && ["ins", "+"]) || ["span", " "];
    return value.map((line) => make(name, {}, `${sign} ${line}`));
  });
  const pre = make("pre", { className: "practice-differences" }, ...lines);
  return [make("p", {}, text), pre];
}

/** Link to the next challenge, in the order of learning, that is open. */
function next(stem) {
  const { accepted } = readMarks();
  const name = ({ href }) => href.match(/\/challenges\/(\w+)\/$/)?.[1];
  const links = [...document.querySelectorAll(".md-nav--primary a[href]")];
  const all = links.filter(name);
  const here = all.findIndex((link) => name(link) === stem);
  const rest = [...all.slice(here + 1), ...all.slice(0, here)];
  const link = rest.find((link) => !accepted.has(name(link)));
  if (!link) return make("p", {}, `All ${all.length} challenges are accepted.`);
  const textContent = link.querySelector(".md-ellipsis").textContent.trim();
  const { href } = link;
  return make("p", {}, "Next: ", make("a", { href, textContent }), ".");
}

/** Return what a pad shows below the verdict on an accepted answer. */
export function after(place, source) {
  const article = place.closest("article");
  const whiteboard = article.querySelector("#solution ~ .highlight code");
  return [
    ...differences(source, whiteboard.textContent),
    next(place.dataset.challenge),
  ];
}
