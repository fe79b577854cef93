// Pyodide under Node, from the folder of the npm package.
import fs from "node:fs";
import { pathToFileURL } from "node:url";
import path from "node:path";

const SITE = "/lib/python3.14/site-packages";

export const load = async (folder, options = {}) => {
  const { loadPyodide } = await import(pathToFileURL(path.join(folder, "pyodide.mjs")));
  return loadPyodide({ indexURL: folder, ...options });
};

// A Python that has the packages and the app in its file system, as the browser has.
export const started = async (pyodide, packages, app, options = {}) => {
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

// Says what went wrong without the line of source, which is all of Pyodide.
export const stopOnErrors = () =>
  process.on("uncaughtException", (error) => {
    console.error(String(error.message ?? error).slice(-3000));
    process.exit(1);
  });
