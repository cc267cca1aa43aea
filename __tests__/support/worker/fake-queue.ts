import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { type AwsAnswer, type AwsRequest, type AwsServer, startAwsServer } from '../aws-server';

interface Message {
  readonly id: string;
  readonly body: string;
  receiveCount: number;
  /** Of the last time that it was received; `undefined` while it is visible. */
  handle: string | undefined;
  isDeleted: boolean;
  timer: NodeJS.Timeout | undefined;
}

/** An SQS queue on loopback: hides messages that are received, shows them again when their time is over. */
export class FakeQueue {
  readonly #messages: Message[] = [];
  readonly #changes = new EventEmitter().setMaxListeners(0);
  #server: AwsServer | undefined;
  #handles = 0;
  /** Every request in order, such as `DeleteMessage first` or `ChangeMessageVisibility first 0`. */
  readonly requests: string[] = [];
  /** By action: errors that come before calls go well, each used up by one. */
  readonly faults = new Map<string, string[]>();
  holdMilliseconds = 300;

  async start(): Promise<void> {
    this.#server = await startAwsServer((request) => this.#answer(request));
  }

  get endpoint(): string {
    return this.#server?.endpoint ?? '';
  }

  get url(): string {
    return 'https://sqs.eu-west-1.amazonaws.com/123456789012/work';
  }

  async close(): Promise<void> {
    for (const { timer } of this.#messages) {
      clearTimeout(timer);
    }
    await this.#server?.close();
  }

  send(id: string, body: string): void {
    this.#messages.push({ id, body, receiveCount: 0, handle: undefined, isDeleted: false, timer: undefined });
    this.#changes.emit('change');
  }

  /** Resolves once that request has come so many times. */
  async seen(request: string, times = 1): Promise<void> {
    while (this.requests.filter((name) => name === request).length < times) {
      await once(this.#changes, 'change');
    }
  }

  /** What was asked about a message, in order. */
  about(id: string): readonly string[] {
    return this.requests.filter((request) => request.split(' ')[1] === id);
  }

  async #answer(request: AwsRequest): Promise<AwsAnswer> {
    const input = JSON.parse(request.body);
    const message = this.#messages.find(({ id }) => String(input.ReceiptHandle).endsWith(` of ${id}`));
    const fault = this.faults.get(request.action)?.shift();
    if (request.action === 'ReceiveMessage') {
      return fault === undefined ? this.#receive(input.VisibilityTimeout, request.gone) : refusal(fault);
    }
    const extra = input.VisibilityTimeout === undefined ? '' : ` ${input.VisibilityTimeout}`;
    this.#note(`${request.action} ${message?.id}${extra}`);
    if (fault !== undefined) {
      return refusal(fault);
    }
    if (message === undefined || message.handle !== input.ReceiptHandle) {
      return refusal('ReceiptHandleIsInvalid');
    }
    if (request.action === 'DeleteMessage') {
      message.isDeleted = true;
      clearTimeout(message.timer);
    } else {
      this.#hide(message, input.VisibilityTimeout);
    }
    return {};
  }

  async #receive(visibilitySeconds: number, gone: AbortSignal): Promise<AwsAnswer> {
    const deadline = AbortSignal.any([gone, AbortSignal.timeout(this.holdMilliseconds)]);
    let found = this.#visible();
    while (found === undefined && !deadline.aborted) {
      await once(this.#changes, 'change', { signal: deadline }).catch(() => undefined);
      found = this.#visible();
    }
    if (found === undefined || gone.aborted) {
      return { body: {} };
    }
    this.#handles += 1;
    found.receiveCount += 1;
    found.handle = `handle ${this.#handles} of ${found.id}`;
    this.#hide(found, visibilitySeconds);
    this.#note(`ReceiveMessage ${found.id}`);
    const { id, body, handle, receiveCount } = found;
    return {
      body: {
        Messages: [
          {
            MessageId: id,
            ReceiptHandle: handle,
            Body: body,
            MD5OfBody: createHash('md5').update(body).digest('hex'),
            Attributes: { ApproximateReceiveCount: String(receiveCount) },
          },
        ],
      },
    };
  }

  #visible(): Message | undefined {
    return this.#messages.find(({ handle, isDeleted }) => handle === undefined && !isDeleted);
  }

  #hide(message: Message, seconds: number): void {
    clearTimeout(message.timer);
    message.timer = setTimeout(() => {
      message.handle = undefined;
      this.#changes.emit('change');
    }, seconds * 1_000);
  }

  #note(request: string): void {
    this.requests.push(request);
    this.#changes.emit('change');
  }
}

function refusal(name: string): AwsAnswer {
  return { status: 400, headers: { 'x-amzn-errortype': name }, body: { __type: name, message: 'a fault' } };
}
