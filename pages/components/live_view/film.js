// A video file as a source of frames: the browser decodes it, in equal steps.
import { capture } from "./picture.js";

const LONGEST = 1280; // px
const TRUE_TIME_MS = 150; // to wait for the time of the frame that is really on show
const SEEK_MS = 20_000;
const FORMATS = {
  "MP4 with H.264": 'video/mp4; codecs="avc1.42E01E"',
  "MP4 with H.265": 'video/mp4; codecs="hvc1.1.6.L93.B0"',
  "MP4 with AV1": 'video/mp4; codecs="av01.0.05M.08"',
  "WebM with VP8": 'video/webm; codecs="vp8"',
  "WebM with VP9": 'video/webm; codecs="vp9"',
};

/** A sentence for a file that this browser does not decode. */
export function cannotDecode() {
  const video = document.createElement("video");
  const names = Object.keys(FORMATS).filter((name) => video.canPlayType(FORMATS[name]));
  return `This browser cannot decode this file. It can decode ${names.join(", ")}, and GIF and WebP animations. ` +
    "For other files, use python -m fer_core classify on the command line.";
}

const happens = (target, name, ms, problem) =>
  new Promise((done, failed) => {
    const timer = setTimeout(() => finish(failed, new Error(problem)), ms);
    const onDone = () => finish(done);
    const onError = () => finish(failed, new Error(cannotDecode()));
    const finish = (settle, value) => {
      clearTimeout(timer);
      target.removeEventListener(name, onDone);
      target.removeEventListener("error", onError);
      settle(value);
    };
    target.addEventListener(name, onDone);
    target.addEventListener("error", onError);
  });

export class Film {
  kind = "video";
  #video = Object.assign(document.createElement("video"), { muted: true, playsInline: true, preload: "auto" });
  #isClosed = false;
  #last = -1; // time of the frame that was taken last, in seconds
  #count = 0; // of steps

  /** `step`, `from` and `to` are seconds; `to` may be infinite. */
  constructor(file, { step, from, to }) {
    Object.assign(this, { file, title: file.name, step, from, to });
  }

  async open() {
    const loaded = happens(this.#video, "loadedmetadata", SEEK_MS, cannotDecode());
    this.#video.src = URL.createObjectURL(this.file);
    await loaded;
    if (this.#video.duration === Infinity) { // recorded by a browser: the end must be looked for
      const found = happens(this.#video, "seeked", SEEK_MS, cannotDecode());
      this.#video.currentTime = Number.MAX_SAFE_INTEGER;
      await found;
    }
    if (!this.#video.videoWidth) throw new Error("This file has no pictures.");
    this.to = Math.min(this.to, this.#video.duration);
    if (this.from >= this.to) throw new Error("The film ends before the time at which to begin.");
  }

  begin() {
    this.ahead = this.#seek();
  }

  now() {
    return Math.max(this.#last, 0);
  }

  /** Share of the film that has been taken, 0 to 1. */
  get progress() {
    return Math.min(1, Math.max(0, (this.now() - this.from) / (this.to - this.from)));
  }

  /** The next frame, null at the end; the one after it is decoded meanwhile. */
  async next() {
    while (!this.#isClosed) {
      const time = await this.ahead;
      if (time === null || this.#isClosed) return null;
      const isNew = time > this.#last; // a film of few frames shows one for several steps
      const { videoWidth, videoHeight } = this.#video;
      const picture = isNew && (await capture(this.#video, videoWidth, videoHeight, LONGEST));
      if (this.#isClosed) return null;
      this.ahead = this.#seek();
      if (!isNew) continue;
      this.#last = time;
      return { time, ...picture };
    }
    return null;
  }

  close() {
    this.#isClosed = true;
    this.ahead?.catch(() => {}); // nobody waits for it any more
    URL.revokeObjectURL(this.#video.src);
    this.#video.removeAttribute("src");
    this.#video.load();
  }

  /** Shows the frame of the next step; its time in seconds, or null at the end. */
  async #seek() {
    const wanted = this.from + this.#count++ * this.step;
    if (wanted > this.to || wanted >= this.#video.duration) return null;
    let trueTime = () => {};
    const told = new Promise((done) => { trueTime = done; });
    this.#video.requestVideoFrameCallback?.((now, { mediaTime }) => trueTime(mediaTime));
    const seeked = happens(this.#video, "seeked", SEEK_MS, "The browser cannot decode the rest of this film.");
    this.#video.currentTime = wanted;
    await seeked;
    setTimeout(() => trueTime(wanted), this.#video.requestVideoFrameCallback ? TRUE_TIME_MS : 0);
    return told;
  }
}
