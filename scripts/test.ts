/** npm test: the checks, then all tests as they run; the last line counts them together. */
import path from 'node:path';
import { startVitest, type TestModule } from 'vitest/node';
import { runChecks } from './checks.ts';

const ROOT = path.dirname(import.meta.dirname);

const checks = await runChecks();
process.stdout.write('\n');
const vitest = await startVitest('test', [], { root: ROOT, watch: false, reporters: ['default'] });
const modules = vitest.state.getTestModules();
const brokenFiles = modules.filter(isBroken).length;
const strayErrors = vitest.state.getUnhandledErrors().length;
const tests = modules.flatMap((module) => [...module.children.allTests()]);
await vitest.close();

const counts = {
  passed: checks.passed,
  failed: checks.failed + brokenFiles + strayErrors,
  skipped: 0,
  pending: 0,
};
for (const test of tests) {
  const result = test.result();
  counts[result.state]++;
  if (result.state === 'skipped')
    process.stdout.write(`skipped ${test.module.relativeModuleId}: ${test.fullName}${reason(result.note)}\n`);
}
// A test that never came to an end, or none at all, must not look like success.
const failed = counts.failed + counts.pending + (tests.length === 0 ? 1 : 0);
process.stdout.write(
  `${counts.passed} passed, ${failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}\n`,
);
process.exit(failed === 0 ? 0 : 1);

/** Whether a file failed outside its tests: it could not be loaded, or a hook of its threw. */
function isBroken(module: TestModule): boolean {
  return !module.ok() && [...module.children.allTests('failed')].length === 0;
}

function reason(note: string | undefined): string {
  return note === undefined ? '' : ` (${note})`;
}
