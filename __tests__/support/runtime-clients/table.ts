import { CASES } from './cases';
import type { RuntimeClient, UnreachableClient } from './runtime-client';

export const RUN_HERE = 'run here';

const NEEDS_IMAGE = "needs AWS's image";

const HEADING = `# Runtimes

The clients of the Runtime API, driven by the real runner through six cases. What a run comes to is the same for all of them: exit code, row of the ledger
and last line are those of one table ([\`cases.ts\`](../__tests__/support/runtime-clients/cases.ts)). Written by
[\`runtime-clients.test.ts\`](../__tests__/e2e/once/runtime-clients.test.ts), which fails when this page says something else than what ran.

"${RUN_HERE}": the client itself, at this version, on the machine of the tests. "${NEEDS_IMAGE}": the client comes from RubyGems or NuGet, which that machine does
not reach; AWS's base image of the runtime carries it.
`;

/** The page that says which runtime was run through which case. */
export function runtimesPage(
  clients: readonly RuntimeClient[],
  unreachable: readonly UnreachableClient[],
  verdictOf: (client: RuntimeClient, caseName: string) => string,
): string {
  const names = CASES.map(({ name }) => name);
  const rows = [
    ['runtime', 'client', ...names],
    ...clients.map((client) => [
      client.runtime,
      client.version === undefined ? client.client : `${client.client} ${client.version}`,
      ...names.map((name) => verdictOf(client, name)),
    ]),
    ...unreachable.map(({ runtime, client }) => [runtime, client, ...names.map(() => NEEDS_IMAGE)]),
  ];
  return `${HEADING}\n${markdownTable(rows)}`;
}

function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |\n`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('');
}
