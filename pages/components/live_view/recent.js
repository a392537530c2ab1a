// The answers of the last seconds, and how fast they come.
export const SECONDS = 20; // of the lines
const RATE_MS = 3_000;
const DELAYS = 30;

export class Recent {
  answers = []; // {time, faces}, by time
  #drawn = []; // when answers were drawn, in ms
  #delays = [];

  /** `delay` is from the frame to its drawing, in ms; a film has none. */
  add(answer, delay) {
    this.answers.push(answer);
    while (this.answers[0].time < answer.time - SECONDS) this.answers.shift();
    const now = performance.now();
    this.first ??= now;
    this.#drawn.push(now);
    while (this.#drawn[0] < now - RATE_MS) this.#drawn.shift();
    if (delay !== undefined) this.#delays = [...this.#delays, delay].slice(-DELAYS);
  }

  get rate() {
    const span = Math.min(RATE_MS, performance.now() - this.first);
    return span > 500 ? (this.#drawn.length * 1000) / span : 0;
  }

  /** Median in ms. */
  get delay() {
    const sorted = [...this.#delays].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? 0;
  }

  get tracks() {
    return [...new Set(this.answers.flatMap(({ faces }) => faces.map(({ track }) => track)))].sort((a, b) => a - b);
  }

  /** What was answered about a face: {time, values, entropy}; `values` is missing where the model was not asked. */
  of(track, model) {
    return this.answers.flatMap(({ time, faces }) => {
      const face = faces.find((each) => each.track === track);
      return face ? [{ time, values: face.answers[model], entropy: face.entropy }] : [];
    });
  }
}
