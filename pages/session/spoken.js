// The headline, spoken by a screen reader once it has changed and rests; never while a slider moves (slider.js).
(() => {
  if (window.oceSpoken) return;
  window.oceSpoken = true;
  const REST_MS = 500;
  const region = document.body.appendChild(Object.assign(document.createElement("div"), { className: "oce-spoken", ariaLive: "polite" }));
  let said = "", before = "";
  setInterval(() => { // an observer would be told of all that charts draw
    const now = document.querySelector(".stMain h1")?.textContent ?? "";
    const rests = now === before && !("moving" in document.documentElement.dataset);
    before = now;
    said ||= now; // the first is read with its page
    if (rests && now && now !== said) region.textContent = said = now;
  }, REST_MS);
})();
