// What gives the answer away stays covered while the reader has a draft that
// is not accepted, until it is asked for. The page covers it before it is
// drawn (extensions/practice.py); here it is covered and uncovered later on.

import { DRAFT, keep, recall, SHOWN } from "./handbook.mjs";

/** Cover the solution, or uncover it, by what is stored. */
export function cover() {
  const place = document.querySelector(".practice");
  if (!place) return;
  const stem = place.dataset.challenge;
  const covered =
    recall(DRAFT + stem) !== null &&
    recall(SHOWN + stem) === null &&
    location.hash !== "#rubric"; // for an interviewer
  place.closest("article").classList.toggle("covered", covered);
}

/** Show the solution for as long as this draft is there. */
export function uncover(stem) {
  keep(SHOWN + stem, "");
  cover();
}

const heading = () => document.querySelector(".covered > #solution");
const stem = () => document.querySelector(".practice").dataset.challenge;

/** Show what the address names: who follows a link has asked for it. */
function follow() {
  cover();
  const solution = heading();
  const named = document.getElementById(location.hash.slice(1));
  // the address may be ahead of the page
  if (!solution || !named || !location.pathname.endsWith(`/${stem()}/`)) return;
  const after = solution.compareDocumentPosition(named);
  if (named === solution || after & Node.DOCUMENT_POSITION_FOLLOWING) {
    uncover(stem());
    named.scrollIntoView();
  }
}

const [{ type, name }] = performance.getEntriesByType("navigation");
/** Whether the page was loaded again or returned to, not by a link. */
export const returned = type !== "navigate";
let again = returned && new URL(name).pathname === location.pathname;
document$.subscribe(() => {
  if (again) cover();
  else follow();
  again = false;
});
location$.subscribe(follow);
addEventListener("click", ({ target }) => {
  if (!target.matches?.(".uncover button")) return;
  uncover(stem());
  const solution = document.getElementById("solution");
  solution.tabIndex = -1; // the focus goes on from where the button was
  solution.focus({ preventScroll: true });
});
