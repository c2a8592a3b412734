// The practice pad: an editor, Python in a worker, and what the judge says.
// Each run has an interpreter of its own, which ends with it; the next one
// starts meanwhile.

import { cover, returned, uncover } from "./cover.mjs";
import {
  DRAFT,
  forget,
  keep,
  linksDraft,
  make,
  mark,
  readMarks,
  recall,
  SHOWN,
} from "./handbook.mjs";
import { keepPage, load, loaded, SIZE } from "./pyodide.mjs";
import { download, linked, linkTo } from "./sharing.mjs";

const BEFORE = "numpy-handbook.before-reset."; // and the stem: the text then
const ACCEPTED = "numpy-handbook.accepted."; // and the stem: the last such text
const SCRATCH = "numpy-handbook.scratch."; // and the stem
const HEIGHT = "numpy-handbook.height."; // and the stem: that of its pad
const SEEN = "numpy-handbook.seen"; // the stem, if its pad was on the screen
const RUNNING = "numpy-handbook.running"; // the stem, while this tab runs it
const LIMIT = 30; // seconds for a run
const WIRE = 8.4; // MB that come from the CDN, compressed
const SPARE_AFTER = 1000; // milliseconds: the run itself comes first
const TYPED = "raise NotImplementedError"; // what the reader replaces
const KEYS = `Ctrl+Enter, on a Mac Cmd+Enter, checks; Shift+Enter runs. Tab
indents; Escape, then Tab leaves the editor.`;
const SCRATCHES = "Scratch: what Run executes after your code";
const LOADS = `Run or Check loads Python and NumPy from cdn.jsdelivr.net, ${WIRE} MB,
which the browser keeps for the next time, also without a network. Your code
runs in this browser and goes nowhere. A run may take ${LIMIT} seconds, in a
Python of its own.`;

let spare = null; // the interpreter of the next run
let running = null; // the run that goes on

/** Start an interpreter; `ready` is kept or broken, `tell` hears of it. */
function boot() {
  const booting = { worker: null, up: false, tell: () => {} };
  booting.ready = load().then(
    (files) =>
      new Promise((resolve, reject) => {
        const url = new URL("python.mjs", import.meta.url);
        booting.worker = new Worker(url, { type: "module" });
        booting.worker.onmessage = ({ data }) => {
          if (data.ready) resolve();
          if (data.failed) reject(new Error(data.failed));
          booting.tell(data);
        };
        booting.worker.onerror = (event) => {
          event.preventDefault();
          const text = event.message ?? "its program cannot be loaded";
          reject(new Error(`Python does not start: ${text}.`));
          booting.tell({ ended: `crashed Python (${text})` });
        };
        booting.worker.postMessage(files);
      }),
  );
  booting.ready.then(
    () => {
      booting.up = true;
      keepPage();
    },
    () => {
      booting.worker?.terminate();
      if (spare === booting) spare = null; // the next run starts another
    },
  );
  return booting;
}

/** Have an interpreter ready; whether it fails shows when it is needed. */
function bootSpare() {
  spare ??= boot();
}

/**
 * Have an interpreter carry out an order; `hear` is told of what happens.
 * Return its report, or why it ended, or null if it did not begin.
 */
async function interpret(order, hear, show, stopped) {
  bootSpare();
  const mine = spare;
  const progress = setInterval(() => show({ loading: mine }), 200);
  try {
    if (!mine.up) show({ loading: mine });
    await Promise.race([mine.ready, stopped]);
  } finally {
    clearInterval(progress);
  }
  if (stopped.reason) return null; // it goes on loading, for the next run

  spare = null;
  const waiting = setTimeout(bootSpare, SPARE_AFTER);
  let late;
  const end = await Promise.race([
    stopped,
    new Promise((resolve) => {
      late = setTimeout(
        () => resolve(`gave no result within ${LIMIT} s`),
        LIMIT * 1000,
      );
    }),
    new Promise((resolve) => {
      mine.tell = (data) => {
        hear(data);
        const done = data.report ?? data.trial ?? data.ended;
        if (done) resolve(done);
      };
      mine.worker.postMessage(order);
    }),
  ]);
  clearTimeout(late);
  clearTimeout(waiting);
  mine.tell = () => {};
  mine.worker.terminate(); // and all its memory is free
  bootSpare();
  return end;
}

