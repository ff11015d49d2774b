/** What Chromium runs in each new document before the page's own scripts: the page's world, then the preload script's. */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Parameters } from './chromium.ts';
import { makeBridge } from './page/bridge.ts';
import { type Beginning, isolatedWorld } from './page/isolated-world.ts';
import { mainWorld } from './page/main-world.ts';
import { makeCodec } from './structured-clone.ts';

export const WORLD = 'Electron Isolated Context';

/** @param names of the window; each is a secret between this process and the preload script's world */
export function pageScripts(
  { preload, additionalArguments = [] }: Electron.WebPreferences,
  names: Pick<Beginning, 'secret' | 'binding' | 'receiver'>,
): Parameters<'Page.addScriptToEvaluateOnNewDocument'>[] {
  const main = `(${mainWorld})(${JSON.stringify(names.secret)}, ${makeBridge})`;
  if (!preload) return [{ source: main }];
  const beginning: Beginning = {
    ...names,
    droppedFrom: process.env.STANDIN_DROPPED_FROM ?? '',
    process: {
      type: 'renderer',
      platform: process.platform,
      arch: process.arch,
      versions: { ...process.versions },
      argv: [process.execPath, ...additionalArguments],
      sandboxed: true,
      contextIsolated: true,
    },
  };
  const script = `(function (require, module, exports, process) {${readFileSync(preload, 'utf8')}\n})`;
  const parts = [JSON.stringify(beginning), `(${makeCodec})()`, String(makeBridge), script];
  return [
    { source: main },
    {
      worldName: WORLD,
      source: `(${isolatedWorld})(${parts.join(',\n')});\n//# sourceURL=${pathToFileURL(preload)}`,
    },
  ];
}
