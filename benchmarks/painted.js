// Runs in the page before anything else and notes when a chart in the window was last painted: at the first frame that
// follows the last change inside it. The same for a chart of Streamlit's own, which is drawn on a new node, and for ours.
(() => {
  "use strict";
  const painted = (window.__painted = { pressed: 0, at: 0, charts: 0 });
  const CHART = ".js-plotly-plot, [data-testid=stPlotlyChart], [data-chart]";
  addEventListener("keydown", () => { painted.pressed = performance.now(); painted.at = 0; drawn.clear(); }, true);

  const inWindow = (chart) => {
    const { top, bottom } = chart.getBoundingClientRect();
    return top < innerHeight && bottom > 0;
  };
  const drawn = new Set();
  new MutationObserver((changes) => {
    const charts = changes.flatMap(({ target, addedNodes }) => [
      target.closest?.(CHART), // a change in a chart, or a chart that is new
      ...[...addedNodes].map((node) => (node.nodeType === 1 && !target.closest?.(CHART) ? node.querySelector(CHART) : null)),
    ]).filter((chart) => chart && inWindow(chart));
    if (!charts.length) return;
    charts.forEach((chart) => drawn.add(chart));
    // A task that a frame sets off runs once the frame is on its way to the screen.
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => { painted.at = performance.now(); painted.charts = drawn.size; };
      port2.postMessage(0);
    });
  }).observe(document, { subtree: true, childList: true, attributes: true });
})();
