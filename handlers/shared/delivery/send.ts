import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { InvokeCommandInput } from '@aws-sdk/client-lambda';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import type { PublishCommandInput } from '@aws-sdk/client-sns';
import type { SendMessageCommandInput } from '@aws-sdk/client-sqs';
import type { CallbackOutcomeCall } from './callback-outcome';
import type { TaskOutcomeCall } from './task-outcome';

/** One call that tells somebody of a run's outcome. */
export type Send =
  | ({ readonly to: 'taskToken' } & TaskOutcomeCall)
  | ({ readonly to: 'callback' } & CallbackOutcomeCall)
  | {
      readonly to: 'queue';
      readonly region: string;
      /** SendMessage wants a URL, whose host is the client's to know. */
      readonly account: string;
      readonly name: string;
      readonly input: Omit<SendMessageCommandInput, 'QueueUrl'>;
    }
  | { readonly to: 'topic'; readonly region: string; readonly input: PublishCommandInput }
  | { readonly to: 'eventBus'; readonly region: string; readonly entry: PutEventsRequestEntry }
  | { readonly to: 'function'; readonly region: string; readonly input: InvokeCommandInput }
  | { readonly to: 'bucket'; readonly input: PutObjectCommandInput };

export type SendTarget = Send['to'];

/** The send of one kind. */
export type SendTo<Target extends SendTarget> = Extract<Send, { readonly to: Target }>;
