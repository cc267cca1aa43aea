import { createHash } from 'node:crypto';

/** A call to one of the services that are told of outcomes. */
export interface RecipientCall {
  /** Such as SendTaskSuccess. */
  readonly action: string;
  /** The token, queue, topic, event bus or function that it is for. */
  readonly subject: string;
  readonly input: unknown;
}

export interface RecipientAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An error as a service names it; `unavailable` for a 503 without a word. */
export type RecipientFault = string;

interface Request {
  readonly target: string | undefined;
  readonly path: readonly string[];
  readonly body: string;
}

type Reply = (request: RecipientCall) => { readonly body: string; readonly type: string };

const replyJson = (document: unknown) => ({ body: JSON.stringify(document), type: 'application/x-amz-json-1.0' });

/** The parts of Step Functions, SQS, SNS, EventBridge and Lambda that are told of outcomes, on the wire. */
export class FakeRecipients {
  readonly calls: RecipientCall[] = [];

  /** By `action subject`: the errors that come before calls go well, each used up by one; or one error for all. */
  readonly faults = new Map<string, RecipientFault[] | RecipientFault>();

  /** What was said to a token, queue, topic, event bus or function, in order. */
  to(subject: string): readonly RecipientCall[] {
    return this.calls.filter((call) => call.subject === subject);
  }

  /** @returns `undefined` when the request is for another service */
  answer(request: Request, note: (name: string) => void): RecipientAnswer | undefined {
    const call = readCall(request);
    if (call === undefined) {
      return undefined;
    }
    this.calls.push(call);
    const name = `${call.action} ${call.subject}`;
    note(name);
    const faults = this.faults.get(name);
    const fault = typeof faults === 'string' ? faults : faults?.shift();
    if (fault !== undefined) {
      return refuse(call.action, fault);
    }
    const { body, type } = REPLIES[call.action]?.(call) ?? replyJson({});
    return { status: call.action === 'Invoke' ? 202 : 200, headers: { 'Content-Type': type }, body };
  }
}

const REPLIES: Readonly<Record<string, Reply>> = {
  SendMessage: ({ input }) => {
    const { MessageBody } = input as { MessageBody: string };
    const MD5OfMessageBody = createHash('md5').update(MessageBody).digest('hex');
    return replyJson({ MessageId: 'message-1', MD5OfMessageBody });
  },
  PutEvents: () => replyJson({ FailedEntryCount: 0, Entries: [{ EventId: 'event-1' }] }),
  Publish: () => ({
    body: '<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>',
    type: 'text/xml',
  }),
};

function refuse(action: string, fault: RecipientFault): RecipientAnswer {
  const [name = '', entry] = fault.split(' in the entry');
  if (entry !== undefined) {
    const Entries = [{ ErrorCode: name, ErrorMessage: 'a fault' }];
    return { status: 200, headers: {}, body: JSON.stringify({ FailedEntryCount: 1, Entries }) };
  }
  if (name === 'unavailable') {
    return { status: 503, headers: {}, body: '' };
  }
  const status = name.includes('AccessDenied') ? 403 : name.includes('NotFound') ? 404 : 400;
  const body =
    action === 'Publish'
      ? `<ErrorResponse><Error><Type>Sender</Type><Code>${name}</Code><Message>a fault</Message></Error></ErrorResponse>`
      : JSON.stringify({ __type: name, message: 'a fault', Message: 'a fault' });
  return { status, headers: { 'x-amzn-errortype': name }, body };
}

function readCall({ target, path, body }: Request): RecipientCall | undefined {
  const action = target?.split('.')[1] ?? '';
  if (/^(AWSStepFunctions|AmazonSQS|AWSEvents)\./.test(target ?? '')) {
    const input = JSON.parse(body);
    return { action, subject: input.taskToken ?? input.QueueUrl ?? input.Entries?.[0]?.EventBusName, input };
  }
  if (target === undefined && body.startsWith('Action=Publish&')) {
    const { Action, Version, ...input } = Object.fromEntries(new URLSearchParams(body));
    return { action: 'Publish', subject: String(input['TopicArn']), input };
  }
  return target === undefined ? readLambdaCall(path, body) : undefined;
}

const CALLBACK_ACTIONS: Readonly<Record<string, string>> = {
  succeed: 'Success',
  fail: 'Failure',
  heartbeat: 'Heartbeat',
};

function readLambdaCall([version, kind, subject = '', last = '']: readonly string[], body: string) {
  if (version === '2015-03-31' && last === 'invocations') {
    return { action: 'Invoke', subject, input: JSON.parse(body) };
  }
  return kind === 'durable-execution-callbacks'
    ? {
        action: `SendDurableExecutionCallback${CALLBACK_ACTIONS[last]}`,
        subject,
        input: body === '' ? '' : JSON.parse(body),
      }
    : undefined;
}
