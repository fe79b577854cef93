// Runs in the page before anything else and notes what `settle` needs to know: whether the server still owes an
// answer, and when something last moved. (Streamlit's own data-test-script-state misses runs that are over quickly.)
(() => {
  const seen = (window.__seen = { asked: 0, answered: true, moved: performance.now() });
  const moved = () => { seen.moved = performance.now(); };

  // Components draw inside shadow roots, which an observer of the document does not see.
  const watch = (root) => new MutationObserver(moved).observe(root, {
    subtree: true, childList: true, attributes: true, characterData: true,
  });
  const attachShadow = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attachShadow.call(this, options);
    watch(root);
    return root;
  };
  watch(document);

  // The fields of a protobuf message: {number: value}, for text and bytes their length.
  const fields = (bytes) => {
    const found = {};
    let at = 0;
    const varint = () => {
      for (let value = 0, scale = 1; ; scale *= 128) {
        const byte = bytes[at++];
        value += (byte & 127) * scale;
        if (!(byte & 128)) return value;
      }
    };
    while (at < bytes.length) {
      const tag = varint();
      if (tag & 5) return found; // neither number nor bytes: no such field stands at the top of these messages
      const value = varint(); // or how many bytes follow
      if (tag & 2) at += value;
      found[tag >> 3] = value;
    }
    return found;
  };
  const NEW_SESSION = 4, SCRIPT_FINISHED = 6, RERUN_SCRIPT = 11, EARLY_FOR_RERUN = 2;

  let started = false; // whether a run began since the last question
  const counting = (Socket) => class extends Socket {
    constructor(...args) {
      super(...args);
      this.addEventListener("message", ({ data }) => {
        moved();
        const message = fields(new Uint8Array(data));
        if (NEW_SESSION in message) started = true;
        // A run that was cut short is followed by another one.
        if (started && SCRIPT_FINISHED in message && message[SCRIPT_FINISHED] !== EARLY_FOR_RERUN) seen.answered = true;
      });
    }
    send(data) {
      if (data instanceof Uint8Array && RERUN_SCRIPT in fields(data)) {
        seen.asked += 1;
        seen.answered = started = false;
        moved();
      }
      super.send(data);
    }
  };
  // The static site puts another in the browser's place (static/web/connections.js): that is listened to as well.
  let socket = counting(window.WebSocket);
  Object.defineProperty(window, "WebSocket", { get: () => socket, set: (other) => { socket = counting(other); } });

  const everywhere = (selector, root = document) => [
    ...root.querySelectorAll(selector),
    ...[...root.querySelectorAll("*")].filter((e) => e.shadowRoot).flatMap((e) => everywhere(selector, e.shadowRoot)),
  ];
  seen.charts = () => everywhere(".js-plotly-plot");
  seen.still = (quiet) => {
    const app = document.querySelector("[data-testid=stApp]");
    return !document.getElementById("oce-first") && seen.asked > 0 && seen.answered && performance.now() - seen.moved > quiet
      && app?.dataset.testScriptState === "notRunning" && app.dataset.testConnectionState === "CONNECTED"
      && !document.querySelector("[data-testid=stSkeleton], [data-testid=stStatusWidget], [data-stale=true]")
      && !everywhere("[aria-busy=true]").length // a chart out of sight, which waits until a slider rests
      // The code of a chart may still be on its way: its place is there, and the chart is not.
      && everywhere("[class*='st-key-chart-']").every((e) => everywhere("[data-chart], [data-testid=stPlotlyChart]", e).length)
      && everywhere("[data-testid=stPlotlyChart], .js-plotly-plot, [data-chart]:not([data-missing])").every((e) => e.querySelector(".main-svg"));
  };
})();
