// The start of a page of the site: the service worker, Python's worker, Streamlit's scripts, and meanwhile the words
// that the build has put into the page, with a line that says what is being loaded.
"use strict";
(() => {
  const base = new URL(".", document.currentScript.src); // the folder of the site
  const site = JSON.parse(document.querySelector("#oce-site").textContent); // what static/pages.py says of this build
  const marks = (window.oceMarks = {}); // when each step was reached [ms], for the benchmark
  const mark = (name) => { marks[name] ??= Math.round(performance.now()); };

  // A host of files may show its first page as /index.html, which is no page of Streamlit's.
  if (location.pathname.endsWith("/index.html")) {
    history.replaceState(history.state, "", location.pathname.slice(0, -"index.html".length) + location.search + location.hash);
  }

  // --- the line of progress, until first.js takes the first words away ---

  const STEPS = { load: ["Loading Python and the app", 0], python: ["Starting Python", 0.72], app: ["Starting the app", 0.8], page: ["Drawing the page", 0.93] };
  const LOADED = 0.7; // of the bar, once all has come
  let progress = { step: "load", sent: 0, whole: 0 };
  const show = () => {
    const line = document.querySelector("#oce-progress");
    if (!line) return;
    const { step, sent, whole, failed } = progress;
    const [words, at] = STEPS[step];
    const share = step === "load" ? LOADED * (whole ? sent / whole : 0) : at;
    const megabytes = step === "load" && whole ? `: ${(sent / 1e6).toFixed(1)} of ${(whole / 1e6).toFixed(1)} MB` : "";
    line.querySelector("progress").value = share;
    line.querySelector("span").textContent = failed ?? `${words}${megabytes} …`;
  };
  const KEEP_AFTER_MS = 4000; // the charts of the first page come first
  const keepMore = () => {
    if (!navigator.serviceWorker?.controller) return; // nothing would be kept
    mark("more");
    post(["keepMore"]);
  };
  const isThere = () => document.querySelector("#root .stMain h1, #root [data-testid=stException], #root [role=dialog]");
  const arrive = () => {
    if (!isThere()) return;
    mark("live");
    seen.disconnect();
    setTimeout(keepMore, KEEP_AFTER_MS);
  };
  const seen = new MutationObserver(arrive);
  document.addEventListener("DOMContentLoaded", () => {
    mark("words");
    show();
    keepPictures();
    seen.observe(document.querySelector("#root"), { subtree: true, childList: true });
  });

  // --- the pictures of the first charts, which stay in their places until plotly.js has drawn there ---

  const MOST_MS = 10_000; // that they stay
  const keepPictures = () => {
    const pictures = [...document.querySelectorAll("#oce-first main section")].map((one) => [one.querySelector("h3").textContent, one.querySelector(".plot")]);
    const waiting = new Map(pictures);
    const place = () => {
      for (const heading of document.querySelectorAll("#root .oce-chart-heading")) {
        const picture = waiting.get(heading.textContent);
        const chart = picture && heading.parentElement.parentElement.querySelector(".oce-chart");
        if (!chart) continue;
        waiting.delete(heading.textContent);
        if (!isDrawn(chart)) cover(chart, picture);
      }
      if (!waiting.size) found.disconnect();
    };
    const found = new MutationObserver(place);
    const gone = new MutationObserver(() => {
      if (document.querySelector("#oce-first")) return;
      gone.disconnect();
      found.observe(document.querySelector("#root"), { subtree: true, childList: true, characterData: true });
      place();
      setTimeout(() => found.disconnect(), MOST_MS);
    });
    if (pictures.length && !document.documentElement.matches(".oce-other-scenario")) gone.observe(document.body, { childList: true });
  };
  const isDrawn = (chart) => chart.querySelector(".main-svg :is(.point, .js-line, .js-fill)");
  const cover = (chart, picture) => {
    const box = Object.assign(document.createElement("div"), { className: "oce-picture" });
    box.ariaHidden = "true";
    box.append(picture);
    chart.append(box);
    const drawn = new MutationObserver(() => isDrawn(chart) && remove());
    const remove = () => { drawn.disconnect(); box.remove(); };
    drawn.observe(chart, { subtree: true, childList: true });
    setTimeout(remove, MOST_MS);
  };

  // --- Python's worker ---

  window.__streamlit = { BACKEND_BASE_URL: base.href, MAIN_PAGE_BASE_URL: base.href }; // else it looks for its server
  let worker;
  const held = []; // messages for the worker before it is there
  const post = (message) => (worker ? worker.postMessage(message) : held.push(message));
  const connections = window.oceConnections(base, post);
  const own = {
    progress: (_, found) => {
      progress = found;
      mark(found.step);
      if (found.step === "python") fetch(new URL(site.plotly, base)).then((answer) => answer.blob()).catch(() => {}); // the line is free
      show();
    },
    mark: (_, name) => mark(name),
    failed: (_, text) => {
      progress = { ...progress, failed: "The app could not be started here. Reload the page to try again." };
      show();
      console.error(text);
    },
  };
  const startWorker = () => {
    worker = new Worker(new URL(site.worker, base), { type: "module" });
    worker.onmessage = ({ data: [kind, ...rest] }) => (own[kind] ?? connections[kind])(...rest);
    worker.postMessage(["start", { ...site, base: base.href }]);
    for (const message of held.splice(0)) worker.postMessage(message);
  };

  // --- Streamlit's page, and Plotly, which chart.js takes from here ---

  const add = (tag, properties) => document.head.append(Object.assign(document.createElement(tag), properties));
  const startPage = () => {
    for (const href of site.modules) add("link", { rel: "modulepreload", href: new URL(href, base).href, crossOrigin: "" });
    add("script", { type: "module", crossOrigin: "", src: new URL(site.start, base).href });
  };

  // The service worker keeps what was loaded, and unpacks what the host of files does not pack. Some browsers have
  // none (an address without https, a frame without storage): then all comes as it is.
  const PATIENCE_MS = 2000;
  const serviceWorker = async () => {
    const { serviceWorker: found } = navigator;
    await found.register(new URL(site.serviceWorker, base));
    if (!found.controller) await new Promise((done) => found.addEventListener("controllerchange", done, { once: true }));
  };
  const patience = new Promise((done) => setTimeout(done, PATIENCE_MS));
  Promise.race([serviceWorker(), patience])
    .catch(() => {})
    .then(() => {
      mark("serviceWorker");
      startWorker();
      startPage();
    });
})();
