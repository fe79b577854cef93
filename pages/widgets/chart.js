// One chart under its heading and its sentence: drawn once by plotly.js, then changed in place, so that nothing flashes and a zoom or a choice in the
// legend stays. Colours of ink and paper come from style.css: they follow the theme without another drawing.
"use strict";

const CONFIG = {
  displaylogo: false,
  displayModeBar: "hover",
  topojsonURL: "data:application/json,{}#", // a map brings its shapes; Plotly would fetch its own elsewhere
};
const PAPER = { paper: "white", ink: "#1a1a1a", line: "#d8d8d8" };
const FONT = "Arial, Helvetica, sans-serif"; // of a chart that leaves the app: there too, so that texts keep their place
const REST_MS = 1000; // of a slider, after which what is out of sight is drawn too
const PAPER_WIDTH = 470; // of a chart of the report: two stand beside each other on a page [px]
const MISSING = "This chart could not be drawn: plotly.js did not load. Reload the page to try again; what the chart shows is said above it.";

const whenIdle = window.requestIdleCallback ?? ((work) => setTimeout(work, 100)); // Safari has none

let loading; // plotly.js, for every chart of the page
const plotly = (url) => {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => (window.Plotly ? resolve(window.Plotly) : reject(new Error(`no Plotly in ${url}`)));
    script.onerror = () => { script.remove(); loading = undefined; reject(new Error(`no answer from ${url}`)); };
    document.head.append(script);
  });
  return loading;
};

// What Streamlit's own theme gives a chart, less the colours.
const template = (node) => {
  const style = getComputedStyle(node);
  const small = { size: 12 };
  const axis = { tickfont: small, title: { font: { size: 14 } }, automargin: true };
  const none = "rgba(0,0,0,0)";
  return {
    layout: {
      font: { family: style.fontFamily, size: 12 },
      colorway: style.getPropertyValue("--st-chart-categorical-colors").split(",").map((colour) => colour.trim()),
      paper_bgcolor: none,
      plot_bgcolor: none,
      margin: { pad: 8, l: 0, r: 0 },
      xaxis: { ...axis, showgrid: false, zeroline: false },
      yaxis: axis,
      legend: { font: small, bgcolor: none, valign: "top" },
      coloraxis: { colorbar: { thickness: 16, outlinewidth: 0, tickfont: small } },
      hoverlabel: { font: { family: style.fontFamily, size: 12 } },
      modebar: { bgcolor: none },
    },
    data: { scatter: [{ marker: { line: { width: 0 } } }] },
  };
};

