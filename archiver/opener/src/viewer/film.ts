import { make, refusalText, texts } from "../screen/dom";
import { Placement, type Point } from "./placement";
import { Ruler } from "./ruler";
import { type Picture, type Shades, type Source, firstWindow, paint } from "./source";

export type Tool = "window" | "move" | "measure";

/** A picture in a frame: looked at, turned, measured. The controls around it are those of `controls.ts`. */
export class Film {
  readonly element: HTMLElement;
  readonly said = make("output", { class: "said", "aria-live": "polite" });
  readonly placement: Placement;
  readonly ruler: Ruler;
  tool: Tool;
  number = 0;
  shades: Shades = { center: 0, width: 1, inverted: false };
  first: Shades = this.shades;
  isGrey = true;
  private readonly canvas: HTMLCanvasElement;
  private picture: Picture | null = null;
  private aimed: Point | null = null;
  private size = { width: 0, height: 0 };
  private asked = 0;

  constructor(readonly source: Source, readonly label: string, readonly changed: () => void = () => {}) {
    this.canvas = make("canvas", { width: String(source.width), height: String(source.height) });
    this.placement = new Placement(source);
    this.ruler = new Ruler(source, this.placement);
    this.tool = "window";
    this.element = make("div", { class: "film", tabindex: "0", role: "application", "aria-roledescription": texts().film.role, "aria-label": `${label}. ${texts().film.keys}` }, this.canvas);
    this.element.append(this.ruler.drawing);
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.element.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    followPointers(this.element, this);
    // the first size is known when the frame is in the page
    new ResizeObserver(() => this.resized()).observe(this.element);
  }

  /** Show the picture `number`, of those that there are. */
  async show(number: number): Promise<void> {
    const asked = ++this.asked;
    // at once, so that who turns the pages fast is not held up by those that are passed
    this.number = Math.max(0, Math.min(this.source.count - 1, number));
    try {
      const picture = await this.source.picture(this.number);
      if (asked !== this.asked) return;
      if (!this.picture) this.begin(picture);
      this.picture = picture;
      if (this.canvas.hidden) this.said.textContent = "";
      this.canvas.hidden = false;
      this.repaint();
    } catch (fault) {
      if (asked !== this.asked) return;
      this.canvas.hidden = true;
      this.said.textContent = refusalText(fault);
      this.changed();
    }
  }

  private begin(picture: Picture): void {
    this.isGrey = "grey" in picture;
    if (!this.isGrey) this.tool = "move";
    const [center, width] = firstWindow(this.source, picture);
    this.first = { center, width, inverted: this.source.inverted };
    this.shades = { ...this.first };
  }

  repaint(): void {
    const context = this.canvas.getContext("2d");
    if (context && this.picture) paint(context, this.source, this.picture, this.shades);
    this.changed();
  }

