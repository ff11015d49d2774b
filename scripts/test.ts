/** npm test: the checks and all tests; the last line counts them together. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { CHECKS, runChecks, runTool } from './checks.ts';

const reportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(''),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

const failedChecks = await runChecks();
const folder = await mkdtemp(path.join(os.tmpdir(), 'hyperfit-test-'));
try {
  const file = path.join(folder, 'report.json');
  const { output } = await runTool(['vitest/vitest.mjs', 'run', '--reporter=json', `--outputFile=${file}`]);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) {
    process.stdout.write(`${output}\nThe tests did not run.\n`);
    finish({ passed: CHECKS.length - failedChecks, failed: failedChecks + 1, skipped: 0 });
  } else {
    report(reportSchema.parse(JSON.parse(text)));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

function report({
  numPassedTests,
  numFailedTests,
  numPendingTests,
  testResults,
}: z.infer<typeof reportSchema>): void {
  let brokenFiles = 0;
  for (const { name, status, message, assertionResults } of testResults) {
    const shown = path.relative(process.cwd(), name);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (status === 'failed' && failed.length === 0) {
      brokenFiles++;
      process.stdout.write(`FAILED ${shown}\n${message}\n`);
    }
    for (const test of failed)
      process.stdout.write(`FAILED ${shown}: ${test.fullName}\n${test.failureMessages?.join('\n') ?? ''}\n`);
    for (const test of assertionResults.filter(
      (one) => one.status === 'pending' || one.status === 'skipped',
    )) {
      process.stdout.write(`skipped ${shown}: ${test.fullName}\n`);
    }
  }
  finish({
    passed: numPassedTests + CHECKS.length - failedChecks,
    failed: numFailedTests + failedChecks + brokenFiles,
    skipped: numPendingTests,
  });
}

function finish({ passed, failed, skipped }: { passed: number; failed: number; skipped: number }): void {
  process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}
