import { mkdtempSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CACHE_DIRECTORY } from '../../../local/cache-directory';
import { type FakeAws, startFakeAws } from '../../support/fake-aws';
import { closedRow, type Finished, runToEnd } from '../../support/runner-process';
import { missingPrograms } from '../../support/runtime-clients/built';
import { CASES, type ExpectedOutcome, type RuntimeCase } from '../../support/runtime-clients/cases';
import { CLIENTS, UNREACHABLE } from '../../support/runtime-clients/catalogue';
import type { ProvidedClient, RuntimeClient } from '../../support/runtime-clients/runtime-client';
import { RUN_HERE, runtimesPage } from '../../support/runtime-clients/table';

// The clients that functions carry out there, run by the real runner: what AWS's own images hold, or users write.
// Each test runs real processes, which a busy machine may make slow.
jest.setTimeout(600_000);

const PAGE = path.resolve(__dirname, '../../../docs/runtimes.md');

const hereOrNot = CLIENTS.map((client) => ({ client, missing: missingPrograms(client.programs) }));
const clientsHere = hereOrNot.filter(({ missing }) => missing.length === 0).map(({ client }) => client);
const elsewhere = hereOrNot.filter(({ missing }) => missing.length > 0);

const provided = new Map<RuntimeClient, ProvidedClient>();
const passed = new Set<string>();
let aws: FakeAws;
let folder: string;

beforeAll(async () => {
  aws = await startFakeAws();
  folder = mkdtempSync(path.join(tmpdir(), 'overtime-client-'));
  // A client that cannot be built fails all.
  await Promise.all(clientsHere.map(async (client) => provided.set(client, await client.provide(folder))));
}, 600_000);

afterAll(async () => {
  await aws.close();
  await rm(folder, { recursive: true, force: true });
});

function titleOf({ runtime, client }: RuntimeClient): string {
  return `${runtime} with ${client}`;
}

function run(client: RuntimeClient, { handler, input, timeoutSeconds, variables }: RuntimeCase): Promise<Finished> {
  const given = provided.get(client);
  if (given === undefined) {
    throw new Error(`${titleOf(client)} was not built.`);
  }
  const Handler = client.handlerName?.(handler) ?? `app.${handler}`;
  const { runtime: Runtime, package: zip, layer, environment } = given;
  return runToEnd(aws, {
    fake: { package: zip, configuration: { Runtime, Handler, Environment: { Variables: variables } } },
    layers: [{ package: layer }],
    envelope: { input: { inline: input }, timeoutSeconds },
    environment,
  });
}

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const NUMBER = expect.any(Number);

/** All that the runner tells, and all that it is to tell, as one value each. */
function told(end: Finished) {
  return { exitCode: end.code, row: withoutStackTrace(end.row), lastLine: withoutStackTrace(end.lastLine) };
}

function toBeTold(end: Finished, { exitCode, status, isInvoked, output, error }: ExpectedOutcome) {
  const { runId, row } = end;
  const outcome = {
    runId,
    status,
    endedAt: TIME,
    exitCode,
    // A language's JSON may have blanks.
    ...(output === undefined ? {} : { output, outputBytes: row?.['outputBytes'] ?? 'none' }),
    ...(error === undefined ? {} : { error }),
  };
  const timings = { fetchMilliseconds: NUMBER, initMilliseconds: NUMBER };
  return {
    exitCode,
    row: { ...closedRow(end), ...outcome, startedAt: TIME, ...(isInvoked ? { invokedAt: TIME } : {}) },
    lastLine: {
      overtime: 'outcome',
      attempt: 1,
      ...outcome,
      ...timings,
      ...(isInvoked ? { durationMilliseconds: NUMBER } : {}),
    },
  };
}

function withoutStackTrace(document: unknown): unknown {
  return JSON.parse(JSON.stringify(document ?? null), (key, value) => (key === 'stackTrace' ? undefined : value));
}

const here = clientsHere.flatMap((client) =>
  CASES.map((each) => ({ title: `${titleOf(client)}: ${each.name}`, client, each })),
);

test.concurrent.each(here)('$title', async ({ title, client, each }) => {
  const end = await run(client, each);

  const expected = each.outcome(client, end);
  expect(told(end)).toEqual(toBeTold(end, expected));
  expect(end.stdout.includes('a line of output\n')).toBe(each.name === 'success');
  if (expected.stored !== undefined) {
    const text = aws.objects.get(`payloads/outputs/${end.runId}/1.json`) ?? '';
    expect([Buffer.byteLength(text), JSON.parse(text) === JSON.parse(expected.stored)]).toEqual([
      end.row?.['outputBytes'],
      true,
    ]);
  }
  passed.add(title);
});

for (const { client, missing } of elsewhere) {
  describe(`${titleOf(client)}, which needs ${missing.join(', ')} on the PATH`, () => {
    test.skip.each(CASES)('$name', () => undefined);
  });
}

const testOfPage = elsewhere.length === 0 ? test : test.skip;

// After the concurrent ones: jest runs the others when those have ended.
testOfPage('docs/runtimes.md says what ran, and no more, and the README has its table', async () => {
  const page = runtimesPage(CLIENTS, UNREACHABLE, (client, name) =>
    passed.has(`${titleOf(client)}: ${name}`) ? RUN_HERE : 'failed',
  );
  // To be copied over the page where the difference is wanted.
  await mkdir(CACHE_DIRECTORY, { recursive: true });
  await writeFile(path.join(CACHE_DIRECTORY, 'runtimes.md'), page);

  expect(await readFile(PAGE, 'utf8')).toBe(page);
  const table = page.split('\n').filter((line) => line.startsWith('|'));
  expect(await readFile(path.join(path.dirname(PAGE), '../README.md'), 'utf8')).toContain(table.join('\n'));
});
