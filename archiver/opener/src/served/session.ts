import { Refusal } from "../base/refusal";

/** Whether the program `archiver read` on this computer serves the page, and not a file. */
export const isServed = (): boolean => document.getElementById("app")!.hasAttribute("data-served");

const TOKEN = "X-Archiver-Token", KEY = "X-Archiver-Key";

/** What lets this page ask its server: a key that it keeps with its place in the history of the tab, and a cookie. */
export class Session {
  private constructor(private readonly key: string) {}

  /** Exchange the token of the address, once; after a reload the key is still there. */
  static async enter(): Promise<Session> {
    const token = location.hash.slice(1);
    const kept = (history.state as { key?: unknown } | null)?.key;
    if (!token) {
      if (typeof kept === "string") return new Session(kept);
      throw new Refusal("token-missing");
    }
    const { key } = (await answered("/session", TOKEN, token).then((answer) => answer.json())) as { key: string };
    // the token is worth nothing any more, and leaves the address
    history.replaceState({ key }, "", location.pathname);
    return new Session(key);
  }

  async json<T>(path: string, fields: Record<string, string>): Promise<T> {
    return (await (await this.ask(path, fields)).json()) as T;
  }

  /** What the server makes while it sends; where it ends early, the server says why. */
  async blob(path: string, fields: Record<string, string>): Promise<Blob> {
    const answer = await this.ask(path, fields);
    try {
      return await answer.blob();
    } catch {
      const { code, text } = await this.json<{ code: string; text?: string }>("/failure", {});
      throw new Refusal(code || "server-gone", "", text ?? "", true);
    }
  }

  private ask(path: string, fields: Record<string, string>): Promise<Response> {
    const query = new URLSearchParams(fields).toString();
    return answered(query ? `${path}?${query}` : path, KEY, this.key);
  }
}

async function answered(path: string, header: string, value: string): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, { headers: { [header]: value }, cache: "no-store", credentials: "same-origin" });
  } catch {
    throw new Refusal("server-gone");
  }
  if (answer.ok) return answer;
  if (answer.headers.get("Content-Type")?.startsWith("application/json")) {
    const { code, text } = (await answer.json()) as { code: string; text?: string };
    throw new Refusal(code, "", text ?? "", true);
  }
  throw new Refusal(answer.status === 403 ? "token-wrong" : "unexpected", "", String(answer.status));
}
