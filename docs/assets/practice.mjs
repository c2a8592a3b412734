// The practice pad: an editor, Python in a worker, and what the judge says.
// One worker serves all pages; a spare takes its place when it is ended.

import { keep, make, readSolved, recall, writeSolved } from "./handbook.mjs";

const DRAFT = "numpy-handbook.draft."; // and the stem: the text as it is
const LIMIT = 30; // seconds for a run
const SPARE_AFTER = 1000; // milliseconds: the run itself comes first
const STEPS = ["Python", "NumPy", "the judge"];
const LOADS = `Run loads Python and NumPy from cdn.jsdelivr.net, 8.4 MB, which the
browser keeps for the next time. Your code runs in this browser and goes
nowhere. A run may take ${LIMIT} seconds. NumPy gives no warnings in a browser:
there the command line is stricter.`;

let python = null; // the worker that runs, or is to run
let spare = null;
let running = null; // the run that goes on

/** Start a worker; `ready` is kept or broken, `tell` hears its messages. */
function boot() {
  const worker = new Worker(new URL("python.mjs", import.meta.url), {
    type: "module",
  });
  const booting = { worker, step: STEPS[0], up: false, tell: () => {} };
  booting.ready = new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      booting.step = data.loading ?? booting.step;
      booting.up ||= Boolean(data.ready);
      if (data.ready) resolve();
      if (data.failed) reject(new Error(data.failed));
      booting.tell(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      const text = event.message ?? "its program cannot be loaded";
      reject(new Error(`Python does not start: ${text}.`));
      booting.tell({ crashed: text });
    };
  });
  booting.ready.catch(() => {}); // whoever runs says it
  return booting;
}

/** End a worker, and let the spare take its place. */
function retire(ended) {
  ended.worker.terminate();
  ended.tell = () => {};
  if (python === ended) {
    python = spare;
    spare = null;
  }
}

/** Have a spare ready; whether it fails shows when it is needed. */
function bootSpare() {
  if (spare) return;
  const booting = boot();
  spare = booting;
  booting.ready.catch(() => {
    if (spare === booting) spare = null;
  });
}

/** Judge a source; call `show` at each step; return the report, or null. */
async function judge(stem, source, show, stopped) {
  python ??= boot();
  const mine = python;
  mine.tell = ({ loading }) => loading && show({ loading });
  if (!mine.up) show({ loading: mine.step });
  try {
    await Promise.race([mine.ready, stopped]);
  } catch (error) {
    retire(mine); // it cannot be mended; the next run starts another
    throw error;
  }
  if (stopped.reason) return null; // it goes on loading, for the next run

  const report = {
    challenge: stem,
    accepted: false,
    production: false,
    problem: null,
    checks: [],
    printed: "",
    comparison: [],
  };
  const kept = new Set(); // the names of the checks that passed
  let promises = [];
  let tried = 0;
  let at = "";
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
      mine.tell = ({ promises: all, event, report: done, crashed }) => {
        promises = all ?? promises;
        if (event?.row) {
          tried += 1;
          add(report, event.row);
          if (event.row.passed) kept.add(event.row.name);
        }
        if (event?.printed) report.printed += event.printed;
        if (event?.running) at = event.running;
        if (event) show({ report, at, number: tried + 1, of: promises.length });
        if (done) resolve(done);
        if (crashed) resolve(`crashed Python (${crashed})`);
      };
      mine.worker.postMessage({ stem, source });
    }),
  ]);
  clearTimeout(late);
  clearTimeout(waiting);
  if (typeof end !== "string") {
    bootSpare();
    return end;
  }
  bootSpare();
  retire(mine);
  const first = promises.findIndex(({ name }) => name === at);
  if (at.endsWith(".py") || !promises.length) {
    report.problem = { error: `the file ${end}`, where: "" };
  } else if (first >= 0) {
    for (const [number, promise] of promises.slice(first).entries()) {
      if (promise.tier !== promises[first].tier) break;
      if (number && larger(promise)) continue;
      add(report, {
        ...promise,
        passed: false,
        given: promise.function,
        expected: "a result",
        got: number ? "not run" : `the attempt ${end}`,
        where: "",
      });
    }
  }
  const holds = ({ name }) => kept.has(name);
  const core = promises.filter(({ tier }) => tier === "core");
  report.accepted = core.length > 0 && core.every(holds);
  report.production = report.accepted && promises.every(holds);
  return report;
}

const larger = ({ name }) => name.startsWith("larger_input");

/** Add a row to a report; the larger input is there only if it fails. */
function add(report, row) {
  if (!(row.passed && larger(row))) report.checks.push(row);
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

/** Replace a text so that the reader can undo it. */
function retype(textarea, text) {
  textarea.focus();
  textarea.select();
  document.execCommand("insertText", false, text);
}

function described(check) {
  const words = ["given", "expected", "got", "where", "hint"];
  return make(
    "dl",
    {},
    ...words
      .filter((word) => check[word])
      .flatMap((word) => [
        make("dt", { textContent: word }),
        make("dd", {
          className: word === "hint" ? "" : "verbatim",
          textContent: check[word].trimEnd(),
        }),
      ]),
  );
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

function promises(checks) {
  return checks.map((check) => {
    const text = about([check], checks) + check.promise;
    if (check.passed) return make("li", {}, `✓ ${text}`);
    const summary = make("summary", {}, `✗ ${text}`);
    const details = { open: true };
    return make("li", {}, make("details", details, summary, described(check)));
  });
}

/** What an interviewer would ask of an accepted answer. */
function questions(checks) {
  const asked = tier(checks, "production");
  const held = asked.filter((check) => check.passed);
  const open = asked.filter((check) => !check.passed);
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
        ...same.map((check) => described({ ...check, hint: "" })),
      ),
    );
  });
  const parts = [];
  if (items.length) {
    parts.push(make("p", {}, `An interviewer would ask next (${count}):`));
    parts.push(make("ol", { className: "practice-results" }, ...items));
  } else if (held.length) {
    parts.push(make("p", {}, `And fit for production: ${count}.`));
  }
  const names = unique(held.map(constraint));
  const text = `✓ ${names.join(", ").replaceAll("_", " ")}`;
  if (items.length && held.length) parts.push(make("p", {}, text));
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
  const verdict = accepted ? "Accepted" : "Not accepted";
  const more = production ? ", and fit for production" : "";
  return `${verdict} (${kept} of ${core.length})${more}.`;
}

