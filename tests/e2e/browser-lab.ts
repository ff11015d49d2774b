/** The lab in browser mode, as `npm start` opens it, with Debian's Chromium on it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { ROOT } from '../cli/run-lab.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);

/** Why these tests cannot run here, if they cannot. */
export const missingBrowser = CHROMIUM === undefined ? 'there is no Chromium in /usr/bin' : undefined;

export class BrowserLab {
  readonly browser: Browser;
  readonly page: Page;
  readonly server: ChildProcess;
  /** What a page sent to anywhere but the lab. */
  readonly foreignRequests: string[] = [];
  /** Errors that a page threw or wrote. */
  readonly errors: string[] = [];

  /** @param dataFolder of the lab; two starts on one folder are the same lab */
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
    await lab.#watch(lab.page, entrance);
    await lab.page.goto(entrance);
    await lab.page.getByRole('navigation').waitFor();
    return lab;
  }

  private constructor(server: ChildProcess, browser: Browser, page: Page) {
    this.server = server;
    this.browser = browser;
    this.page = page;
  }

  /** A second tab of the same browser. */
  async secondTab(): Promise<Page> {
    const page = await this.page.context().newPage();
    await page.goto(new URL('/', this.page.url()).href);
    await page.getByRole('navigation').waitFor();
    return page;
  }

  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
    await this.browser.close();
    if (this.server.exitCode !== null) return;
    const ended = new Promise((resolve) => this.server.once('exit', resolve));
    this.server.kill(signal);
    await ended;
  }

  async #watch(page: Page, entrance: string): Promise<void> {
    const { origin } = new URL(entrance);
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) this.foreignRequests.push(url);
    });
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
  }
}
