// Takes away the first answer (pages/server/first_document.py) once the app shows the same in its place. Until then the
// app below it is not seen, read out or reached by keyboard: nothing is there twice, nothing jumps.
const first = document.getElementById("oce-first");
const root = document.getElementById("root");

// As the visitor left the app: its theme, its sidebar.
const kept = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
const base = location.pathname.replace(/[^/]*$/, "");
const ready = () => {
  if (document.querySelector("[role=dialog]")) return true; // Streamlit has something to say, such as that it cannot connect
  const app = document.querySelector("[data-testid=stApp]");
  if (app?.dataset.testScriptState !== "notRunning") return false;
  const main = app.querySelector("[data-testid=stMain]");
  return main?.querySelector("h1, [data-testid=stException]") && !main.querySelector("[data-testid=stSkeleton]");
};

if (first && root) {
  root.style.visibility = "hidden";
  if (kept(`stSidebarCollapsed-${base}`) === "true") first.classList.add("wide");
  const observer = new MutationObserver(() => {
    if (!ready()) return;
    observer.disconnect();
    const read = first.scrollTop;
    first.remove();
    root.style.visibility = "";
    if (read) document.querySelector("[data-testid=stMain]")?.scrollTo(0, read);
  });
  observer.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-test-script-state"] });
}
