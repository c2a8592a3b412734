// The mock interview: a challenge, a clock, the pad, then questions, and the
// record of all of them. It is stored at every step: whoever closes the page
// finds it paused.

import {
  choice,
  forget,
  keep,
  make,
  reach,
  readMarks,
  recall,
} from "./handbook.mjs";
import {
  clock,
  draw,
  due,
  format,
  local,
  merge,
  parse,
  RUBRIC,
  weight,
} from "./record.mjs";
import { download } from "./sharing.mjs";

const RECORD = "numpy-handbook.record"; // the lines
const RUN = "numpy-handbook.mock"; // the interview that goes on, as JSON
const DRAFT = "mock-"; // and the stem: under which the pad keeps its texts
const SECOND = 1000; // milliseconds
const UNKEPT = "This browser keeps nothing: the record is lost with the page.";
const OF_EACH = 2; // questions of production, and follow-ups

let place = null; // where the interview is, on the page that is there
let challenges = []; // what can be drawn
let run = null; // the interview that goes on
let records = []; // those before
let view = null; // the parts of the page that the run changes
let counted = null; // up to when its time is counted, while its clock runs
let ticking = 0;

const today = () => local(new Date()).slice(0, 10);
const address = (stem) => new URL(`../challenges/${stem}/`, import.meta.url);
const about = (stem) => challenges.find((own) => own.stem === stem);
const title = (stem) => about(stem)?.title ?? stem;
const several = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
const unique = (values) => [...new Set(values)];

/** A button that does something. */
function button(textContent, act) {
  const type = { type: "button", className: "md-button" };
  const made = make("button", { ...type, textContent });
  made.addEventListener("click", act);
  return made;
}

/** A line that a screen reader is told of. */
function status() {
  const said = make("p", { className: "mock-said" });
  said.setAttribute("role", "status");
  return said;
}

/** Move to a part that is new. */
function moveTo(heading) {
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  heading.scrollIntoView({ block: "start" });
}

// What is stored

/** Store the interview that goes on. */
function save() {
  view.unkept.hidden = keep(RUN, JSON.stringify(run));
}

/** Read what other tabs may have written; the page remembers by itself. */
function readRun() {
  if (!readMarks().kept) return;
  try {
    run = JSON.parse(recall(RUN));
  } catch {
    run = null;
  }
  if (!about(run?.challenge)) run = null;
}

/** So too with the record; return what is to be said of it. */
function readRecord() {
  if (!readMarks().kept) return UNKEPT;
  const text = recall(RECORD) ?? "";
  try {
    records = parse(text);
    return "";
  } catch ({ message }) {
    records = [];
    keep(`${RECORD}.damaged`, text); // not ours to lose
    forget(RECORD);
    const where = `this browser keeps it as ${RECORD}.damaged`;
    return `The record cannot be read, and ${where}. ${message}`;
  }
}

/** Put more records to those that are stored; return what is to be said. */
function add(more) {
  const said = readRecord();
  records = merge(records, more);
  return keep(RECORD, format(records)) ? said : UNKEPT;
}

/** Forget the interview, and what its pad has kept. */
function discard(stem) {
  run = null;
  forget(RUN);
  try {
    const mine = Object.keys(localStorage).filter(
      (key) =>
        key.startsWith("numpy-handbook.") && key.endsWith(`.${DRAFT}${stem}`),
    );
    for (const key of mine) forget(key);
  } catch {
    // nothing was kept
  }
}

// The clock

/** The time of which the clock shows differences, in seconds. */
const now = () => performance.now() / SECOND;

function showClock() {
  const left = 60 * about(run.challenge).minutes - Math.floor(run.seconds);
  const side = left < 0 ? "over" : "left";
  view.clock.textContent = `${clock(Math.abs(left))} ${side}`;
  view.clock.classList.toggle("mock-over", left < 0);
}

/** Count the time that has passed. */
function count() {
  const time = now();
  run.seconds += time - counted;
  counted = time;
  save();
}

function tick() {
  count();
  showClock();
}

function startClock() {
  counted = now();
  ticking = setInterval(tick, SECOND);
}

/** Stop the clock; return whether it ran. */
function stopClock() {
  clearInterval(ticking);
  if (counted === null) return false;
  count();
  counted = null;
  return true;
}

// What is taken of the page of the challenge