/** Run a source and then a scratch; return their output, or null. */
async function tryOut(stem, source, scratch, show, stopped) {
  let printed = "";
  const hear = ({ event }) => {
    if (!event) return;
    printed += event.printed ?? "";
    show({ printed });
  };
  const order = { stem, source, scratch };
  const end = await interpret(order, hear, show, stopped);
  if (typeof end === "string") return { printed, ended: end };
  return end && { printed, ...end };
}

/** Judge a source; call `show` at each step; return the report, or null. */
async function judge(stem, source, show, stopped) {
  const report = {
    challenge: stem,
    accepted: false,
    production: false,
    problem: null,
    checks: [],
    printed: {},
    comparison: [],
  };
  const kept = new Set(); // the names of the checks that passed
  let stages = [[], [], []];
  let tried = 0;
  let at = ""; // the check that runs, or the file
  let given = ""; // the call that it tries
  let taken = ""; // its arguments, as code
  const hear = ({ stages: all, event }) => {
    stages = all ?? stages;
    if (event?.row) {
      const { row } = event;
      tried += 1;
      if (row.passed) kept.add(row.name);
      // that of the larger input is there only if it fails
      const larger = stages[1].some(({ name }) => name === row.name);
      if (!(row.passed && larger)) report.checks.push(row);
    }
    if (event?.printed) {
      report.printed[at] = (report.printed[at] ?? "") + event.printed;
    }
    if (event?.calling) [given, taken] = [event.calling, event.arguments];
    if (event?.running) [at, given, taken] = [event.running, "", ""];
    const of = stages.flat().length;
    if (event) show({ report, at, number: tried + 1, of });
  };
  const end = await interpret({ stem, source }, hear, show, stopped);
  if (typeof end !== "string") return end;

  // what the command line says of a process that was ended
  const stage = stages.find((all) => all.some(({ name }) => name === at));
  if (stage) {
    const number = stage.findIndex(({ name }) => name === at);
    for (const check of stage.slice(number)) {
      const texts = { given: "", call: "", expected: "", got: "", where: "" };
      report.checks.push({ ...check, passed: null, ...texts });
    }
    const first = report.checks.at(number - stage.length);
    first.passed = false;
    first.given = given || first.function;
    first.call = taken && first.function + taken;
    first.expected = "a result";
    first.got = `the attempt ${end}`;
    if (first.tier === "core") first.hint = advised(end);
  } else if (!at || at.endsWith(".py")) {
    report.problem = { error: `the file ${end}`, where: "" };
  }
  const holds = ({ name }) => kept.has(name);
  const [core, larger, production] = stages;
  report.accepted = core.length > 0 && [...core, ...larger].every(holds);
  report.production = report.accepted && production.every(holds);
  return report;
}

/** What an interviewer would say of a run that was ended. */
function advised(end) {
  return end.includes("no result within")
    ? "Which loop does not end, or does more than it needs to?"
    : "A function returns its result: what ends Python before that?";
}

/** Put an editor into a holder and return its textarea. */
async function edit(holder, value, changed) {
  try {
    const style = make("link", {
      rel: "stylesheet",
      href: new URL("editor.css", import.meta.url),
    });
    const styled = new Promise((resolve, reject) => {
      style.onload = resolve;
      style.onerror = reject;
    });
    holder.append(style);
    const [{ edit }] = await Promise.all([import("./editor.mjs"), styled]);
    return edit(holder, value, changed);
  } catch {
    const plain = make("textarea", {
      value,
      spellcheck: false,
      autocapitalize: "off",
    });
    plain.addEventListener("input", () => changed(plain.value));
    holder.replaceChildren(plain);
    return plain;
  }
}

/** Replace a text so that the reader can undo it; the focus stays. */
function retype(textarea, text) {
  const before = document.activeElement;
  textarea.focus({ preventScroll: true });
  textarea.select();
  document.execCommand("insertText", false, text);
  if (before !== textarea) before?.focus({ preventScroll: true });
}

/** Put the caret where the code is to be written. */
function begin(textarea, text) {
  const start = text.indexOf(TYPED);
  if (start < 0) textarea.setSelectionRange(text.length, text.length);
  else textarea.setSelectionRange(start, start + TYPED.length);
}

