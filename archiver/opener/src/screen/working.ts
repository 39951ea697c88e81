import type { Progress } from "../base/progress";
import { Refusal } from "../base/refusal";
import { make, texts } from "./dom";

/** Milliseconds after which a work that goes on is shown. */
const PATIENCE = 400;

/** A work that takes time: what is done, how far it is, and how to stop it. */
export interface Work {
  /** What is being done now; returns what is told how far that is, which throws `stopped` once somebody stopped it. */
  at: (label: string) => Progress;
  end: () => void;
}

/** Show what goes on while a work lasts. */
export type During = <Result>(label: string, work: (one: Work) => Promise<Result>, stop?: (() => void) | null) => Promise<Result>;

/** Show at the end of `place` what goes on there; everything else cannot be used meanwhile. `stop` is null where nothing
 * stops it. */
export function working(place: HTMLElement, label: string, stop: (() => void) | null): Work {
  const before = document.activeElement as HTMLElement | null;
  const said = make("p", { role: "status" }, label);
  const bar = make("progress", { max: "1", "aria-label": texts().progress, hidden: true });
  let stopped = false;
  const stopAll = (): void => {
    stopped = true;
    stop?.();
  };
  const button = stop && make("button", { type: "button", id: "stop", onclick: stopAll }, texts().stop);
  const panel = make("section", { id: "working" }, said, bar, button);
  const others = [...place.children] as HTMLElement[];
  for (const one of others) one.inert = true;
  place.setAttribute("aria-busy", "true");
  const shown = setTimeout(() => {
    place.append(panel);
    panel.scrollIntoView({ block: "nearest" });
    button?.focus();
  }, PATIENCE);
  return {
    at: (text) => {
      said.textContent = text;
      return (done, total) => {
        if (stopped) throw new Refusal("stopped");
        bar.hidden = false;
        bar.value = total ? Math.min(1, done / total) : 0;
      };
    },
    end: () => {
      clearTimeout(shown);
      panel.remove();
      for (const one of others) one.inert = false;
      place.setAttribute("aria-busy", "false");
      if (before?.isConnected) before.focus();
    },
  };
}
