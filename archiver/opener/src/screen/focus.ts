const isUsable = (one: HTMLElement | null | undefined): one is HTMLElement =>
  Boolean(one?.isConnected) && !one!.matches(":disabled") && !one!.closest("[hidden], [inert]");

/** Let `change` replace or disable elements below `place`, and keep the focus there (WCAG 2.2, 2.4.3): what has the id or the key
 * (`data-key`) of the element that had it gets it; without one, the first of `others` that may have it. */
export function keepFocus(place: HTMLElement, change: () => void, others: (before: HTMLElement) => (HTMLElement | null)[]): void {
  const before = place.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null;
  change();
  if (!before || (before === document.activeElement && isUsable(before))) return;
  const { id, dataset } = before;
  const same = [...place.querySelectorAll<HTMLElement>("[id], [data-key]")].find((one) => (id ? one.id === id : dataset.key !== undefined && one.dataset.key === dataset.key));
  [same, ...others(before)].find(isUsable)?.focus();
}
