// What the frame shows while it runs: picture, faces, values, lines and numbers.
import { drawLines, drawPicture, leading, percent } from "./draw.js";
import { Recent } from "./recent.js";

const $ = (id) => document.getElementById(id);
const DOUBTS = {
  crossed: "Two faces came close: this may be the other one.",
  gone: "This face was not seen for a while: it may be another one.",
};

export class View {
  #chosen = 0; // the face that the visitor chose; 0 is none
  #recent = new Recent();

  constructor() {
    $("model").addEventListener("change", () => this.draw());
    $("faces").addEventListener("click", ({ target }) => this.#choose(target.dataset.track));
    $("picture").addEventListener("click", (event) => this.#choose(this.#faceAt(event)));
    addEventListener("resize", () => this.draw());
  }

  /** Takes the page's arguments; `models` and `emotions` are lists of {name, title} and {name, colour}. */
  use({ models, emotions }) {
    Object.assign(this, { models, emotions });
    fill($("model"), models.map(({ name, title }) => [name, title]));
    if (!$("values").rows.length) {
      $("values").tBodies[0].append(...emotions.map(({ name, colour }) => valueRow(name, colour)));
    }
    this.draw();
  }

  /** Forgets the last recording. */
  clear(step) {
    this.#recent = new Recent();
    this.#chosen = 0;
    this.step = step;
    this.frame = this.answer = null;
    $("faces").replaceChildren();
  }

  /** Shows a frame and its answer. */
  add(frame, answer, frames) {
    Object.assign(this, { frame, answer });
    this.draw();
    this.#recent.add(answer, frame.shown === undefined ? undefined : performance.now() - frame.shown);
    this.#drawLines();
    const { rate, delay } = this.#recent;
    Object.assign(document.querySelector("main").dataset, { frames, rate: rate.toFixed(2), delay: delay.toFixed(1) });
    $("numbers").textContent = [
      rate && `${rate.toFixed(1)} answers per second`,
      delay && `${Math.round(delay)} ms from the camera to the screen`,
    ].filter(Boolean).join(" · ");
  }

  draw() {
    if (!this.answer || $("run").hidden) return;
    const { model, track, emotions } = this;
    drawPicture($("picture"), this.frame, this.answer, { model, track, emotions });
    const tracks = [...new Set([...this.answer.faces.map((face) => face.track), ...(this.#chosen ? [track] : [])])];
    drawButtons($("faces"), tracks.sort((a, b) => a - b), track);
    this.#drawValues(this.answer.faces.find((face) => face.track === track));
    this.#drawLines();
  }

  get model() {
    return $("model").value;
  }

  /** The chosen face while it is remembered, else the first one on the picture. */
  get track() {
    return this.#recent.tracks.includes(this.#chosen) ? this.#chosen : (this.answer.faces[0]?.track ?? 0);
  }

  #choose(track) {
    if (!track) return;
    this.#chosen = Number(track);
    this.draw();
  }

  #faceAt({ offsetX, offsetY, target }) {
    if (!this.answer) return 0;
    const [x, y] = [(offsetX * target.width) / target.clientWidth, (offsetY * target.height) / target.clientHeight];
    const isHit = ({ box: [left, top, width, height] }) =>
      x >= left && x <= left + width && y >= top && y <= top + height;
    return this.answer.faces.find(isHit)?.track ?? 0;
  }

  #drawValues(face) {
    const values = face?.answers[this.model];
    const best = values && leading(values);
    [...$("values").rows].forEach((row, i) => {
      row.classList.toggle("best", i === best);
      row.querySelector(".bar").style.setProperty("--value", values?.[i] ?? 0);
      row.cells[2].textContent = values ? percent(values[i]) : "–";
    });
    const sentences = [];
    if (!this.answer.faces.length) sentences.push("No face was found in this picture.");
    if (face?.entropy !== null && face?.entropy !== undefined) {
      sentences.push(`Disagreement between the models: ${face.entropy.toFixed(2)} bits.`);
    }
    sentences.push(DOUBTS[face?.doubt]);
    $("votes").textContent = sentences.filter(Boolean).join(" ");
  }

  #drawLines() {
    const { emotions, step } = this;
    const bits = this.models.length > 1 ? Math.log2(Math.min(this.models.length, emotions.length)) : 0;
    $("lines").classList.toggle("tall", bits > 0);
    const points = this.#recent.of(this.track, this.model);
    drawLines($("lines"), points, this.answer.time, { emotions, bits, step });
  }
}

/** Options of a select box, [value, text] each; what is chosen stays chosen if it can. */
export function fill(select, options) {
  const wanted = JSON.stringify(options);
  if (select.dataset.options === wanted) return;
  const before = select.value;
  select.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
  if (options.some(([value]) => value === before)) select.value = before;
  select.dataset.options = wanted;
}

function valueRow(name, colour) {
  const row = document.createElement("tr");
  row.innerHTML = "<th scope=row></th><td><span class=bar></span></td><td>–</td>";
  row.cells[0].textContent = name;
  row.style.setProperty("--colour", colour);
  return row;
}

function drawButtons(group, tracks, chosen) {
  if (group.dataset.tracks !== tracks.join() || !group.children.length) {
    group.dataset.tracks = tracks.join();
    const focused = document.activeElement?.dataset.track;
    group.replaceChildren(...tracks.map((track) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: `Face ${track}` });
      button.dataset.track = track;
      return button;
    }));
    group.querySelector(`[data-track="${focused}"]`)?.focus();
  }
  for (const button of group.children) button.setAttribute("aria-pressed", Number(button.dataset.track) === chosen);
}