/** Return the page of a challenge. */
async function fetched(stem) {
  const response = await fetch(address(stem));
  if (!response.ok) throw new Error(`${response.status}`);
  const text = await response.text();
  return new DOMParser().parseFromString(text, "text/html");
}

/** Return the elements that follow a heading, up to the next. */
function below(heading) {
  const found = [];
  let element = heading.nextElementSibling;
  while (element && !element.matches("h2, h3, .practice")) {
    if (!element.hidden) found.push(element);
    element = element.nextElementSibling;
  }
  return found;
}

/** Return a copy of an element whose links work here. */
function copied(element, stem) {
  const copy = document.importNode(element, true);
  for (const own of copy.querySelectorAll("a[href^='#']")) {
    own.replaceWith(...own.childNodes); // it names a part of its page
  }
  for (const [selector, name] of [
    ["a[href]", "href"],
    ["img[src]", "src"],
  ]) {
    for (const part of copy.querySelectorAll(selector)) {
      part[name] = new URL(part.getAttribute(name), address(stem));
    }
  }
  if (!copy.matches("table")) return copy;
  const wrap = (className, inner) => make("div", { className }, inner);
  return wrap("md-typeset__scrollwrap", wrap("md-typeset__table", copy));
}

/** Return the follow-ups of a page: their headings. */
function followUps(page) {
  const found = [];
  let element = page.querySelector("#follow-ups").nextElementSibling;
  while (element && !element.matches("h2")) {
    if (element.matches("h3")) found.push(element);
    element = element.nextElementSibling;
  }
  return found;
}

/** Return the text of a heading. */
function worded(heading) {
  const copy = heading.cloneNode(true);
  copy.querySelector(".headerlink").remove();
  return copy.textContent.trim();
}

// The start

/** Begin an interview. */
function begin(stem) {
  run = {
    challenge: stem,
    resumed: 0,
    seconds: 0,
    hints: 0,
    checks: 0,
    accepted: false,
    questions: [],
  };
  show();
  save();
  resume();
}

/** Offer a draw. */
function starting() {
  const values = (name) => unique(challenges.map((own) => own[name]));
  const most = make("input", { type: "number", name: "minutes", min: 1 });
  const drawn = make("button", {
    className: "md-button",
    textContent: "Draw a challenge",
  });
  const among = make("output");
  const form = make(
    "form",
    { className: "filter", ariaLabel: "What to draw from" },
    choice("Track", values("track")),
    choice("Difficulty", values("difficulty")),
    make("label", {}, "Minutes at most ", most),
    drawn,
    among,
  );

  function fitting() {
    const { track, difficulty, minutes } = form.elements;
    return challenges.filter(
      (own) =>
        (!track.value || own.track === track.value) &&
        (!difficulty.value || own.difficulty === difficulty.value) &&
        (!minutes.value || own.minutes <= minutes.valueAsNumber),
    );
  }

  function tell() {
    const { length } = fitting();
    among.textContent = several(length, "challenge");
    drawn.disabled = !length;
  }

  form.addEventListener("input", tell);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const solved = readMarks().accepted;
    const stems = fitting().map(({ stem }) => stem);
    const weights = stems.map((stem) =>
      weight(stem, records, today(), solved.has(stem)),
    );
    begin(stems[draw(weights, Math.random())]);
  });
  tell();
  return form;
}

// The interview

/** Make the view of the interview, paused. */
function interviewing() {
  const { title, difficulty, minutes } = about(run.challenge);
  const box = (className) => make("div", { className });
  view = {
    page: null, // that of the challenge, once it is there
    practice: null, // the module of the pad
    heading: make("h2", {}, title),
    clock: make("span", { className: "mock-clock" }),
    pause: button("", () => (counted === null ? resume() : pause())),
    hint: button("", takeHint),
    quit: button("Give up", giveUp),
    bar: box("mock-bar"),
    said: status(),
    unkept: make("p", {
      hidden: true,
      textContent: "This browser keeps nothing: it is lost with the page.",
    }),
    work: box("mock-work"),
    hints: box("mock-hints"),
    talk: box("mock-talk"),
  };
  view.clock.setAttribute("role", "timer");
  view.hints.setAttribute("aria-live", "polite");
  view.bar.append(view.clock, view.pause, view.hint);
  turn();
  return [
    view.heading,
    make("p", {}, `${difficulty}, ${minutes} minutes`),
    view.bar,
    view.said,
    view.unkept,
    view.work,
    view.quit,
    view.talk,
  ];
}

