/** A disk that fills up, for real: a small one of its own, where the system lets a person make one (Linux namespaces). */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FIXTURES, ROOT } from './run-lab.ts';
import { sampleText } from './sample-text.ts';

const OWN_DISK = ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-euc'] as const;
const canMount =
  spawnSync(OWN_DISK[0], [...OWN_DISK.slice(1), 'mount -t tmpfs none /tmp'], { stdio: 'ignore' }).status ===
  0;

/** More than are done until the disk is full. */
const EPOCHS = 60;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'full-disk-'));
  await writeFile(path.join(folder, 'text.txt'), sampleText());
});
afterAll(() => rm(folder, { recursive: true }));

it('says that the disk is full, leaves nothing half written, and goes on when there is room', ({ skip }) => {
  skip(!canMount, 'this system lets no user mount a disk of their own');
  const lab = `"${process.execPath}" "${path.join(ROOT, 'src-main/cli/main.ts')}"`;
  // Something else takes what room there was, once a checkpoint is kept.
  const script = `
    mkdir -p "$1/disk"
    mount -t tmpfs -o size=64m none "$1/disk"
    ${lab} hyperfit "$2" --data "$1/text.txt" --out "$1/disk/run" --scope full --window-length 16 --windows 8 \
      --batch 4 --epochs ${EPOCHS} --samples 2 &
    until ls "$1/disk/run/checkpoints" 2>/dev/null | grep -q '^step[^.]*$'; do sleep 0.02; done
    cat /dev/zero > "$1/disk/other" 2>/dev/null || true
    wait $! || echo "exit code $?"
    find "$1/disk" -name '*.tmp'
    ls "$1/disk/run/checkpoints"
    rm "$1/disk/other"
    ${lab} hyperfit --resume --out "$1/disk/run" --json`;
  const words = [...OWN_DISK.slice(1), script, 'sh', folder, path.join(FIXTURES, 'llama')];
  const { stdout, stderr, status } = spawnSync(OWN_DISK[0], words, { encoding: 'utf8' });
  expect(stderr).toContain(`The disk is full: ${folder}/disk/run`);
  expect(status).toBe(0);
  const [code, checkpoint, ...resumed] = stdout.trim().split('\n');
  expect(code).toBe('exit code 1');
  expect(checkpoint).toMatch(/^step-\d+-epoch-\d+$/);
  expect(JSON.parse(resumed.join('\n')).epochs).toHaveLength(EPOCHS + 1);
});
