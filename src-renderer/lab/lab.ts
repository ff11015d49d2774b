/** The page's one connection to the lab. */
import { shallowRef } from 'vue';
import { Client } from '../../src-preload/contract/client.ts';
import { labContract } from '../../src-preload/contract/lab-contract.ts';
import type { Transport } from '../../src-preload/contract/transport.ts';
import { portTransport } from './port-transport.ts';
import { socketTransport } from './socket-transport.ts';

/** Whether the lab can be spoken to just now; it is tried again by itself. */
export const isConnected = shallowRef(false);

export const lab = new Client(
  labContract,
  watched(
    window.hyperfitLab
      ? portTransport(window.hyperfitLab)
      : socketTransport(`ws://${window.location.host}/lab`),
  ),
);

function watched(transport: Transport): Transport {
  return {
    ...transport,
    listen: (listener) =>
      transport.listen({
        ...listener,
        opened: () => {
          isConnected.value = true;
          listener.opened();
        },
        closed: () => {
          isConnected.value = false;
          listener.closed();
        },
      }),
  };
}

/** The first connection; calls before it would fail. */
export function connected(): Promise<void> {
  return new Promise((resolve) => {
    const stop = lab.watch('settings', () => {
      queueMicrotask(() => stop());
      resolve();
    });
  });
}
