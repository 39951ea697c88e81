import { fromBase64Url } from "../base/bytes";
import { inflateOwn } from "../base/deflate";

/** The address of a worker whose program lies in the page, deflated (RFC 1951), as base64. */
export async function workerAddress(source: string): Promise<string> {
  return URL.createObjectURL(new Blob([await inflateOwn(fromBase64Url(source))], { type: "text/javascript" }));
}
