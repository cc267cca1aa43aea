import { ECSClient } from '@aws-sdk/client-ecs';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';

export interface Clients {
  readonly ecs: ECSClient;
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
}

/** How a client reaches the local account as its administrator. `environment` is `LocalAws.adminEnvironment`. */
export function clientSettings(environment: Readonly<Record<string, string>>) {
  return {
    region: environment['AWS_REGION'] ?? '',
    endpoint: environment['AWS_ENDPOINT_URL'] ?? '',
    credentials: {
      accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
  };
}

/** Clients of the local account's administrator. */
export function localClients(environment: Readonly<Record<string, string>>): Clients {
  const settings = clientSettings(environment);
  return { ecs: new ECSClient(settings), iam: new IAMClient(settings), lambda: new LambdaClient(settings) };
}
