// The memory of a Python that has started the app's server: snapshot.mjs PYODIDE LIBRARY PACKAGES APP FIRST_PAGE OUT
// Pyodide cannot keep what is compiled (numpy, pydantic): it holds what of the start stands without those, Streamlit and
// what that needs, not the app. makeMemorySnapshot is an experimental interface of Pyodide.
import fs from "node:fs";
import { pathToFileURL } from "node:url";
import { started, stopOnErrors } from "./pyodide.mjs";

const [, , pyodide, library, packages, app, firstPage, out] = process.argv;
stopOnErrors();
const python = await started(pyodide, packages, app, { stdLibURL: library, _makeSnapshot: true });
python.globals.set("loaded", JSON.stringify(JSON.parse(fs.readFileSync(firstPage)).modules));
python.runPython(`
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
fs.writeFileSync(out, python.makeMemorySnapshot());
process.exit();
