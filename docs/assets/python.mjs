// Python for the practice pad, in a worker: Pyodide, its NumPy, and the
// handbook's own judge. Everything from the CDN has a hash that is pinned
// here or, for NumPy, in the lock file that is pinned here.

const CORE = "https://cdn.jsdelivr.net/npm/pyodide@0.29.4/";
const PACKAGES = "https://cdn.jsdelivr.net/pyodide/v0.29.4/full/";
const INTEGRITY = {
  "pyodide.mjs": "sha256-j9/tXq+BveFLzeruoR8mcmdbI2Ikj4U3RGtv2l5KR1E=",
  "pyodide.asm.js": "sha256-/nXpfvLHoQxB8juWNExVPHwcYoIbsgYIDbsklBwG1fM=",
  "pyodide.asm.wasm": "sha256-EAkP5B4BmuZp1RLh90cCGo2yqqsPbdb4X6k2jFXWgeM=",
  "python_stdlib.zip": "sha256-kssk+qVGgY8+9AUP1b0rZIe9IELv7SETrxQdA18w77Q=",
  "pyodide-lock.json": "sha256-FNLC26EBJ3mZ4XE15lPY8VOJrRQ39T6uITvww83/cj0=",
};
const JUDGE = `
import json, sys

sys.path.insert(0, "/handbook.zip")

from handbook.judge import judge, stages

def promises(stem):
    return json.dumps([
        {"name": c.name, "function": c.function, "tier": c.tier,
         "promise": c.promise, "hint": c.hint}
        for stage in stages(stem) for c in stage
    ])

def run(stem, source, tell):
    report = judge(stem, source, tell=lambda e: tell(json.dumps(e)))
    return json.dumps(report)
`;

class Unavailable extends Error {}

const plainFetch = self.fetch;
let giveUp; // Pyodide itself would wait for ever
const missing = new Promise((_, reject) => (giveUp = reject));
missing.catch(() => {});

/** Fetch; what comes from CORE must be what was pinned. */
async function fetchPinned(resource, options) {
  try {
    return await fetchChecked(resource, options);
  } catch (error) {
    giveUp(error);
    throw error;
  }
}

async function fetchChecked(resource, options) {
  const url = String(resource.url ?? resource);
  const integrity = url.startsWith(CORE)
    ? INTEGRITY[url.slice(CORE.length)]
    : options?.integrity;
  let response;
  try {
    response = await plainFetch(resource, { ...options, integrity });
  } catch {
    // refused, unreachable or changed: a browser does not say which
    response = await plainFetch(resource).catch(() => null);
    if (!response) throw new Unavailable(`${url} cannot be reached.`);
    if (response.ok) {
      throw new Unavailable(
        `${url} is not the file that was published: it was changed on its way.`,
      );
    }
  }
  if (!response.ok) {
    throw new Unavailable(`${url} cannot be had: status ${response.status}.`);
  }
  return response;
}
self.fetch = fetchPinned;

/** Import a pinned file: a module that was fetched cannot change any more. */
async function importPinned(name) {
  const response = await fetchPinned(CORE + name);
  const blob = new Blob([await response.text()], { type: "text/javascript" });
  const url = URL.createObjectURL(blob);
  try {
    return await import(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}

const tell = (message) => self.postMessage(message);

async function boot() {
  tell({ loading: "Python" });
  const lock = fetchPinned(`${CORE}pyodide-lock.json`);
  const pack = fetchPinned(new URL("handbook.zip", import.meta.url));
  for (const early of [lock, pack]) early.catch(() => {}); // awaited below
  const { loadPyodide } = await importPinned("pyodide.mjs");
  await importPinned("pyodide.asm.js");
  const loaded = loadPyodide({
    indexURL: CORE,
    lockFileContents: await (await lock).json(),
    packageBaseUrl: PACKAGES,
  });
  const python = await Promise.race([loaded, missing]);
  tell({ loading: "NumPy" });
  const complaints = [];
  await python.loadPackage("numpy", {
    messageCallback: () => {},
    errorCallback: (text) => complaints.push(text),
  });
  try {
    python.runPython("import numpy");
  } catch (error) {
    const why = complaints.join(" ") || String(error).trim().split("\n").at(-1);
    throw new Unavailable(`NumPy does not load: ${why}`);
  }
  tell({ loading: "the judge" });
  const bytes = new Uint8Array(await (await pack).arrayBuffer());
  python.FS.writeFile("/handbook.zip", bytes);
  python.runPython(JUDGE);
  return python;
}

function reason(error) {
  if (error instanceof Unavailable) return error.message;
  const text = String(error.message ?? error);
  if (error instanceof RangeError || /memory/i.test(text)) {
    return `This browser has too little memory for Python: ${text}`;
  }
  return `Python does not start: ${text}`;
}

const booted = boot();
booted.then(
  () => tell({ ready: true }),
  (error) => tell({ failed: reason(error) }),
);

self.onmessage = async ({ data: { stem, source } }) => {
  const python = await booted;
  const [promises, run] = ["promises", "run"].map((name) =>
    python.globals.get(name),
  );
  tell({ promises: JSON.parse(promises(stem)) });
  const report = run(stem, source, (text) => tell({ event: JSON.parse(text) }));
  tell({ report: JSON.parse(report) });
};
