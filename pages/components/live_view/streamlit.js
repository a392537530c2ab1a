// The protocol of Streamlit's custom components: between the page and its frame.
const post = (type, content) =>
  parent.postMessage({ isStreamlitMessage: true, type: `streamlit:${type}`, ...content }, location.origin);

/** Hands a value to the page, which then runs again. */
export const sendValue = (value) => post("setComponentValue", { value, dataType: "json" });

/** Calls `render(args, theme)` whenever the page has run, and keeps the frame as high as its content. */
export function connect(render) {
  addEventListener("message", ({ origin, data }) => {
    if (origin === location.origin && data.type === "streamlit:render") render(data.args, data.theme ?? {});
  });
  const height = () => Math.ceil(document.body.getBoundingClientRect().height);
  new ResizeObserver(() => post("setFrameHeight", { height: height() })).observe(document.body);
  post("componentReady", { apiVersion: 1 });
}
