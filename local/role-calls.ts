import * as v from 'valibot';

/** Something that a role of a module did: as the local AWS authorised it, without what differs from run to run. */
export interface RoleCall {
  /** The part of the role's name between the deployment's name and Terraform's suffix, as in `starter`. */
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  /** The condition keys that policies of the modules ask for. */
  readonly context: Readonly<Record<string, string>>;
}

/** The condition keys that are kept, in IAM's spelling; the local AWS writes them in lower case. */
const CONTEXT_KEYS: readonly string[] = [
  'aws:ResourceTag/overtime:run-id',
  'ecs:CreateAction',
  'ecs:cluster',
  'iam:PassedToService',
  'kms:ViaService',
];

/** The documented example account: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html */
export const EXAMPLE_ACCOUNT = '123456789012';

const Line = v.object({
  account: v.string(),
  role: v.string(),
  action: v.string(),
  resource: v.string(),
  context: v.record(v.string(), v.unknown()),
});

/** Terraform makes a name unique with the time to a tenth of a millisecond and a counter. */
const UNIQUE_SUFFIX = /\d{18}[0-9a-f]{8}/g;

/** What differs from run to run, and what stands for it. The order matters: an id of a run is hexadecimal too. */
const DIFFERENT_EACH_TIME: readonly (readonly [RegExp, string])[] = [
  [UNIQUE_SUFFIX, 'UNIQUE'],
  [/run-[0-9a-f]{32}/g, 'run-ID'],
  [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID'],
  [/\b[0-9a-f]{64}\b/g, 'HASH'],
  [/\b[0-9a-f]{32}\b/g, 'ID'],
  [/\d{4}-\d{2}-\d{2}T[\d:.]+Z?/g, 'TIME'],
  [/\d{4}\/\d{2}\/\d{2}/g, 'DATE'],
  // Objects of which a test has many: which of them a call is about, is chance.
  [/(?<=^arn:aws:s3:::.+\/)\d{2,}(?=[^/]*$)/, 'NUMBER'],
];

/**
 * The calls in what a local AWS wrote down, each once and sorted. Other roles than those of the modules, such as those
 * of the functions that a test runs, do not count.
 *
 * @param roles the parts of their names
 */
export function roleCalls(lines: readonly string[], roles: readonly string[]): readonly RoleCall[] {
  const calls = lines.flatMap((line) => roleCall(v.parse(Line, JSON.parse(line)), roles));
  return parseCalls(formatCalls(calls));
}

function roleCall(line: v.InferOutput<typeof Line>, roles: readonly string[]): readonly RoleCall[] {
  const [, deployment = '', role = ''] = /^(.+)-([a-z]+)-\d{18}[0-9a-f]{8}$/.exec(line.role) ?? [];
  if (!roles.includes(role)) {
    return [];
  }
  const same = (text: string) =>
    DIFFERENT_EACH_TIME.reduce((done, [pattern, stand]) => done.replace(pattern, stand), text)
      .replaceAll(line.account, EXAMPLE_ACCOUNT)
      .replaceAll(new RegExp(`\\b(?:${beginningsOf(deployment).join('|')})\\b`, 'g'), 'overtime')
      // That a queue worker's own is FIFO makes no other permission of it.
      .replace(/(?<=:overtime(?:-dead-letters)?)\.fifo$/, '')
      .replace(/:function:(?!overtime-)[\w-]+/, ':function:some-function')
      .replace(/:layer:[\w-]+/, ':layer:some-layer')
      // What is made by the call has no name yet.
      .replace(/(?<=.)\*$/, 'NEW');
  const context = CONTEXT_KEYS.flatMap((key) => {
    const value = line.context[key.toLowerCase()];
    return value === undefined ? [] : [[key, same(String(value))] as const];
  });
  return [{ role, action: line.action, resource: same(line.resource), context: Object.fromEntries(context) }];
}

/** The longest first: the name of a queue worker may begin with that of the deployment on which it stands. */
function beginningsOf(deployment: string): readonly string[] {
  const words = deployment.split('-');
  return words.map((_, dropped) => words.slice(0, words.length - dropped).join('-'));
}

/** One line for each call: the role, the action, the resource, and the condition keys with their values. */
export function formatCalls(calls: readonly RoleCall[]): string {
  const lines = calls.map(({ role, action, resource, context }) =>
    [role, action, resource, ...Object.entries(context).map(([key, value]) => `${key}=${value}`)].map(word).join(' '),
  );
  return [...new Set(lines)]
    .sort()
    .map((line) => `${line}\n`)
    .join('');
}

/** Keys of objects may hold spaces, which part what stands in a line. */
function word(text: string): string {
  return text.replaceAll(/[%\s]/g, encodeURIComponent);
}

export function parseCalls(text: string): readonly RoleCall[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [role = '', action = '', resource = '', ...context] = line.split(' ').map(decodeURIComponent);
      const entries = context.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]);
      return { role, action, resource, context: Object.fromEntries(entries) as RoleCall['context'] };
    });
}

/**
 * The calls that are known from now on.
 *
 * @param isAnew leaves out those that were not made again
 * @throws {Error} when nothing was recorded, which is no reason to forget what is known
 */
export function nextKnownCalls(
  known: readonly RoleCall[],
  recorded: readonly RoleCall[],
  isAnew: boolean,
): readonly RoleCall[] {
  if (recorded.length === 0) {
    throw new Error('The local AWS has written down no call of any role: let "npm run test:e2e" run to its end first.');
  }
  return isAnew ? recorded : [...known, ...recorded];
}

/** How a run's calls are to those that are known. */
export interface CallsSeen {
  /** How many of the known pairs of role and action there were again. */
  readonly again: number;
  /** Those that there were not, as `role action`; a role that did nothing at all is named once, as its tests did not run. */
  readonly gone: readonly string[];
}

/**
 * Which of the known calls were made again, whatever the resource. One that was not is no proof that nobody needs it: it
 * may be made by chance, after a throttle or where two met.
 */
export function callsSeen(known: readonly RoleCall[], now: readonly RoleCall[]): CallsSeen {
  const pairs = (calls: readonly RoleCall[]) => new Set(calls.map(({ role, action }) => `${role} ${action}`));
  const [before, done, active] = [pairs(known), pairs(now), new Set(now.map(({ role }) => role))];
  const missing = [...before].filter((pair) => !done.has(pair));
  const gone = missing.map((pair) => {
    const [role = ''] = pair.split(' ');
    return active.has(role) ? pair : `${role}: nothing at all`;
  });
  return { again: before.size - missing.length, gone: [...new Set(gone)] };
}
