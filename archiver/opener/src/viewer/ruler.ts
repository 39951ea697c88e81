import type { Placement, Point } from "./placement";
import type { Source } from "./source";

const SVG = "http://www.w3.org/2000/svg";

/** A line between two points of the picture, and its length. */
export class Ruler {
  readonly drawing = document.createElementNS(SVG, "svg");
  private points: Point[] = [];

  constructor(private readonly source: Source, private readonly placement: Placement) {
    this.drawing.setAttribute("aria-hidden", "true");
  }

  clear(): void {
    this.points = [];
    this.draw();
  }

  /** Take the point of the frame as the beginning of a line, or as its end. */
  put(point: Point): void {
    if (this.points.length === 2) this.points = [];
    this.points.push(this.placement.toPicture(point));
    this.draw();
  }

  /** Move the end of the line. */
  drag(point: Point): void {
    if (this.points.length) this.points = [this.points[0]!, this.placement.toPicture(point)];
    this.draw();
  }

  /** The length in millimetres, or in pixels where nobody knows how long one is; null without a line. */
  get length(): number | null {
    const [one, other] = this.points;
    if (!one || !other) return null;
    const { row, column } = this.source.spacing;
    return Math.hypot((other.x - one.x) * column, (other.y - one.y) * row);
  }

  draw(): void {
    const places = this.points.map((one) => this.placement.toFrame(one));
    const parts: Element[] = [];
    for (const { x, y } of places) parts.push(shape("circle", { cx: x, cy: y, r: 4 }));
    const [one, other] = places;
    if (one && other) parts.unshift(shape("line", { x1: one.x, y1: one.y, x2: other.x, y2: other.y }));
    this.drawing.replaceChildren(...parts);
  }

  /** A cross where the keyboard is about to put a point. */
  aim(point: Point | null): void {
    this.draw();
    if (!point) return;
    this.drawing.append(shape("line", { x1: point.x - 9, y1: point.y, x2: point.x + 9, y2: point.y }), shape("line", { x1: point.x, y1: point.y - 9, x2: point.x, y2: point.y + 9 }));
  }
}

function shape(name: string, facts: Record<string, number>): Element {
  const one = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(facts)) one.setAttribute(key, value.toFixed(1));
  return one;
}
