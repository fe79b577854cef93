// The button that saves the report: its HTML comes from the server, and the browser's own drawings of the charts go into it.
"use strict";

export default ({ data, parentElement }) => {
  const { label, file, report } = JSON.parse(new TextDecoder().decode(data));
  const button = parentElement.querySelector("button") ?? parentElement.appendChild(document.createElement("button"));
  Object.assign(button, { type: "button", className: "oce-download", textContent: label });
  button.onclick = async () => {
    button.disabled = true;
    const drawings = []; // promises, by chart.js
    document.dispatchEvent(new CustomEvent("oce:print", { detail: drawings }));
    const page = new DOMParser().parseFromString(report, "text/html");
    for (const { value } of await Promise.allSettled(drawings)) if (value) page.querySelector(".charts").append(value);
    const href = URL.createObjectURL(new Blob(["<!doctype html>", page.documentElement.outerHTML], { type: "text/html" }));
    Object.assign(document.createElement("a"), { href, download: file }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
    button.disabled = false;
  };
};
