// Pyodide under Node, from the folder of the npm package.
import { pathToFileURL } from "node:url";
import path from "node:path";

export const load = async (folder, options = {}) => {
  const { loadPyodide } = await import(pathToFileURL(path.join(folder, "pyodide.mjs")));
  return loadPyodide({ indexURL: folder, ...options });
};
