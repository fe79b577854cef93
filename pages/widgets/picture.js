// A chart as a picture that leaves the app: its drawing with title, sentence, scenario, credit and link, as SVG or as PNG. Loaded when that is asked for.
"use strict";

const SHARPER = 2; // of a PNG: pixels for each of the screen's
const EDGE = 16; // around the chart [px]

const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

// A drawing with texts above and below it, as SVG, and how large that is.
const framed = (drawing, { width, height }, { ink, paper }, { title, beneath, credit }, wrapped, font) => {
  let y = EDGE;
  const written = [];
  const write = (text, size, bold) => {
    for (const line of wrapped(text, size, width, bold)) {
      y += size * 1.3;
      written.push(`<text x="${EDGE}" y="${y}" font-size="${size}" font-weight="${bold || "normal"}">${escaped(line)}</text>`);
    }
  };
  write(title, 18, "bold");
  for (const text of beneath) write(text, 12.5);
  y += EDGE / 2;
  const inner = drawing.replace("<svg ", `<svg x="${EDGE}" y="${y}" `);
  y += height + EDGE / 2;
  for (const text of credit) write(text, 10.5);
  const [wide, high] = [width + 2 * EDGE, Math.ceil(y + EDGE)];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${wide}" height="${high}" viewBox="0 0 ${wide} ${high}" style="background: ${paper}">`
    + `<rect width="${wide}" height="${high}" fill="${paper}"/><g fill="${ink}" style="font-family: ${font}">${written.join("")}</g>${inner}</svg>`;
  return { svg, wide, high };
};

// The same as a PNG.
const rastered = async ({ svg, wide, high }) => {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: SHARPER * wide, height: SHARPER * high });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
};

// The picture as a file: `wrapped` cuts a text into lines of a width, in that font.
export default async (format, drawing, size, colours, texts, wrapped, font) => {
  const picture = framed(drawing, size, colours, texts, wrapped, font);
  return format === "SVG" ? new Blob([picture.svg], { type: "image/svg+xml" }) : rastered(picture);
};
