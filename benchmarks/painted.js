// Runs in the page before anything else and notes when a chart in the window was last painted: at the first frame that
// follows the last change inside it. The same for a chart of Streamlit's own, which is drawn on a new node, and for ours.
// And when the first words could be read: the headline with its interval, or the floor's slider. What lies below the first
// answer (pages/server/first_document.py) is not painted before that is taken away.
(() => {
  "use strict";
  const painted = (window.__painted = { pressed: 0, at: 0, words: 0 });
  const CHART = ".js-plotly-plot, [data-testid=stPlotlyChart], [data-chart]";
  addEventListener("keydown", () => { painted.pressed = performance.now(); painted.at = 0; }, true);

  const inWindow = (chart) => {
    const { top, bottom } = chart.getBoundingClientRect();
    return top < innerHeight && bottom > 0;
  };
  // A task that a frame sets off runs once the frame is on its way to the screen.
  const onceShown = (then) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = then;
    port2.postMessage(0);
  });
  const WORDS = "h1, [data-testid=stSlider] label";
  const look = () => {
    if (painted.words || !document.querySelector(WORDS)?.innerText.trim()) return;
    painted.words = -1;
    onceShown(() => { painted.words = performance.now(); });
  };
  new MutationObserver((changes) => {
    look();
    const uncovered = changes.some(({ removedNodes }) => [...removedNodes].some(({ id }) => id === "oce-first"));
    const inSight = changes.flatMap(({ target, addedNodes }) => [
      target.closest?.(CHART), // a change in a chart, or a chart that is new
      ...[...addedNodes].map((node) => (node.nodeType === 1 && !target.closest?.(CHART) ? node.querySelector(CHART) : null)),
    ]).some((chart) => chart && inWindow(chart));
    if (inSight || uncovered) onceShown(() => { painted.at = performance.now(); });
  }).observe(document, { subtree: true, childList: true, attributes: true });
})();
