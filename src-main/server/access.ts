/**
 * Who may speak to the lab in browser mode. It listens on this computer alone, but every page in the browser can send
 * requests there: so each request must name the lab's own address (against DNS rebinding), come from the lab's own page
 * (against other sites), and bring the session that the printed address opened.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const COOKIE = 'lab-session';

export class Access {
  readonly #session = randomBytes(32).toString('base64url');
  #token: string | undefined = randomBytes(32).toString('base64url');
  #origins: readonly string[] = [];

  /** Once the port is known. */
  listensOn(port: number): void {
    this.#origins = [`http://127.0.0.1:${port}`, `http://localhost:${port}`];
  }

  /** The address that opens a session; it works once. */
  get entrance(): string {
    return `${this.#origins[0]}/enter?token=${this.#token}`;
  }

  /** The cookie to set, if the token is right; the token is spent then. */
  enter(token: string | null): string | undefined {
    if (token === null || this.#token === undefined || !equal(token, this.#token)) return undefined;
    this.#token = undefined;
    return `${COOKIE}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** The request names this server, not a name that somebody has made point here. */
  isAddressedHere({ headers }: IncomingMessage): boolean {
    return this.#origins.includes(`http://${headers.host}`);
  }

  /** Browsers tell the origin of what other pages send; plain loading of the page has none. */
  isFromHere({ headers }: IncomingMessage, mustTell: boolean): boolean {
    return headers.origin === undefined ? !mustTell : this.#origins.includes(headers.origin);
  }

  hasSession({ headers }: IncomingMessage): boolean {
    const cookies = (headers.cookie ?? '').split(';').map((part) => part.trim());
    const given = cookies.find((cookie) => cookie.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
    return given !== undefined && equal(given, this.#session);
  }
}

function equal(first: string, second: string): boolean {
  const [one, other] = [Buffer.from(first), Buffer.from(second)];
  return one.length === other.length && timingSafeEqual(one, other);
}
