import type { Source } from "./source";

export interface Point {
  x: number;
  y: number;
}

/** Where a picture lies in its frame: enlarged, turned clockwise, mirrored, moved. Lengths are those of the screen. */
export class Placement {
  zoom = 1;
  rotation = 0;
  flipped = false;
  /** Whether the recorded part, turn and mirror are applied. */
  recorded = true;
  private center: Point = { x: 0, y: 0 };

  constructor(private readonly source: Source) {
    this.restore(true);
  }

  /** Go back to how it was recorded, or to how it is. */
  restore(recorded: boolean): void {
    const { shown } = this.source;
    this.recorded = recorded && shown !== null;
    [this.rotation, this.flipped] = this.recorded ? [shown!.rotation, shown!.flipped] : [0, false];
  }

  /** Rows may lie closer together, or farther, than columns. */
  private get aspect(): number {
    return this.source.spacing.row / this.source.spacing.column;
  }

  /** The part that is shown: left, top, right, bottom in pixels of the picture. */
  get part(): [number, number, number, number] {
    const { width, height, shown } = this.source;
    const area = this.recorded ? shown?.area : null;
    if (!area) return [0, 0, width, height];
    const [left, top] = [Math.max(0, area.left), Math.max(0, area.top)];
    const [right, bottom] = [Math.min(width, area.right + 1), Math.min(height, area.bottom + 1)];
    return left < right && top < bottom ? [left, top, right, bottom] : [0, 0, width, height];
  }

  /** From pixels of the picture to the frame; the turn comes before the mirror. */
  get matrix(): DOMMatrix {
    const { width, height } = this.source;
    return new DOMMatrix()
      .translate(this.center.x, this.center.y)
      .scale(this.flipped ? -1 : 1, 1)
      .rotate(this.rotation)
      .scale(this.zoom, this.zoom * this.aspect)
      .translate(-width / 2, -height / 2);
  }

  toFrame(point: Point): Point {
    const found = this.matrix.transformPoint(point);
    return { x: found.x, y: found.y };
  }

  toPicture(point: Point): Point {
    const found = this.matrix.inverse().transformPoint(point);
    return { x: found.x, y: found.y };
  }

  /** Show the whole part in a frame of this size. */
  fit(width: number, height: number): void {
    [this.zoom, this.center] = [1, { x: 0, y: 0 }];
    const [left, top, right, bottom] = this.part;
    const corners = [[left, top], [right, top], [left, bottom], [right, bottom]].map(([x, y]) => this.toFrame({ x: x!, y: y! }));
    const [xs, ys] = [corners.map((one) => one.x), corners.map((one) => one.y)];
    const [wide, high] = [Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)];
    this.zoom = Math.min(width / wide, height / high) || 1;
    this.center = {
      x: width / 2 - (this.zoom * (Math.max(...xs) + Math.min(...xs))) / 2,
      y: height / 2 - (this.zoom * (Math.max(...ys) + Math.min(...ys))) / 2,
    };
  }

  move(x: number, y: number): void {
    this.center = { x: this.center.x + x, y: this.center.y + y };
  }

  /** Enlarge by `factor`, so that `fixed` stays where it is in the frame. */
  enlarge(factor: number, fixed: Point): void {
    const zoom = Math.max(0.02, Math.min(40, this.zoom * factor));
    const real = zoom / this.zoom;
    this.zoom = zoom;
    this.center = { x: fixed.x + (this.center.x - fixed.x) * real, y: fixed.y + (this.center.y - fixed.y) * real };
  }

  /** Turn a quarter clockwise, as it is seen. */
  turn(): void {
    this.rotation = (this.rotation + (this.flipped ? 270 : 90)) % 360;
  }
}