/** What was printed, whole but no higher than some lines. */
function output(textContent) {
  const pre = make("pre", { tabIndex: 0, textContent });
  pre.setAttribute("aria-label", "What your code printed");
  return pre;
}

/** Show the texts of a check. */
export function described(check, printed = "") {
  const words = ["given", "expected", "got", "where", "hint"];
  return make(
    "dl",
    {},
    ...words
      .filter((word) => check[word])
      .flatMap((word) => [
        make("dt", { textContent: word }),
        make(
          "dd",
          { className: word === "hint" ? "" : "verbatim" },
          check[word].trimEnd(),
          ...(word === "given" && check.call ? [copying(check.call)] : []),
        ),
      ]),
    ...printing(printed),
  );
}

/** The button that offers an input; who listens fills the scratch. */
function copying(call) {
  const button = make("button", {
    type: "button",
    className: "md-button",
    textContent: "Copy this input to scratch",
  });
  button.dataset.call = call;
  return button;
}

/** What a check printed, as the others of its texts. */
function printing(printed) {
  if (!printed) return [];
  return [make("dt", {}, "printed"), make("dd", {}, output(printed))];
}

/** The name of a check without its function: one promise of several. */
const constraint = (check) => check.name.replace(`_of_${check.function}`, "");

const tier = (checks, name) => checks.filter((check) => check.tier === name);
const unique = (values) => [...new Set(values)];

/** Say whose promise a check is, where there are several functions. */
function about(checks, among) {
  const functions = (of) => unique(of.map((check) => check.function));
  return functions(among).length > 1 ? `${functions(checks).join(", ")}: ` : "";
}

function promises(checks, printed) {
  return checks.map((check) => {
    const text = about([check], checks) + check.promise;
    const own = printed[check.name];
    if (check.passed) {
      const more = own ? [make("dl", {}, ...printing(own))] : [];
      return make("li", {}, `✓ ${text}`, ...more);
    }
    if (check.passed === null) return make("li", {}, `– ${text} (not run)`);
    const summary = make("summary", {}, `✗ ${text}`);
    const details = { open: true };
    return make(
      "li",
      {},
      make("details", details, summary, described(check, own)),
    );
  });
}

/** What was printed by all else than the checks that are shown. */
function others(printed, shown) {
  return Object.entries(printed)
    .filter(([at]) => !shown.some(({ name }) => name === at))
    .flatMap(([at, text]) => {
      const by = at.endsWith(".py") ? "by" : "in";
      const title = `Printed ${by} ${at.replaceAll("_", " ")}:`;
      return [make("p", {}, title), output(text)];
    });
}

/** What an interviewer would ask of an accepted answer. */
function questions(checks, printed) {
  const asked = tier(checks, "production");
  const held = asked.filter((check) => check.passed);
  const open = asked.filter((check) => check.passed === false);
  const left = asked.filter((check) => check.passed === null);
  const count = `${held.length} of ${asked.length} answered`;
  const items = unique(open.map(constraint)).map((name) => {
    const same = open.filter((check) => constraint(check) === name);
    return make(
      "li",
      {},
      make(
        "details",
        {},
        make("summary", {}, `? ${about(same, asked)}${same[0].hint}`),
        make("p", {}, same[0].promise),
        ...same.map((check) =>
          described({ ...check, hint: "" }, printed[check.name]),
        ),
      ),
    );
  });
  const parts = [];
  if (items.length) {
    parts.push(make("p", {}, `An interviewer would ask next (${count}):`));
    parts.push(make("ol", { className: "practice-results" }, ...items));
  } else if (held.length) {
    const all = held.length === asked.length;
    const said = all ? "And fit for production" : "Nothing else to ask here";
    parts.push(make("p", {}, `${said}: ${count}.`));
  }
  const names = unique(held.map(constraint));
  const text = `✓ ${names.join(", ").replaceAll("_", " ")}`;
  if (items.length && held.length) parts.push(make("p", {}, text));
  for (const check of left) {
    const why = check.got || "not run";
    const line = `– ${about([check], asked)}${check.promise} (${why})`;
    parts.push(make("p", {}, line));
  }
  return parts;
}