  private resized(): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!width || (width === this.size.width && height === this.size.height)) return;
    this.size = { width, height };
    this.fit();
  }

  fit(): void {
    this.placement.fit(this.size.width, this.size.height);
    this.place();
  }

  /** Put the picture where the placement says. */
  place(): void {
    const { width, height } = this.source;
    const [left, top, right, bottom] = this.placement.part;
    this.canvas.style.transform = this.placement.matrix.toString();
    this.canvas.style.clipPath = `inset(${top}px ${width - right}px ${height - bottom}px ${left}px)`;
    this.canvas.style.imageRendering = this.placement.zoom > 2 ? "pixelated" : "auto";
    this.ruler.draw();
    this.changed();
  }

  reset(): void {
    this.shades = { ...this.first };
    this.placement.restore(true);
    this.ruler.clear();
    this.fit();
    this.repaint();
  }

  /** Change the window by shares of the first one. */
  adjust(center: number, width: number): void {
    this.shades.center += center * this.first.width;
    this.shades.width = Math.max(1, this.shades.width + width * this.first.width);
    this.repaint();
  }

  enlarge(factor: number, fixed: Point = { x: this.size.width / 2, y: this.size.height / 2 }): void {
    this.placement.enlarge(factor, fixed);
    this.place();
  }

  /** Say how long the line is, and what that is worth. */
  measured(): void {
    const { length } = this.ruler;
    if (length === null) return;
    const { film } = texts();
    const { where } = this.source.spacing;
    this.said.textContent = where === "unknown" ? film.pixels(length) : where === "detector" ? film.atDetector(length) : film.millimetres(length);
  }

  choose(tool: Tool): void {
    this.tool = tool;
    this.aimed = tool === "measure" ? { x: this.size.width / 2, y: this.size.height / 2 } : null;
    if (tool !== "measure") this.ruler.clear();
    else this.said.textContent = texts().film.measureHow;
    this.changed();
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const down = event.deltaY > 0;
    if (this.source.count > 1 && !event.ctrlKey) void this.show(this.number + (down ? 1 : -1));
    else this.enlarge(down ? 1 / 1.15 : 1.15, { x: event.offsetX, y: event.offsetY });
  }

  private key(event: KeyboardEvent): void {
    const work = this.keys[event.key] ?? this.keys[event.key.toLowerCase()];
    const [x, y] = ARROWS[event.key] ?? [0, 0];
    if (event.ctrlKey || event.altKey || event.metaKey || (!work && !x && !y)) return;
    event.preventDefault();
    if (work) work();
    else this.arrow(x, y, event.shiftKey ? 10 : 1);
  }

  private arrow(x: number, y: number, far: number): void {
    if (this.tool === "window") this.adjust((-y * far) / 50, (x * far) / 50);
    else if (this.tool === "move") {
      this.placement.move(-20 * x * far, -20 * y * far);
      this.place();
    } else {
      const aimed = this.aimed ?? { x: 0, y: 0 };
      this.aimed = { x: aimed.x + x * far, y: aimed.y + y * far };
      this.ruler.aim(this.aimed);
    }
  }

  private readonly keys: Record<string, () => void> = {
    "+": () => this.enlarge(1.25),
    "=": () => this.enlarge(1.25),
    "-": () => this.enlarge(0.8),
    i: () => this.invert(),
    r: () => this.reset(),
    t: () => (this.placement.turn(), this.fit()),
    w: () => this.isGrey && this.choose("window"),
    v: () => this.choose("move"),
    m: () => this.choose("measure"),
    PageDown: () => void this.show(this.number + 1),
    PageUp: () => void this.show(this.number - 1),
    Home: () => void this.show(0),
    End: () => void this.show(this.source.count - 1),
    Enter: () => {
      if (this.tool !== "measure" || !this.aimed) return;
      this.ruler.put(this.aimed);
      this.ruler.aim(this.aimed);
      this.measured();
    },
  };

  invert(): void {
    this.shades.inverted = !this.shades.inverted;
    this.repaint();
  }
}

const ARROWS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Mouse and fingers: one changes the window, moves or measures as the tool is; two, or another button, move and enlarge. */
function followPointers(element: HTMLElement, film: Film): void {
  const down = new Map<number, Point>();
  const place = (event: PointerEvent): Point => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left - element.clientLeft, y: event.clientY - box.top - element.clientTop };
  };
  let moves = false;
  element.addEventListener("contextmenu", (event) => event.preventDefault());
  element.addEventListener("pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    down.set(event.pointerId, place(event));
    moves = event.button !== 0 || event.shiftKey;
    if (film.tool === "measure" && !moves && down.size === 1) {
      film.ruler.clear();
      film.ruler.put(place(event));
    }
  });
  element.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (!before) return;
    const now = place(event);
    const other = [...down].find(([pointer]) => pointer !== event.pointerId)?.[1];
    down.set(event.pointerId, now);
    if (other) {
      film.placement.move((now.x - before.x) / 2, (now.y - before.y) / 2);
      film.enlarge(distance(now, other) / (distance(before, other) || 1), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
    } else if (moves || film.tool === "move") {
      film.placement.move(now.x - before.x, now.y - before.y);
      film.place();
    } else if (film.tool === "window") film.adjust((before.y - now.y) / -300, (now.x - before.x) / 300);
    else {
      film.ruler.drag(now);
      film.measured();
    }
  });
  for (const end of ["pointerup", "pointercancel"] as const) element.addEventListener(end, (event) => down.delete(event.pointerId));
}

const distance = (one: Point, other: Point): number => Math.hypot(one.x - other.x, one.y - other.y);
