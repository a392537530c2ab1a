// Draws on canvases: the picture with its faces, and the probabilities over time.
import { SECONDS } from "./recent.js";

const FONT = '"Source Sans", sans-serif';
const GAP = 1; // seconds without an answer that interrupt a line
export const leading = (values) => values.indexOf(Math.max(...values));
export const percent = (value) => `${Math.round(100 * value)} %`;

/** The frame that was asked about, with the answers of one model. */
export function drawPicture(canvas, frame, answer, { model, track, emotions }) {
  [canvas.width, canvas.height] = [frame.canvas.width, frame.canvas.height];
  const context = canvas.getContext("2d");
  context.drawImage(frame.canvas, 0, 0);
  const pixel = canvas.width / (canvas.clientWidth || canvas.width); // one of the page's
  for (const face of answer.faces) {
    const values = face.answers[model];
    const best = values && leading(values);
    const colour = values ? emotions[best].colour : "#8a8a8a";
    const text = values ? `${face.track} ${emotions[best].name} ${percent(values[best])}` : `${face.track}`;
    drawFace(context, face.box, text, colour, pixel, face.track === track);
  }
}

function drawFace(context, [x, y, width, height], text, colour, pixel, isChosen) {
  context.lineWidth = (isChosen ? 7 : 4) * pixel;
  context.strokeStyle = "#000a";
  context.strokeRect(x, y, width, height);
  context.lineWidth = (isChosen ? 4 : 2) * pixel;
  context.strokeStyle = colour;
  context.strokeRect(x, y, width, height);
  context.font = `600 ${16 * pixel}px ${FONT}`;
  const [across, high] = [context.measureText(text).width + 12 * pixel, 24 * pixel];
  const left = Math.max(0, Math.min(x, context.canvas.width - across));
  const top = y >= high ? y - high : Math.min(y + height, context.canvas.height - high);
  context.fillStyle = "#000c";
  context.fillRect(left, top, across, high);
  context.fillStyle = colour;
  context.fillRect(left, top, 4 * pixel, high);
  context.fillStyle = "#fff";
  context.textBaseline = "middle";
  context.fillText(text, left + 8 * pixel, top + high / 2);
}

/** A canvas as large as it is shown, and sharp; coordinates are the page's pixels. */
function prepared(canvas) {
  const scale = devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  return { context, width, height };
}

/**
 * One line per emotion over the last seconds up to `now`, and below it, if `bits` is not 0, the models' disagreement
 * on a scale from 0 to `bits`. `points` are those of `Recent.of`, `step` the usual time between two, in seconds.
 */
export function drawLines(canvas, points, now, { emotions, bits, step }) {
  const { context, width, height } = prepared(canvas);
  const style = getComputedStyle(canvas);
  const [left, right] = [48, width - 8];
  const x = (time) => right - ((now - time) / SECONDS) * (right - left);
  const lowest = bits ? height - 110 : height - 24; // of the upper part
  const gap = Math.max(GAP, 2.5 * step);
  context.font = `13px ${FONT}`;
  const upper = band(context, style, [10, lowest], [0, 1], percent, left, right);
  emotions.forEach(({ colour }, i) =>
    line(context, points.filter(({ values }) => values), x, ({ values }) => upper(values[i]), colour, 2.5, gap));
  if (bits) {
    const name = (value) => `${value.toFixed(1)} bit`;
    const lower = band(context, style, [lowest + 36, height - 24], [0, bits], name, left, right);
    context.fillText("Disagreement between the models", left, lowest + 22);
    const given = points.filter(({ entropy }) => entropy !== null && entropy !== undefined);
    line(context, given, x, ({ entropy }) => lower(entropy), style.color, 2, gap);
  }
  context.textBaseline = "alphabetic";
  context.fillText(`${SECONDS} s ago`, left, height - 6);
  context.textAlign = "right";
  context.fillText(`${now.toFixed(1)} s`, right, height - 6);
}

/** Grid lines of a scale; returns where a value lies. */
function band(context, style, [top, bottom], [low, high], name, left, right) {
  const y = (value) => bottom - ((value - low) / (high - low)) * (bottom - top);
  context.strokeStyle = style.borderTopColor;
  context.fillStyle = style.color;
  context.lineWidth = 1;
  context.textBaseline = "middle";
  for (const value of [low, (low + high) / 2, high]) {
    context.beginPath();
    context.moveTo(left, y(value));
    context.lineTo(right, y(value));
    context.stroke();
    if (name !== percent && value !== low && value !== high) continue; // the lower part is small
    context.textAlign = "right";
    context.fillText(name(value), left - 6, y(value));
  }
  context.textAlign = "left";
  return y;
}

function line(context, points, x, y, colour, width, gap) {
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = width;
  context.lineJoin = "round";
  context.beginPath();
  points.forEach((point, i) => {
    const isAfterGap = i === 0 || point.time - points[i - 1].time > gap;
    context[isAfterGap ? "moveTo" : "lineTo"](x(point.time), y(point));
    if (isAfterGap) context.lineTo(x(point.time) + 0.1, y(point)); // a single point is seen too
  });
  context.stroke();
  context.fillStyle = getComputedStyle(context.canvas).color;
}