/** Show what depends on whether the clock runs and on how far it is. */
function turn() {
  const opened = counted !== null || (run.accepted && view.page !== null);
  view.pause.textContent = counted === null ? "Resume" : "Pause";
  view.bar.hidden = run.accepted && opened;
  view.hint.hidden = !opened || run.accepted;
  view.quit.hidden = run.accepted;
  view.work.hidden = !opened;
  view.talk.hidden = !opened;
  showClock();
}

function pause() {
  if (stopClock()) view.said.textContent = "Paused: the challenge is hidden.";
  turn();
}

/** Open the interview, and let its clock run until it is accepted. */
async function resume() {
  const here = view;
  const { challenge: stem } = run;
  here.pause.disabled = true;
  here.said.textContent = "";
  try {
    if (!here.page) await furnish(here, stem);
  } catch {
    here.work.replaceChildren();
    here.said.textContent = "The challenge cannot be loaded: try again.";
    return;
  } finally {
    here.pause.disabled = false;
  }
  if (here !== view || !place.isConnected) return; // the reader has left
  if (!run.accepted) startClock();
  run.resumed += 1; // what is stored is new: another tab stops its clock
  save();
  turn();
  reach();
  if (run.accepted) talk();
  else moveTo(here.heading);
}

/** Put statement, hints and pad into a view. */
async function furnish(here, stem) {
  const [page, practice] = await Promise.all([
    fetched(stem),
    import("./practice.mjs"),
  ]);
  const pad = document.importNode(page.querySelector(".practice"), true);
  pad.querySelector("p").remove();
  pad.dataset.draft = DRAFT + stem;
  pad.addEventListener("judged", ({ detail }) => {
    if (here === view) hear(detail);
  });
  const statement = below(page.querySelector("#problem"));
  here.work.replaceChildren(
    ...statement.map((element) => copied(element, stem)),
    here.hints,
    pad,
  );
  await practice.open(pad, false);
  here.practice = practice;
  here.page = page;
  if (here === view) showHints();
}

function showHints() {
  const all = below(view.page.querySelector("#hints"));
  view.hints.replaceChildren(
    ...all.slice(0, run.hints).map((hint) => {
      const copy = copied(hint, run.challenge);
      copy.open = true;
      return copy;
    }),
  );
  view.hint.textContent = `Hint (${run.hints} of ${all.length})`;
  view.hint.disabled = run.hints === all.length;
}

function takeHint() {
  run.hints += 1;
  save();
  showHints();
  reach();
  view.hints.lastElementChild.scrollIntoView({ block: "nearest" });
}

/** Hear what the judge says. */
function hear(report) {
  if (run.accepted) return; // the reader goes on with the code
  run.checks += 1;
  if (!report.accepted) {
    save();
    return;
  }
  stopClock();
  run.accepted = true;
  run.questions = [...productionOf(report), ...followUpsOf(view.page)];
  view.said.textContent = "";
  save();
  turn();
  talk();
}

const asked = (question, more) => ({
  question,
  answer: "",
  right: null, // until the reader says so
  opened: false, // whether the answer is shown
  ...more,
});

/** The questions of production, those first that the answer leaves open. */
function productionOf({ checks }) {
  const rows = checks.filter(({ tier }) => tier === "production");
  const failed = rows.filter(({ passed }) => passed === false);
  const first = new Map();
  for (const row of [...failed, ...rows]) {
    if (!first.has(row.hint)) first.set(row.hint, row);
  }
  return [...first.values()]
    .slice(0, OF_EACH)
    .map(({ hint, promise, passed, given, expected, got }) =>
      asked(hint, {
        promise,
        row: passed === false ? { given, expected, got } : {},
      }),
    );
}

function followUpsOf(page) {
  const left = followUps(page);
  const chosen = [];
  while (left.length && chosen.length < OF_EACH) {
    const index = Math.floor(Math.random() * left.length);
    chosen.push(...left.splice(index, 1));
  }
  return chosen.map((own) => asked(worded(own), { anchor: own.id }));
}

/** Show the question that is open, or the rubric. */
function talk() {
  const number = run.questions.findIndex(({ right }) => right === null);
  const parts = number < 0 ? placing() : asking(number);
  view.talk.replaceChildren(...parts);
  reach();
  moveTo(parts[0]);
}

