import type { Bytes } from "../base/bytes";
import { Refusal } from "../base/refusal";

/** What a deflated data set unpacks to at most, in bytes. */
const MAX_INFLATED = 1 << 29;

/** Bytes at the end that are given one by one: where the stream ends among them, what is behind it is a fault of its own. */
const SINGLE = 64;
const PIECE = 65_536;

/** Unpack a deflated data set (PS3.5, A.5). Padding may follow, or a checksum, which is none of the stream's. */
export async function inflate(data: Bytes): Promise<Bytes> {
  const found: BlobPart[] = [];
  let size = 0;
  const reader = piecesOf(data).pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  try {
    for (let piece = await reader.read(); !piece.done && size <= MAX_INFLATED; piece = await reader.read()) {
      size += piece.value.length;
      found.push(piece.value as Uint8Array<ArrayBuffer>);
    }
  } catch {
    // what came before a fault is taken: the elements tell whether something is missing
    if (!size) throw new Refusal("image-unreadable", "", "it is damaged");
  }
  await reader.cancel().catch(() => undefined);
  if (size > MAX_INFLATED) throw new Refusal("image-unreadable", "", "it unpacks to more than this page takes");
  return new Uint8Array(await new Blob(found).arrayBuffer());
}

function piecesOf(data: Bytes): ReadableStream<Bytes> {
  let at = 0;
  return new ReadableStream(
    {
      pull: (stream) => {
        const left = data.length - at - SINGLE;
        const size = left > 0 ? Math.min(PIECE, left) : 1;
        if (at >= data.length) stream.close();
        else stream.enqueue(data.slice(at, (at += size)));
      },
    },
    { highWaterMark: 0 },
  );
}
