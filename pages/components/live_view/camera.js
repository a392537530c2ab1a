// The camera as a source of frames. Nothing about it is stored.
import { capture } from "./picture.js";

const LONGEST = 640; // px
const SENTENCES = {
  NotAllowedError:
    "The browser does not let this page use the camera. Allow it beside the address, then start again.",
  NotFoundError: "No camera was found. Connect one, or choose a video file.",
  NotReadableError: "The camera does not start; another program may be using it. Close that, then start again.",
};
SENTENCES.SecurityError = SENTENCES.NotAllowedError;
SENTENCES.AbortError = SENTENCES.NotReadableError;

/** A sentence if this page can use no camera at all, or nothing. */
export function obstacle() {
  if (!isSecureContext) {
    return "Browsers let a page use the camera only over https or on this computer itself (localhost). " +
      "A video file works here too.";
  }
  if (!navigator.mediaDevices?.getUserMedia) return "This browser is too old to use the camera on this page.";
}

/** The cameras, {deviceId, label} each; without labels until the visitor has allowed one. */
export async function list() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter(({ kind, deviceId }) => kind === "videoinput" && deviceId);
}

async function open(deviceId) {
  const size = { width: { ideal: 640 }, height: { ideal: 480 } };
  const video = deviceId ? { ...size, deviceId: { exact: deviceId } } : size;
  try {
    return await navigator.mediaDevices.getUserMedia({ video, audio: false });
  } catch (error) {
    if (deviceId && ["OverconstrainedError", "NotFoundError"].includes(error.name)) return open(""); // unplugged
    throw new Error(SENTENCES[error.name] ?? "The camera does not start.");
  }
}

export class Camera {
  kind = "camera";
  title = "Camera";
  #video = Object.assign(document.createElement("video"), { muted: true, playsInline: true });
  #isClosed = false;
  #shown = 0; // when the browser had the newest frame, in ms
  #taken = -1; // the same for the frame that was taken last
  #wake = () => {};

  /** `onLost` is called when the camera is unplugged. */
  constructor(onLost) {
    this.onLost = onLost;
  }

  get deviceId() {
    return this.#video.srcObject?.getVideoTracks()[0]?.getSettings().deviceId ?? "";
  }

  /** Switches the camera on, or to another one. */
  async open(deviceId) {
    const before = this.#video.srcObject;
    if (before) this.#release(before); // many systems lend only one at a time
    const stream = await open(deviceId);
    if (this.#isClosed) return this.#release(stream); // stopped meanwhile
    stream.getVideoTracks()[0].addEventListener("ended", this.onLost);
    this.#video.srcObject = stream;
    await this.#video.play();
    if (!before) this.#watch();
  }

  begin() {
    this.start = performance.now();
  }

  /** Seconds since the start. */
  now() {
    return (performance.now() - this.start) / 1000;
  }

  /** The newest frame; waits if it was taken before. Null after `close`. */
  async next() {
    while (this.#shown === this.#taken && !this.#isClosed) {
      await new Promise((done) => { this.#wake = done; });
    }
    if (this.#isClosed) return null;
    this.#taken = this.#shown;
    const { videoWidth, videoHeight } = this.#video;
    const [time, shown] = [this.now(), this.#shown];
    return { time, shown, ...(await capture(this.#video, videoWidth, videoHeight, LONGEST)) };
  }

  close() {
    this.#isClosed = true;
    this.#wake();
    if (this.#video.srcObject) this.#release(this.#video.srcObject);
    this.#video.srcObject = null;
  }

  #release(stream) {
    for (const track of stream.getTracks()) {
      track.removeEventListener("ended", this.onLost);
      track.stop();
    }
  }

  #watch() {
    const note = () => {
      if (this.#isClosed) return;
      if (this.#video.videoWidth) this.#shown = performance.now();
      this.#wake();
      this.#watch();
    };
    if (this.#video.requestVideoFrameCallback) this.#video.requestVideoFrameCallback(note);
    else requestAnimationFrame(note);
  }
}
