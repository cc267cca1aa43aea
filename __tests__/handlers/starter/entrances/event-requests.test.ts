import { parseEventRequests } from '../../../../handlers/starter/entrances/event-requests';
import { failureOf } from '../../../support/starter/examples';

const BUCKET = 'arn:aws:s3:::my-bucket';
const EXAMPLE = '{"arn:aws:s3:::my-bucket": {"arn": "my-function", "memoryMiB": 8192}}';

describe('the requests for events', () => {
  test('are read by the ARN of their source', () => {
    expect(parseEventRequests(EXAMPLE)).toEqual(new Map([[BUCKET, { arn: 'my-function', memoryMiB: 8192 }]]));
  });

  test('may be none', () => {
    expect(parseEventRequests(undefined)).toEqual(new Map());
  });

  test.each([
    ['are no JSON', '{', /^OVERTIME_EVENT_REQUESTS is wrong \(.*\): give a JSON object such as/],
    [
      'name no function',
      JSON.stringify({ [BUCKET]: { cpu: 1024 } }),
      /arn is missing: .* or leave it out, and give a taskDefinition/,
    ],
    ['are for no ARN', JSON.stringify({ 'my-bucket': { arn: 'f' } }), /\("my-bucket" is no ARN\)/],
    ['hold an input', JSON.stringify({ [BUCKET]: { arn: 'f', input: {} } }), /has input, which comes with each event/],
    [
      'hold a key, under which every event would be the same run',
      JSON.stringify({ [BUCKET]: { arn: 'f', idempotencyKey: 'k' } }),
      /has idempotencyKey, which comes with each event/,
    ],
    [
      'have a wrong field',
      JSON.stringify({ [BUCKET]: { arn: 'f', cpu: '1' } }),
      /of arn:aws:s3:::my-bucket: .*cpu is "1"/,
    ],
    ['start nothing', JSON.stringify({ [BUCKET]: { arn: 'f', action: 'list' } }), /starts nothing/],
  ])('are refused where they %s', async (_, text, message) => {
    expect(await failureOf(() => parseEventRequests(text))).toMatchObject({
      name: 'INVALID_SETTING',
      message: expect.stringMatching(message),
    });
  });
});
