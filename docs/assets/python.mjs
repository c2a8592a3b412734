// Python for the practice pad, in a worker: Pyodide, its NumPy, and the
// handbook's own judge, all from the files that the page hands over
// (pyodide.mjs). A worker serves one run: no run sees what another changed.

const JUDGE = `
import json, sys

sys.path.insert(0, "/handbook.zip")

from handbook.judge import judge, stages, try_out

def promises(stem):
    return json.dumps([
        [{"name": c.name, "function": c.function, "tier": c.tier,
          "promise": c.promise, "hint": c.hint} for c in stage]
        for stage in stages(stem)
    ])

def run(stem, source, tell):
    report = judge(stem, source, tell=lambda e: tell(json.dumps(e)))
    return json.dumps(report)

def trial(stem, source, scratch, tell):
    said = lambda e: tell(json.dumps(e))
    problem = try_out(source, scratch, f"{stem}.py", said)
    return json.dumps({"problem": problem})
`;

const tell = (message) => self.postMessage(message);

// what crashes Python is told to the reader, and is no news to a maintainer
console.error = console.log = () => {};

async function boot({ core, packages, files, program }) {
  // the page has the only way out: who asks here for anything else gets none
  self.fetch = async (resource) => {
    const url = String(resource.url ?? resource);
    const file = files[url.slice(url.lastIndexOf("/") + 1)];
    return new Response(file ?? "", { status: file ? 200 : 404 });
  };
  // compiled once, for every worker; Pyodide would wait for ever where the
  // program cannot be started
  const broken = new Promise((_, reject) => {
    WebAssembly.instantiateStreaming = async (_, imports) => {
      const starting = WebAssembly.instantiate(program, imports);
      starting.catch(reject);
      return { module: program, instance: await starting };
    };
  });
  const { loadPyodide } = await importFile(files["pyodide.mjs"]);
  await importFile(files["pyodide.asm.js"]);
  const loading = loadPyodide({
    indexURL: core,
    lockFileContents: JSON.parse(await files["pyodide-lock.json"].text()),
    packageBaseUrl: packages,
    stdin: () => null, // nobody is there to type: input() ends
  });
  const python = await Promise.race([loading, broken]);
  const complaints = [];
  await python.loadPackage("numpy", {
    messageCallback: () => {},
    errorCallback: (text) => complaints.push(text),
  });
  const bytes = new Uint8Array(await files["handbook.zip"].arrayBuffer());
  python.FS.writeFile("/handbook.zip", bytes);
  try {
    python.runPython(JUDGE);
  } catch (error) {
    throw new Error([...complaints, String(error).trim()].join("\n"));
  }
  return python;
}

async function importFile(file) {
  const url = URL.createObjectURL(file);
  try {
    return await import(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}

function reason(error) {
  const text = String(error.message ?? error);
  if (error instanceof RangeError || /memory/i.test(text)) {
    return `This browser has too little memory for Python: ${text}`;
  }
  return `Python does not start: ${text.trim().split("\n").at(-1)}`;
}

/** Say how a run ended Python, in the words of the command line. */
function ending(error) {
  if (error.name === "ExitStatus" || error.name === "Exit") {
    return `ended Python with status ${error.status}`;
  }
  if (error.name === "PythonError") return "ended Python with status 1";
  return `crashed Python (${String(error.message ?? error).split("\n")[0]})`;
}

let python = null;

self.onmessage = async ({ data }) => {
  if (!python) {
    try {
      python = await boot(data);
      tell({ ready: true });
    } catch (error) {
      tell({ failed: reason(error) });
    }
    return;
  }
  const { stem, source, scratch } = data;
  const [promises, run, trial] = ["promises", "run", "trial"].map((name) =>
    python.globals.get(name),
  );
  const hear = (text) => tell({ event: JSON.parse(text) });
  try {
    if (scratch !== undefined) {
      tell({ trial: JSON.parse(trial(stem, source, scratch, hear)) });
      return;
    }
    tell({ stages: JSON.parse(promises(stem)) });
    const report = run(stem, source, hear);
    tell({ report: JSON.parse(report) });
  } catch (error) {
    tell({ ended: ending(error) });
  }
};
