/** The one Chromium of this process, and the events of the app as a whole. */
import { EventEmitter } from 'node:events';
import { Chromium, type Command, type Parameters, type Result } from './chromium.ts';

/** What the parts tell each other; `app` tells it on. */
export const happenings = new EventEmitter();

let chromium: Chromium | undefined;

/** @throws before the app is ready */
export function running(): Chromium {
  if (!chromium) throw new Error('The app is not ready: Chromium has not been started.');
  return chromium;
}

export async function startChromium(profile: string): Promise<Chromium> {
  chromium = await Chromium.launch(process.env.STANDIN_CHROMIUM ?? 'chromium', profile);
  return chromium;
}

export function isStarted(): boolean {
  return chromium !== undefined;
}

export function send<Name extends Command>(
  command: Name,
  parameters?: Parameters<Name>,
  session?: string,
): Promise<Result<Name>> {
  return running().send(command, parameters, session);
}

/** An orderly end, so that what pages have stored is on the disk; it is not waited for for ever. */
export async function stopChromium(): Promise<void> {
  if (!chromium) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  chromium.onExit(resolve);
  chromium.send('Browser.close').catch(() => {});
  setTimeout(resolve, 3_000);
  await promise;
}
