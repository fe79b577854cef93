// Streamlit changes the page with an entry of the browser's history that has no scenario, and the app then writes the
// scenario into another. Here the second takes the place of the first: one page, one entry, and Back finds its scenario.
// The same scenario in another order is no new entry either.
(() => {
  if (window.oceHistory) return;
  window.oceHistory = true;
  const push = history.pushState.bind(history);
  const sorted = (address) => [...new URLSearchParams(address.search)].map(String).sort().join("&");
  let bare = false; // the last entry is of a page just changed to, and its scenario is still to be written
  const touched = () => { bare = false; };
  for (const event of ["pointerdown", "keydown", "popstate"]) window.addEventListener(event, touched, true);
  history.pushState = (kept, unused, url) => {
    const next = new URL(url ?? "", window.location.href);
    const samePage = next.pathname === window.location.pathname;
    if (samePage && (bare || sorted(next) === sorted(window.location))) {
      bare = false;
      history.replaceState(kept, unused, url);
      return;
    }
    bare = !samePage && !next.search;
    push(kept, unused, url);
  };
})();
