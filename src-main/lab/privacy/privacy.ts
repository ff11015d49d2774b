/** How often the lab and its engines have connected to anything outside this computer since it was opened. */
import type { Privacy } from '../../../src-preload/contract/endpoints/system.ts';
import type { SignalSource } from '../../../src-preload/contract/server.ts';
import { Changes } from '../changes.ts';
import type { StartEngine } from '../jobs/engine.ts';
import { fromEngineSchema } from '../jobs/job.ts';
import { watchConnections } from './connections.ts';

export class PrivacyCounter implements SignalSource<Privacy> {
  /** The last host is remembered, so that whoever sees a number above 0 can ask what it was. */
  #privacy: Privacy = { connections: 0, lastHost: null };
  readonly #changes = new Changes();
  readonly #stop = watchConnections((host) => this.#count(host));

  read = (): Privacy => this.#privacy;

  subscribe = (listener: () => void): (() => void) => this.#changes.subscribe(listener);

  /** Engines count for themselves, and tell. */
  watchEngines(start: StartEngine): StartEngine {
    return () => {
      const engine = start();
      engine.onMessage((raw) => {
        const { data } = fromEngineSchema.safeParse(raw);
        if (data?.kind === 'connected') this.#count(data.host);
      });
      return engine;
    };
  }

  close(): void {
    this.#stop();
  }

  #count(lastHost: string): void {
    this.#privacy = { connections: this.#privacy.connections + 1, lastHost };
    this.#changes.tell();
  }
}
