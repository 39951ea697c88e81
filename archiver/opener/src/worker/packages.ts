/// <reference lib="webworker" />
// The worker that reads, judges and opens packages: the page stays awake, and what it takes memory for ends with it.
import type { Progress } from "../base/progress";
import { Refusal } from "../base/refusal";
import { accept, answersOf } from "../package/acceptance";
import { judgeBeside } from "../package/beside";
import { type Members, readContainer, requireMediaType } from "../package/container";
import { type Judged, isSet, judge, membersOfFolder } from "../package/judge";
import { MIMETYPE, unitMember } from "../package/names";
import type { JudgedRecord } from "../package/evidence";
import { compareRevisions } from "../package/provenance/superseding";
import { packedFile } from "../package/packed";
import { judgeSet } from "../package/volumes";
import { openListed } from "../dossier/archive";
import { identitiesIn, openAge } from "../sealing/age";
import { keyOfCards } from "../sealing/cards";
import { openKeyring } from "../sealing/keyring";
import { type Opened, mayOpen, openUnit } from "../sealing/unit";
import type { UnitReader } from "../sealing/unit-reader";
import { shownOf } from "./judgement";
import { Listing } from "./listing";
import type { Keys, OpenUnit, PackageAsked, PackageQuestion, PackageReply } from "./package-messages";

/** Milliseconds between two reports of how far the work is. */
const PAUSE = 150;

const scope = self as unknown as DedicatedWorkerGlobalScope;
/** What was read, by its number, and what of it was judged. */
const read = new Map<number, Members>();
const judged = new Map<number, Judged>();
const beside = new Map<number, JudgedRecord[]>();
/** The last number that was given away. What a worker that ended had under a number is nothing of this one's: each begins somewhere else. */
let last = crypto.getRandomValues(new Uint32Array(1))[0]!;
let listing: Listing | null = null;
/** The one unit that is open. */
let open: { number: number; plain: UnitReader } | null = null;
/** The question that is not to be answered any more. */
let stopped = 0;

type Answers = { [K in keyof PackageAsked]: (ask: PackageAsked[K][0], progress: Progress) => Promise<PackageAsked[K][1]> };

