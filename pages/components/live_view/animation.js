// A GIF or WebP animation as a source of frames, where the browser can decode one.
import { capture } from "./picture.js";

const LONGEST = 1280; // px
const UNREADABLE = "This file is not an animation that the browser can decode.";
export const TYPES = ["image/gif", "image/webp"];

export class AnimatedImage {
  kind = "video";
  #index = -1; // of the frame on show
  #last = 0; // its time in seconds
  #count = 0; // of steps
  #ends = 0; // when the frame on show ends, in seconds
  #isClosed = false;

  /** `step`, `from` and `to` are seconds; `to` may be infinite. */
  constructor(file, { step, from, to }) {
    Object.assign(this, { file, title: file.name, step, from, to });
  }

  async open() {
    if (!self.ImageDecoder) {
      throw new Error("This browser cannot take animations apart. Save it as MP4 or WebM, or use Chrome or Edge.");
    }
    try {
      this.decoder = new ImageDecoder({ data: this.file.stream(), type: this.file.type });
      await this.decoder.completed;
    } catch {
      throw new Error(UNREADABLE);
    }
    if (!this.decoder.tracks.selectedTrack) throw new Error(UNREADABLE);
  }

  begin() {}

  now() {
    return this.#last;
  }

  /** Share of the frames that have been taken, 0 to 1. */
  get progress() {
    return (this.#index + 1) / this.decoder.tracks.selectedTrack.frameCount;
  }

  /** The next frame that is on show at a step; null at the end. */
  async next() {
    const { frameCount } = this.decoder.tracks.selectedTrack;
    let image = null;
    while (!image && !this.#isClosed) {
      const wanted = this.from + this.#count++ * this.step;
      if (wanted > this.to) return null;
      while (wanted >= this.#ends - 1e-6) {
        image?.close();
        if (++this.#index >= frameCount) return null;
        ({ image } = await this.decoder.decode({ frameIndex: this.#index }));
        this.#last = image.timestamp / 1e6;
        this.#ends = (image.timestamp + (image.duration || 1e5)) / 1e6;
      }
    }
    if (!image) return null;
    const picture = await capture(image, image.displayWidth, image.displayHeight, LONGEST);
    image.close();
    return { time: this.#last, ...picture };
  }

  close() {
    this.#isClosed = true;
    this.decoder?.close();
  }
}
