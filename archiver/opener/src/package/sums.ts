import { type Bytes, fromHex } from "../base/bytes";
import { Refusal } from "../base/refusal";
import { SUMS, requireSafeName } from "./names";

const MAX_SUMS_BYTES = 64 << 20;
const LINE = /^([0-9a-f]{64}) {2}([^\n]+)$/;

/** Read `SHA256SUMS` (section 7): the SHA-256 of every name. Throws `list-invalid`, `limit-exceeded`. */
export function readSums(data: Bytes): Map<string, Bytes> {
  if (data.length > MAX_SUMS_BYTES) throw new Refusal("limit-exceeded", SUMS);
  if (data.some((byte) => byte > 127)) throw new Refusal("list-invalid", SUMS, "it is not plain text");
  const text = new TextDecoder().decode(data);
  if (!text.endsWith("\n")) throw new Refusal("list-invalid", SUMS, "its last line has no end");
  const found = new Map<string, Bytes>();
  for (const [number, line] of text.slice(0, -1).split("\n").entries()) {
    const where = `${SUMS}:${number + 1}`;
    const parts = LINE.exec(line);
    if (!parts) throw new Refusal("list-invalid", where, "a line is not a digest, two spaces and a name");
    try {
      requireSafeName(parts[2]!);
    } catch {
      throw new Refusal("list-invalid", where, "a line names what no package holds");
    }
    if (found.has(parts[2]!)) throw new Refusal("list-invalid", where, "a name stands twice");
    found.set(parts[2]!, fromHex(parts[1]!));
  }
  return found;
}
