import type { Bytes } from "../base/bytes";
import type { Mesh } from "../scans/mesh";
import { FRONT, type Look, Rasterizer, turned } from "../scans/raster";
import { make, texts } from "../screen/dom";
import type { ScanKind } from "../worker/messages";
import { reader } from "../worker/reader";

const SIDE = 720;
const QUARTER = Math.PI / 2;
const STEP = Math.PI / 24;

/** A scan that is turned with mouse, fingers and keyboard. */
export async function scanView(bytes: Bytes, scan: ScanKind, label: string): Promise<HTMLElement> {
  const mesh = await reader.ask("scan", { bytes, scan });
  const { scan: words } = texts();
  const canvas = make("canvas", { class: "scan", width: String(SIDE), height: String(SIDE), tabindex: "0", role: "application", "aria-roledescription": words.role, "aria-label": `${label}. ${words.keys}` });
  const first = (): Look => ({ rotation: FRONT, zoom: 1, x: 0, y: 0 });
  const view = { look: first(), draw: drawing(canvas, mesh) };
  const change = (facts: Partial<Look>) => (): void => {
    Object.assign(view.look, facts);
    view.draw(view.look);
  };
  const turn = (around: number, over: number): void => change({ rotation: turned(view.look.rotation, around, over) })();
  const zoom = (factor: number): void => change({ zoom: Math.max(0.2, Math.min(40, view.look.zoom * factor)) })();
  follow(canvas, view, turn, zoom);
  canvas.addEventListener("keydown", (event) => {
    const keys: Record<string, () => void> = {
      ArrowLeft: () => turn(-STEP, 0), ArrowRight: () => turn(STEP, 0), ArrowUp: () => turn(0, -STEP), ArrowDown: () => turn(0, STEP),
      "+": () => zoom(1.25), "=": () => zoom(1.25), "-": () => zoom(0.8), r: change(first()), R: change(first()),
    };
    const work = keys[event.key];
    if (!work || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    work();
  });
  const button = (text: string, work: () => void): HTMLElement => make("button", { type: "button", onclick: work }, text);
  view.draw(view.look);
  return make(
    "div", { class: "viewer" },
    make("p", { class: "note" }, texts().notForDiagnosis),
    canvas,
    make(
      "p", { class: "actions" },
      button(words.left, () => turn(-QUARTER, 0)), button(words.right, () => turn(QUARTER, 0)),
      button(words.up, () => turn(0, -QUARTER)), button(words.down, () => turn(0, QUARTER)),
      button(texts().film.larger, () => zoom(1.25)), button(texts().film.smaller, () => zoom(0.8)), button(texts().reset, change(first())),
    ),
    make("p", { class: "small" }, words.about(mesh.triangles, mesh.high.map((one, axis) => one - mesh.low[axis]!) as [number, number, number])),
    make("p", { class: "small" }, words.keys),
  );
}

/** Draws once for each frame of the screen, however often it is asked. */
function drawing(canvas: HTMLCanvasElement, mesh: Mesh): (look: Look) => void {
  const context = canvas.getContext("2d")!;
  const picture = context.createImageData(SIDE, SIDE);
  const rasterizer = new Rasterizer(picture);
  let waiting: Look | null = null;
  return (look) => {
    if (!waiting)
      requestAnimationFrame(() => {
        rasterizer.draw(mesh, waiting!);
        context.putImageData(picture, 0, 0);
        waiting = null;
      });
    waiting = look;
  };
}

function follow(canvas: HTMLCanvasElement, view: { look: Look; draw: (look: Look) => void }, turn: (around: number, over: number) => void, zoom: (factor: number) => void): void {
  const down = new Map<number, { x: number; y: number }>();
  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    down.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const [x, y] = [now.x - before.x, now.y - before.y];
    const other = [...down].find(([pointer]) => pointer !== event.pointerId)?.[1];
    down.set(event.pointerId, now);
    if (other) zoom(Math.hypot(now.x - other.x, now.y - other.y) / (Math.hypot(before.x - other.x, before.y - other.y) || 1));
    else if (event.shiftKey || event.buttons & 6) {
      const scale = SIDE / canvas.clientWidth;
      Object.assign(view.look, { x: view.look.x + x * scale, y: view.look.y + y * scale });
      view.draw(view.look);
    } else turn(x / 150, y / 150);
  });
  for (const end of ["pointerup", "pointercancel"] as const) canvas.addEventListener(end, (event) => down.delete(event.pointerId));
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1 / 1.15 : 1.15);
  }, { passive: false });
}
