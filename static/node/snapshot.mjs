// The memory of a Python that has started the app's server: snapshot.mjs PYODIDE PACKAGES APP OUT
// Pyodide cannot keep what is compiled (numpy, pydantic), so a first Python starts all and says what it loaded, and a
// second loads what of that stands without those: Streamlit and what that needs, not the app. makeMemorySnapshot is an experimental interface of Pyodide.
import fs from "node:fs";
import { load } from "./pyodide.mjs";

const [, , pyodide, packages, app, out] = process.argv;
const SITE = "/lib/python3.14/site-packages";

const started = async (options) => {
  const python = await load(pyodide, options);
  const copy = (from, to) => {
    python.FS.mkdirTree(to);
    for (const one of fs.readdirSync(from, { withFileTypes: true })) {
      if (one.isDirectory()) copy(`${from}/${one.name}`, `${to}/${one.name}`);
      else python.FS.writeFile(`${to}/${one.name}`, fs.readFileSync(`${from}/${one.name}`));
    }
  };
  copy(packages, SITE);
  copy(app, "/app");
  python.runPython("import os, sys; sys.path.insert(0, '/app'); os.chdir('/app')");
  return python;
};

process.on("uncaughtException", (error) => { console.error(String(error.message ?? error).slice(-3000)); process.exit(1); }); // without the line of source: that is all of Pyodide
const first = await started({});
const loaded = await first.runPythonAsync(`
import json, sys
from static.browser import start
await start.start(print, lambda *message: None)
json.dumps([name for name in sys.modules if name != "__main__"])
`);
const second = await started({ _makeSnapshot: true });
second.globals.set("loaded", loaded);
second.runPython(`
import gc, json, sys
from importlib import import_module

from static.browser import one_thread

one_thread.take_over()
left_out = {"app", "oce", "pages", "static", "numpy", "pydantic", "pydantic_core", "typing_inspection", "brotli", "uvicorn"}
for name in json.loads(loaded):
    if name.partition(".")[0] not in left_out:
        import_module(name)
del loaded
compiled = [name for name, module in sys.modules.items() if str(getattr(module, "__file__", "")).endswith(".so")]
assert not compiled, compiled
sys.path_importer_cache.clear()
for _ in range(3):
    gc.collect()
`);
fs.writeFileSync(out, second.makeMemorySnapshot());
process.exit();
