import { Refusal } from "../base/refusal";
import { en, type Texts } from "./words/en";
import { fr } from "./words/fr";

type Child = Node | string | null;
type Attributes = Record<string, string | boolean | ((event: Event) => void)>;

/** Make an element; `on…` are listeners, everything else is text and never markup. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Attributes = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const one = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") one.addEventListener(name.replace(/^on/, ""), value);
    else if (value !== false) one.setAttribute(name, value === true ? "" : value);
  }
  one.append(...children.filter((child) => child !== null));
  return one;
}

let current: Texts = (navigator.language || "fr").toLowerCase().startsWith("fr") ? fr : en;

export const texts = (): Texts => current;
export const isFrench = (): boolean => current === fr;
export function otherLanguage(): void {
  current = current === fr ? en : fr;
  document.documentElement.lang = isFrench() ? "fr" : "en";
}

/** What went wrong, in plain words, with its code and place. */
export function refusalText(fault: unknown): string {
  const refusal = fault instanceof Refusal ? fault : new Refusal("unexpected", "", String(fault));
  const words = texts().codes[refusal.code] ?? texts().served.codes[refusal.code] ?? "";
  if (refusal.told && refusal.reason) return `${refusal.reason} [${refusal.code}]`;
  const reason = isFrench() ? (texts().reasons[refusal.reason] ?? "") : refusal.reason;
  const place = [refusal.where, reason].filter(Boolean).join(isFrench() ? "\u00a0: " : ": ");
  return `${words} [${refusal.code}]${place ? ` ${place}` : ""}`;
}

export const moment = (time: number | string): string =>
  new Date(time).toLocaleString(isFrench() ? "fr-FR" : "en-GB", { dateStyle: "long", timeStyle: "short" });

export function sizeText(bytes: number): string {
  const units = isFrench() ? ["o", "ko", "Mo", "Go"] : ["B", "kB", "MB", "GB"];
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < 3) [value, unit] = [value / 1000, unit + 1];
  return `${value.toLocaleString(isFrench() ? "fr-FR" : "en-GB", { maximumFractionDigits: unit ? 1 : 0 })}\u00a0${units[unit]}`;
}

/** Offer `blob` as a file; nothing of it stays in the page. */
export function save(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = make("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
