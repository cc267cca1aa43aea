import {
  GetActivityTaskCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';

/** The least that works for an activity: three calls a task, nothing done between them, nothing that could go wrong. */
const client = new SFNClient({});
const [, , activityArn, concurrency] = process.argv;

async function lane(): Promise<never> {
  for (;;) {
    const { taskToken, input } = await client.send(new GetActivityTaskCommand({ activityArn }));
    if (taskToken !== undefined) {
      await client.send(new SendTaskHeartbeatCommand({ taskToken }));
      await client.send(new SendTaskSuccessCommand({ taskToken, output: input }));
    }
  }
}

for (let index = 0; index < Number(concurrency); index += 1) {
  void lane();
}