class Chart {
  constructor(parent, plotlyUrl) {
    this.plotlyUrl = plotlyUrl;
    const added = (tag, properties) => parent.appendChild(Object.assign(document.createElement(tag), properties));
    this.heading = added("h2", { className: "oce-chart-heading" });
    this.sentence = added("p", { className: "oce-chart-sentence" });
    this.node = added("div", { className: "oce-chart", role: "figure" });
    this.node.dataset.chart = "";
    this.width = this.node.clientWidth;
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.node);
    this.inView = new IntersectionObserver((seen) => {
      this.near = seen.at(-1).isIntersecting;
      this.paint();
    }, { rootMargin: "200px" });
    this.inView.observe(this.node); // which answers with the next frame
  }

  // Takes over what the server says, or what it makes of a slider that moves; the latest wins.
  // What a slider asked for waits where it is out of sight: until it comes near, or the slider rests.
  show(text, pick = this.pick, waits = false) {
    this.pick = pick;
    this.heading.ariaLevel = this.isInSection() ? "3" : "2";
    if (text === this.text) {
      this.paint();
      return;
    }
    this.text = text;
    const { key, heading, sentence, figure } = JSON.parse(text);
    this.keepShapes(figure.data);
    this.key = key;
    this.figure = figure;
    this.heading.textContent = heading;
    this.sentence.textContent = sentence;
    this.node.setAttribute("aria-label", `${heading}. ${sentence}`);
    this.node.style.height = `${figure.layout.height ?? 450}px`; // reserved before plotly.js is there
    clearTimeout(this.rest);
    if (!waits || this.near) this.paint();
    else this.rest = setTimeout(() => this.paint(), REST_MS);
  }

  // Whether a section's heading stands before the chart: it outranks the chart's.
  isInSection() {
    const sections = [...document.querySelectorAll(".stMain [data-testid=stMarkdown] h2")];
    return sections.some((one) => one.compareDocumentPosition(this.heading) & Node.DOCUMENT_POSITION_FOLLOWING);
  }

  // The shapes of a map do not change with the scenario: a slider's answer comes without them.
  keepShapes(traces) {
    this.shapes ??= new Map();
    for (const trace of traces) {
      if (trace.geojson) this.shapes.set(trace.name, trace.geojson);
      else if (trace.geojson === null) trace.geojson = this.shapes.get(trace.name);
    }
  }

  // At once where it is in view, else when there is time: the first screen does not wait for what is below it.
  paint() {
    if (this.near) this.update();
    else if (this.near === false) this.later ??= whenIdle(() => { this.later = undefined; this.update(); }, { timeout: 1000 });
  }

  async update() {
    if (this.drawing || this.drawn === this.figure) return; // draw() looks again when it is done
    this.drawing = true;
    try {
      await this.draw();
    } finally {
      this.drawing = false;
    }
  }

  async draw() {
    let Plotly;
    try {
      Plotly = await plotly(this.plotlyUrl);
    } catch {
      this.node.replaceChildren(Object.assign(document.createElement("p"), { role: "alert", textContent: MISSING }));
      this.node.dataset.missing = "";
      this.text = undefined; // so that the next change tries again
      return;
    }
    while (this.drawn !== this.figure) {
      this.drawn = this.figure;
      const { data, layout } = this.figure;
      this.template ??= template(this.node);
      const plan = { ...layout, template: this.template, width: this.width, height: layout.height ?? 450, uirevision: "kept" };
      if (this.plotted) {
        await Plotly.react(this.node, data, plan, this.config);
      } else {
        this.node.replaceChildren();
        delete this.node.dataset.missing;
        this.config = { ...CONFIG, modeBarButtons: [[this.download(Plotly, "png"), this.download(Plotly, "svg")]] };
        await Plotly.newPlot(this.node, data, plan, this.config);
        this.plotted = true;
        this.node.on("plotly_click", ({ points }) => this.pick?.(points[0]?.customdata));
      }
    }
  }

  // What Plotly makes a picture of: the chart as it is, in these colours and this wide.
  still({ paper, ink, line }, width) {
    const look = structuredClone(this.template ?? template(this.node));
    Object.assign(look.layout, { paper_bgcolor: paper, plot_bgcolor: paper });
    Object.assign(look.layout.font, { color: ink, family: FONT });
    for (const axis of [look.layout.xaxis, look.layout.yaxis]) Object.assign(axis, { gridcolor: line, zerolinecolor: line });
    const { data, layout } = this.figure;
    const size = { width, height: layout.height ?? 450 };
    return [{ data, layout: { ...layout, ...size, template: look } }, size];
  }

  // A button that saves the chart in the colours of the present theme.
  download(Plotly, format) {
    const click = () => {
      const theme = getComputedStyle(this.node);
      const colour = (name, other) => theme.getPropertyValue(name).trim() || other;
      const colours = { ink: theme.color, paper: colour("--st-background-color", "white"), line: colour("--st-border-color", "grey") };
      const filename = this.heading.textContent.toLowerCase().replace(/\W+/g, "-");
      const [figure, size] = this.still(colours, this.width);
      return Plotly.downloadImage(figure, { format, filename, ...size });
    };
    const icon = format === "png" ? Plotly.Icons.camera : Plotly.Icons.disk;
    return { name: `download-${format}`, title: `Download as ${format.toUpperCase()}`, icon, click };
  }

  // The chart for paper: its heading, its sentence, and the drawing in black on white.
  async printed() {
    const Plotly = await plotly(this.plotlyUrl);
    const [still, size] = this.still(PAPER, PAPER_WIDTH);
    const look = still.layout.template.layout;
    look.yaxis.title.font.size = 12; // of both axes
    const figure = document.createElement("figure");
    figure.innerHTML = await Plotly.toImage(still, { format: "svg", imageDataOnly: true, ...size });
    figure.firstElementChild.setAttribute("role", "img");
    figure.firstElementChild.setAttribute("aria-label", this.node.getAttribute("aria-label"));
    figure.prepend(
      Object.assign(document.createElement("h2"), { textContent: this.heading.textContent }),
      Object.assign(document.createElement("figcaption"), { textContent: this.sentence.textContent }),
    );
    return figure;
  }

  resize() {
    const width = this.node.clientWidth;
    if (!width || width === this.width) return;
    this.width = width;
    if (this.plotted) window.Plotly.relayout(this.node, { width });
  }

  end() {
    this.observer.disconnect();
    this.inView.disconnect();
    clearTimeout(this.rest);
    this.figure = this.drawn; // nothing is left to draw
    if (this.plotted) window.Plotly.purge(this.node);
    for (const node of [this.heading, this.sentence, this.node]) node.remove();
  }
}

const charts = new Map(); // by the element that Streamlit gives each

// What a slider of ours asks for while it moves (slider.js) comes before the run of the page: the text of each chart.
document.addEventListener("oce:charts", ({ detail }) => {
  for (const chart of charts.values()) if (chart.key in detail) chart.show(detail[chart.key], chart.pick, true);
});

document.addEventListener("oce:rest", () => {
  for (const chart of charts.values()) chart.paint();
});

// The report (report.js) asks for every chart of the page, in its order there.
document.addEventListener("oce:print", ({ detail }) => {
  const follows = (chart, other) => (chart.node.compareDocumentPosition(other.node) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1);
  detail.push(...[...charts.values()].sort(follows).map((chart) => chart.printed()));
});

export default ({ data, parentElement, setTriggerValue }, plotlyUrl) => {
  let chart = charts.get(parentElement);
  if (!chart) charts.set(parentElement, (chart = new Chart(parentElement, plotlyUrl)));
  const pick = (customdata) => customdata !== undefined && setTriggerValue("picked", customdata);
  chart.show(new TextDecoder().decode(data), pick);
  return () => {
    charts.delete(parentElement);
    chart.end();
  };
};
