// Python and the app, in a worker of the page (page.js): loads them, and hands messages to and fro.

const SITE = "/lib/python3.14/site-packages";
const nativeFetch = self.fetch;

let site; // what page.js says of this build
const sent = new Map(); // bytes that have come, by file, out of those that every start needs
const tell = (kind, ...rest) => self.postMessage([kind, 0, ...rest]);
const reached = (step) => tell("progress", { step, sent: sum(sent.values()), whole: sum(Object.values(site.needed)) });
const sum = (numbers) => [...numbers].reduce((all, one) => all + one, 0);

// An answer that counts what comes of it, in bytes as sent: `whole` as they come out.
const counted = (answer, name, whole) => {
  const size = site.needed[name];
  if (!size || !answer.body) return answer;
  const count = new TransformStream({
    transform(chunk, controller) {
      sent.set(name, Math.min(size, (sent.get(name) ?? 0) + (chunk.length * size) / whole));
      reached("load");
      controller.enqueue(chunk);
    },
  });
  return new Response(answer.body.pipeThrough(count), { headers: answer.headers });
};

// Pyodide asks for its own files by this.
self.fetch = async (what, options) => {
  const answer = await nativeFetch(what, options);
  const name = new URL(what.url ?? what, site.base).href.slice(site.base.length);
  return counted(answer, name, site.unpacked[name]);
};

const unpacked = async (name) => {
  const answer = await nativeFetch(new URL(name, site.base));
  if (!answer.ok) throw new Error(`${answer.status} for ${name}`);
  const { body } = counted(answer, name, site.needed[name]);
  return new Response(body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
};

// Writes the files of a pack (static/packs.py) into Python's file system.
const write = (FS, buffer) => {
  const size = new DataView(buffer).getUint32(0, true);
  const list = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size)));
  const made = new Set();
  let at = 4 + size;
  for (const [path, length] of list) {
    const whole = path.startsWith("/") ? path : `${SITE}/${path}`;
    const folder = whole.slice(0, whole.lastIndexOf("/"));
    if (!made.has(folder)) FS.mkdirTree(folder);
    made.add(folder);
    FS.writeFile(whole, new Uint8Array(buffer, at, length), { canOwn: true });
    at += length;
  }
};

// A pack at once, while Python waits: when something of it is imported for the first time.
const bringer = (python) => (name) => {
  const ask = new XMLHttpRequest();
  ask.open("GET", new URL(site.packs[name], site.base), false);
  ask.responseType = "arraybuffer";
  ask.send();
  if (ask.status !== 200) throw new Error(`${ask.status} for the pack ${name}`);
  const packed = python.toPy(new Uint8Array(ask.response));
  const whole = python.pyimport("zlib").decompress(packed, 31);
  write(python.FS, whole.toJs().slice().buffer);
  packed.destroy();
  whole.destroy();
};

// On a second visit Python's memory after the start of the app comes from what was kept of the first (keepMore):
// node/snapshot.mjs. Where it is not there, or of no use to this browser, Python starts as on the first.
const restored = async (loadPyodide, files) => {
  const address = new URL(site.snapshot, site.base);
  const kept = await self.caches?.match(address).catch(() => undefined);
  if (!kept) return undefined;
  try {
    const snapshot = await new Response(kept.body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
    growTo(snapshot.byteLength);
    return await loadPyodide({ ...files, _loadSnapshot: snapshot });
  } catch (error) {
    console.warn("Python's memory could not be restored", error);
    return undefined;
  }
};

// A memory that had grown is restored only into one that has that size already.
const growTo = (size) => {
  const { instantiateStreaming } = WebAssembly;
  WebAssembly.instantiateStreaming = async (...given) => {
    const found = await instantiateStreaming.apply(WebAssembly, given);
    WebAssembly.instantiateStreaming = instantiateStreaming;
    const { memory } = found.instance.exports;
    if (size > memory.buffer.byteLength) memory.grow(Math.ceil((size - memory.buffer.byteLength) / 65536));
    return found;
  };
};

const start = async () => {
  const packs = [site.packs.python, site.packs.app].map(unpacked);
  const { loadPyodide } = await import(new URL("pyodide.mjs", new URL(site.pyodide, site.base)));
  const files = { indexURL: new URL(site.pyodide, site.base).href, stdLibURL: new URL(site.library, site.base).href };
  const python = (await restored(loadPyodide, files)) ?? (await loadPyodide(files));
  tell("mark", "pyodide");
  for (const pack of packs) write(python.FS, await pack);
  reached("python");
  const post = (kind, number, ...rest) => {
    const plain = rest.map((one) => (one?.toJs ? one.toJs({ create_pyproxies: false }) : one));
    self.postMessage([kind, number, ...plain.map((one) => (one instanceof Uint8Array ? one.slice() : one))]);
  };
  python.runPython("import os, sys; '/app' in sys.path or sys.path.insert(0, '/app'); os.chdir('/app')");
  python.pyimport("static.browser.later").install(bringer(python));
  const starter = python.pyimport("static.browser.start");
  reached("app");
  const bridge = await starter.start(post);
  reached("page");
  return bridge;
};

// What other pages and the next visit need comes while the first page is looked at: the service worker keeps it.
const keepMore = async () => {
  const { python: _, app: __, ...others } = site.packs;
  for (const name of [...Object.values(others), site.snapshot, ...site.pages]) {
    const answer = await nativeFetch(new URL(name, site.base));
    await answer.body?.pipeTo(new WritableStream()); // which holds nothing of it here
  }
  tell("mark", "all");
};

// Messages are dealt with in the order in which they came.
let ready;
self.onmessage = async ({ data: [kind, ...rest] }) => {
  if (kind === "start") {
    [site] = rest;
    ready = start();
    ready.catch((error) => tell("failed", String(error.stack ?? error)));
    return;
  }
  if (kind === "keepMore") return keepMore();
  const bridge = await ready;
  bridge[kind](...rest);
};
