// What the first page loads: first_page.mjs PYODIDE PACKAGES APP OUT
// Starts the app as the browser does, has it draw its first page, and writes the modules that the start loaded, and the
// files of all that the page loaded.
import fs from "node:fs";
import { started, stopOnErrors } from "./pyodide.mjs";

const [, , pyodide, packages, app, out] = process.argv;
stopOnErrors();
const python = await started(pyodide, packages, app);
const found = await python.runPythonAsync(`
import asyncio, json, sys
from static.browser import start

from pyodide.ffi import to_js
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

drawn, said = asyncio.Event(), []

def post(kind, number, *rest):
    if kind != "message":
        return
    said.append(message := ForwardMsg.FromString(bytes(rest[0])))
    if message.WhichOneof("type") == "script_finished":
        drawn.set()

bridge = await start.start(post)
modules = [name for name in sys.modules if name != "__main__"]
asked = BackMsg()
asked.rerun_script.query_string = ""
bridge.connect(1, "/_stcore/stream", to_js([["host", "localhost"], ["origin", "http://localhost"]]), to_js(["streamlit"]))
bridge.receive(1, to_js(asked.SerializeToString()))
await asyncio.wait_for(drawn.wait(), 120)
failed = [delta.new_element.exception.message for delta in (one.delta for one in said) if delta.new_element.HasField("exception")]
assert not failed, failed
json.dumps({"modules": modules, "files": [file for module in list(sys.modules.values()) if (file := getattr(module, "__file__", None))]})
`);
fs.writeFileSync(out, found);
process.exit();
