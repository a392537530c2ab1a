// Tells the app which face, sample or link of its own HTML was clicked, copies the page's address, and keeps
// one entry of the browser's history per page. The frame is invisible and works on the page around
// it, which has the same origin.
const page = window.parent;
const main = () => page.document.querySelector("[data-testid=stMain]");
const pushState = page.History.prototype.pushState;

function post(type, content) {
  page.postMessage({ isStreamlitMessage: true, type: `streamlit:${type}`, ...content }, page.location.origin);
}

function send(target) {
  post("setComponentValue", { value: { target, time: Date.now() }, dataType: "json" }); // each click is new
}

// A link within the app opens its page in the same visit; with a modifier key, in a new tab as usual.
function isPlain(event) {
  return event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
}

async function copyAddress(button) {
  const address = page.location.href;
  try {
    await page.navigator.clipboard.writeText(address);
  } catch { // an address without https has no clipboard
    const field = page.document.createElement("textarea");
    field.value = address;
    page.document.body.append(field);
    field.select();
    page.document.execCommand("copy");
    field.remove();
  }
  const label = button.textContent;
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = label; }, 2000);
}

// Larger type and full ink for a projector; the choice stays in this browser.
const isProjected = () => page.localStorage.getItem("projector") === "on";
function showProjected() {
  page.document.documentElement.classList.toggle("projector", isProjected());
  page.document.querySelector("[data-projector]")?.setAttribute("aria-pressed", isProjected());
}

// Scrolls to an element that is not in sight.
function show(selector) {
  const part = selector && page.document.querySelector(selector);
  if (!part) return;
  const { top, bottom } = part.getBoundingClientRect();
  if (top < 0 || bottom > page.innerHeight) part.scrollIntoView();
}

// A face chosen by keyboard is drawn anew, and would lose the focus.
function keepFocus(face) {
  const stop = Date.now() + 10_000;
  const timer = setInterval(() => {
    const button = page.document.querySelector(`button[data-face="${face}"][aria-pressed=true]`);
    if (button && page.document.activeElement === page.document.body) button.focus({ preventScroll: true });
    if (Date.now() > stop || page.document.activeElement === button) clearInterval(timer);
  }, 100);
}

const TARGETS = "[data-face], [data-show], [data-sample], [data-copy], [data-projector], a[data-page]";
function handle(event) {
  const target = event.target.closest?.(TARGETS);
  const isOurs = main()?.contains(target) || target?.closest("[data-testid=stPopoverBody]");
  if (!target || !isOurs) return;
  if (target.dataset.copy !== undefined) {
    copyAddress(target);
  } else if (target.dataset.projector !== undefined) {
    page.localStorage.setItem("projector", isProjected() ? "off" : "on");
    showProjected();
  } else if (target.dataset.sample !== undefined) {
    send({ sample: target.dataset.sample });
  } else if (target.dataset.face ?? target.dataset.show) {
    if (target.dataset.face) send({ face: target.dataset.face });
    if (target.dataset.face && event.detail === 0) keepFocus(target.dataset.face);
    show(target.dataset.show);
  } else if (isPlain(event)) {
    event.preventDefault();
    const query = Object.fromEntries(new URL(target.href).searchParams);
    send({ page: target.dataset.page, query });
  }
}

// What is chosen on a page changes its address; "back" leaves the page instead of undoing each choice.
// When the page changes, its query sometimes arrives before its path. So the page left behind gets back
// the address at which the visitor left it.
let seen = page.location.href;
const look = () => { seen = page.location.href; };

// Where a browser offers no camera, the file field opens a phone's own one.
function click(event) {
  look();
  const field = event.target.closest?.(".st-key-phone-camera")?.querySelector("input[type=file]");
  if (field) Object.assign(field, { accept: "image/*", capture: "user" });
}

function pushPage(state, unused, url) {
  if (new URL(url, page.location.href).pathname === page.location.pathname) {
    this.replaceState(state, unused, url);
  } else {
    this.replaceState(state, unused, seen);
    pushState.call(this, state, unused, url);
    look();
  }
}

const events = { click, keydown: look, popstate: look };
for (const [name, listener] of Object.entries(events)) page.addEventListener(name, listener, true);
page.document.addEventListener("click", handle);
page.history.pushState = pushPage;
showProjected();
window.addEventListener("pagehide", () => {
  for (const [name, listener] of Object.entries(events)) page.removeEventListener(name, listener, true);
  page.document.removeEventListener("click", handle);
  delete page.history.pushState;
});
// A change of theme draws the page again: charts have the colours of the theme they were drawn in.
const background = () => page.getComputedStyle(page.document.querySelector(".stApp")).backgroundColor;
let theme = background();
setInterval(() => {
  showProjected(); // another page draws its own button
  if (background() === theme) return;
  theme = background();
  send({ theme });
}, 500);

post("componentReady", { apiVersion: 1 });
