// Compiles the Python below a folder, in place, by the Python that will run it: compile.mjs PYODIDE FOLDER [options]
// x.py becomes x.pyc; only where the path matches --sources=REGEX do both stay, for the app: Streamlit reads its pages.
// --root=PATH stands before the paths in tracebacks. --bare leaves out what is documentation, but where it is read, by
// Pyodide and numpy.ma; a class that has any keeps a dash, as dataclasses would write a longer text where there is none.
import { load } from "./pyodide.mjs";

const [, , pyodide, folder, ...options] = process.argv;
const given = Object.fromEntries(options.map((option) => option.slice(2).split("=")));
const python = await load(pyodide, { args: ["-X", "no_debug_ranges"] }); // tracebacks name lines, not columns: a tenth less
python.FS.mkdirTree("/site");
python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, "/site");
for (const name of ["root", "sources"]) python.globals.set(name, given[name] ?? "");
python.globals.set("is_bare", "bare" in given);
const failed = python.runPython(`
import ast, importlib.util, os, re
from importlib._bootstrap_external import _code_to_hash_pyc

documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)

def without_documentation(tree):
    for node in ast.walk(tree):
        if not isinstance(node, documented) or ast.get_docstring(node, clean=False) is None:
            continue
        if isinstance(node, ast.ClassDef):
            node.body[0].value.value = "-"
        else:
            node.body[:1] = [] if len(node.body) > 1 else [ast.copy_location(ast.Pass(), node.body[0])]
    return tree

failed = []
for folder, _, names in os.walk("/site"):
    for name in names:
        if not name.endswith(".py") or name == "_static_version.py":  # nanoarrow reads the text of that file
            continue
        path = os.path.join(folder, name)
        inside = path.removeprefix("/site/")
        is_kept = sources and re.search(sources, inside)
        to = importlib.util.cache_from_source(path) if is_kept else path + "c"
        with open(path, "rb") as file:
            source = file.read()
        try:
            tree = ast.parse(source, inside)
            if is_bare and not re.match("_?pyodide/|numpy/_core/", inside):
                tree = without_documentation(tree)
            code = compile(tree, root + inside, "exec", dont_inherit=True)
        except SyntaxError as error:
            failed.append(f"{inside}: {error}")
            continue
        os.makedirs(os.path.dirname(to), exist_ok=True)
        with open(to, "wb") as file:
            file.write(_code_to_hash_pyc(code, importlib.util.source_hash(source), checked=False))
        if not is_kept:
            os.remove(path)
"\\n".join(failed)
`);
if (failed) {
  console.error(failed);
  process.exitCode = 1;
}
