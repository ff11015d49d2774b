/** Measures one workload: ours and its peers in turn, round after round, so that what else the computer does hits all. */
import { measureOurs, measurePeer } from './child.ts';
import { median, type Result } from './measurement.ts';
import type { Peer, Variant, Workload } from './workloads.ts';

export interface Contender {
  readonly name: string;
  /** One a round. */
  readonly results: readonly Result[];
}

export interface Comparison {
  readonly id: string;
  readonly title: string;
  readonly ours: Contender;
  readonly peers: readonly Contender[];
}

export interface ComparisonOptions {
  readonly rounds: number;
  /** What ours compute with. */
  readonly runtime: string;
  /** Undefined: ours alone. */
  readonly python: string | undefined;
  /** Of the peers; the lab takes as many as the processor runs at once. */
  readonly threads: number;
  readonly signal: AbortSignal;
  /** Called when a contender begins. */
  readonly onBegin: (contender: string, round: number) => void;
}

export async function compare(workload: Workload, options: ComparisonOptions): Promise<Comparison> {
  const ours: Result[] = [];
  const peers = options.python === undefined ? [] : workload.peers.map((peer) => new PeerRuns(peer, options));
  for (let round = 1; round <= options.rounds; round++) {
    options.onBegin('ours', round);
    ours.push(await measureOurs(workload.ours, options.runtime, options.signal));
    for (const peer of peers) await peer.runRound(round);
  }
  return {
    id: workload.id,
    title: workload.title,
    ours: { name: 'ours', results: ours },
    peers: peers.map((peer) => peer.contender),
  };
}

class PeerRuns {
  readonly #peer: Peer;
  readonly #options: ComparisonOptions;
  readonly #results: Result[] = [];
  #chosen: Variant | undefined;

  constructor(peer: Peer, options: ComparisonOptions) {
    this.#peer = peer;
    this.#options = options;
  }

  get contender(): Contender {
    return { name: `${this.#peer.name}, ${this.#chosen?.name}`, results: this.#results };
  }

  async runRound(round: number): Promise<void> {
    const { python, threads, signal, onBegin } = this.#options;
    const { name, measurement, variants } = this.#peer;
    let best: Result | undefined;
    for (const variant of this.#chosen ? [this.#chosen] : variants) {
      onBegin(`${name}, ${variant.name}`, round);
      const result = await measurePeer(python!, measurement, variant, threads, signal);
      if (best === undefined || result.seconds < best.seconds) [best, this.#chosen] = [result, variant];
    }
    this.#results.push(best!);
  }
}

/** How many times as fast as the peer, in each round. */
export function speedRatios(ours: Contender, peer: Contender): number[] {
  return peer.results.map(({ seconds }, round) => seconds / ours.results[round]!.seconds);
}

export function medianSeconds({ results }: Contender): number {
  return median(results.map(({ seconds }) => seconds));
}

/** Null where the system did not tell. */
export function medianMiB({ results }: Contender, kind: 'peakMiB' | 'librariesMiB'): number | null {
  const sizes = results.map((result) => result[kind]).filter((size) => size !== null);
  return sizes.length === 0 ? null : median(sizes);
}
