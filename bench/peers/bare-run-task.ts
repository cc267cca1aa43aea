import { ECSClient, RunTaskCommand, type RunTaskCommandInput } from '@aws-sdk/client-ecs';

/** What one writes without a starter: a Lambda function that passes its event to RunTask. */
const client = new ECSClient({});

export const handler = (event: RunTaskCommandInput) => client.send(new RunTaskCommand(event));
