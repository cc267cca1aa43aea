import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { objectJobId } from '../../handlers/shared/object-event/job-id';
import { EXAMPLE_ACCOUNT, parseCalls, type RoleCall } from '../../local/role-calls';
import { committedModules } from '../../stacks/committed-modules';
import { UNUSED_PERMISSIONS, WIDE_PERMISSIONS } from '../../stacks/parts/permission-reasons';
import type { Statement } from '../../stacks/parts/policy-document';
import { type ChangedCall, changedCalls } from '../support/changed-calls';
import { EXAMPLE_VALUES } from '../support/example-values';
import { FORBIDDEN_CALLS } from '../support/forbidden-calls';
import { isAllowed } from '../support/iam-simulation';
import { type ModuleRole, moduleRoles } from '../support/module-roles';

// The calls that the programs made while the end-to-end tests ran, as the local AWS authorised them: each role is
// enough for those. This asks for the other half, whether it is more than enough. `npx tsx local/record-calls.ts` writes
// them anew, after `npm run test:e2e`.
const calls = parseCalls(readFileSync(path.join(__dirname, 'recorded-calls.txt'), 'utf8'));
const roles = moduleRoles(committedModules(), EXAMPLE_VALUES);

/** Roles in whose name AWS itself acts, where the local AWS asks IAM for nothing. */
const WITHOUT_CALLS = ['cluster.instance_role', 'database-trigger.database_role'];

function listed<Item>(value: Item | readonly Item[] | undefined): readonly Item[] {
  return value === undefined ? [] : ([value].flat() as readonly Item[]);
}

function callsOf({ part }: ModuleRole): readonly RoleCall[] {
  return calls.filter(({ role }) => role === part);
}

/** The role's statement that allows a call. */
async function allowedBy({ statements }: ModuleRole, call: RoleCall): Promise<Statement | undefined> {
  for (const statement of statements) {
    if (await isAllowed([statement], call)) {
      return statement;
    }
  }
  return undefined;
}

async function allowedCalls(role: ModuleRole): Promise<readonly RoleCall[]> {
  const answers = await Promise.all(callsOf(role).map((call) => isAllowed(role.statements, call)));
  return callsOf(role).filter((_, at) => answers[at] === true);
}

async function isNeeded(role: ModuleRole, statement: Statement): Promise<boolean> {
  for (const call of callsOf(role)) {
    if (statement.Action.includes(call.action) && (await isAllowed([statement], call))) {
      return true;
    }
  }
  return false;
}

/** What no call needs of a statement: its actions, and its resources, each by itself. */
async function unneeded(role: ModuleRole, statement: Statement) {
  const actions: string[] = [];
  for (const action of statement.Action) {
    if (!(await isNeeded(role, { ...statement, Action: [action] }))) {
      actions.push(action);
    }
  }
  const resources: string[] = [];
  for (const resource of listed(statement.Resource)) {
    if (!(await isNeeded(role, { ...statement, Resource: resource }))) {
      resources.push(resource);
    }
  }
  return { actions, resources };
}

/** The reasons that are about this statement of this role. */
function reasonsFor(role: ModuleRole, statement: Statement) {
  return UNUSED_PERMISSIONS.filter(
    ({ sid, roles: only = [role.name] }) => sid === statement.Sid && only.includes(role.name),
  );
}

test('the calls are those of the roles that the modules have', () => {
  expect(calls.filter(({ role }) => roles.every(({ part }) => part !== role))).toEqual([]);
  expect(roles.filter((role) => callsOf(role).length === 0).map(({ name }) => name)).toEqual(WITHOUT_CALLS);
});

test.each([...new Set(calls.map(({ role }) => role))])(
  'the role %s may make every call that its program made',
  async (part) => {
    const same = roles.filter((role) => role.part === part);
    const refused: RoleCall[] = [];
    for (const call of calls.filter(({ role }) => role === part)) {
      // Where two modules call a role the same, the call is of one of them.
      const answers = await Promise.all(same.map(({ statements }) => isAllowed(statements, call)));
      refused.push(...(answers.includes(true) ? [] : [call]));
    }

    expect(refused).toEqual([]);
  },
);

describe.each(roles.map((role) => [role.name, role] as const))('the role %s', (_name, role) => {
  test('may do nothing that its program did not do, but for what has a reason', async () => {
    const found: string[] = [];
    for (const statement of role.statements) {
      const { actions, resources } = await unneeded(role, statement);
      const reasons = reasonsFor(role, statement);
      // Resources of a statement that is not used at all have the reason of its actions.
      const idle = actions.length === statement.Action.length ? [] : resources;
      found.push(
        ...actions.filter((action) => !reasons.some((reason) => reason.actions.includes(action))),
        ...idle.filter((resource) => !reasons.some((reason) => reason.resources?.test(resource) === true)),
      );
    }

    expect(found).toEqual([]);
  });

  test('may do none of it next door, but for what has a reason', async () => {
    const found: ChangedCall[] = [];
    const own = await allowedCalls(role);
    for (const call of own.flatMap(changedCalls)) {
      const statement = await allowedBy(role, call);
      if (statement !== undefined && !WIDE_PERMISSIONS.some(({ sid }) => sid === statement.Sid)) {
        found.push(call);
      }
    }

    expect(found).toEqual([]);
  });
});

