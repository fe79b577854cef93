// Asks for the app once the first answer (pages/server/first_document.py) is on the screen, and takes the answer away once
// the app shows the same in its place. Until then the app below it is not seen, read out or reached by keyboard: nothing is
// there twice, nothing jumps.
const first = document.getElementById("oce-first");
const root = document.getElementById("root");

// As the visitor left the app, under the names that Streamlit gives it: its theme, its sidebar.
const kept = (key) => { try { return localStorage.getItem(key) ?? ""; } catch { return ""; } };
const theme = () => {
  const asked = `${new URLSearchParams(location.search).getAll("embed_options")} ${kept(`stActiveTheme-${location.pathname}-v2`)}`;
  return /dark/i.test(asked) ? "dark" : /light/i.test(asked) ? "light" : "";
};
const isWide = () => kept(`stSidebarCollapsed-${location.pathname.replace(/\/[^/]*$/, "")}`) === "true";

const sheets = new Set(); // style sheets of the app that have not come yet

const ready = () => {
  if (sheets.size) return false;
  if (document.querySelector("[role=dialog]")) return true; // Streamlit has something to say, such as that it cannot connect
  const app = document.querySelector("[data-testid=stApp]");
  if (app?.dataset.testScriptState !== "notRunning") return false;
  const main = app.querySelector("[data-testid=stMain]");
  return main?.querySelector("h1, [data-testid=stException]") && !main.querySelector("[data-testid=stSkeleton]");
};

const NO_FRAME_MS = 300; // after which none is waited for

if (first && root) {
  root.style.visibility = "hidden";
  first.className = [theme(), isWide() ? "wide" : ""].join(" ");
  // plotly.js starts while the server makes the page, which has no need of the browser meanwhile; chart.js takes it.
  const startPlotly = () => {
    const { plotly } = first.dataset;
    if (!plotly || document.querySelector("[data-testid=stApp]")?.dataset.testConnectionState !== "CONNECTED") return;
    delete first.dataset.plotly;
    document.head.append(Object.assign(document.createElement("script"), { src: plotly, onerror() { this.remove(); }, onload() { if (!window.Plotly) this.remove(); } }));
  };
  const look = () => {
    startPlotly();
    if (!ready()) return;
    observer.disconnect();
    const read = first.scrollTop;
    first.remove();
    root.style.visibility = "";
    if (read) document.querySelector("[data-testid=stMain]")?.scrollTo(0, read);
  };
  const observer = new MutationObserver(look);
  observer.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-test-script-state", "data-test-connection-state"] });

  // A browser that reads the app's scripts, on all its threads, has no time to paint: first words came 0.3 s later.
  const askForApp = () => {
    const wanted = document.getElementById("oce-app");
    if (!wanted) return;
    const app = document.importNode(wanted.content, true);
    for (const sheet of app.querySelectorAll("link[rel=stylesheet]")) {
      sheets.add(sheet);
      sheet.onload = sheet.onerror = () => { sheets.delete(sheet); look(); };
    }
    wanted.replaceWith(app);
  };
  if (!document.hidden) requestAnimationFrame(() => setTimeout(askForApp)); // once that frame is painted
  setTimeout(askForApp, document.hidden ? 0 : NO_FRAME_MS);
}
