import { chooseRuntimeCommand } from '../../../handlers/runner/runtime-command';

const OURS = { nodeFile: '/node', nodeClientFile: '/node-client.js' };

test.each([
  { rule: 'the one asked for', bootstrap: '/own', hasAwsBootstrap: true, command: { file: '/own', args: [] } },
  {
    rule: 'else AWS’s own',
    bootstrap: undefined,
    hasAwsBootstrap: true,
    command: { file: '/var/runtime/bootstrap', args: [] },
  },
  {
    rule: 'else our Node.js client',
    bootstrap: undefined,
    hasAwsBootstrap: false,
    command: { file: '/node', args: ['/node-client.js'] },
  },
])('the runtime is $rule', ({ bootstrap, hasAwsBootstrap, command }) => {
  expect(chooseRuntimeCommand({ ...OURS, bootstrap, hasAwsBootstrap })).toEqual(command);
});
