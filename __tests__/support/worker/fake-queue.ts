import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { type AwsAnswer, type AwsRequest, type AwsServer, startAwsServer } from '../aws-server';
import { afterPatience } from '../patient-timer';

interface Attribute {
  readonly DataType: string;
  readonly StringValue?: string;
}

/** What a message has besides its body. */
export interface Extras {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** The queue is FIFO for messages that have one. */
  readonly group?: string;
  readonly delaySeconds?: number;
}

interface Message extends Extras {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  receiveCount: number;
  /** Of the last time that it was received. */
  handle: string | undefined;
  isHidden: boolean;
  isDeleted: boolean;
  /** Keeps it from being seen again by itself. */
  cancelReturn: () => void;
}

interface Entry {
  readonly Id?: string;
  readonly ReceiptHandle: string;
  readonly VisibilityTimeout?: number;
}

/** A message of the dead-letter queue. */
export interface DeadMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly group: string | undefined;
}

/** An SQS queue on loopback: hides messages that are received, shows them again when their time is over. */
export class FakeQueue {
  readonly #messages: Message[] = [];
  readonly #changes = new EventEmitter().setMaxListeners(0);
  #server: AwsServer | undefined;
  #handles = 0;
  #copies = 0;
  /** What was asked about each message, in order, such as `DeleteMessage first` or `ChangeMessageVisibility first 0`. */
  readonly requests: string[] = [];
  /** The actions of all requests, in order, such as `DeleteMessageBatch`. */
  readonly calls: string[] = [];
  readonly dead: DeadMessage[] = [];
  /** By action: errors that come before calls go well, each used up by one. */
  readonly faults = new Map<string, string[]>();
  /** By action: errors of the first entries of batches, each used up by one. */
  readonly entryFaults = new Map<string, { readonly code: string; readonly isSenders: boolean }[]>();
  holdMilliseconds = 300;

  constructor(readonly name = 'work') {}

  async start(): Promise<void> {
    this.#server = await startAwsServer((request) => this.#answer(request));
  }

  get endpoint(): string {
    return this.#server?.endpoint ?? '';
  }

  get url(): string {
    return `https://sqs.eu-west-1.amazonaws.com/123456789012/${this.name}`;
  }

  get deadLetterUrl(): string {
    return 'https://sqs.eu-west-1.amazonaws.com/123456789012/dead';
  }

  async close(): Promise<void> {
    for (const { cancelReturn } of this.#messages) {
      cancelReturn();
    }
    await this.#server?.close();
  }

  send(id: string, body: string, extras: Extras = {}): void {
    const message: Message = {
      id,
      body,
      ...extras,
      sentAt: Date.now(),
      receiveCount: 0,
      handle: undefined,
      isHidden: false,
      isDeleted: false,
      cancelReturn: () => undefined,
    };
    this.#messages.push(message);
    if (extras.delaySeconds !== undefined && extras.delaySeconds > 0) {
      this.#hide(message, extras.delaySeconds);
    }
    this.#changes.emit('change');
  }

  /** Takes a message away that a worker has, as a purge would. */
  delete(id: string): void {
    for (const message of this.#messages.filter((each) => each.id === id)) {
      message.isDeleted = true;
      message.cancelReturn();
    }
  }

  /** How many are neither deleted nor among the dead. */
  get left(): number {
    return this.#messages.filter(({ isDeleted }) => !isDeleted).length;
  }

