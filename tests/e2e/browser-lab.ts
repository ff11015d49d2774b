/** The lab in browser mode, as `npm start` opens it, with a Chromium on it. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { ROOT } from '../cli/run-lab.ts';
import { CHROMIUM, type LabUnderTest, missingBrowser, type Surface, watchErrors } from './lab-under-test.ts';

export const inBrowser: Surface = {
  name: 'the browser',
  missing: missingBrowser,
  start: (dataFolder) => BrowserLab.start(dataFolder),
};

class BrowserLab implements LabUnderTest {
  readonly page: Page;
  readonly foreignRequests: string[] = [];
  readonly errors: string[] = [];
  readonly #browser: Browser;
  readonly #server: ChildProcess;

  static async start(dataFolder: string): Promise<BrowserLab> {
    const server = spawn(
      process.execPath,
      [path.join(ROOT, 'src-main/server/start.ts'), '--no-open', '--data-folder', dataFolder],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const entrance = await new Promise<string>((resolve, reject) => {
      let output = '';
      server.stdout.on('data', (text) => {
        output += text;
        const [address] = /http:\S+/.exec(output) ?? [];
        if (address) resolve(address);
      });
      server.on('exit', (code) => reject(new Error(`The lab ended with code ${code}.`)));
    });
    const browser = await chromium.launch({ executablePath: CHROMIUM!, args: ['--no-sandbox'] });
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const lab = new BrowserLab(server, browser, await context.newPage());
    lab.#watch(entrance);
    await lab.page.goto(entrance);
    await lab.page.getByRole('navigation').first().waitFor();
    return lab;
  }

  private constructor(server: ChildProcess, browser: Browser, page: Page) {
    this.#server = server;
    this.#browser = browser;
    this.page = page;
  }

  get pid(): number {
    return this.#server.pid!;
  }

  async chooseFolder(folder: string, ask: () => Promise<void>): Promise<void> {
    await ask();
    await this.page.getByRole('textbox', { name: 'Folder' }).fill(folder);
    await this.page.getByRole('button', { name: 'Use this folder' }).click();
  }

  quit(): Promise<void> {
    return this.#end('SIGINT');
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    await this.#browser.close();
    if (this.#server.exitCode !== null || this.#server.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#server.once('exit', resolve));
    this.#server.kill(signal);
    await ended;
  }

  #watch(entrance: string): void {
    const { origin } = new URL(entrance);
    watchErrors(this.page, this.errors);
    this.page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) this.foreignRequests.push(url);
    });
  }
}
