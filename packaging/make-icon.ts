/** Draws the app's icon from the page's mark: node packaging/make-icon.ts, with a path to Chromium in CHROMIUM. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

/** Pixels; electron-builder makes all sizes and formats from this one. */
const SIZE = 1024;
/** The free edge that systems leave around icons. */
const EDGE = 40;

const mark = readFileSync(path.join(import.meta.dirname, '../src-renderer/public/icon.svg'), 'utf8');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const page = await browser.newPage({ viewport: { width: SIZE, height: SIZE } });
await page.setContent(
  `<style>body { margin: ${EDGE}px } svg { display: block; width: ${SIZE - 2 * EDGE}px }</style>${mark}`,
);
await page.screenshot({ path: path.join(import.meta.dirname, 'icon.png'), omitBackground: true });
await browser.close();