  /** Resolves once that request has come so many times. */
  async seen(request: string, times = 1): Promise<void> {
    while (this.requests.filter((name) => name === request).length < times) {
      await once(this.#changes, 'change');
    }
  }

  /** Resolves once that is so. */
  async until(isSo: (queue: this) => boolean): Promise<void> {
    while (!isSo(this)) {
      await once(this.#changes, 'change');
    }
  }

  /** What was asked about a message, in order. */
  about(id: string): readonly string[] {
    return this.requests.filter((request) => request.split(' ')[1] === id);
  }

  async #answer(request: AwsRequest): Promise<AwsAnswer> {
    const input = JSON.parse(request.body);
    const fault = this.faults.get(request.action)?.shift();
    this.calls.push(request.action);
    switch (request.action) {
      case 'ReceiveMessage':
        return fault === undefined ? this.#receive(input, request.gone) : this.#refuse(fault);
      case 'SendMessage':
        return fault === undefined ? this.#send(input) : this.#refuse(fault);
      case 'DeleteMessageBatch':
      case 'ChangeMessageVisibilityBatch':
        return this.#batch(request.action.replace('Batch', ''), input.Entries, fault);
      default:
        return this.#refuse('InvalidAction');
    }
  }

  #batch(action: string, entries: readonly Entry[], fault: string | undefined): AwsAnswer {
    const results = entries.map((entry) => ({ entry, problem: this.#ofEntry(action, entry, fault) }));
    if (fault !== undefined) {
      return this.#refuse(fault);
    }
    return {
      body: {
        Successful: results.filter(({ problem }) => problem === undefined).map(({ entry: { Id } }) => ({ Id })),
        Failed: results.flatMap(({ entry: { Id }, problem }) =>
          problem === undefined ? [] : [{ Id, Code: problem.code, SenderFault: problem.isSenders, Message: 'a fault' }],
        ),
      },
    };
  }

  #ofEntry(action: string, { ReceiptHandle, VisibilityTimeout }: Entry, fault: string | undefined) {
    const message = this.#messages.find(({ id }) => ReceiptHandle.endsWith(` of ${id}`));
    this.#note(`${action} ${message?.id}${VisibilityTimeout === undefined ? '' : ` ${VisibilityTimeout}`}`);
    const problem = fault === undefined ? this.entryFaults.get(action)?.shift() : undefined;
    if (fault !== undefined || problem !== undefined) {
      return problem;
    }
    if (message === undefined || message.handle !== ReceiptHandle || message.isDeleted) {
      return { code: 'ReceiptHandleIsInvalid', isSenders: true };
    }
    if (action === 'DeleteMessage') {
      this.delete(message.id);
      this.#changes.emit('change');
    } else {
      this.#hide(message, VisibilityTimeout ?? 0);
    }
    return undefined;
  }

  #send(input: {
    readonly QueueUrl: string;
    readonly MessageBody: string;
    readonly MessageAttributes?: Readonly<Record<string, Attribute>>;
    readonly MessageGroupId?: string;
    readonly DelaySeconds?: number;
  }): AwsAnswer {
    const { MessageBody: body, MessageAttributes: attributes = {}, MessageGroupId: group, DelaySeconds } = input;
    if (input.QueueUrl === this.deadLetterUrl) {
      this.dead.push({ body, attributes, group });
      this.#note('SendMessage dead');
    } else {
      this.#copies += 1;
      this.send(`copy-${this.#copies}`, body, { attributes, delaySeconds: DelaySeconds ?? 0 });
      this.#note(`SendMessage copy-${this.#copies} ${DelaySeconds}`);
    }
    return { body: { MessageId: 'sent', MD5OfMessageBody: md5(body) } };
  }

  async #receive(
    input: { readonly MaxNumberOfMessages: number; readonly VisibilityTimeout: number },
    gone: AbortSignal,
  ): Promise<AwsAnswer> {
    const deadline = AbortSignal.any([gone, AbortSignal.timeout(this.holdMilliseconds)]);
    let found = this.#visible(input.MaxNumberOfMessages);
    while (found.length === 0 && !deadline.aborted) {
      await once(this.#changes, 'change', { signal: deadline }).catch(() => undefined);
      found = this.#visible(input.MaxNumberOfMessages);
    }
    if (gone.aborted) {
      return { body: {} };
    }
    for (const message of found) {
      this.#handles += 1;
      message.receiveCount += 1;
      message.handle = `handle ${this.#handles} of ${message.id}`;
      this.#hide(message, input.VisibilityTimeout);
      this.#note(`ReceiveMessage ${message.id}`);
    }
    return { body: { Messages: found.map(received) } };
  }

  /** In order; of a group nothing is given out while one of its messages is hidden. */
  #visible(most: number): readonly Message[] {
    const locked = new Set(
      this.#messages.flatMap(({ group, isDeleted, isHidden }) => (isHidden && !isDeleted ? (group ?? []) : [])),
    );
    return this.#messages
      .filter(
        ({ group, isDeleted, isHidden }) => !isHidden && !isDeleted && (group === undefined || !locked.has(group)),
      )
      .slice(0, most);
  }

  #hide(message: Message, seconds: number): void {
    message.cancelReturn();
    message.isHidden = seconds > 0;
    const show = () => {
      message.isHidden = false;
      this.#changes.emit('change');
    };
    if (seconds > 0) {
      message.cancelReturn = afterPatience(seconds * 1_000, show);
    } else {
      show();
    }
  }

  #note(request: string): void {
    this.requests.push(request);
    this.#changes.emit('change');
  }

  #refuse(name: string): AwsAnswer {
    this.#changes.emit('change');
    return { status: 400, headers: { 'x-amzn-errortype': name }, body: { __type: name, message: 'a fault' } };
  }
}

function received({ id, body, sentAt, handle, receiveCount, attributes = {}, group }: Message) {
  return {
    MessageId: id,
    ReceiptHandle: handle,
    Body: body,
    MD5OfBody: md5(body),
    Attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: String(sentAt),
      ...(group === undefined ? {} : { MessageGroupId: group }),
    },
    ...(Object.keys(attributes).length === 0 ? {} : { MessageAttributes: attributes }),
  };
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
