// Pyodide without a page, and the judge in it. Each line that is read holds
// a challenge and answers to it, each line that is written their verdicts.
// node verdicts.mjs handbook.zip numpy.whl

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { loadPyodide } from "pyodide";

const [pack, wheel] = process.argv.slice(2).map((name) => readFileSync(name));
const python = await loadPyodide({ stdout: () => {}, stderr: () => {} });
python.unpackArchive(new Uint8Array(wheel), "wheel");
python.FS.writeFile("/handbook.zip", pack);
python.runPython(`
import json, sys

sys.path.insert(0, "/handbook.zip")

from handbook.judge import examine

class Enough(Exception):
    pass

def verdicts(stem, source):
    found = {}
    def tell(event):
        if event.get("running") == "the comparison":
            raise Enough
        if "problem" in event:
            found["problem"] = event["problem"]["error"]
        if row := event.get("row"):
            found[row["name"]] = row["passed"]
    try:
        examine(stem, source, f"{stem}.py", tell)
    except Enough:
        pass
    return found

def answered(line):
    stem, *sources = json.loads(line)
    return json.dumps([verdicts(stem, source) for source in sources])
`);
const answered = python.globals.get("answered");
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${answered(line)}\n`);
}
