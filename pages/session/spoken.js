// The headline, spoken by a screen reader once it has changed and rests: after a run of the page, never while a slider moves.
(() => {
  if (window.oceSpoken) return;
  window.oceSpoken = true;
  const REST_MS = 700; // another run may follow at once
  const region = document.body.appendChild(Object.assign(document.createElement("div"), { className: "oce-spoken", ariaLive: "polite" }));
  let said = "", timer;
  const say = () => {
    const headline = document.querySelector(".stMain h1")?.textContent ?? "";
    if (said && headline && headline !== said) region.textContent = headline; // not the first, which is read with its page
    said = headline || said;
  };
  new MutationObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(say, REST_MS);
  }).observe(document.querySelector("[data-testid=stApp]"), { attributeFilter: ["data-test-script-state"] });
})();
