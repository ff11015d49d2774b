/** A lab that a test drives as a person does, on whichever surface it is shown. */
import { existsSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { childrenOf } from './processes.ts';

export interface LabUnderTest {
  readonly page: Page;
  /** Of the process that the lab runs in. */
  readonly pid: number;
  /** What a page asked of anywhere but the lab. */
  readonly foreignRequests: readonly string[];
  /** Errors that a page threw or wrote. */
  readonly errors: readonly string[];
  /**
   * Chooses a folder, as far as this surface's dialog lets one choose.
   * @param ask presses what asks for it
   */
  chooseFolder(folder: string, ask: () => Promise<void>): Promise<void>;
  /** Ends the lab as a person does; what is being trained keeps a checkpoint. */
  quit(): Promise<void>;
  /** Ends it at once, as when memory runs out. */
  kill(): Promise<void>;
}

export interface Surface {
  readonly name: string;
  /** Why its tests cannot run here, if they cannot. */
  readonly missing: string | undefined;
  /** @param dataFolder two starts on one folder are the same lab */
  start(dataFolder: string): Promise<LabUnderTest>;
}

export const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
export const missingBrowser = CHROMIUM === undefined ? 'there is no Chromium in /usr/bin' : undefined;

/** The engine processes that compute for a lab. */
export function enginesOf({ pid }: LabUnderTest): number[] {
  return childrenOf(pid, 'engine-process');
}

/** Collects what a page throws or writes as an error. */
export function watchErrors(page: Page, errors: string[]): void {
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
}