/** Ask a question; its answer opens once the reader's is written. */
function asking(number) {
  const own = run.questions[number];
  const { length } = run.questions;
  const text = make("textarea", {
    id: "mock-answer",
    className: "mock-answer",
    rows: 3,
    value: own.answer,
    readOnly: own.opened,
  });
  const answer = make("div", { className: "mock-answered" });
  const heading = make("h3", {}, `Question ${number + 1} of ${length}`);

  function settle(right) {
    own.right = right;
    save();
    talk();
  }

  function open() {
    own.opened = true;
    save();
    talk();
  }

  const opening = button("Show the answer", open);
  opening.disabled = !text.value.trim();
  text.addEventListener("input", () => {
    own.answer = text.value;
    opening.disabled = !text.value.trim();
    save();
  });
  const unknown = button("I don't know", () => {
    own.answer = "";
    open();
  });
  let buttons = [opening, unknown];
  if (own.opened) {
    answer.append(...answering(own));
    buttons = own.answer.trim()
      ? [
          button("Mine said that", () => settle(true)),
          button("Mine did not", () => settle(false)),
        ]
      : [button("Go on", () => settle(false))];
  }
  return [
    heading,
    make("p", {}, own.question),
    make("label", { htmlFor: text.id }, "Your answer"),
    text,
    answer,
    make("div", { className: "mock-buttons" }, ...buttons),
  ];
}

/** Return the answer to a question. */
function answering({ anchor, promise, row }) {
  if (promise) {
    const texts = Object.keys(row).length ? [view.practice.described(row)] : [];
    return [make("p", {}, promise), ...texts];
  }
  const heading = view.page.getElementById(anchor);
  const [, ...parts] = below(heading)[0].children; // without its summary
  return parts.map((element) => copied(element, run.challenge));
}

/** Let the reader place the answer in the rubric of the page. */
function placing() {
  const table = below(view.page.querySelector("#interviewer-notes")).find(
    (element) => element.matches("table"),
  );
  const cells = [...table.tBodies[0].rows[0].cells];
  const radios = RUBRIC.map((value) =>
    make("input", { type: "radio", name: "rubric", value }),
  );
  const lines = radios.map((radio, index) => {
    const words = document.importNode(cells[index], true).childNodes;
    const level = make("strong", {}, RUBRIC[index]);
    return make("label", {}, radio, " ", level, ": ", ...words);
  });
  const group = make("div", { className: "mock-rubric" }, ...lines);
  group.setAttribute("role", "radiogroup");
  group.setAttribute("aria-label", "Rubric");
  const end = button("Finish", () => {
    finish(radios.find(({ checked }) => checked)?.value ?? null);
  });
  return [
    make("h3", {}, "Where does your answer stand?"),
    group,
    make("div", { className: "mock-buttons" }, end),
  ];
}

function giveUp() {
  const asking = "Give up? The record will say so, and you see the solution.";
  if (confirm(asking)) finish(null);
}

/** Write the interview into the record. */
function finish(rubric) {
  stopClock();
  const { challenge, seconds, hints, checks, accepted, questions } = run;
  const record = {
    challenge,
    ended: local(new Date()),
    seconds: Math.floor(seconds),
    hints,
    checks,
    accepted,
    questions: questions.map(({ question, answer, right }) => ({
      question,
      answer: answer.trim(),
      right,
    })),
    rubric,
  };
  const { practice } = view;
  const said = add([record]);
  discard(challenge);
  show(said, ended(record));
  practice?.leave();
  moveTo(place.querySelector("h2"));
}

const result = ({ accepted }) => (accepted ? "accepted" : "not accepted");
const score = ({ questions }) =>
  `${questions.filter(({ right }) => right).length} of ${questions.length}`;

/** Say how an interview went. */
function ended(record) {
  const { challenge: stem, accepted, seconds, hints, checks } = record;
  const how = accepted ? "Accepted" : "Given up";
  const parts = [several(hints, "hint"), several(checks, "check")];
  if (accepted) parts.push(`${score(record)} questions right`);
  if (record.rubric) parts.push(record.rubric);
  const time = `${clock(seconds)} of ${about(stem).minutes} minutes`;
  const href = address(stem) + (accepted ? "" : "#solution");
  const name = accepted ? `the page of ${title(stem)}` : "the solution";
  return [
    make("h2", {}, `${title(stem)}: ${result(record)}`),
    make("p", {}, `${how} after ${time}: ${parts.join(", ")}.`),
    make(
      "p",
      {},
      "Read ",
      make("a", { href }, name),
      `. The challenge is due again on ${due(records)[stem]}.`,
    ),
  ];
}

