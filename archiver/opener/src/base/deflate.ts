import type { Bytes } from "./bytes";

/** Unpack what this page itself holds deflated (RFC 1951): its workers, its decoders. What comes from outside has limits, and refusals
 * of its own. */
export async function inflateOwn(data: Bytes): Promise<Bytes> {
  return new Uint8Array(await new Response(new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer());
}
