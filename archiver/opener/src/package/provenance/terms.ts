import type { Json, JsonObject } from "../../base/json";
import type { Stated } from "./earlier";
import type { Organisation } from "../manifest";

/** An organisation as a keyring names it; nobody is null. */
export function party(one: Organisation | null): Json {
  if (!one) return null;
  const identifiers = one.identifiers.map(({ system, value }): Json => new Map([["system", system], ["value", value]]));
  return new Map<string, Json>([["name", one.name], ["identifiers", identifiers]]);
}

/** The terms that the first line of a keyring repeats (section 5.2). */
export const termsOf = (stated: Stated): [string, Json][] => [
  ["legal_ground", stated.legalGround],
  ["controller_before", party(stated.controllerBefore)],
  ["controller_after", party(stated.controllerAfter)],
  ["sender", party(stated.sender)],
  ["receiver", party(stated.receiver)],
];

/** The first line that the keyrings of the revision `stated` have (section 13.8). */
export const firstLine = (stated: Stated, nonce: string): JsonObject =>
  new Map<string, Json>([
    ["keyring", 1], ["package", stated.package], ["revision", stated.revision], ["nonce", nonce],
    ["signers", stated.signatures.map((one) => one.certificate)], ...termsOf(stated),
  ]);