// The record

/** Show what is due, and the interviews before. */
function showRecord(said = "") {
  const shelf = document.querySelector(".mock-record");
  const told = status();
  told.textContent = said;
  const file = make("input", {
    type: "file",
    accept: ".jsonl",
    id: "mock-import",
  });
  file.addEventListener("change", () => take(file.files[0]));
  const save = button("Download record.jsonl", () =>
    download("record.jsonl", format(records), "application/jsonl"),
  );
  save.hidden = !records.length;
  shelf.replaceChildren(
    ...dueNow(),
    ...(records.length ? [table()] : []),
    make(
      "div",
      { className: "mock-buttons" },
      save,
      make("label", { htmlFor: file.id }, "Import"),
      file,
    ),
    told,
  );
  reach();
}

/** Say what is due, and offer to start it. */
function dueNow() {
  const days = Object.entries(due(records)).filter(([stem]) => about(stem));
  const order = ([, a], [, b]) => (a < b ? -1 : +(a > b));
  const ready = days.filter(([, day]) => day <= today()).sort(order);
  const later = days.filter(([, day]) => day > today()).sort(order);
  if (!days.length) return [make("p", {}, "There is no interview yet.")];
  const next = later.map(([stem, day]) => `${title(stem)} on ${day}`);
  const lines = ready.map(([stem]) => {
    const start = button("Start", () => begin(stem));
    start.ariaLabel = `Start ${title(stem)}`;
    return make("li", {}, `${title(stem)} `, ...(run ? [] : [start]));
  });
  return [
    make("p", {}, ready.length ? "Due today:" : "Nothing is due today."),
    ...(lines.length ? [make("ul", { className: "mock-due" }, ...lines)] : []),
    ...(next.length ? [make("p", {}, `Next: ${next[0]}.`)] : []),
  ];
}

function table() {
  const heads = [
    "Day",
    "Challenge",
    "Result",
    "Time",
    "Hints",
    "Checks",
    "Right",
    "Rubric",
  ];
  const row = (record) => {
    const { challenge: stem, ended, seconds, hints, checks, rubric } = record;
    const name = about(stem)
      ? make("a", { href: address(stem) }, title(stem))
      : stem;
    const texts = [
      ended.slice(0, 10),
      name,
      result(record),
      clock(seconds),
      hints,
      checks,
      record.questions.length ? score(record) : "–",
      rubric ?? "–",
    ];
    return make("tr", {}, ...texts.map((text) => make("td", {}, text)));
  };
  const own = make(
    "table",
    {},
    make(
      "thead",
      {},
      make("tr", {}, ...heads.map((text) => make("th", {}, text))),
    ),
    make("tbody", {}, ...records.toReversed().map(row)),
  );
  const inner = make("div", { className: "md-typeset__table" }, own);
  return make("div", { className: "md-typeset__scrollwrap" }, inner);
}

/** Take the records of a file. */
async function take(file) {
  let said;
  try {
    const theirs = parse(await file.text());
    said = readRecord();
    const before = records.length;
    said = add(theirs) || said;
    const fresh = several(records.length - before, "interview");
    said = `${fresh} imported, of ${theirs.length} in the file. ${said}`;
  } catch ({ message }) {
    said = `${message} Nothing has changed.`;
  }
  showRecord(said);
}

/** Show the interview or, after what is given, the start; and the record. */
function show(said = "", before = []) {
  view = null;
  place.replaceChildren(...(run ? interviewing() : [...before, starting()]));
  showRecord(said);
}

/** Put the interview into its place. */
export function offer(found) {
  place = found;
  challenges = JSON.parse(place.dataset.challenges);
  readRun();
  show(readRecord());
}

/** Hear of another tab: the interview goes on in one. */
function follow({ key }) {
  if (!place?.isConnected) return;
  if (key === RECORD) showRecord(readRecord());
  if (![RUN, null].includes(key)) return;
  const before = run?.challenge;
  clearInterval(ticking);
  counted = null;
  readRun();
  if (run && run.challenge === before && !view.page) turn();
  else show(readRecord());
}

document$.subscribe(() => {
  if (place && !place.isConnected) stopClock();
});
addEventListener("storage", follow);
addEventListener("pagehide", () => {
  if (view && place.isConnected) pause();
});
