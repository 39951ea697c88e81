import { make, refusalText, texts } from "../screen/dom";
import { type ListPlace, patientList } from "../screen/patients";
import type { Row, Source } from "../screen/source";
import { servedSource } from "./served-source";
import { Session } from "./session";

/** Let the page in, and return what draws its beginning: the list of the store, or why there is none. */
export async function servedBeginning(place: ListPlace, open: (one: Row) => void): Promise<() => HTMLElement[]> {
  try {
    const source: Source = servedSource(await Session.enter());
    return () => [patientList(source, place, texts().served.patientsTitle, open)];
  } catch (fault) {
    return () => [make("section", { class: "refused", role: "alert" }, make("p", {}, refusalText(fault)))];
  }
}
