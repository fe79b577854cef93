// A slider over a list of positions. While it moves, what it moves follows: on most pages by a preview that needs no run
// of the page (/oce/live), elsewhere by runs. The next position goes out when the last was answered, and the last always.
// Between two keys the answer for the next position is asked for ahead, where the server has nothing else to do.
"use strict";

const PAUSE_MS = 100; // after a key, where an answer is there at once: the next key may follow, and one run is enough
const PATIENCE_MS = 5000; // for an answer of the server

// Parts of the page that a preview changes before the run does, by their names, as the last run left them.
const before = new Map();

// A heading's letters are changed within the node that React keeps; the others are pieces of HTML to Streamlit too.
const HEADLINE = "headline";
const letters = () => document.createTreeWalker(document.querySelector(".stMain h1") ?? document, NodeFilter.SHOW_TEXT).nextNode();
const part = (name) => document.querySelector(`[data-oce="${CSS.escape(name)}"]`);
const write = (name, text) => {
  const [node, content] = name === HEADLINE ? [letters(), "data"] : [part(name), "innerHTML"];
  if (!node || node[content] === text) return;
  if (!before.has(name)) before.set(name, node[content]);
  node[content] = text;
};

// What the server answers; nothing where too many ask at this moment, or where `ahead` it has other work.
const answered = async (address, ahead) => {
  const answer = await fetch(address, ahead ? { headers: { purpose: "prefetch" }, priority: "low" } : {});
  if (answer.status === 503 || answer.status === 204) return undefined;
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
};

class Slider {
  constructor(parent) {
    this.root = document.createElement("div");
    this.root.className = "oce-slider";
    this.value = this.root.appendChild(document.createElement("output"));
    this.value.ariaHidden = "true"; // a screen reader hears the value from the slider itself
    this.input = this.root.appendChild(Object.assign(document.createElement("input"), { type: "range", min: 0, step: 1 }));
    this.input.oninput = () => this.moved();
    this.input.onchange = () => this.settled(this.held || !this.data.live ? 0 : PAUSE_MS);
    this.input.onpointerdown = () => { this.held = true; };
    this.input.onblur = () => this.timer && this.settled(0);
    parent.append(this.root);
    this.number = 0; // of moves that went to the server
    this.step = 0; // its last direction
  }

  // What the server says, after every run of the page.
  take(data, send) {
    const first = !this.data;
    this.data = data;
    this.send = send;
    if (first) this.number = data.seen;
    if (data.seen >= this.number) {
      before.clear();
      delete document.documentElement.dataset.moving;
      this.waiting = false;
    }
    this.input.max = data.labels.length - 1;
    this.input.ariaLabel = data.label;
    if (first || (!this.held && !this.timer && !this.final && data.seen >= this.number)) {
      this.index = this.sent = this.asked = data.index;
      this.sentFinally = true;
      this.input.value = data.index;
      this.lookAhead();
    }
    this.show();
    this.go();
  }

  show() {
    const { labels } = this.data;
    const share = labels.length > 1 ? this.input.value / (labels.length - 1) : 0;
    this.value.textContent = labels[this.input.value];
    this.input.setAttribute("aria-valuetext", labels[this.input.value]);
    this.root.style.setProperty("--share", share);
  }

  moved() {
    this.index = Number(this.input.value);
    this.final = false;
    this.show();
    const box = document.querySelector(`.st-key-${CSS.escape(this.data.name)}_entry input`);
    if (box) box.value = this.data.labels[this.index]; // until the run writes it
    if (this.held || this.data.live) this.go(); // else it was a key, and the change event comes next
  }

  // It was let go, or a key was pressed and no other follows.
  settled(pause) {
    this.held = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.final = true;
      this.go();
    }, pause);
  }

  async go() {
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.data.live && this.index !== this.asked) {
        this.step = Math.sign(this.index - this.asked);
        this.asked = this.index;
        await this.ask(this.asked);
        this.lookAhead();
      }
    } finally {
      this.busy = false;
    }
    if (!this.data.live && this.waiting && performance.now() - this.reported < PATIENCE_MS) return; // take() goes on
    if (this.final) {
      this.final = false;
      document.dispatchEvent(new Event("oce:rest")); // what is out of sight may be drawn
      if (this.index !== this.sent || !this.sentFinally) this.report(true);
      else delete document.documentElement.dataset.moving; // back where it was: no run follows
    } else if (!this.data.live && this.index !== this.sent) {
      this.report(false);
    }
  }

  // Sends the position to the server for a run of the page, which is written into the address when it is the last.
  report(done) {
    this.number += 1;
    this.waiting = true;
    this.reported = performance.now();
    this.sent = this.index;
    this.sentFinally = done;
    this.send({ index: this.index, number: this.number, done });
  }

  address(index) {
    const query = new URLSearchParams(this.data.live);
    query.set(this.data.parameter, this.data.values[index]);
    if (document.querySelector("table[data-oce^=numbers-]")) query.set("numbers", "open");
    return new URL(`./oce/live?${query}`, document.baseURI).href;
  }

  // Asks for the position that the next key moves to; a pointer goes further than that.
  lookAhead() {
    const next = this.asked + this.step;
    if (this.held || !this.step || !this.data.live || !(next in this.data.values)) return;
    const address = this.address(next);
    if (address !== this.ahead?.address) this.ahead = { address, found: answered(address, true).catch(() => undefined) };
  }

  async ask(index) {
    try {
      const address = this.address(index);
      const found = (address === this.ahead?.address && (await this.ahead.found)) || (await answered(address));
      if (!found) return; // what is shown stays until the run of the page
      const { texts, charts } = found;
      document.dispatchEvent(new CustomEvent("oce:charts", { detail: { drawn: charts, dragged: this.held === true } }));
      for (const [name, text] of Object.entries(texts)) write(name, text);
      document.documentElement.dataset.moving = ""; // what does not follow is faded until the run (style.css)
    } catch {
      // The run of the page will say it; what stands there meanwhile is what the last run said.
      for (const [name, text] of before) write(name, text);
    }
  }

  end() {
    clearTimeout(this.timer);
    this.root.remove();
  }
}

const sliders = new WeakMap();

export default ({ data, parentElement, setTriggerValue }) => {
  let slider = sliders.get(parentElement);
  if (!slider) sliders.set(parentElement, (slider = new Slider(parentElement)));
  slider.take(JSON.parse(new TextDecoder().decode(data)), (move) => setTriggerValue("moved", move));
  return () => {
    sliders.delete(parentElement);
    slider.end();
  };
};