const milliseconds = (seconds) => `${(1000 * seconds).toPrecision(3)} ms`;
const megabytes = (bytes) => `${(bytes / 1e6).toPrecision(3)} MB`;

function comparison(rows) {
  const cells = (name, texts) => texts.map((text) => make(name, {}, text));
  const body = rows.map(
    ({ function: name, input, seconds, peak_bytes, error }) =>
      make(
        "tr",
        { title: `${name}(${input})` },
        ...cells("td", [
          make("code", {}, name),
          ...(error
            ? [error, "", "", ""]
            : [
                milliseconds(seconds.attempt),
                milliseconds(seconds.handbook),
                megabytes(peak_bytes.attempt),
                megabytes(peak_bytes.handbook),
              ]),
        ]),
      ),
  );
  const heads = [
    "function",
    "your time",
    "handbook's",
    "your memory",
    "handbook's",
  ];
  return make(
    "table",
    { tabIndex: 0 }, // on a phone it scrolls
    make("caption", {}, "On a larger input, in this browser"),
    make("thead", {}, make("tr", {}, ...cells("th", heads))),
    make("tbody", {}, ...body),
  );
}

function summary({ accepted, production, problem, checks }) {
  if (problem) return `Not accepted, the file can't be run: ${problem.error}`;
  const core = tier(checks, "core");
  const kept = core.filter((check) => check.passed).length;
  const idle = core.filter((check) => check.passed === null).length;
  const left = idle ? `, ${idle} not run` : "";
  const verdict = accepted ? "Accepted" : "Not accepted";
  const more = production ? ", and fit for production" : "";
  return `${verdict} (${kept} of ${core.length}${left})${more}.`;
}

/** How far an answer is, by which its verdict is drawn. */
function level({ accepted, production }) {
  if (production) return "production";
  return accepted ? "accepted" : "failed";
}

