import type { Bytes } from "../../base/bytes";
import { isClosed } from "../../base/random-access";
import type { Dossier } from "../../dossier/archive";
import { mediaTypeOf } from "../../dossier/page";
import { readStatements } from "../../dossier/statements";
import type { PlainMember } from "../../dossier/zip";
import { isDicom } from "../../imaging/elements";
import { viewOf } from "../../viewer/controls";
import { type Opened, closeLast, openFile } from "../../viewer/dicom-source";
import { shownBefore } from "../../viewer/file-set";
import { openPicture } from "../../viewer/picture-source";
import { scanView } from "../../viewer/scan-view";
import { isVolume } from "../../viewer/volume";
import { volumeView } from "../../viewer/volume-view";
import type { ScanKind } from "../../worker/messages";
import { addressOf, revoke } from "./addresses";
import { make, refusalText, texts } from "../dom";

/** A text that is shown in the page. */
const MAX_TEXT = 2 << 20;
const TEXTS = /\.(TXT|CSV|JSO|NDJ|XML)$/i;
const SCANS = /\.(STL|PLY|OBJ)$/i;
let last = 0;

export const isShown = (name: string): boolean =>
  mediaTypeOf(name) !== "" || TEXTS.test(name) || SCANS.test(name) || name.startsWith("DICOM/") || /\.DCM$/i.test(name);

/** Forget the file that is shown, or is about to be. */
export function closeFile(): number {
  revoke("file");
  closeLast();
  return ++last;
}

/** Show what `open` makes, with its name and a button that closes it; what was asked for later is shown alone. What `open` makes of a
 * Blob with an address is made only when it is shown; `requireAsked`, before a file is opened that stays so, throws when it is not to be. */
export async function showIn(shown: HTMLElement, label: string, open: (requireAsked: () => void) => Promise<Node | (() => Node)>): Promise<void> {
  const asked = closeFile();
  const requireAsked = (): void => {
    if (asked !== last) throw isClosed();
  };
  const from = document.activeElement as HTMLElement | null;
  const close = (): void => {
    closeFile();
    shown.replaceChildren();
    if (from?.isConnected) from.focus();
  };
  const title = make("h4", { tabindex: "-1" }, label);
  const place = make("div", {}, make("p", { role: "status" }, texts().film.opening));
  shown.replaceChildren(title, place, make("p", {}, make("button", { type: "button", onclick: close }, texts().close)));
  title.focus();
  shown.scrollIntoView({ block: "nearest" });
  let view: Node | (() => Node);
  try {
    view = await open(requireAsked);
  } catch (fault) {
    view = make("p", { class: "refused", role: "alert" }, refusalText(fault));
  }
  if (asked === last) place.replaceChildren(typeof view === "function" ? view() : view);
}

/** A radiograph or a series of them, and where it is one, its volume. */
export function dicomView(opened: Opened, label: string): Node {
  const { element } = viewOf(opened.source, label);
  if (!isVolume(opened)) return element;
  const whole = make("div", {}, element);
  whole.append(volumeView(opened, label, () => element.remove()));
  return whole;
}

export function showFile(dossier: Dossier, file: PlainMember, label: string, shown: HTMLElement): Promise<void> {
  return showIn(shown, label, async (requireAsked) => {
    const data = await file.read();
    const kind = mediaTypeOf(file.name);
    const scan = SCANS.exec(file.name)?.[1]?.toUpperCase() as ScanKind | undefined;
    if (isDicom(data)) {
      const before = await shownBefore(dossier);
      requireAsked();
      return dicomView(await openFile(data, before), label);
    }
    if (scan) return scanView(data, scan, label);
    if (kind.startsWith("image/")) return viewOf(await openPicture(data, kind, (await readStatements(dossier)).get(file.name) ?? null), label).element;
    if (kind) return () => linkTo(data, kind, label);
    return make("pre", { tabindex: "0" }, new TextDecoder().decode(data.subarray(0, MAX_TEXT)));
  });
}

/** What the browser itself shows, in a tab of its own. */
function linkTo(data: Bytes, kind: string, label: string): Node {
  const address = addressOf("file", new Blob([data], { type: kind }));
  return make("p", {}, make("a", { href: address, target: "_blank", rel: "noopener" }, texts().showFile(label)));
}
