import { toolEnvironment } from '../../local/environment';

test("a tool against the local AWS sees none of the developer's AWS and Terraform settings", () => {
  const environment = toolEnvironment(
    {
      PATH: '/bin',
      AWS_PROFILE: 'production',
      AWS_ACCESS_KEY_ID: 'real',
      AWS_SESSION_TOKEN: 'real',
      TF_VAR_name: 'theirs',
      TF_CLI_CONFIG_FILE: '/home/theirs',
      CDKTF_CONTEXT_JSON: '{}',
      UNSET: undefined,
    },
    { AWS_ACCESS_KEY_ID: 'local', AWS_ENDPOINT_URL: 'http://127.0.0.1:1', TF_CLI_CONFIG_FILE: '/ours' },
  );

  expect(environment).toEqual({
    PATH: '/bin',
    CHECKPOINT_DISABLE: '1',
    GOGC: '400',
    TF_IN_AUTOMATION: '1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    TF_CLI_CONFIG_FILE: '/ours',
  });
});
