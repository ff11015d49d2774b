/** The runtime packs of an open lab: what is there, what can be had, and getting and removing it. */
import type { z } from 'zod';
import type {
  PackDevice,
  Packs as PacksState,
  packsContract,
} from '../../../src-preload/contract/endpoints/packs.ts';
import type { Answers, SignalSource } from '../../../src-preload/contract/server.ts';
import { LabError } from '../../engine/errors.ts';
import { findPack, type PackPlaces } from '../../engine/runtimes/tensorflow/pack.ts';
import { Changes, SpacedChanges } from '../changes.ts';
import { installPack, isInstalled, removePack } from './install.ts';
import { adviceFor, downloadBytes, offersFor, type PackOffer } from './offers.ts';
import { hostOf, packageIndex } from './package-index.ts';

type InstallPacket = z.infer<(typeof packsContract)['packs.install']['packet']>;

const TELLING_MILLISECONDS = 100;

export interface PacksOptions {
  readonly places: PackPlaces & { readonly packs: string };
  /** With bindings that were made beforehand. */
  readonly resources: string;
  readonly offers?: readonly PackOffer[];
  readonly index?: string;
}

export class Packs implements SignalSource<PacksState> {
  readonly answers: Answers<typeof packsContract> = {
    packs: this,
    'packs.install': ({ device }, signal) => this.#install(device, signal),
    'packs.remove': ({ device }) => this.#remove(device),
  };
  readonly #options: Required<PacksOptions>;
  readonly #changes = new Changes();
  readonly #closing = new AbortController();
  #state: PacksState;
  #work: Promise<unknown> | undefined;

  constructor({ offers = offersFor(), index = packageIndex(), ...rest }: PacksOptions) {
    this.#options = { ...rest, offers, index };
    this.#state = {
      ...{ inUse: null, problem: null, source: hostOf(index) },
      advice: offers.length === 0 ? adviceFor() : null,
      offers: offers.map((offer) => ({
        ...{ device: offer.device, diskBytes: offer.diskBytes, isTried: offer.isTried },
        ...{ downloadBytes: downloadBytes(offer), isInstalled: false },
      })),
    };
  }

  read = (): PacksState => this.#state;

  /** Whoever begins to look sees what the command line has done meanwhile. */
  subscribe = (listener: () => void): (() => void) => {
    void this.refresh();
    return this.#changes.subscribe(listener);
  };

  /** Looks at what is there. */
  async refresh(): Promise<void> {
    const { places } = this.#options;
    const offers = await Promise.all(
      this.#state.offers.map(async (offer) => ({
        ...offer,
        isInstalled: await isInstalled(places.packs, offer.device),
      })),
    );
    const isExpected = places.own !== undefined || offers.some((offer) => offer.isInstalled);
    const found = await findPack(places).then(
      ({ kind }) => ({ inUse: kind, problem: null }),
      (error: unknown) => ({ inUse: null, problem: isExpected ? (error as Error).message : null }),
    );
    const state = { ...this.#state, ...found, offers };
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    this.#changes.tell();
  }

  /** Ends an installation; what was downloaded stays. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#work;
  }

  async *#install(device: PackDevice, asked: AbortSignal): AsyncGenerator<InstallPacket> {
    const offer = this.#options.offers.find((one) => one.device === device);
    if (offer === undefined) throw new LabError('runtime-unavailable', adviceFor());
    // What was cancelled just now may still be clearing up.
    await this.#work;
    const controller = new AbortController();
    const signal = AbortSignal.any([asked, this.#closing.signal, controller.signal]);
    const changes = new SpacedChanges(TELLING_MILLISECONDS);
    let progress: InstallPacket = { stage: 'checking', share: 0 };
    const { places, resources, index } = this.#options;
    const installed = installPack({
      ...{ packs: places.packs, offer, resources, index, signal },
      onProgress: (stage, share) => {
        progress = { stage, share };
        changes.tell();
      },
    }).then(() => true as const);
    this.#work = installed.catch(() => {}).then(() => this.refresh());
    try {
      for (;;) {
        const isDone = await Promise.race([installed, changes.next(signal)]);
        signal.throwIfAborted();
        if (isDone) break;
        yield progress;
      }
    } finally {
      changes.close();
      controller.abort();
      await this.#work;
    }
    yield { stage: 'done', share: 1 };
  }

  async #remove(device: PackDevice): Promise<void> {
    await this.#work;
    await removePack(this.#options.places.packs, device);
    await this.refresh();
  }
}