test.each(FORBIDDEN_CALLS)('no role may $why', async ({ action, resource, context = {} }) => {
  const able: string[] = [];
  for (const { name, statements } of roles) {
    if (await isAllowed(statements, { action, resource, context })) {
      able.push(name);
    }
  }

  expect(able).toEqual([]);
});

/** Every id of a job that a worker may come to, and that of the lock. */
const ITEMS: readonly (readonly [string, string])[] = [
  ['the job of a message', 'message:11111111-2222-3333-4444-555555555555'],
  [
    'the job of an object',
    objectJobId({ bucket: 'b', key: 'launch-lock', versionId: undefined, eTag: 'e', sequencer: undefined }),
  ],
  [
    'the job of an object with a long key',
    objectJobId({ bucket: 'b', key: 'k'.repeat(1_024), versionId: undefined, eTag: 'e', sequencer: undefined }),
  ],
  ['the launch lock', 'launch-lock'],
];

test.each([
  [
    'queue-worker.worker_role',
    ['the job of a message', 'the job of an object', 'the job of an object with a long key'],
  ],
  ['queue-worker.dispatcher_role', ['the launch lock']],
])('of the items of the jobs table the role %s may write %j', async (name, expected) => {
  const { statements = [] } = roles.find((role) => role.name === name) ?? {};
  const written: string[] = [];
  for (const [what, key] of ITEMS) {
    const resource = `arn:aws:dynamodb:us-east-1:${EXAMPLE_ACCOUNT}:table/overtime-jobs`;
    const context = { 'dynamodb:LeadingKeys': [key] };
    if (await isAllowed(statements, { action: 'dynamodb:UpdateItem', resource, context })) {
      written.push(what);
    }
  }

  expect(written).toEqual(expected);
});

test('the tests that reasons name are there', () => {
  const named = [...UNUSED_PERMISSIONS, ...WIDE_PERMISSIONS].flatMap(
    ({ why }) => why.match(/__tests__\/[\w./-]*\w/g) ?? [],
  );

  expect(named.filter((file) => !existsSync(path.resolve(__dirname, '../..', file)))).toEqual([]);
  expect(named.length).toBeGreaterThan(0);
});

test('each reason for a permission without use is true: a role has it, and no call needs it', async () => {
  for (const { sid, actions, resources: pattern, roles: only } of UNUSED_PERMISSIONS) {
    const having = roles.flatMap((role) =>
      (only ?? [role.name]).includes(role.name)
        ? role.statements.filter(({ Sid }) => Sid === sid).map((statement) => ({ role, statement }))
        : [],
    );
    const said = { sid, roles: only ?? having.map(({ role }) => role.name) };

    expect({ sid, roles: having.map(({ role }) => role.name) }).toEqual(said);
    for (const { role, statement } of having) {
      const idle = await unneeded(role, statement);
      expect([role.name, sid, actions.filter((action) => !idle.actions.includes(action))]).toEqual([
        role.name,
        sid,
        [],
      ]);
      if (pattern !== undefined) {
        expect([role.name, sid, idle.resources.some((resource) => pattern.test(resource))]).toEqual([
          role.name,
          sid,
          true,
        ]);
      }
    }
  }
});

test('each reason for a wide permission is true: it reaches what nobody named', async () => {
  for (const { sid } of WIDE_PERMISSIONS) {
    const reached: boolean[] = [];
    for (const role of roles) {
      const statements = role.statements.filter(({ Sid }) => Sid === sid);
      for (const call of callsOf(role).flatMap(changedCalls)) {
        reached.push(statements.length > 0 && (await isAllowed(statements, call)));
      }
    }
    expect([sid, reached.includes(true)]).toEqual([sid, true]);
  }
});

describe('a role that becomes broader is found', () => {
  const watcher = roles.find(({ name }) => name === 'runner.watcher_role');
  const statement = watcher?.statements.find(({ Sid }) => Sid === 'CloseRuns');
  if (watcher === undefined || statement === undefined) {
    throw new Error('The watcher closes runs no more: name another role here.');
  }

  test('by an action that nobody needs', async () => {
    const Action = [...statement.Action, 'dynamodb:DeleteItem'];

    expect(await unneeded(watcher, { ...statement, Action })).toEqual({
      actions: ['dynamodb:DeleteItem'],
      resources: [],
    });
  });

  test('by a resource that nobody needs', async () => {
    const other = 'arn:aws:dynamodb:us-east-1:123456789012:table/payroll';

    expect(await unneeded(watcher, { ...statement, Resource: [...listed(statement.Resource), other] })).toEqual({
      actions: [],
      resources: [other],
    });
  });

  test('by a resource that covers more than what is needed', async () => {
    const wide = [{ ...statement, Resource: '*' }];
    const changes: string[] = [];
    for (const call of callsOf(watcher)
      .filter(({ action }) => action === 'dynamodb:UpdateItem')
      .flatMap(changedCalls)) {
      if (await isAllowed(wide, call)) {
        changes.push(call.changed);
      }
    }

    expect(changes).toEqual(['account', 'region', 'name']);
  });
});
