import {
  chooseRuntimeCommand,
  ownBootstraps,
  type RuntimeCandidates,
  runtimeRefusal,
} from '../../../handlers/runner/runtime-command';
import { parseRuntime } from '../../../handlers/shared/lambda-runtime';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:fn';

const CANDIDATES: RuntimeCandidates = {
  bootstrap: undefined,
  taskRuntime: undefined,
  hasAwsBootstrap: false,
  architecture: 'x86_64',
  mountPoints: ['/', '/mnt/shared'],
  nodeFile: '/node',
  nodeClientFile: '/node-client.js',
};

function runtime(name: string) {
  const parsed = parseRuntime(name);
  if (parsed === undefined) {
    throw new Error(`${name} is no runtime`);
  }
  return { ...parsed, name };
}

const AWS = { hasAwsBootstrap: true };
const OWN = { bootstrap: '/own' };

test.each([
  { name: 'nodejs22.x', rule: 'the one asked for', has: { ...AWS, ...OWN }, file: '/own', args: [] },
  { name: 'nodejs22.x', rule: 'else AWS’s own', has: AWS, file: '/var/runtime/bootstrap', args: [] },
  { name: 'nodejs22.x', rule: 'else our Node.js client', has: {}, file: '/node', args: ['/node-client.js'] },
  { name: 'java21', rule: 'AWS’s own', has: AWS, file: '/var/runtime/bootstrap', args: [] },
  { name: 'provided.al2023', rule: 'the function’s, not AWS’s', has: AWS, file: '/opt/bootstrap', args: [] },
  { name: 'provided.al2023', rule: 'the one asked for', has: OWN, file: '/own', args: [] },
])('the program for $name is $rule', ({ name, has, file, args }) => {
  const own = [
    { file: '/var/task/bootstrap', state: 'absent' },
    { file: '/opt/bootstrap', state: 'executable' },
  ] as const;

  expect(chooseRuntimeCommand(runtime(name), { ...CANDIDATES, ...has }, own)).toEqual({
    kind: 'command',
    command: { file, args },
  });
});

test.each([
  {
    title: 'neither the package nor a layer has one',
    states: ['absent', 'absent'],
    message:
      "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]. Put the program of the function there " +
      'under that name, at the root of its package or of a layer.',
  },
  {
    title: 'the package’s may not be executed, whatever a layer has',
    states: ['not-executable', 'executable'],
    message: '/var/task/bootstrap may not be executed: give it its execute permission (chmod 755) before it is zipped.',
  },
] as const)('an OS-only function is refused where $title', ({ states, message }) => {
  const own = ownBootstraps('/var/task', '/opt').map((file, index) => ({ file, state: states[index] ?? 'absent' }));

  expect(chooseRuntimeCommand(runtime('provided.al2023'), CANDIDATES, own)).toEqual({
    kind: 'refused',
    code: 'BOOTSTRAP_INVALID',
    message,
  });
});

const WRAPPER = '/opt/wrapper';

test.each([
  {
    name: 'nodejs22.x',
    rule: 'our Node.js client starts through it',
    has: {},
    command: [WRAPPER, '/node', '/node-client.js'],
  },
  { name: 'nodejs22.x', rule: 'AWS’s bootstrap starts it by itself', has: AWS, command: ['/var/runtime/bootstrap'] },
  { name: 'provided.al2023', rule: 'Lambda has none for OS-only runtimes', has: {}, command: ['/opt/bootstrap'] },
])('a wrapper script, for $name: $rule', ({ name, has, command: [file, ...args] }) => {
  const own = [{ file: '/opt/bootstrap', state: 'executable' }] as const;

  expect(
    chooseRuntimeCommand(runtime(name), { ...CANDIDATES, ...has }, own, { file: WRAPPER, state: 'executable' }),
  ).toEqual({ kind: 'command', command: { file, args } });
});

