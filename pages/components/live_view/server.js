// What the frame asks of the server: pages/server/live.
const PATIENCE = 6_000; // ms for which a server that cannot be reached is tried again
const LIMIT = 90_000; // ms for an answer; the first one may load nine models
const NO_ANSWER = "The app does not answer.";
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** The server refused; `message` is a sentence for the visitor. */
export class Refused extends Error {
  /** `tries` counts how often it was sent. */
  constructor(message, status = 0, tries = 1) {
    super(message);
    Object.assign(this, { status, tries });
  }
}

let token = "";
export const useToken = (given) => { token = given; };

async function send(url, body) {
  const end = performance.now() + PATIENCE;
  for (let tries = 1; ; tries++, await pause(500)) {
    try {
      const signal = AbortSignal.timeout?.(LIMIT);
      return [await fetch(url, { method: "POST", body, signal, headers: { "X-Live-Token": token } }), tries];
    } catch {
      if (performance.now() > end) throw new Refused(NO_ANSWER);
    }
  }
}

async function ask(address, query, body) {
  const url = new URL(`../../live/${address}`, location.href);
  url.search = new URLSearchParams(query);
  const [response, tries] = await send(url, body);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(answer.error ?? NO_ANSWER, response.status, tries);
  return answer;
}

export const start = async (kind, title) => {
  const answer = await ask("start", {}, JSON.stringify({ kind, title: title.slice(0, 200) }));
  return answer.recording;
};

/** The answer about a frame; null if the server was still busy with another one, false if the answer was lost. */
export async function look(recording, frame, models) {
  const { time, blob } = frame;
  try {
    return await ask("frame", { recording, time: time.toFixed(3), models: models.join() }, blob);
  } catch (error) {
    frame.isSentAgain ||= error.tries > 1;
    if (error.status === 400 && frame.isSentAgain) return false; // it had arrived before
    if (error.status !== 409) throw error;
    await pause(50);
    return null;
  }
}

export const mark = (recording, time) => ask("mark", { recording, time: time.toFixed(3) });
export const keep = (recording, { time, blob }) => ask("keep", { recording, time: time.toFixed(3) }, blob);
