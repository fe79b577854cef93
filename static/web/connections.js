// What Streamlit's page asks its server for goes to a worker, where Python answers: fetch, XMLHttpRequest (axios),
// WebSocket, and clicks on links to files that the server would keep. Everything else goes to the host of the site.
"use strict";

// Sends what is for Python through `post`, and returns what takes Python's messages.
window.oceConnections = (base, post) => {
  const ASKED = /^(_stcore\/|media\/|component\/|oce\/live)/; // paths that Python answers
  const waiting = new Map(); // answers to requests, by number
  const sockets = new Map();
  let number = 0;

  const headers = () => [
    ["host", location.host], ["origin", location.origin], ["user-agent", navigator.userAgent],
    ["accept-language", navigator.language], ["cookie", document.cookie],
  ];
  // The address as the application knows it; nothing where it is not asked.
  const target = (url) => {
    const whole = new URL(url, document.baseURI);
    if (whole.host !== base.host || !whole.pathname.startsWith(base.pathname)) return undefined;
    const path = whole.pathname.slice(base.pathname.length);
    return ASKED.test(path) ? `/${path}${whole.search}` : undefined;
  };
  const ask = (method, where, more, body) =>
    new Promise((done) => {
      waiting.set((number += 1), done);
      post(["request", number, method, where, [...headers(), ...more], body ?? null]);
    });

  const nativeFetch = window.fetch;
  window.fetch = async (input, options) => {
    const where = target(input instanceof Request ? input.url : String(input));
    if (!where) return nativeFetch(input, options);
    const request = new Request(input, options);
    const body = ["GET", "HEAD"].includes(request.method) ? undefined : new Uint8Array(await request.arrayBuffer());
    const answer = await ask(request.method, where, [...request.headers], body);
    return new Response([204, 304].includes(answer.status) ? null : answer.body, {
      status: answer.status, headers: answer.headers.filter(([name]) => name !== "set-cookie"),
    });
  };

  window.XMLHttpRequest = class extends XMLHttpRequest {
    open(method, url, ...rest) {
      this.oce = target(url) && { method, where: target(url), headers: [] };
      if (!this.oce) super.open(method, url, ...rest);
    }
    setRequestHeader(name, value) {
      if (this.oce) this.oce.headers.push([name, value]);
      else super.setRequestHeader(name, value);
    }
    async send(body) {
      if (!this.oce) return super.send(body);
      const { method, where, headers: given } = this.oce;
      const packed = body == null ? undefined : new Response(body); // which knows the type of a form
      const bytes = packed && new Uint8Array(await packed.arrayBuffer());
      const type = packed?.headers.get("content-type");
      const typed = given.some(([name]) => name.toLowerCase() === "content-type");
      const more = [...given, ...(type && !typed ? [["content-type", type]] : []), ...(bytes ? [["content-length", String(bytes.length)]] : [])];
      const answer = await ask(method, where, more, bytes);
      if (!this.oce.aborted) this.arrive(answer, where);
    }
    arrive({ status, headers: pairs, body }, where) {
      const text = () => new TextDecoder().decode(body);
      const shaped = { arraybuffer: () => body.buffer, blob: () => new Blob([body]), json: () => JSON.parse(text()) };
      const values = {
        readyState: 4, status, statusText: "", responseURL: where, responseText: text(),
        response: (shaped[this.responseType] ?? text)(),
      };
      for (const [name, value] of Object.entries(values)) Object.defineProperty(this, name, { value, configurable: true });
      this.getAllResponseHeaders = () => pairs.map(([name, value]) => `${name}: ${value}`).join("\r\n");
      this.getResponseHeader = (wanted) => pairs.find(([name]) => name === wanted.toLowerCase())?.[1] ?? null;
      for (const event of ["readystatechange", "load", "loadend"]) this.dispatchEvent(new ProgressEvent(event));
    }
    abort() {
      if (this.oce) this.oce.aborted = true;
      else super.abort();
    }
  };

  const NativeSocket = window.WebSocket;
  window.WebSocket = class Socket extends EventTarget {
    static CONNECTING = 0;
    static OPEN = 1;
    static CLOSING = 2;
    static CLOSED = 3;
    readyState = Socket.CONNECTING;
    binaryType = "blob";
    protocol = "";
    extensions = "";
    bufferedAmount = 0;

    constructor(url, protocols = []) {
      const where = target(String(url).replace(/^ws/, "http"));
      if (!where) return new NativeSocket(url, protocols);
      super();
      this.url = String(url);
      sockets.set((this.number = number += 1), this);
      post(["connect", this.number, where, headers(), [protocols].flat()]);
    }
    tell(event) {
      this.dispatchEvent(event);
      this[`on${event.type}`]?.(event);
    }
    opened(protocol) {
      this.protocol = protocol;
      this.readyState = Socket.OPEN;
      this.tell(new Event("open"));
    }
    arrived(data) {
      const shaped = typeof data === "string" ? data : this.binaryType === "arraybuffer" ? data.buffer : new Blob([data]);
      this.tell(new MessageEvent("message", { data: shaped, origin: location.origin }));
    }
    closed(code) {
      sockets.delete(this.number);
      if (this.readyState === Socket.CLOSED) return;
      this.readyState = Socket.CLOSED;
      this.tell(new CloseEvent("close", { code, wasClean: true }));
    }
    send(data) {
      const plain = typeof data === "string" ? data : new Uint8Array(ArrayBuffer.isView(data) ? data : new Uint8Array(data));
      post(["receive", this.number, plain]);
    }
    close(code = 1000) {
      post(["disconnect", this.number, code]);
      this.closed(code);
    }
  };

  const click = HTMLAnchorElement.prototype.click;
  HTMLAnchorElement.prototype.click = function () {
    const where = this.href && target(this.href);
    if (where) save(where);
    else click.call(this);
  };
  const save = async (where) => {
    const { headers: pairs, body } = await ask("GET", where, []);
    const found = Object.fromEntries(pairs);
    const name = /filename\*?="?(?:UTF-8'')?([^";]+)/i.exec(found["content-disposition"] ?? "")?.[1];
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([body], { type: found["content-type"] }));
    link.download = name ? decodeURIComponent(name) : where.split("/").at(-1);
    click.call(link);
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  };

  return {
    answer: (which, status, pairs, body) => {
      waiting.get(which)?.({ status, headers: pairs, body });
      waiting.delete(which);
    },
    open: (which, protocol) => sockets.get(which)?.opened(protocol),
    message: (which, data) => sockets.get(which)?.arrived(data),
    close: (which, code) => sockets.get(which)?.closed(code),
  };
};
