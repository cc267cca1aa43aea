import { DEFAULT_NAME } from '../define-deployment';
import { ALARM_ACTIONS } from '../parts/checks';
import { ARNS, type Bounds, DEPLOYMENT_NAME, DESTINATION_ARN, FUNCTION_ARN, TOPIC_ARN } from '../parts/formats';
import { textInput, textListInput } from '../parts/inputs';
import { asManyAs, each, ofFormat } from '../parts/rules';

export const IMAGES_NOTE =
  'The tasks run on AWS\'s public Lambda base images, and there is nothing to build. With `runner_images = "repository"` they run on the runner\'s own images, one for each of `runtimes`, with its key as tag: from a checkout of Overtime, `npm run images -- --push --repository URL` builds them and pushes them to `image_repository_url`.';

export const REQUEST_NOTE =
  'Invoke the Lambda function `function_name` with `{"arn": "my-function", "input": {}}`: it answers with a `runId`, and to `{"action": "status", "runId": "run-…"}` with the outcome.';

/** A list that a module takes empty, where a construct wants it left out. */
export const ARNS_OR_NONE: Bounds = { ...ARNS, minimum: 0 };

export const nameInput = textInput({
  description:
    'Begins the names of all resources. Warning: another name makes all of them anew, the ledger and the payload bucket too.',
  default: DEFAULT_NAME,
  rules: [ofFormat(DEPLOYMENT_NAME)],
});

export const functionArnsInput = textListInput({
  description:
    'The functions that may be run, by ARN without qualifier; * may stand in it. Runner and starter take the same. Null: all functions of this account and region.',
  default: null,
  rules: [asManyAs(ARNS), each(ofFormat(FUNCTION_ARN))],
});

export const destinationArnsInput = textListInput({
  description:
    'Queues, topics, event buses, functions and buckets to which requests may send outcomes, by ARN; * may stand in it. Runner and starter take the same.',
  default: [],
  rules: [asManyAs(ARNS_OR_NONE), each(ofFormat(DESTINATION_ARN))],
});

export const alarmActionsInput = textListInput({
  description: 'ARNs of SNS topics that hear of the alarms. Empty: the alarms are there, and nobody is told.',
  default: [],
  rules: [asManyAs(ALARM_ACTIONS), each(ofFormat(TOPIC_ARN))],
});
