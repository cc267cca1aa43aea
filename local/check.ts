import { abortOnInterruption } from './interruption';
import { runCommand } from './run-command';

/** What `npm run check` runs, side by side: each is a program of its own and all of them together take seconds. */
const CHECKS: readonly { readonly name: string; readonly command: readonly [string, ...string[]] }[] = [
  { name: 'types', command: ['tsc', '-p', '.'] },
  { name: 'lint and format', command: ['biome', 'ci', '--colors=off', '.'] },
  { name: 'unused code', command: ['knip', '--no-progress'] },
];

async function check(signal: AbortSignal): Promise<boolean> {
  const results = await Promise.all(
    CHECKS.map(async ({ name, command: [program, ...args] }) => {
      const began = performance.now();
      const result = await runCommand(`node_modules/.bin/${program}`, args, { env: process.env, signal });
      return { name, result, seconds: (performance.now() - began) / 1000 };
    }),
  );
  for (const { name, result, seconds } of results) {
    const verdict = result.exitCode === 0 ? 'ok' : 'FAILED';
    process.stdout.write(`${verdict.padEnd(7)}${name} (${seconds.toFixed(1)} s)\n`);
    if (result.exitCode !== 0) {
      process.stdout.write(`${result.stdout}\n${result.stderr}\n`);
    }
  }
  return results.every(({ result }) => result.exitCode === 0);
}

void check(abortOnInterruption()).then((passed) => {
  process.exitCode = passed ? 0 : 1;
});
