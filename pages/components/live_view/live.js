// The frame of the page Live: starts and stops the camera or a film, and tells the page when one has ended.
import { AnimatedImage, TYPES } from "./animation.js";
import { Camera, list, obstacle } from "./camera.js";
import { Film } from "./film.js";
import * as server from "./server.js";
import { Session } from "./session.js";
import { connect, sendValue } from "./streamlit.js";
import * as theme from "./theme.js";
import { fill, View } from "./view.js";

const $ = (id) => document.getElementById(id);
const ENDINGS = {
  button: "Stopped. The camera is off.",
  cancel: "Cancelled. What is done is kept.",
  end: "The film is done.",
  hidden: "The camera was turned off because the page was hidden.",
  unplugged: "The camera was unplugged.",
};
const UNEXPECTED = "Something went wrong in this browser. Start again, or try another browser.";
const SENTENCES = [Error, server.Refused];
const view = new View();
let args = null;
let session = null; // the one that runs
let file = null;
let isAwaited = false; // an answer that takes long

const kind = () => $("setup").elements.kind.value;
const say = (text) => { $("status").textContent = text; };
const complain = (text) => { $("problem").textContent = text ?? ""; };
// Only our own errors are sentences for a visitor.
const sentence = (error) => (SENTENCES.includes(error.constructor) ? error.message : UNEXPECTED);
const models = () => args.models.map(({ name }) => name);

function showState() {
  const isFilm = (session?.source.kind ?? kind()) === "video";
  $("setup").hidden = Boolean(session);
  $("controls").hidden = $("run").hidden = !session;
  $("video-setup").hidden = !isFilm;
  $("film").hidden = $("pause").hidden = !isFilm;
  $("camera-label").hidden = isFilm || !$("cameras").options.length;
  $("start").textContent = isFilm ? "Analyse the film" : "Start the camera";
  $("start").disabled = isFilm ? !file : Boolean(obstacle());
  $("stop").textContent = isFilm ? "Cancel" : "Stop";
  $("pause").textContent = "Pause";
  $("keep").disabled = $("mark").disabled = true;
}

async function listCameras() {
  const cameras = navigator.mediaDevices?.enumerateDevices ? await list().catch(() => []) : [];
  fill($("cameras"), cameras.map(({ deviceId, label }, i) => [deviceId, label || `Camera ${i + 1}`]));
  if (session?.source.deviceId) $("cameras").value = session.source.deviceId;
  $("camera-label").hidden = cameras.length === 0 || (session?.source.kind ?? kind()) === "video";
}

function newSource() {
  if (kind() === "camera") return new Camera(() => session?.stop("unplugged"));
  const number = (id, otherwise) => ($(id).value === "" ? otherwise : Number($(id).value));
  const times = { step: Number($("step").value), from: number("from", 0), to: number("to", Infinity) };
  return TYPES.includes(file.type) ? new AnimatedImage(file, times) : new Film(file, times);
}

/** An answer takes long, as the first one of a model does. */
function wait() {
  isAwaited = true;
  say("Waiting for the answer; a model that was not used lately is loaded first.");
}

function show(frame, answer) {
  if (session.frames === 1 || isAwaited) {
    isAwaited = false;
    say(session.source.kind === "camera" ? "The camera is on." : "Looking at the film.");
    $("keep").disabled = $("mark").disabled = false;
    listCameras(); // their names are known now
  }
  view.add(frame, answer, session.frames);
  if (session.source.kind === "video") showProgress();
}

function showProgress() {
  const { source: { progress, from = 0 }, seconds } = session;
  const speed = seconds ? (session.source.now() - from) / seconds : 0;
  const left = progress ? (seconds * (1 - progress)) / progress : 0;
  $("progress").value = progress;
  const parts = [`${Math.floor(100 * progress)} %`, `${clock(left)} left`, `${speed.toFixed(1)} × real time`];
  $("left").textContent = parts.join(" · ");
}

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/** The button that was pressed is hidden now, and leaves its focus to this one. */
function focusInstead(id) {
  if (document.hasFocus()) $(id).focus({ preventScroll: true });
}

