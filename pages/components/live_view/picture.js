// A frame as a JPEG that the server takes: at most 300 kB.
const MAX_BYTES = 300_000;
const QUALITIES = [0.85, 0.7, 0.5, 0.3];

// Two canvases in turn: one holds the picture on show, the other takes the next one.
const canvases = [document.createElement("canvas"), document.createElement("canvas")];

const encode = (canvas, quality) => new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));

/**
 * Draws a picture, at most `longest` px long, and encodes it: {canvas, blob}.
 * `picture` is anything that a canvas draws, of `width` × `height` px.
 */
export async function capture(picture, width, height, longest) {
  const canvas = canvases.reverse()[0];
  const scale = Math.min(1, longest / Math.max(width, height));
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  for (const quality of QUALITIES) {
    const blob = await encode(canvas, quality);
    if (blob && blob.size <= MAX_BYTES) return { canvas, blob };
  }
  return capture(picture, width, height, Math.round(longest / 2));
}
