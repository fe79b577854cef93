// One chart under its heading and its sentence: drawn once by plotly.js, then changed in place, so that nothing flashes and a zoom or a choice in the
// legend stays. Colours of ink and paper come from style.css: they follow the theme without another drawing. While a slider moves, the axes hold still.
"use strict";

const CONFIG = {
  displaylogo: false,
  displayModeBar: false, // the buttons stand beside the heading: reached by keyboard, and over no label
  topojsonURL: "data:application/json,{}#", // a map brings its shapes; Plotly would fetch its own elsewhere
};
const SIZE_IS_GIVEN = { _hasZeroHeight: true, _hasZeroWidth: true }; // else plotly.js measures the node, and so lays out the page, at each change
const PAPER = { paper: "white", ink: "#1a1a1a", line: "#d8d8d8" };
const FONT = "Arial, Helvetica, sans-serif"; // of a chart that leaves the app: there too, so that texts keep their place
const FORMATS = ["PNG", "SVG"];
const WIDEN = 0.25; // of an axis that is held: what it grows by where a value leaves it
const HELD = ["linear", "log"]; // types of axes that hold still
const REST_MS = 1000; // of a slider, after which what is out of sight is drawn too
const PAPER_WIDTH = 250; // of a chart of the report: three stand beside each other on a page [px]
const MISSING = "This chart could not be drawn: plotly.js did not load. Reload the page to try again; what the chart shows is said above it.";

const whenIdle = window.requestIdleCallback ?? ((work) => setTimeout(work, 100)); // Safari has none

let loading; // plotly.js, for every chart of the page
const plotly = (url) => {
  loading ??= new Promise((resolve, reject) => {
    if (window.Plotly) return resolve(window.Plotly);
    const begun = [...document.scripts].find(({ src }) => src === url); // by first.js
    const script = begun ?? Object.assign(document.createElement("script"), { src: url });
    script.onload = () => (window.Plotly ? resolve(window.Plotly) : reject(new Error(`no Plotly in ${url}`)));
    script.onerror = () => { script.remove(); loading = undefined; reject(new Error(`no answer from ${url}`)); };
    if (!begun) document.head.append(script);
  });
  return loading;
};

// What Streamlit's own theme gives a chart, less the colours.
const template = (node) => {
  const style = getComputedStyle(node);
  const small = { size: 12 };
  const axis = { tickfont: small, title: { font: { size: 14 } }, automargin: true, ticklabeloverflow: "allow" }; // none does, and to look is a third of a change
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
    },
    data: { scatter: [{ marker: { line: { width: 0 } } }] },
  };
};

