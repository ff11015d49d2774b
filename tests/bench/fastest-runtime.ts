/** The runtime that the lab would choose by itself here: the one that trains fastest in its own speed test. */
import { RUNTIME_NAMES } from '../../src-main/engine/runtimes/open-runtime.ts';
import { measure, type Peers } from './child.ts';
import { PLAIN } from './row.ts';

/** One that takes longer is of no use. */
const LONGEST_MILLISECONDS = 60_000;

/** Those that compute here, the fastest first. Each is tried in a process of its own: one that fails is not there. */
export async function runtimesHere(peers: Peers, seconds: number, signal: AbortSignal): Promise<string[]> {
  const found: { readonly runtime: string; readonly secondsPerToken: number }[] = [];
  for (const runtime of RUNTIME_NAMES) {
    process.stderr.write(`Trying ${runtime} …\n`);
    const soon = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MILLISECONDS)]);
    try {
      const asked = { program: 'lab', computes: runtime, measurement: { kind: 'speed', seconds } } as const;
      const result = await measure(asked, PLAIN[0]!, peers, soon);
      found.push({ runtime, secondsPerToken: result.seconds });
    } catch {
      signal.throwIfAborted();
    }
  }
  return found
    .toSorted((one, other) => one.secondsPerToken - other.secondsPerToken)
    .map(({ runtime }) => runtime);
}
