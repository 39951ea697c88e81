/** A refusal with a code of the registry of the format (section 17), the part it is about, and why. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly where = "",
    readonly reason = "",
    /** Whether the reason is a sentence for people already, in their language. */
    readonly told = false,
  ) {
    super(`${code} ${where} ${reason}`.trim());
  }
}

/** Refuse with `code` unless `holds`. */
export function require(holds: boolean, code: string, where = "", reason = ""): asserts holds {
  if (!holds) throw new Refusal(code, where, reason);
}