/** Make a pad of the place that a page has for one. */
export async function open(place, focused) {
  const stem = place.dataset.challenge;
  const mock = "draft" in place.dataset; // a mock interview asks by itself
  const draft = mock ? place.dataset.draft : stem; // the key of what is kept
  const starter = place.querySelector("template").content.textContent;
  const holder = make("div", { className: "practice-editor" });
  const button = (textContent) =>
    make("button", { type: "button", className: "md-button", textContent });
  const names = ["Run", "Check", "Stop", "Reset"];
  const [run, checks, stop, reset] = names.map(button);
  const tools = [
    "Download",
    "Copy",
    "Copy link",
    "Bring back",
    "Last accepted",
  ];
  const [save, copy, share, back, last] = tools.map((textContent) =>
    make("button", { type: "button", textContent }),
  );
  const copied = make("span");
  copied.setAttribute("role", "status");
  const status = make("p", { className: "verdict" });
  status.setAttribute("role", "status");
  const progress = make("progress", {
    max: SIZE,
    hidden: true,
    ariaLabel: "Loading",
  });
  const list = make("ol", { className: "practice-results" });
  const more = make("div");
  const id = `solution-${stem}`;
  const scratch = make("textarea", {
    id: `scratch-${stem}`,
    className: "practice-scratch",
    spellcheck: false,
    autocapitalize: "off",
    value: recall(SCRATCH + draft) ?? place.dataset.scratch,
  });
  const trial = make("p");
  trial.setAttribute("role", "status");
  const shown = make("div");
  const tried = make("div", { className: "practice-tried" }, trial, shown);
  const keys = make("p", {
    id: `keys-${stem}`,
    className: "practice-note practice-keys",
    textContent: KEYS,
  });
  const notice = make("p", { className: "practice-notice", hidden: true });
  notice.setAttribute("role", "status");
  const unkept = make("p", {
    hidden: true,
    textContent: "This browser keeps nothing: a draft is lost with the page.",
  });
  const old = make("p", {
    className: "practice-notice",
    hidden: true,
    textContent: "Your text has changed since this verdict.",
  });
  // a run scrolls to it
  const outcome = make(
    "div",
    { className: "practice-outcome" },
    make(
      "div",
      { className: "practice-actions" },
      ...[run, checks, stop, reset, status],
    ),
    progress,
    tried,
    old,
    list,
    more,
  );
  const pad = make(
    "div",
    { className: "practice-pad" },
    make(
      "div",
      { className: "practice-tools" },
      make("label", { htmlFor: id }, "Your solution"),
      ...[save, copy, share, back, last, copied],
    ),
    notice,
    holder,
    keys,
    unkept,
    make("label", { htmlFor: scratch.id }, SCRATCHES),
    scratch,
    outcome,
    make("p", { className: "practice-note" }, LOADS),
  );
  share.hidden = mock; // a link leads to a page of a challenge
  let judged = null; // the text that the verdict is about
  let following = false; // another tab

  /** Say which button has an effect; the focus stays where it is. */
  function turn(on) {
    run.ariaDisabled = String(on);
    checks.ariaDisabled = String(on);
    stop.ariaDisabled = String(!on);
  }

  function say(sentence) {
    notice.textContent = sentence;
    notice.hidden = !sentence;
  }

  /** Keep a text that the reader has typed. */
  function store(text) {
    show(text);
    if (following) return; // the other tab has stored it, and perhaps more
    if (text === starter) forget(SHOWN + draft);
    else if (text === recall(ACCEPTED + draft)) keep(SHOWN + draft, "");
    unkept.hidden =
      text === starter ? forget(DRAFT + draft) : keep(DRAFT + draft, text);
    cover();
  }

  /** Show what depends on the text. */
  function show(text) {
    old.hidden = judged === null || judged === text;
    outcome.classList.toggle("practice-old", !old.hidden);
    for (const [button, key] of [
      [back, BEFORE],
      [last, ACCEPTED],
    ]) {
      button.hidden = [null, text].includes(recall(key + draft));
    }
    copied.textContent = "";
  }

  /** Put another text in place of the reader's, which can be brought back. */
  function replace(text) {
    const { value } = textarea;
    if (text === value) return;
    if (value !== starter) keep(BEFORE + draft, value);
    else if (text === recall(BEFORE + draft)) forget(BEFORE + draft);
    retype(textarea, text);
  }

  /** Take the draft of a link, if the address holds one. */
  async function take() {
    if (!linksDraft()) return;
    try {
      replace(await linked());
      say(
        "This code came with the link and has not been run. If you had a " +
          "draft, Undo or Bring back returns it.",
      );
    } catch {
      say("The link is damaged or too long. Nothing has changed.");
    }
    notice.scrollIntoView({ block: "center" });
  }

  for (const button of [
    run,
    checks,
    stop,
    reset,
    save,
    copy,
    share,
    back,
    last,
  ]) {
    // after a paste Chromium scrolls when the editor loses the focus, and
    // the pointer would be let go beside the button
    button.addEventListener("mousedown", (event) => event.preventDefault());
  }
  turn(false);
  pad.inert = true; // until its buttons do something
  place.prepend(pad);
  const value = recall(DRAFT + draft) ?? starter;
  const textarea = await edit(holder, value, store);
  textarea.id = id;
  textarea.setAttribute("aria-describedby", keys.id);
  unkept.hidden = readMarks().kept;
  show(value);

  /** Follow another tab: there is one draft of a challenge. */
  function follow() {
    const text = recall(DRAFT + draft) ?? starter;
    if (!unkept.hidden || text === textarea.value) return;
    const focused = document.activeElement;
    following = true;
    retype(textarea, text);
    following = false;
    focused.focus({ preventScroll: true });
    say("Another tab changed this draft. Undo brings back what was here.");
  }

  /** Hear of other tabs for as long as the pad is there. */
  function hear({ type, key }) {
    if (!place.isConnected) {
      removeEventListener("storage", hear);
      document.removeEventListener("visibilitychange", hear);
    } else if (key === DRAFT + draft || type === "visibilitychange") {
      follow(); // a tab that was asleep has heard of nothing
      cover();
    } else if ([BEFORE, ACCEPTED].includes(key?.replace(draft, ""))) {
      show(textarea.value);
    }
  }

  addEventListener("storage", hear);
  document.addEventListener("visibilitychange", hear);

  if (recall(RUNNING, "sessionStorage") === draft) {
    forget(RUNNING, "sessionStorage");
    say(
      "The browser ended this page while your code ran, perhaps for want " +
        "of memory. Your draft is kept: try again.",
    );
  }

  let halt = null;
  let frame = 0;
  let saying = status; // of the run that goes on

  /** Draw a step with the next frame, unless another comes before. */
  function draw(step) {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => drawNow(step));
  }

  function drawNow({ loading, printed, report, at, number, of }) {
    progress.hidden = !loading;
    if (loading) {
      progress.value = loaded();
      const part = Math.min(loaded() / SIZE, 1);
      saying.textContent = loading.worker
        ? "Starting Python …"
        : `Loading Python and NumPy, ${Math.floor(WIRE * part)} of ${WIRE} MB …`;
    } else if (saying === trial) {
      showTried("Running …", printed);
    } else {
      const checking = number <= of && !at.endsWith(".py");
      status.textContent = checking
        ? `Check ${number} of ${of} …`
        : `Running ${at} …`;
      print(report);
    }
  }

  function print({ printed, checks }) {
    const core = tier(checks, "core");
    list.replaceChildren(...promises(core, printed));
    more.replaceChildren(...(mock ? [] : questions(checks, printed)));
    const open = checks.filter((check) => check.passed === false);
    more.append(...others(printed, [...core, ...open]));
  }

  /** Say how far a trial is, and show what it has printed. */
  function showTried(sentence, printed) {
    trial.textContent = sentence;
    shown.replaceChildren(...(printed ? [output(printed)] : []));
  }

  /** Scroll to what a run says, unless the reader has gone elsewhere. */
  function reveal(element = outcome) {
    if (onScreen()) element.scrollIntoView({ block: "nearest" });
  }

  function onScreen() {
    const { top, bottom } = pad.getBoundingClientRect();
    return pad.isConnected && bottom > 0 && top < innerHeight;
  }

  /** What comes after an accepted answer, loaded when it is there. */
  async function compared(source) {
    try {
      const { after } = await import("./accepted.mjs");
      return after(place, source);
    } catch {
      const failed =
        "The comparison with the whiteboard code cannot be loaded.";
      return [make("p", {}, failed)];
    }
  }

  /** Do what a button is for, unless something runs. */
  async function alone(button, said, work) {
    if (running) return;
    const stopped = new Promise((resolve) => {
      halt = () => {
        stopped.reason = "was stopped";
        resolve(stopped.reason);
      };
    });
    running = { place, halt };
    keep(RUNNING, draft, "sessionStorage");
    saying = said;
    say("");
    turn(true);
    try {
      await work(stopped);
    } catch (error) {
      cancelAnimationFrame(frame);
      progress.hidden = true;
      const again = `Your draft is kept; ${button.textContent} tries again.`;
      said.textContent = `${error.message} ${again}`;
      reveal(said === trial ? tried : outcome);
    } finally {
      running = null;
      forget(RUNNING, "sessionStorage");
      turn(false);
    }
  }

  const check = () =>
    alone(checks, status, async (stopped) => {
      const source = textarea.value;
      place.report = null;
      judged = null;
      delete status.dataset.verdict;
      show(source);
      showTried("");
      list.replaceChildren();
      more.replaceChildren();
      status.textContent = "Starting …";
      reveal();
      const report = await judge(stem, source, draw, stopped);
      cancelAnimationFrame(frame);
      progress.hidden = true;
      if (!report) {
        status.textContent = "Stopped.";
        return;
      }
      status.textContent = summary(report);
      status.dataset.verdict = level(report);
      print(report);
      if (report.problem?.where) {
        const where = make("pre", { textContent: report.problem.where });
        where.tabIndex = 0;
        more.prepend(where);
      }
      if (report.comparison.length) more.append(comparison(report.comparison));
      if (report.accepted) {
        mark(stem, level(report));
        keep(ACCEPTED + draft, source);
        uncover(draft);
        if (!mock) more.append(...(await compared(source)));
      }
      judged = source;
      show(textarea.value);
      reveal();
      place.report = report;
      place.dispatchEvent(new CustomEvent("judged", { detail: report }));
    });

  const runScratch = () =>
    alone(run, trial, async (stopped) => {
      showTried("Starting …");
      reveal(tried);
      const end = await tryOut(
        stem,
        textarea.value,
        scratch.value,
        draw,
        stopped,
      );
      cancelAnimationFrame(frame);
      progress.hidden = true;
      if (!end) {
        showTried("Stopped.");
        return;
      }
      const { printed, problem, ended } = end;
      const raised = problem ? problem.where + problem.error : "";
      const sentence = raised ? "Your code raised an error." : "Your code ran.";
      showTried(
        ended ? `Your code ${ended}.` : sentence,
        [printed.trimEnd(), raised].filter(Boolean).join("\n"),
      );
      reveal(tried);
    });

  /** Follow the text of the scratch: as high, and kept. */
  function saveScratch() {
    const text = scratch.value;
    scratch.rows = text.split("\n").length;
    if (["", place.dataset.scratch].includes(text)) forget(SCRATCH + draft);
    else keep(SCRATCH + draft, text);
  }

  /** Put a failed check's input into the scratch. */
  function copyCall({ target }) {
    const { call } = target.dataset;
    if (!call) return;
    retype(scratch, call);
    scratch.focus({ preventScroll: true });
    reveal(scratch);
  }

  for (const [button, act] of [
    [run, runScratch],
    [checks, check],
  ]) {
    button.addEventListener("click", () => {
      button.focus({ preventScroll: true });
      act();
    });
  }
  outcome.addEventListener("click", copyCall);
  scratch.addEventListener("input", saveScratch);
  saveScratch();
  stop.addEventListener("click", () => running && halt());
  reset.addEventListener("click", () => {
    if (textarea.value === starter) return;
    replace(starter);
    begin(textarea, starter);
    const button = back.hidden ? "" : ", or the button Bring back,";
    say(`Reset. Undo${button} returns your text.`);
  });
  back.addEventListener("click", () => {
    replace(recall(BEFORE + draft));
    say("Your text is back.");
  });
  last.addEventListener("click", () => {
    replace(recall(ACCEPTED + draft));
    say("This text was accepted. Undo or Bring back returns the other.");
  });
  save.addEventListener("click", () => download(`${stem}.py`, textarea.value));

  /** Put a text, or a promise of one, into the clipboard and say so. */
  async function toClipboard(text, done, failed) {
    try {
      // Safari lets no time pass between the press and this call
      const type = "text/plain";
      const blob = async () => new Blob([await text], { type });
      const item = new ClipboardItem({ [type]: blob() });
      await navigator.clipboard.write([item]);
      copied.textContent = done;
    } catch {
      copied.textContent = failed;
    }
  }

  copy.addEventListener("click", () => {
    const failed = "Not copied: the browser does not allow it.";
    toClipboard(textarea.value, "Copied.", failed);
  });
  share.addEventListener("click", () => {
    const failed =
      "Not copied: too long for a link, or the browser does not allow it.";
    toClipboard(linkTo(textarea.value), "Link copied.", failed);
  });
  for (const field of [holder, scratch]) {
    field.addEventListener(
      "keydown",
      (event) => {
        const { key, ctrlKey, metaKey, shiftKey } = event;
        if (key !== "Enter" || !(ctrlKey || metaKey || shiftKey)) return;
        event.preventDefault();
        event.stopPropagation();
        (ctrlKey || metaKey ? check : runScratch)();
      },
      { capture: true },
    );
  }
  pad.inert = false;
  place.classList.remove("opening");
  place.style.minHeight = "";
  const bare = outcome.offsetHeight;
  if (focused) {
    begin(textarea, value);
    reveal(); // the buttons, too; the next Tab might begin from there
    textarea.focus({ preventScroll: true });
  } else if (
    recall(SEEN, "sessionStorage") === draft &&
    (returned || !location.hash)
  ) {
    // where a browser returns to, the solution may stand by now
    outcome.scrollIntoView({ block: "nearest" });
  }
  forget(SEEN, "sessionStorage");
  addEventListener("pagehide", () => {
    if (onScreen()) keep(SEEN, draft, "sessionStorage");
    if (!pad.isConnected || recall(DRAFT + draft) === null) return;
    notice.hidden = true; // nor will the results be there
    const height = place.offsetHeight - outcome.offsetHeight + bare;
    keep(HEIGHT + draft, `${height}px`);
  });
  await take();
}

/** End the run of a pad that is gone. */
export function leave() {
  if (running && !running.place.isConnected) running.halt();
}

document$.subscribe(leave);
// a page that was ended from outside does not come here
addEventListener("pagehide", () => forget(RUNNING, "sessionStorage"));
