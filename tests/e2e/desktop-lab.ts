/** The built desktop app on the Electron stand-in. */
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { ROOT } from '../cli/run-lab.ts';
import { StandInApp } from './electron-stand-in/stand-in-app.ts';
import { CHROMIUM, type LabUnderTest, missingBrowser, type Surface, watchErrors } from './lab-under-test.ts';

/** Where files lie that a test drops on the page. */
export const DROPPED_FROM = path.join(ROOT, 'resources/samples');

export const onDesktop: Surface = {
  name: 'the desktop app, on a stand-in of Electron',
  missing: missingBrowser,
  start: (dataFolder) => DesktopLab.start(dataFolder),
};

export class DesktopLab implements LabUnderTest {
  readonly app: StandInApp;
  readonly page: Page;
  readonly errors: string[] = [];
  readonly #browser: Browser;

  /** @param answers of the person to message boxes before there is a window: numbers of buttons */
  static async start(dataFolder: string, answers: readonly number[] = []): Promise<DesktopLab> {
    const app = startApp(dataFolder);
    app.tell({
      kind: 'answer',
      dialog: 'showMessageBox',
      answers: answers.map((response) => ({ response })),
    });
    // `noDefaults`: the driver leaves the app's pages as they are.
    const browser = await chromium.connectOverCDP(await app.endpoint, { noDefaults: true });
    await app.called('window.show');
    const [page] = browser.contexts()[0]?.pages() ?? [];
    if (!page) throw new Error('The app has no window.');
    await page.getByRole('navigation').first().waitFor();
    return new DesktopLab(app, browser, page);
  }

  private constructor(app: StandInApp, browser: Browser, page: Page) {
    this.app = app;
    this.#browser = browser;
    this.page = page;
    watchErrors(page, this.errors);
  }

  get pid(): number {
    return this.app.pid;
  }

  get foreignRequests(): string[] {
    return this.app
      .details('request')
      .map((detail) => (detail as { url: string }).url)
      .filter((url) => !/^(app:\/\/lab\/|data:|about:blank)/.test(url));
  }

  async chooseFolder(folder: string, ask: () => Promise<void>): Promise<void> {
    const answer = { canceled: false, filePaths: [folder] };
    this.app.tell({ kind: 'answer', dialog: 'showOpenDialog', answers: [answer] });
    await ask();
  }

  async quit(): Promise<void> {
    await this.app.quit();
    await this.#browser.close();
  }

  async kill(): Promise<void> {
    await this.app.kill();
    await this.#browser.close();
  }
}

/** An instance of the app, which may find that another has the data folder. */
export function startApp(dataFolder: string): StandInApp {
  return new StandInApp({
    entry: path.join(ROOT, 'out/main/index.js'),
    appFolder: ROOT,
    environment: { HYPERFIT_LAB_HOME: dataFolder },
    chromium: CHROMIUM!,
    droppedFrom: DROPPED_FROM,
  });
}