function scrollHere() {
  frameElement.style.scrollMarginTop = "4rem"; // below the menu
  frameElement.scrollIntoView();
}

async function start() {
  if (session) return;
  const source = newSource();
  const mine = session = new Session(source, models, show, wait);
  complain("");
  say(source.kind === "camera" ? "Starting the camera …" : "Opening the film …");
  view.clear(source.step ?? 0);
  showState();
  focusInstead("stop");
  setTimeout(scrollHere, 300); // when the page has made room for the pictures
  try {
    await mine.run($("cameras").value);
  } catch (error) {
    if (!mine.reason) complain(sentence(error));
    mine.stop("error");
  }
  session = null;
  say(ENDINGS[mine.reason] ?? "");
  showState();
  focusInstead("start");
  if (mine.recording) sendValue({ recording: mine.recording, frames: mine.frames, stopped: mine.reason });
}

async function doNow(work) {
  try {
    complain("");
    say(await work());
  } catch (error) {
    complain(sentence(error));
  }
}

const mark = () => doNow(async () => {
  const time = session.source.now();
  const { marks } = await server.mark(session.recording, time);
  return `Marked at ${time.toFixed(1)} s; ${marks} ${marks === 1 ? "mark" : "marks"}.`;
});

const keep = () => doNow(async () => {
  const { photo } = await server.keep(session.recording, view.frame);
  return `Kept as ${photo}: it is among your photos now.`;
});

function togglePause() {
  if (session.isPaused) session.goOn();
  else session.hold();
  $("pause").textContent = session.isPaused ? "Continue" : "Pause";
  say(session.isPaused ? "Paused." : "Looking at the film.");
}

/** A camera is never on unseen; a film waits until the page is seen again. */
function followVisibility() {
  if (!session) return;
  if (session.source.kind === "camera") {
    if (document.hidden) session.stop("hidden");
  } else if (document.hidden && !session.isPaused) {
    session.isWaiting = true;
    session.hold();
  } else if (!document.hidden && session.isWaiting) {
    session.isWaiting = false;
    session.goOn();
    say("The film waited while the page was hidden.");
  }
}

function take(chosen) {
  file = chosen ?? file;
  if (file) $("file-name").textContent = `${file.name} (click to choose another one, or drop it here)`;
  say("");
  complain("");
  showState();
}

async function changeCamera() {
  if (session?.source.kind !== "camera") return;
  const mine = session;
  await mine.source.open($("cameras").value).catch((error) => {
    mine.stop("error");
    complain(sentence(error));
  });
}

$("setup").addEventListener("submit", (event) => {
  event.preventDefault();
  start();
});
$("setup").addEventListener("change", ({ target }) => {
  if (target.name !== "kind") return;
  say("");
  complain(kind() === "camera" ? obstacle() : "");
  showState();
});
$("stop").addEventListener("click", () => session?.stop(session.source.kind === "video" ? "cancel" : "button"));
$("pause").addEventListener("click", togglePause);
$("mark").addEventListener("click", mark);
$("keep").addEventListener("click", keep);
$("cameras").addEventListener("change", changeCamera);
$("file").addEventListener("change", ({ target }) => take(target.files[0]));
for (const name of ["dragover", "drop"]) {
  addEventListener(name, (event) => {
    event.preventDefault(); // or the browser would leave the page for the file
    if (name === "drop" && !session && kind() === "video") take(event.dataTransfer.files[0]);
  });
}
addEventListener("keydown", (event) => {
  const isTyping = event.target.matches("select, input, textarea");
  if (event.key.toLowerCase() !== "m" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  if (session?.frames && !event.repeat) mark();
});
document.addEventListener("visibilitychange", followVisibility);
addEventListener("pagehide", () => session?.stop("hidden"));
navigator.mediaDevices?.addEventListener?.("devicechange", listCameras);

theme.useFont();
theme.useSize();
complain(obstacle());
showState();
connect((given, colours) => {
  args = given;
  server.useToken(args.token);
  theme.follow(colours);
  view.use(args);
});