/** Make a pad of the place that a page has for one. */
export async function open(place) {
  const stem = place.dataset.challenge;
  const starter = place.querySelector("template").content.textContent;
  const holder = make("div", { className: "practice-editor" });
  const run = make("button", { type: "button", textContent: "Run checks" });
  const stop = make("button", { type: "button", textContent: "Stop" });
  const reset = make("button", { type: "button", textContent: "Reset" });
  const status = make("p");
  status.setAttribute("role", "status");
  const progress = make("progress", {
    max: STEPS.length,
    hidden: true,
    ariaLabel: "Loading",
  });
  const list = make("ol", { className: "practice-results" });
  const more = make("div");
  const id = `solution-${stem}`;
  const kept = make("p", {
    hidden: true,
    textContent: "This browser keeps nothing: a draft is lost with the page.",
  });

  /** Say which button has an effect; the focus stays where it is. */
  function turn(on) {
    run.ariaDisabled = String(on);
    stop.ariaDisabled = String(!on);
  }

  function save(text) {
    kept.hidden = keep(DRAFT + stem, text);
  }

  const value = recall(DRAFT + stem) ?? starter;
  for (const button of [run, stop, reset]) {
    button.className = "md-button";
    // after a paste Chromium scrolls when the editor loses the focus, and
    // the pointer would be let go beside the button
    button.addEventListener("mousedown", (event) => event.preventDefault());
  }
  turn(false);
  const pad = make(
    "div",
    { className: "practice-pad" },
    make("label", { htmlFor: id }, "Your solution"),
    holder,
    kept,
    make("p", {}, run, " ", stop, " ", reset),
    make("p", { className: "practice-note" }, LOADS),
    status,
    progress,
    list,
    more,
  );
  place.prepend(pad);
  const textarea = await edit(holder, value, save);
  textarea.id = id;
  kept.hidden = readSolved().kept;

  let halt = null;
  let frame = 0;

  /** Draw a step with the next frame, unless another comes before. */
  function show(step) {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => draw(step));
  }

  function draw({ loading, report, at, number, of }) {
    progress.hidden = !loading;
    if (loading) {
      const step = STEPS.indexOf(loading) + 1;
      progress.value = step - 1;
      status.textContent = `Loading ${loading}, ${step} of ${STEPS.length} …`;
    } else {
      const checking = number <= of && !at.endsWith(".py");
      status.textContent = checking
        ? `Check ${number} of ${of} …`
        : `Running ${at} …`;
      print(report);
    }
  }

  function print({ printed, checks }) {
    list.replaceChildren(...promises(tier(checks, "core")));
    more.replaceChildren(...questions(checks));
    if (printed) {
      const output = make("pre", { tabIndex: 0, textContent: printed });
      output.setAttribute("aria-label", "What your code printed");
      more.append(make("p", {}, "Printed:"), output);
    }
  }

  async function check() {
    if (running) return;
    const stopped = new Promise((resolve) => {
      halt = () => {
        stopped.reason = "was stopped";
        resolve(stopped.reason);
      };
    });
    running = { place, halt };
    place.report = null;
    turn(true);
    list.replaceChildren();
    more.replaceChildren();
    try {
      const report = await judge(stem, textarea.value, show, stopped);
      cancelAnimationFrame(frame);
      place.report = report;
      progress.hidden = true;
      if (!report) {
        status.textContent = "Stopped.";
        return;
      }
      status.textContent = summary(report);
      print(report);
      if (report.problem?.where) {
        const where = make("pre", { textContent: report.problem.where });
        where.tabIndex = 0;
        more.prepend(where);
      }
      if (report.comparison.length) more.append(comparison(report.comparison));
      if (report.accepted) {
        const { solved } = readSolved();
        writeSolved(solved.add(stem));
      }
    } catch (error) {
      cancelAnimationFrame(frame);
      progress.hidden = true;
      status.textContent = `${error.message} Your draft is kept; Run checks tries again.`;
    } finally {
      running = null;
      turn(false);
    }
  }

  run.addEventListener("click", () => {
    run.focus({ preventScroll: true });
    check();
  });
  stop.addEventListener("click", () => running && halt());
  reset.addEventListener("click", () => {
    retype(textarea, starter);
    status.textContent = "Reset. Undo brings your text back.";
  });
  holder.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        event.stopPropagation();
        check();
      }
    },
    { capture: true },
  );
  textarea.focus();
}

// whoever leaves the page does not wait for its run
document$.subscribe(() => {
  if (running && !running.place.isConnected) running.halt();
});
