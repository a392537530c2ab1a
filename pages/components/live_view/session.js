// One recording, from Start to Stop: a frame, its answer, the next frame. Never more than one frame is under way.
import * as server from "./server.js";

const LAST_ANSWER_MS = 3_000; // for which Stop waits for the answer under way
const SLOW_ANSWER_MS = 1_500; // from when on it is said that an answer is awaited
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export class Session {
  frames = 0;
  recording = 0; // its number; 0 before the server has begun one
  reason = ""; // why it ended
  isPaused = false;
  #activeMs = 0;
  #resume = () => {};

  /** `models` gives the names of the models to ask; `show(frame, answer)` draws; `wait()` says that it takes long. */
  constructor(source, models, show, wait) {
    Object.assign(this, { source, models, show, wait });
    this.stopped = new Promise((done) => { this.end = done; });
  }

  /** Runs until `stop` or the end of the film; `deviceId` is the camera to open. */
  async run(deviceId) {
    await this.source.open(deviceId);
    if (this.reason) return;
    this.recording = await server.start(this.source.kind, this.source.title);
    this.source.begin();
    while (!this.reason) {
      const begun = performance.now();
      const frame = await Promise.race([this.source.next(), this.stopped]);
      if (!frame) return this.stop("end");
      await this.#ask(frame);
      this.#activeMs += performance.now() - begun;
      if (this.isPaused) await Promise.race([this.gate, this.stopped]);
    }
  }

  /** Ends it at once; the first reason counts. */
  stop(reason) {
    if (this.reason) return;
    this.reason = reason;
    this.source.close();
    this.end(null);
  }

  hold() {
    if (this.isPaused) return;
    this.isPaused = true;
    this.gate = new Promise((done) => { this.#resume = done; });
  }

  goOn() {
    this.isPaused = false;
    this.#resume();
  }

  /** Seconds that a film has taken, without pauses. */
  get seconds() {
    return this.#activeMs / 1000;
  }

  async #ask(frame) {
    const slow = setTimeout(this.wait, SLOW_ANSWER_MS);
    const late = this.stopped.then(() => pause(LAST_ANSWER_MS));
    let answer;
    do { // a film loses no frame while the server is busy
      answer = await Promise.race([server.look(this.recording, frame, this.models()), late]);
    } while (answer === null && this.source.kind === "video" && !this.reason);
    clearTimeout(slow);
    if (!answer) return;
    this.frames += 1;
    this.show(frame, answer);
  }
}
