import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import pRetry from 'p-retry';
import type { SendTo } from '../send';
import type { ClientOptions } from './client-options';

/** As EventBridge names what is its own fault or comes from too many calls; the other codes say what is wrong with an entry. */
const PASSING = /^Internal|Throttl/;

/** An entry that EventBridge did not take, though it answered 200: the SDK does not try it again. */
class EntryRefused extends Error {
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(code: string, message: string) {
    super(message);
    this.name = code;
    this.$metadata = { httpStatusCode: PASSING.test(code) ? 500 : 400 };
  }
}

const FIRST_WAIT_MILLISECONDS = 200;

export async function putOnEventBus(options: ClientOptions, { region, entry }: SendTo<'eventBus'>): Promise<void> {
  const client = new EventBridgeClient({ ...options, region });
  const put = async () => {
    const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: [entry] }));
    const [{ ErrorCode, ErrorMessage } = {}] = Entries;
    if (ErrorCode !== undefined) {
      throw new EntryRefused(ErrorCode, ErrorMessage ?? 'EventBridge gave no reason');
    }
  };
  await pRetry(put, {
    retries: options.maxAttempts - 1,
    minTimeout: FIRST_WAIT_MILLISECONDS,
    randomize: true,
    shouldRetry: (error) => error instanceof EntryRefused && PASSING.test(error.name),
  });
}
