/// <reference lib="webworker" />
// The worker that reads what came from outside and takes long: DICOM and scans. It knows no keys.
import { Refusal } from "../base/refusal";
import { decodeFrame } from "../imaging/decode";
import { readDirectory } from "../imaging/directory";
import { type DicomFile, cannot, readDicom } from "../imaging/elements";
import { type ImageHead, readHead } from "../imaging/image";
import { readPresentation } from "../imaging/presentation";
import { type Mesh, meshOf, readStl } from "../scans/mesh";
import { readObj } from "../scans/obj";
import { readPly } from "../scans/ply";
import type { Question, Reply } from "./messages";

const scope = self as unknown as DedicatedWorkerGlobalScope;
const files = new Map<number, { dicom: DicomFile; head: ImageHead }>();
const READERS = { STL: readStl, PLY: readPly, OBJ: readObj };

async function answer(one: Question): Promise<[unknown, Transferable[]]> {
  if (one.kind === "image") {
    const dicom = await readDicom(one.bytes);
    const head = readHead(dicom);
    files.set(one.file, { dicom, head });
    return [head, []];
  }
  if (one.kind === "frame") {
    const file = files.get(one.file);
    if (!file || one.frame < 0 || one.frame >= file.head.frames) throw cannot("the frame is not there");
    const pixels = await decodeFrame(file.dicom.data, file.head, one.frame);
    return [pixels, [pixels.buffer]];
  }
  if (one.kind === "drop") return [files.delete(one.file) && null, []];
  if (one.kind === "directory") return [readDirectory(await readDicom(one.bytes)), []];
  if (one.kind === "presentation") return [readPresentation(await readDicom(one.bytes)), []];
  const mesh: Mesh = meshOf(READERS[one.scan](one.bytes));
  return [mesh, [mesh.positions.buffer, mesh.normals.buffer, ...(mesh.colours ? [mesh.colours.buffer] : [])]];
}

scope.onmessage = async ({ data: one }: MessageEvent<Question>): Promise<void> => {
  let reply: Reply;
  let given: Transferable[] = [];
  try {
    const [found, transferred] = await answer(one);
    reply = { number: one.number, answer: found };
    given = transferred;
  } catch (fault) {
    const code = one.kind === "scan" ? "scan-unreadable" : "image-unreadable";
    const refusal = fault instanceof Refusal ? fault : new Refusal(code, "", "it is malformed");
    reply = { number: one.number, refusal: { code: refusal.code, where: refusal.where, reason: refusal.reason } };
  }
  scope.postMessage(reply, given);
};
