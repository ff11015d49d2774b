/** One question to a web server, whose refusals and silences become sentences. */
import { LabError } from '../../engine/errors.ts';

export interface Question {
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  /** Statuses that who asks deals with, beside success. */
  readonly also?: readonly number[];
}

/** @throws LabError 'download-failed'; an AbortError where the signal ends it */
export async function ask(address: string, { signal, headers, also = [] }: Question): Promise<Response> {
  const url = URL.parse(address);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new LabError(
      'download-failed',
      `"${address}" is no address of a package index: it begins with https://.`,
    );
  const { host } = url;
  const response = await fetch(withoutSignIn(url), {
    signal,
    headers: { ...headers, ...signIn(url) },
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw connectionError(host, error);
  });
  if (response.ok || also.includes(response.status)) return response;
  await response.body?.cancel();
  throw new LabError('download-failed', refusal(host, response.status), { host, status: response.status });
}

/** What to say of a connection that could not be made, or broke off. */
export function connectionError(host: string, error: unknown): LabError {
  const code = codeOf(error);
  const isOffline = ['ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'ECONNREFUSED', 'EHOSTUNREACH'].includes(code);
  const message = isOffline
    ? `${host} cannot be reached (${code}). Connect this computer to the network and try again: what is there already stays.`
    : `The connection to ${host} failed (${code}). Try again: what is there already stays.`;
  return new LabError('download-failed', message, { host, code }, { cause: error });
}

/** fetch tells the reason as the cause of a cause. */
function codeOf(error: unknown): string {
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    if ('code' in one && typeof one.code === 'string') return one.code;
    if (one.cause === undefined) return one.message;
  }
  return String(error);
}

function refusal(host: string, status: number): string {
  if ([401, 403, 407].includes(status))
    return `${host} does not give it without signing in (${status}). Correct the address of your package index (PIP_INDEX_URL).`;
  if (status === 404) return `${host} does not have it (404).`;
  return `${host} could not give it (${status}). Try again later: what is there already stays.`;
}

/** Names and passwords in an address are for a header: fetch refuses them. */
function signIn({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const words = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(words).toString('base64')}` };
}

function withoutSignIn(url: URL): URL {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare;
}