test.each([
  { state: 'absent', message: 'which is in neither its package nor a layer.' },
  {
    state: 'not-executable',
    message: 'which may not be executed: give it its execute permission (chmod 755) before it is zipped.',
  },
  { state: 'other-architecture', message: "which was built for another architecture than this task's." },
] as const)('a wrapper script that is $state is refused', ({ state, message }) => {
  expect(chooseRuntimeCommand(runtime('nodejs22.x'), CANDIDATES, [], { file: WRAPPER, state })).toEqual({
    kind: 'refused',
    code: 'BOOTSTRAP_INVALID',
    message: `AWS_LAMBDA_EXEC_WRAPPER of the function names /opt/wrapper, ${message}`,
  });
});

test.each([
  { architecture: 'arm64', task: 'x86_64' },
  { architecture: 'x86_64', task: 'arm64' },
] as const)('a function for $architecture is refused by a task on $task', ({ architecture, task }) => {
  const refusal = runtimeRefusal(
    ARN,
    { runtime: runtime('nodejs22.x'), architecture, mountPaths: [] },
    { ...CANDIDATES, architecture: task },
  );

  expect(refusal).toEqual({
    kind: 'refused',
    code: 'ARCHITECTURE_MISMATCH',
    message:
      `${ARN} is for ${architecture}, and this task runs on ${task}: run it on a task definition for its own ` +
      'architecture (leave taskDefinition out of the request, or add the runtime with that architecture to the runner ' +
      'module).',
  });
});

const WITH_FILES = { runtime: runtime('nodejs22.x'), architecture: 'x86_64' } as const;

test('a function with a file system that the task has too is not refused', () => {
  expect(runtimeRefusal(ARN, { ...WITH_FILES, mountPaths: ['/mnt/shared'] }, CANDIDATES)).toBeUndefined();
});

test('a function with a file system that the task lacks is refused', () => {
  expect(runtimeRefusal(ARN, { ...WITH_FILES, mountPaths: ['/mnt/shared', '/mnt/models'] }, CANDIDATES)).toEqual({
    kind: 'refused',
    code: 'FILE_SYSTEM_NOT_MOUNTED',
    message:
      `${ARN} has a file system at /mnt/models, and this task has none there: give a taskDefinition in the request ` +
      'whose container mounts it at the same path.',
  });
});

const REMEDY =
  'run it on a task definition of its own runtime, whose image is built on public.ecr.aws/lambda/python:3.13 ' +
  '(add the runtime to the runner module, then "npm run images")';

test.each([
  {
    title: 'a task for another language',
    has: { ...AWS, taskRuntime: runtime('nodejs22.x') },
    message: `${ARN} has the runtime python3.13, and this task's image is for nodejs: ${REMEDY}.`,
  },
  {
    title: 'a task without AWS’s runtime',
    has: {},
    message: `${ARN} has the runtime python3.13, and this task has no /var/runtime/bootstrap to run it: ${REMEDY}.`,
  },
])('a Python function is refused by $title', ({ has, message }) => {
  expect(
    runtimeRefusal(
      ARN,
      { runtime: runtime('python3.13'), architecture: 'x86_64', mountPaths: [] },
      { ...CANDIDATES, ...has },
    ),
  ).toEqual({
    kind: 'refused',
    code: 'RUNTIME_MISMATCH',
    message,
  });
});

test.each([
  {
    name: 'python3.13',
    on: 'a task for another version of Python',
    has: { ...AWS, taskRuntime: runtime('python3.12') },
  },
  { name: 'python3.13', on: 'a task with a program of its own', has: OWN },
  { name: 'nodejs22.x', on: 'a task without AWS’s runtime', has: {} },
  { name: 'provided.al2023', on: 'a task without AWS’s runtime', has: {} },
])('a function for $name runs on $on', ({ name, has }) => {
  expect(
    runtimeRefusal(ARN, { runtime: runtime(name), architecture: 'x86_64', mountPaths: [] }, { ...CANDIDATES, ...has }),
  ).toBeUndefined();
});