const answers: Answers = {
  async read({ files, folder }) {
    const members = folder ? membersOfFolder(files) : await readContainer(files[0]![1]);
    if (folder) await requireMediaType(members, MIMETYPE);
    read.set(++last, members);
    return { number: last, isSet: isSet(members) };
  },
  async judge({ number, trust }, progress) {
    const found = await judge(given(read, number), trust.now, progress);
    judged.set(number, found);
    return (await shownOf(found, [], { number, trust, progress })).shown;
  },
  async beside({ number, file, records, trust }, progress) {
    const found = records.length ? await judgeBeside(file ?? (await packedFile(given(read, number))), records, trust.now, progress, !file) : [];
    beside.set(number, found);
    return answersOf(found, trust, progress);
  },
  async revisions({ packages }) {
    return compareRevisions(packages.map((number) => [number, given(judged, number)]));
  },
  async set({ number, packages, trust }, progress) {
    const volumes = packages.map((one) => ({ files: one.files, volume: given(judged, one.number) }));
    const found = await judgeSet(given(read, number), volumes, progress);
    const { held } = await accept({ ...found, evidence: [], beside: beside.get(number) ?? [], destroyed: [] }, trust, progress);
    return { signers: found.signatures.map((one) => one.signer.fingerprint), held };
  },
  async trust({ packages, trust }, progress) {
    const all = await Promise.all(packages.map((number) => shownOf(given(judged, number), beside.get(number) ?? [], { number, trust, progress })));
    return { vouched: all.flatMap((one) => one.vouched), judged: all.map((one) => one.shown) };
  },
  async keyrings({ packages, keys, practice }, progress) {
    const cards = keys.cards.trim() ? await keyOfCards(keys.cards) : null;
    const identities = [...keys.identities, ...(await unlocked(keys)), ...(cards ? [cards.identity] : [])];
    const lines = [];
    for (const [place, from] of packages.entries()) {
      progress(place, packages.length);
      const entries = await openKeyring(given(judged, from), { identities, passphrase: keys.passphrase });
      // others were lawfully destroyed
      for (const entry of entries) if (given(judged, from).members.has(unitMember(entry.unit))) lines.push({ entry, from });
    }
    // of what was stopped nothing stays
    progress(packages.length, packages.length);
    listing = new Listing(lines, practice);
    return cards?.check ?? "";
  },
  async find({ words, first, rows }) {
    return listing?.find(words, first, rows) ?? gone();
  },
  async unit({ place }, progress) {
    const { entry, from } = listing?.lines[place] ?? gone();
    const unit = given(judged, from).members.get(unitMember(entry.unit));
    if (!unit) throw new Refusal("member-missing", entry.unit);
    const { unit: name, salt, patient } = entry;
    close();
    return { opened: opened(await openListed(unit.body, entry, progress)), expected: { unit: name, salt, patient } };
  },
  async words({ packages, units, words }, progress) {
    const inside = packages.flatMap((number) => {
      const { manifest, members } = given(judged, number);
      return manifest.units.flatMap((unit) => {
        const member = members.get(unitMember(unit.id)); // one that was lawfully destroyed is not there
        return member ? [{ name: unit.id, member, judged: true }] : [];
      });
    });
    const all = [...inside, ...units.map(({ name, body }) => ({ name, member: { body }, judged: false }))];
    close();
    for (const [number, one] of all.entries()) {
      progress(number, all.length);
      if (await mayOpen(one.member.body, words, one.name)) {
        try {
          const found = await openUnit(one.member.body, words, one.name, progress);
          progress(number, all.length);
          return { opened: opened(found), judged: one.judged };
        } catch (fault) {
          // one in 65,536 verifiers fits by chance: another unit may be meant, but a single one is damaged
          if (all.length === 1 || !(fault instanceof Refusal) || fault.code !== "seal-broken") throw fault;
        }
      }
    }
    throw new Refusal("wrong-passphrase");
  },
  async range({ number, from, to }, progress) {
    return open?.number === number ? open.plain.read(from, to, progress) : gone();
  },
  async close({ number }) {
    if (open?.number === number) close();
    return null;
  },
  async forget() {
    close();
    read.clear();
    judged.clear();
    beside.clear();
    listing = null;
    return null;
  },
};

function opened({ member, plain }: Opened): OpenUnit {
  open = { number: ++last, plain };
  return { number: last, member, size: plain.size };
}

function close(): void {
  open?.plain.close();
  open = null;
}

function given<One>(known: Map<number, One>, number: number): One {
  return known.get(number) ?? gone();
}

/** A worker that ended and began anew knows nothing of what was read before. */
function gone(): never {
  throw new Refusal("browser-stopped");
}

/** The identities in files under a passphrase. */
async function unlocked({ locked, passphrase }: Keys): Promise<string[]> {
  const found: string[] = [];
  for (const data of passphrase ? locked : []) {
    const plain = await openAge(data, { identities: [], passphrase }, "");
    found.push(...identitiesIn(new TextDecoder().decode(plain)));
  }
  return found;
}

/** Reports how far the question `number` is, and ends it when it was stopped. */
function reporting(number: number): Progress {
  let before = performance.now();
  return (done, total) => {
    if (stopped === number) throw new Refusal("stopped");
    if (performance.now() - before < PAUSE) return;
    before = performance.now();
    scope.postMessage({ number, done, total } satisfies PackageReply);
  };
}

scope.onmessage = async ({ data: one }: MessageEvent<PackageQuestion | { stop: number }>): Promise<void> => {
  if ("stop" in one) {
    stopped = one.stop;
    return;
  }
  const { number, kind, ask } = one;
  try {
    const answer = await (answers[kind] as (ask: unknown, progress: Progress) => Promise<unknown>)(ask, reporting(number));
    if (stopped === number) throw new Refusal("stopped");
    // bytes are handed over, not copied
    scope.postMessage({ number, answer } satisfies PackageReply, answer instanceof Uint8Array ? [answer.buffer as ArrayBuffer] : []);
  } catch (fault) {
    const { code, where, reason, told } = fault instanceof Refusal ? fault : new Refusal("unexpected", "", String(fault));
    scope.postMessage({ number, refusal: { code, where, reason, told } } satisfies PackageReply);
  }
};
