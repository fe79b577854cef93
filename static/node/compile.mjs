// Compiles the Python below a folder, in place, by the Python that will run it: compile.mjs PYODIDE FOLDER [--keep]
// x.py becomes x.pyc; with --keep both stay, for the app: Streamlit reads its pages, and tracebacks show its lines.
import { load } from "./pyodide.mjs";

const [, , pyodide, folder, keep] = process.argv;
const python = await load(pyodide);
python.FS.mkdirTree("/site");
python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, "/site");
const failed = python.runPython(`
import importlib.util, os, py_compile

keep = ${keep ? "True" : "False"}
failed = []
for folder, _, names in os.walk("/site"):
    for name in names:
        if not name.endswith(".py") or name == "_static_version.py":  # nanoarrow reads the text of that file
            continue
        path = os.path.join(folder, name)
        inside = path.replace("/site", "/app", 1) if keep else path.removeprefix("/site/")
        to = importlib.util.cache_from_source(path) if keep else path + "c"
        try:
            py_compile.compile(path, to, dfile=inside, doraise=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
        except py_compile.PyCompileError as error:
            failed.append(f"{inside}: {error}")
        else:
            if not keep:
                os.remove(path)
"\\n".join(failed)
`);
if (failed) {
  console.error(failed);
  process.exitCode = 1;
}
