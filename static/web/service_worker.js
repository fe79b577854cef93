// Keeps the files of the site: a second visit, or one without a network, starts from what is here. The build puts the
// list of files in front: const FILES = {path: whether it lies packed beside, as path + ".packed"}. Each has a digest or a
// version in its name: what was kept once stays right.
"use strict";

const CACHE = "oce";
const PAGES = /(^|\/|\.html)$/;
const base = new URL(".", self.location.href);

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(clean().then(() => self.clients.claim())));

// Lets go of what belonged to a build before this.
const clean = async () => {
  const cache = await caches.open(CACHE);
  for (const { url } of await cache.keys()) {
    const path = new URL(url).pathname.slice(base.pathname.length);
    if (!(path in FILES) && !PAGES.test(path)) await cache.delete(url);
  }
};

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== base.origin || !url.pathname.startsWith(base.pathname)) return;
  const path = url.pathname.slice(base.pathname.length);
  if (PAGES.test(path)) event.respondWith(page(event.request, url.origin + url.pathname));
  else if (path in FILES) event.respondWith(file(url.origin + url.pathname, FILES[path]));
});

const file = async (address, packed) => {
  const cache = await caches.open(CACHE);
  return (await cache.match(address)) ?? keep(cache, address, packed ? unpack(address) : fetch(address));
};

const unpack = async (address) => {
  const answer = await fetch(`${address}.packed`);
  if (!answer.ok) return fetch(address);
  return new Response(answer.body.pipeThrough(new DecompressionStream("gzip")), { headers: { "content-type": type(address) } });
};

const TYPES = { wasm: "application/wasm", css: "text/css", json: "application/json" };
const type = (address) => TYPES[address.split(".").at(-1)] ?? "text/javascript";

// A page comes from the network, as it may be another by now, and without one from here, whatever its query.
const page = async (request, address) => {
  const cache = await caches.open(CACHE);
  try {
    return await keep(cache, address, fetch(request));
  } catch (error) {
    const kept = await cache.match(address);
    if (kept) return kept;
    throw error;
  }
};

const keep = async (cache, address, coming) => {
  const answer = await coming;
  if (answer.ok && !answer.redirected) cache.put(address, answer.clone()).catch(() => {}); // no room: it comes again
  return answer;
};