// Lines of a text that are no wider than that [px]; a word that is longer, such as an address, is cut.
const wrapped = (text, size, width, bold = "") => {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${bold} ${size}px ${FONT}`;
  const fits = (part) => pen.measureText(part).width <= width;
  const lines = [""];
  for (let word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (fits(longer)) {
      lines[lines.length - 1] = longer;
      continue;
    }
    if (lines.at(-1)) lines.push("");
    while (!fits(word)) {
      let most = word.length;
      while (most > 1 && !fits(word.slice(0, most))) most -= 1;
      lines[lines.length - 1] = word.slice(0, most);
      lines.push("");
      word = word.slice(most);
    }
    lines[lines.length - 1] = word;
  }
  return lines;
};

// How high a layout is drawn [px]: a map, which keeps its shape, no higher than its width fills.
const heightOf = ({ geo, height = 450 }, width) => geo && width ? Math.min(height, Math.round(0.5 * width + 110)) : height;

// The layout of a figure in its size, with texts that fit a narrow drawing: smaller, and in lines, where they begin at the left edge or are of the x axis.
const NARROW = 420; // [px]
const fitted = ({ data, layout }, width) => {
  const kept = { ...layout, width, height: heightOf(layout, width) };
  if (!width || width >= NARROW) return kept;
  const lines = (text, size) => {
    const parts = wrapped(text.replace(/<[^>]*>/g, ""), size, width - 16);
    if (parts.length < 2) return text;
    const words = text.trim().split(/ +/);
    return parts.map((part) => words.splice(0, part.split(" ").length).join(" ")).join("<br>");
  };
  kept.annotations = layout.annotations?.map((one) => {
    const size = Math.min(one.font?.size ?? 12, 11);
    const atLeft = one.xref === "paper" && one.x === 0;
    return { ...one, font: { ...one.font, size }, ...(atLeft && { align: "left", text: lines(one.text, size + 0.5) }) };
  });
  const title = layout.xaxis?.title;
  if (title?.text) kept.xaxis = { ...layout.xaxis, title: { ...title, text: lines(title.text, 14) } };
  return withRows(withKey(kept, data));
};

// The same with as much more height as a long key of the colours takes; Plotly would scroll it.
const KEY_LINE = 19; // [px]
const USUAL_KEY = 6 * KEY_LINE; // that layouts have room for
const withKey = (layout, data) => {
  const names = data.filter((one) => one.showlegend !== false && one.name).map((one) => one.name);
  const columns = Math.max(1, Math.floor((layout.width - 60) / (45 + 6 * Math.max(...names.map((name) => name.length)))));
  const key = KEY_LINE * Math.ceil(names.length / columns);
  if (!layout.showlegend || key <= USUAL_KEY) return layout;
  return { ...layout, height: layout.height + key - USUAL_KEY, legend: { ...layout.legend, maxheight: key + KEY_LINE } };
};

// The same with higher rows where a text above a row is in lines: by as much, and by what their bars grow with them, so that the texts move up a little.
const ROW_LINE = 14; // [px]
const GROWS = 1.1; // a row, by a line more: with its bar
const rowsOf = (layout) => layout.annotations?.filter((one) => one.xref === "paper" && one.x === 0 && one.yshift) ?? [];
const linesOf = ({ text }) => text.split("<br>").length;
const withRows = (layout) => {
  const rows = rowsOf(layout);
  const counts = rows.map(linesOf);
  const grows = GROWS * ROW_LINE * (Math.max(1, ...counts) - 1);
  if (!grows) return layout;
  for (const one of rows) one.yshift += 0.2 * grows;
  const margin = { ...layout.margin, t: layout.margin.t + ROW_LINE * (counts[0] - 1) };
  return { ...layout, margin, height: layout.height + rows.length * grows + ROW_LINE * (counts[0] - 1) };
};

// How high it is on paper [px]: rows as close as their texts and bars allow, all else lower than on a screen.
const ON_PAPER = 0.7;
const onPaper = (layout) => {
  const rows = rowsOf(layout);
  if (!rows.length) return Math.max(175, ON_PAPER * layout.height);
  const row = (ROW_LINE * (1.5 * Math.max(...rows.map(linesOf)) - 0.5) + rows[0].yshift + 2) / 0.8; // a fifth of a row is half its bar
  return rows.length * row + layout.margin.t + 50;
};

class Chart {
  constructor(parent, plotlyUrl, pictureUrl) {
    this.plotlyUrl = plotlyUrl;
    this.pictureUrl = pictureUrl;
    const added = (tag, properties) => parent.appendChild(Object.assign(document.createElement(tag), properties));
    const head = added("div", { className: "oce-chart-head" });
    this.heading = head.appendChild(Object.assign(document.createElement("h3"), { className: "oce-chart-heading" }));
    this.buttons = FORMATS.map((format) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "oce-chart-save", textContent: format });
      button.onclick = () => this.save(format);
      return head.appendChild(button);
    });
    this.head = head;
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
  show(text, pick, waits = false, dragged = false) {
    this.pick = pick;
    this.dragged = dragged;
    this.heading.ariaLevel = this.isInSection() ? "3" : "2";
    if (text === this.text) return this.paint();
    this.text = text;
    const { key, heading, sentence, figure, credit } = JSON.parse(text);
    this.credit = credit;
    this.keepShapes(figure.data);
    this.key = key;
    this.figure = figure;
    this.heading.textContent = heading;
    for (const button of this.buttons) button.ariaLabel = button.title = `Save “${heading}” as ${button.textContent}`;
    this.sentence.innerHTML = sentence;
    this.node.setAttribute("aria-label", `${heading}. ${this.sentence.textContent}`);
    this.node.style.height = `${fitted(figure, this.width).height}px`; // reserved before plotly.js is there
    this.node.ariaBusy = "true"; // until it is drawn, which may wait
    clearTimeout(this.rest);
    if (!waits || this.near) this.paint();
    else this.rest = setTimeout(() => this.paint(), REST_MS);
  }

  // Whether a section's heading stands before the chart: it outranks the chart's.
  isInSection() {
    const sections = [...document.querySelectorAll(".stMain h2")];
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

  // The slider was let go: the axes fit again.
  settle() {
    this.dragged = false;
    if (this.held && this.near) this.drawn = undefined; // what is out of sight was drawn as it is
    this.paint();
  }

  async update() {
    if (this.drawing || this.drawn === this.figure) return; // draw() looks again when it is done
    this.drawing = true;
    await this.draw().finally(() => { this.drawing = false; });
  }

  async draw() {
    let Plotly;
    try {
      Plotly = await plotly(this.plotlyUrl);
    } catch {
      this.node.replaceChildren(Object.assign(document.createElement("p"), { role: "alert", textContent: MISSING }));
      this.node.dataset.missing = "";
      this.node.ariaBusy = "false";
      this.text = undefined; // so that the next change tries again
      return;
    }
    while (this.drawn !== this.figure) {
      this.drawn = this.figure;
      const { data } = this.figure;
      this.template ??= template(this.node);
      const plan = { ...fitted(this.figure, this.width), template: this.template, uirevision: "kept" };
      if (this.plotted) {
        if (!this.dragged) this.held = undefined;
        else this.held ??= this.axes();
        await Plotly.react(this.node, data, this.steady(plan)); // with CONFIG it would copy and compare that each time
        if (this.widened()) await Plotly.react(this.node, data, this.steady(plan));
      } else {
        this.node.replaceChildren();
        delete this.node.dataset.missing;
        await Plotly.newPlot(this.node, data, plan, CONFIG);
        this.plotted = true;
        Object.assign(this.node._context, SIZE_IS_GIVEN);
        this.node.on("plotly_click", ({ points }) => this.pick?.(points[0]?.customdata));
      }
    }
    this.node.ariaBusy = "false";
  }

  // The axes as they are drawn, by their names, each with its range, lowest first, and with what it is of.
  axes() {
    const found = {};
    for (const name of ["xaxis", "yaxis"]) {
      const axis = this.node._fullLayout[name];
      if (!HELD.includes(axis?.type)) continue;
      const [low, high] = axis.range.map(Number);
      if (low < high) found[name] = { low, high, of: axis.title?.text };
    }
    return found;
  }

  // The layout with the ranges that are held; an axis that is of something else now, such as days instead of hours, is let go.
  steady(plan) {
    if (!this.held) return plan;
    const kept = { ...plan };
    for (const [name, { low, high, of }] of Object.entries(this.held)) {
      const axis = plan[name];
      if (axis?.title?.text !== of) continue;
      if (axis.range) kept[name] = { ...axis, range: [Math.min(low, axis.range[0]), Math.max(high, axis.range[1])] };
      else kept[name] = { ...axis, autorangeoptions: { include: axis.type === "log" ? [10 ** low, 10 ** high] : [low, high] } };
    }
    return kept;
  }

  // Where a value left a range that is held, that grows by a step: the next values find room. Says whether any did.
  widened() {
    let any = false;
    if (!this.held) return any;
    for (const [name, now] of Object.entries(this.axes())) {
      const held = this.held[name];
      if (!held || held.of !== now.of) {
        this.held[name] = now;
        continue;
      }
      const step = WIDEN * (held.high - held.low);
      const [lower, higher] = [now.low < held.low - 1e-6 * step, now.high > held.high + 1e-6 * step];
      if (lower) held.low = now.low - step;
      if (higher) held.high = now.high + step;
      any ||= lower || higher;
    }
    return any;
  }

  // What Plotly makes a picture of: the chart as it is, in these colours and this wide.
  still({ paper, ink, line }, width, heightOn = ({ height }) => height) {
    const look = structuredClone(this.template ?? template(this.node));
    Object.assign(look.layout, { paper_bgcolor: paper, plot_bgcolor: paper });
    Object.assign(look.layout.font, { color: ink, family: FONT });
    for (const axis of [look.layout.xaxis, look.layout.yaxis]) Object.assign(axis, { gridcolor: line, zerolinecolor: line });
    const plan = fitted(this.figure, width);
    const height = heightOn(plan);
    return [{ data: this.figure.data, layout: { ...plan, height, template: look } }, { width, height }];
  }

  // Saves the chart in the colours of the present theme, with its title, the scenario, and whose it is.
  async save(format) {
    const Plotly = await plotly(this.plotlyUrl);
    const theme = getComputedStyle(this.node);
    const colour = (name, other) => theme.getPropertyValue(name).trim() || other;
    const colours = { ink: theme.color, paper: colour("--st-background-color", "white"), line: colour("--st-border-color", "grey") };
    const [figure, size] = this.still(colours, this.width);
    const drawing = await Plotly.toImage(figure, { format: "svg", imageDataOnly: true, ...size });
    const texts = {
      title: this.heading.textContent,
      beneath: [this.sentence.textContent, `Scenario: ${document.title.replace(/ · [^·]*$/, "")}`],
      credit: [this.credit, location.href].filter(Boolean),
    };
    const { default: picture } = await import(this.pictureUrl);
    const blob = await picture(format, drawing, size, colours, texts, wrapped, FONT);
    const href = URL.createObjectURL(blob);
    const download = `${this.heading.textContent.toLowerCase().replace(/\W+/g, "-")}.${format.toLowerCase()}`;
    Object.assign(document.createElement("a"), { href, download }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
  }

  // The chart for paper: its heading, its sentence, and the drawing in black on white.
  async printed() {
    const Plotly = await plotly(this.plotlyUrl);
    const [still, size] = this.still(PAPER, PAPER_WIDTH, onPaper);
    const look = still.layout.template.layout;
    look.yaxis.title.font.size = 10.5; // of both axes
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
    if (this.figure) this.node.style.height = `${fitted(this.figure, width).height}px`;
    if (!this.plotted) return;
    this.drawn = undefined; // its texts have other lines
    this.update();
  }

  end() {
    this.observer.disconnect();
    this.inView.disconnect();
    clearTimeout(this.rest);
    this.figure = this.drawn; // nothing is left to draw
    if (this.plotted) window.Plotly.purge(this.node);
    for (const node of [this.head, this.sentence, this.node]) node.remove();
  }
}

const charts = new Map(); // by the element that Streamlit gives each

// What a slider of ours asks for while it moves (slider.js) comes before the run of the page: the text of each chart.
document.addEventListener("oce:charts", ({ detail }) => {
  const { drawn, dragged } = detail;
  for (const chart of charts.values()) if (chart.key in drawn) chart.show(drawn[chart.key], chart.pick, true, dragged);
});

document.addEventListener("oce:rest", () => {
  for (const chart of charts.values()) chart.settle();
});

// The report (report.js) asks for every chart of the page, in its order there.
document.addEventListener("oce:print", ({ detail }) => {
  const follows = (chart, other) => (chart.node.compareDocumentPosition(other.node) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1);
  detail.push(...[...charts.values()].sort(follows).map((chart) => chart.printed()));
});

export default ({ data, parentElement, setTriggerValue }, plotlyUrl, pictureUrl) => {
  let chart = charts.get(parentElement);
  if (!chart) charts.set(parentElement, (chart = new Chart(parentElement, plotlyUrl, pictureUrl)));
  const pick = (customdata) => customdata !== undefined && setTriggerValue("picked", customdata);
  chart.show(new TextDecoder().decode(data), pick);
  return () => {
    charts.delete(parentElement);
    chart.end();
  };
};
