/** Browser mode, as `npm start` opens it. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, it, onTestFinished } from 'vitest';
import { inBrowser } from './browser-lab.ts';
import { testHostileNames } from './hostile-names.suite.ts';
import { openScreen, seesState, tryItNow } from './paths.ts';
import { testWholeWay } from './whole-way.suite.ts';
import { testWizard } from './wizard.suite.ts';

testWholeWay(inBrowser);
testHostileNames(inBrowser);
testWizard(inBrowser);

describe.skipIf(inBrowser.missing)('browser mode', () => {
  it('shows in a second tab what the first has begun', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'e2e-'));
    const lab = await inBrowser.start(folder);
    const { page } = lab;
    onTestFinished(async () => {
      await lab.quit();
      await rm(folder, { recursive: true });
    });
    await tryItNow(page);
    const second = await page.context().newPage();
    await second.goto(new URL('/', page.url()).href);
    await openScreen(second, 'Runs');
    await seesState(second, 'Training');
  });
});
