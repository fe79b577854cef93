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
  // Where a chart is, is asked in the next frame, which lays the page out anyway: asked between the drawings of two charts,
  // it would be laid out once more for each.
  const changed = new Set();
  let uncovered = false;
  const note = () => {
    const seen = uncovered || [...changed].some(inWindow);
    changed.clear();
    uncovered = false;
    if (!seen) return;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { painted.at = performance.now(); };
    port2.postMessage(0);
  };
  new MutationObserver((changes) => {
    look();
    const before = uncovered || changed.size > 0;
    for (const { target, addedNodes, removedNodes } of changes) {
      const chart = target.closest?.(CHART); // a change in a chart
      if (chart) changed.add(chart);
      else for (const node of addedNodes) if (node.nodeType === 1 && node.querySelector(CHART)) changed.add(node.querySelector(CHART)); // or one that is new
      for (const { id } of removedNodes) uncovered ||= id === "oce-first";
    }
    if (!before && (uncovered || changed.size > 0)) requestAnimationFrame(note);
  }).observe(document, { subtree: true, childList: true, attributes: true });
})();
