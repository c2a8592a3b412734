// What Python in the page is made of: Pyodide and NumPy from a CDN, and the
// handbook's own modules. The page fetches each file once and hands all of
// them to every interpreter that it starts. Everything from the CDN has a
// hash that is pinned here or, for NumPy, in the lock file that is pinned
// here.

const CORE = "https://cdn.jsdelivr.net/npm/pyodide@0.29.4/";
const PACKAGES = "https://cdn.jsdelivr.net/pyodide/v0.29.4/full/";
const INTEGRITY = {
  "pyodide.mjs": "sha256-j9/tXq+BveFLzeruoR8mcmdbI2Ikj4U3RGtv2l5KR1E=",
  "pyodide.asm.js": "sha256-/nXpfvLHoQxB8juWNExVPHwcYoIbsgYIDbsklBwG1fM=",
  "pyodide.asm.wasm": "sha256-EAkP5B4BmuZp1RLh90cCGo2yqqsPbdb4X6k2jFXWgeM=",
  "python_stdlib.zip": "sha256-kssk+qVGgY8+9AUP1b0rZIe9IELv7SETrxQdA18w77Q=",
  "pyodide-lock.json": "sha256-FNLC26EBJ3mZ4XE15lPY8VOJrRQ39T6uITvww83/cj0=",
};
const LOCK = "pyodide-lock.json";
const PROGRAM = "pyodide.asm.wasm";
const PACK = "handbook.zip";
const KEPT = "numpy-handbook.python "; // and the version: what the browser keeps
const SILENCE = 15; // seconds without a byte, and a download has failed
/** About what all of it unpacks to, in bytes. */
export const SIZE = 15.5e6;

let received = 0;
const waits = new Set(); // of the downloads that go on: each waits anew
const fetched = new Map(); // by its address: a file, or the promise of one
let compiled = null;

/** Say why Python cannot be had. */
class Unavailable extends Error {}

/** Return a file as it comes from the network or the cache. */
async function download(url, options) {
  const patience = new AbortController();
  let waiting;
  const wait = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => patience.abort(), SILENCE * 1000);
  };
  const chunks = [];
  waits.add(wait);
  try {
    wait();
    const signal = patience.signal;
    const response = await fetch(url, { ...options, signal });
    if (!response.ok) {
      throw new Unavailable(`${url} cannot be had: status ${response.status}.`);
    }
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      for (const each of waits) each(); // whoever sends one file is not silent
      received += value.length;
      chunks.push(value);
    }
  } catch (error) {
    if (error instanceof Unavailable) throw error;
    const { host, pathname } = new URL(url);
    if (!navigator.onLine) {
      const name = pathname.split("/").at(-1);
      throw new Unavailable(
        `There is no network, and this browser has not kept ${name}.`,
      );
    }
    throw new Unavailable(
      patience.signal.aborted
        ? `${host} has sent nothing for ${SILENCE} s.`
        : `${url} cannot be reached.`,
    );
  } finally {
    waits.delete(wait);
    clearTimeout(waiting);
  }
  // a module is imported only as what it is
  return new Blob(chunks, { type: /js$/.test(url) && "text/javascript" });
}

/** Have the browser compare a file with its hash: true if it is the same. */
async function intact(file, integrity) {
  const url = URL.createObjectURL(file);
  try {
    await fetch(url, { integrity });
    return true;
  } catch {
    return false;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Return a file that the browser keeps, or nothing: in private mode, say. */
async function recall(url) {
  try {
    const cache = await caches.open(KEPT + CORE);
    const response = await cache.match(url);
    return await response?.blob();
  } catch {
    return null;
  }
}

/** Keep a file for good, as far as there is room; files of old versions go. */
async function keep(url, file) {
  try {
    const names = await caches.keys();
    for (const name of names) {
      if (name.startsWith(KEPT) && name !== KEPT + CORE) caches.delete(name);
    }
    const cache = await caches.open(KEPT + CORE);
    await cache.put(url, new Response(file));
  } catch {
    // the browser's HTTP cache may have it
  }
}

async function pinned(url, integrity) {
  const kept = await recall(url);
  if (kept && (await intact(kept, integrity))) {
    received += kept.size;
    return kept;
  }
  // a file that was damaged on its way stays so in the browser's cache
  for (const cache of ["default", "reload"]) {
    const file = await download(url, { cache });
    if (await intact(file, integrity)) {
      keep(url, file);
      return file;
    }
    received -= file.size;
  }
  throw new Unavailable(
    `${url} is not the file that was published: it was changed on its way.`,
  );
}

/** Fetch a file, unless it is here or on its way. */
function have(url, get) {
  if (!fetched.has(url)) {
    const file = get(url);
    fetched.set(url, file);
    file.catch(() => fetched.delete(url)); // the next run tries again
  }
  return fetched.get(url);
}

const core = (name) => have(CORE + name, (url) => pinned(url, INTEGRITY[name]));

/** Fetch NumPy, whose name and hash the lock file knows. */
async function numpy() {
  const { packages } = JSON.parse(await (await core(LOCK)).text());
  const { file_name: name, sha256 } = packages.numpy;
  const bytes = sha256.match(/../g).map((hex) => Number.parseInt(hex, 16));
  const integrity = `sha256-${btoa(String.fromCharCode(...bytes))}`;
  return [name, await have(PACKAGES + name, (url) => pinned(url, integrity))];
}

/** Return the files by their names, and the program, compiled. */
export async function load() {
  const names = Object.keys(INTEGRITY);
  const own = new URL(PACK, import.meta.url).href;
  const files = await Promise.all([
    numpy(),
    ...names.map(async (name) => [name, await core(name)]),
    have(own, download).then((file) => [PACK, file]),
  ]);
  const { [PROGRAM]: program, ...rest } = Object.fromEntries(files);
  compiled ??= program.arrayBuffer().then(WebAssembly.compile);
  return {
    core: CORE,
    packages: PACKAGES,
    files: rest,
    program: await compiled,
  };
}

/** Return how many bytes have come. */
export const loaded = () => received;

/** Have this page, and what it needs, for a time without a network. */
export async function keepPage() {
  try {
    const program = new URL("../offline.mjs", import.meta.url);
    await navigator.serviceWorker.register(program);
    const { active } = await navigator.serviceWorker.ready;
    const entries = performance.getEntriesByType("resource");
    const page = location.href.split("#")[0];
    active.postMessage([page, ...entries.map(({ name }) => name)]);
  } catch {
    // in private mode, say
  }
}
