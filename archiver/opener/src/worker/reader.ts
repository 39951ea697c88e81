import { Refusal } from "../base/refusal";
import { workerAddress } from "./enclosed";
import type { Asked, Reply } from "./messages";

/** The program of the worker, deflated (RFC 1951), as base64. */
declare const WORKER_SOURCE: string;
/** How long the worker may take for one answer, in milliseconds; then it is ended, whatever it does. */
const PATIENCE = 30_000;

interface Waiting {
  code: string;
  settle: (reply: Reply) => void;
  timer: ReturnType<typeof setTimeout>;
}

/** The worker that reads pictures and scans, asked one thing after the other. It is ended when it takes too long, and
 * begins anew with the next question: files that were open in it are gone then. */
class Reader {
  private worker: Worker | null = null;
  private address = "";
  private last = 0;
  private files = 0;
  private readonly waiting = new Map<number, Waiting>();
  private turn: Promise<unknown> = Promise.resolve();

  /** Ask; `image-unreadable` or `scan-unreadable` is thrown where there is no answer. Bytes are handed over, not copied. */
  ask<K extends keyof Asked>(kind: K, facts: Asked[K][0]): Promise<Asked[K][1]> {
    const asked = this.turn.then(() => this.send(kind, facts));
    this.turn = asked.catch(() => undefined);
    return asked;
  }

  /** A number for a file that is about to be opened. */
  nextFile(): number {
    return ++this.files;
  }

  private async send<K extends keyof Asked>(kind: K, facts: Asked[K][0]): Promise<Asked[K][1]> {
    this.address ||= await workerAddress(WORKER_SOURCE);
    const number = ++this.last;
    const code = kind === "scan" ? "scan-unreadable" : "image-unreadable";
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.end("it takes too long to read"), PATIENCE);
      const settle = (reply: Reply): void => {
        if ("answer" in reply) resolve(reply.answer as Asked[K][1]);
        else reject(new Refusal(reply.refusal.code, reply.refusal.where, reply.refusal.reason));
      };
      this.waiting.set(number, { code, settle, timer });
      const bytes = "bytes" in facts ? [facts.bytes.buffer] : [];
      this.running().postMessage({ number, kind, ...facts }, bytes);
    });
  }

  private running(): Worker {
    if (this.worker) return this.worker;
    this.worker = new Worker(this.address);
    this.worker.onmessage = ({ data: reply }: MessageEvent<Reply>) => {
      const one = this.waiting.get(reply.number);
      this.waiting.delete(reply.number);
      clearTimeout(one?.timer);
      one?.settle(reply);
    };
    // without memory a worker ends without an answer
    this.worker.onerror = () => this.end("the browser could not read it");
    return this.worker;
  }

  /** End the worker, and everything that was asked of it. */
  private end(reason: string): void {
    this.worker?.terminate();
    this.worker = null;
    for (const [number, { code, settle, timer }] of [...this.waiting]) {
      clearTimeout(timer);
      settle({ number, refusal: { code, where: "", reason } });
    }
    this.waiting.clear();
  }
}

export const reader = new Reader();
