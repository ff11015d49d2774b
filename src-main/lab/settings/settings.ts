/** What a person has set, kept in the store; every window hears of a change. */
import { type Settings, settingsSchema } from '../../../src-preload/contract/endpoints/system.ts';
import type { WritableSource } from '../../../src-preload/contract/server.ts';
import type { SettingsStore } from '../../store/library-store.ts';
import { Changes } from '../changes.ts';

export class SettingsSource implements WritableSource<Settings> {
  readonly #store: SettingsStore;
  readonly #changes = new Changes();

  constructor(store: SettingsStore) {
    this.#store = store;
  }

  read = (): Settings => this.#store.read('settings', settingsSchema) ?? settingsSchema.parse({});

  subscribe = (listener: () => void): (() => void) => this.#changes.subscribe(listener);

  write = (value: Settings): void => {
    this.#store.write('settings', value);
    this.#changes.tell();
  };
}
