/** The page's files for browser mode. */
import path from 'node:path';
import { buildIfChanged, ROOT } from './built.ts';

/** Beside the desktop app's own, so that neither build takes the other's files away while they are served. */
const PAGES = path.join(ROOT, 'out', 'browser');

/** @returns the folder that they are in */
export async function buildPages(): Promise<string> {
  await buildIfChanged(PAGES, ['src-renderer', 'src-preload/contract'], async () => {
    process.stderr.write('Building the page, as its sources are new: the browser shows it in a moment …\n');
    // Loading these takes as long as opening the lab, and is seldom needed.
    const [{ build }, { default: vue }] = await Promise.all([import('vite'), import('@vitejs/plugin-vue')]);
    await build({
      configFile: false,
      root: path.join(ROOT, 'src-renderer'),
      plugins: [vue()],
      logLevel: 'warn',
      build: { outDir: PAGES, emptyOutDir: true, chunkSizeWarningLimit: 2_000 },
    });
  });
  return PAGES;
}
