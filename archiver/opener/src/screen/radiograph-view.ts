import type { Bytes } from "../base/bytes";
import { type Radiograph, readRadiograph } from "../dossier/radiograph";
import { make, texts } from "./dom";

const MAX_ZOOM = 8;

/** A radiograph on a canvas: level and window, zoom, invert, frames. Not for diagnosis. */
export function showRadiograph(data: Bytes): HTMLElement {
  const words = texts();
  let image: Radiograph;
  try {
    image = readRadiograph(data);
  } catch {
    return make("p", { class: "note" }, words.noImage);
  }
  const canvas = make("canvas", { width: String(image.columns), height: String(image.rows), role: "img", "aria-label": words.notForDiagnosis });
  let values = image.values(0);
  const state = { center: image.center, width: image.width, zoom: 1, inverted: image.inverted };
  const draw = (): void => {
    paint(canvas, values, state);
    canvas.style.width = `${Math.round(image.columns * state.zoom)}px`;
    level.value = String(state.center);
    width.value = String(state.width);
    zoom.value = String(state.zoom);
  };
  const range = Math.max(1, image.width) * 4;
  const slider = (label: string, low: number, high: number, step: number, take: (value: number) => void): [HTMLElement, HTMLInputElement] => {
    const input = make("input", { type: "range", min: String(low), max: String(high), step: String(step) });
    input.addEventListener("input", () => {
      take(Number(input.value));
      draw();
    });
    return [make("label", {}, label, input), input];
  };
  const step = Math.max(range / 1000, 0.001);
  const [levelLabel, level] = slider(words.level, image.center - range / 2, image.center + range / 2, step, (value) => (state.center = value));
  const [widthLabel, width] = slider(words.width, step, range, step, (value) => (state.width = value));
  const [zoomLabel, zoom] = slider(words.zoom, 0.1, MAX_ZOOM, 0.1, (value) => (state.zoom = value));
  const [frameLabel] = slider(words.frame, 0, image.frames - 1, 1, (value) => (values = image.values(value)));
  const invert = make("button", { type: "button", onclick: () => ((state.inverted = !state.inverted), draw()) }, words.invert);
  const reset = make("button", {
    type: "button",
    onclick: () => (Object.assign(state, { center: image.center, width: image.width, zoom: fit(image), inverted: image.inverted }), draw()),
  }, words.reset);
  canvas.addEventListener("pointermove", (event) => {
    if (!(event.buttons & 1)) return;
    state.center = Math.max(image.center - range / 2, Math.min(image.center + range / 2, state.center - (event.movementY * image.width) / 300));
    state.width = Math.max(step, state.width + (event.movementX * image.width) / 300);
    draw();
  });
  state.zoom = fit(image);
  draw();
  return make(
    "div", { class: "radiograph" },
    make("p", { class: "note" }, words.notForDiagnosis), make("p", { class: "small" }, words.window),
    make("div", { class: "film" }, canvas),
    make("p", { class: "actions" }, levelLabel, widthLabel, zoomLabel, image.frames > 1 ? frameLabel : null, invert, reset),
  );
}

const fit = (image: Radiograph): number => Math.max(0.1, Math.min(2, Math.floor(((window.innerWidth - 80) / image.columns) * 10) / 10));

/** The linear function of PS3.3, C.11.2.1.2. */
function paint(canvas: HTMLCanvasElement, values: Float32Array, state: { center: number; width: number; inverted: boolean }): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const picture = context.createImageData(canvas.width, canvas.height);
  const low = state.center - 0.5 - (state.width - 1) / 2;
  const scale = 255 / Math.max(state.width - 1, 1e-6);
  for (let place = 0; place < values.length; place++) {
    const grey = Math.max(0, Math.min(255, (values[place]! - low) * scale));
    const shade = state.inverted ? 255 - grey : grey;
    picture.data.set([shade, shade, shade, 255], 4 * place);
  }
  context.putImageData(picture, 0, 0);
}
