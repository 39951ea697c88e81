import type { Progress } from "../base/progress";
import { Refusal } from "../base/refusal";
import { workerAddress } from "./enclosed";
import type { PackageAsked, PackageReply } from "./package-messages";

/** The program of the worker, deflated (RFC 1951), as base64. */
declare const PACKAGES_SOURCE: string;

interface Waiting {
  settle: (reply: PackageReply) => void;
  progress: Progress;
}

/** The worker that reads, judges and opens packages. It begins with the first question; what it read is known to it alone. */
class PackageReader {
  private worker: Worker | null = null;
  private address: Promise<string> | null = null;
  private last = 0;
  /** The question that {@link stop} ends, and the one that it ended. */
  private stoppable = 0;
  private stopped = 0;
  private readonly waiting = new Map<number, Waiting>();

  /** Ask; throws what the worker refuses, `stopped` after {@link stop} or when `progress` throws, `browser-stopped` where it ended. */
  async ask<K extends keyof PackageAsked>(kind: K, ask: PackageAsked[K][0], progress?: Progress): Promise<PackageAsked[K][1]> {
    const number = ++this.last;
    if (progress) this.stoppable = number;
    this.address ??= workerAddress(PACKAGES_SOURCE);
    const worker = this.running(await this.address);
    return new Promise((resolve, reject) => {
      const settle = (reply: PackageReply): void => {
        if ("answer" in reply) resolve(reply.answer as PackageAsked[K][1]);
        else if ("refusal" in reply) {
          const { code, where, reason, told } = reply.refusal;
          reject(new Refusal(code, where, reason, told));
        }
      };
      this.waiting.set(number, { settle, progress: progress ?? (() => undefined) });
      worker.postMessage({ number, kind, ask });
      // it was stopped before it was asked
      if (this.stopped === number) worker.postMessage({ stop: number });
    });
  }

  /** End what was asked for last of what tells how far it is; what was read and judged before stays. */
  stop(): void {
    this.stopped = this.stoppable;
    this.worker?.postMessage({ stop: this.stopped });
  }

  private running(address: string): Worker {
    if (this.worker) return this.worker;
    this.worker = new Worker(address);
    this.worker.onmessage = ({ data: reply }: MessageEvent<PackageReply>) => {
      const one = this.waiting.get(reply.number);
      if ("done" in reply) {
        try {
          one?.progress(reply.done, reply.total);
        } catch {
          this.worker?.postMessage({ stop: reply.number });
        }
        return;
      }
      this.waiting.delete(reply.number);
      one?.settle(reply);
    };
    // without memory a worker ends without an answer
    this.worker.onerror = () => this.end();
    return this.worker;
  }

  private end(): void {
    this.worker?.terminate();
    this.worker = null;
    const refusal = { code: "browser-stopped", where: "", reason: "", told: false };
    for (const [number, { settle }] of [...this.waiting]) settle({ number, refusal });
    this.waiting.clear();
  }
}

export const packages = new PackageReader();
