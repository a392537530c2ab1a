// Draws a chart as PNG or SVG in the browser; pages/components/figure.py sends the chart as JSON.
"use strict";

const FAMILY = "Source Sans"; // the font of the app
const SCALE = 3; // PNG pixels per pixel of the chart
const PLOTLY = "../../plotly.min.js"; // served by pages/server/plotly_file.py, loaded on the first click
const status = document.querySelector("[role=status]");
let chart = null; // {figure: JSON, name: file name without extension}

const send = (type, more) =>
  parent.postMessage({ isStreamlitMessage: true, type: `streamlit:${type}`, ...more }, location.origin);
const fit = () => send("setFrameHeight", { height: document.documentElement.offsetHeight });

function once(make) {
  let made = null;
  return () => (made ??= make());
}

const plotly = once(
  () =>
    new Promise((loaded, failed) => {
      const script = document.createElement("script");
      script.src = PLOTLY;
      script.onload = loaded;
      script.onerror = failed;
      document.head.append(script);
    }),
);

/** Address of the app's font, from the page's style sheets; undefined if none of them has it. */
function fontAddress() {
  for (const sheet of parent.document.styleSheets) {
    for (const { style } of sheet.cssRules) {
      const value = (name) => style?.getPropertyValue(name).replaceAll('"', "");
      if (value("font-family") !== FAMILY || value("font-style") === "italic") continue;
      const source = value("src").match(/url\(([^)]+)\)/);
      if (source) return new URL(source[1], sheet.href ?? parent.document.baseURI);
    }
  }
}

/** The app's font as a data URL; empty where it is not found, and the figure has another font. */
const fontUrl = once(async () => {
  const address = fontAddress();
  if (!address) return "";
  const file = await (await fetch(address)).blob();
  const url = await new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.readAsDataURL(file);
  });
  document.fonts.add(await new FontFace(FAMILY, `url(${url})`, { weight: "200 900" }).load());
  return url;
});

/** The chart as the text of an SVG file that carries its font. */
async function draw(figure) {
  const [url] = await Promise.all([fontUrl().catch(() => ""), plotly()]);
  const { width, height } = figure.layout;
  const svg = await Plotly.toImage(figure, { format: "svg", width, height, imageDataOnly: true });
  const face = `@font-face{font-family:"${FAMILY}";font-weight:200 900;src:url(${url})}`;
  return url ? svg.replace(/(<svg[^>]*>)/, `$1<style>${face}</style>`) : svg;
}

async function toPng(svg, { width, height }) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [SCALE * width, SCALE * height];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

async function save(format) {
  const figure = JSON.parse(chart.figure);
  const svg = await draw(figure);
  const file = format === "png" ? await toPng(svg, figure.layout) : new Blob([svg], { type: "image/svg+xml" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `${chart.name}.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

for (const button of document.querySelectorAll("button")) {
  button.addEventListener("click", async () => {
    button.disabled = true;
    status.textContent = "";
    try {
      await save(button.dataset.format);
    } catch (error) {
      status.textContent = "This browser could not draw the chart.";
    }
    button.disabled = false;
    fit();
  });
}

addEventListener("message", ({ origin, data }) => {
  if (origin !== location.origin || data.type !== "streamlit:render") return;
  chart = data.args;
  const { style } = document.documentElement;
  style.setProperty("--text-color", data.theme?.textColor ?? "inherit");
  style.setProperty("--primary-color", data.theme?.primaryColor ?? "inherit");
  fit();
});
send("componentReady", { apiVersion: 1 });
