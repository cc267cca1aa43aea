import { httpIntegrationOutput } from '../../../../handlers/runner/runtime-api/http-integration';

const NULS = Buffer.alloc(8);
const stream = (prelude: string, ...body: readonly Buffer[]) => Buffer.concat([Buffer.from(prelude), NULS, ...body]);

test.each([
  {
    what: 'of text',
    bytes: stream('{"statusCode":200}', Buffer.from('grüße')),
    document: { statusCode: 200, body: 'grüße', isBase64Encoded: false },
  },
  {
    what: 'without a body',
    bytes: stream('{"statusCode":204}'),
    document: { statusCode: 204, body: '', isBase64Encoded: false },
  },
  {
    what: 'of bytes that are no text',
    bytes: stream('{"statusCode":200}', Buffer.from([0xff, 0xfe])),
    document: { statusCode: 200, body: '//4=', isBase64Encoded: true },
  },
  {
    what: 'whose body has eight NUL bytes, too',
    bytes: stream('{"statusCode":200}', NULS),
    document: { statusCode: 200, body: '\0'.repeat(8), isBase64Encoded: false },
  },
])('a stream $what becomes one document', ({ bytes, document }) => {
  expect(JSON.parse(httpIntegrationOutput(bytes).toString('utf8'))).toEqual(document);
});

test.each([
  { what: 'without a delimiter', bytes: Buffer.from('{"statusCode":200}body') },
  { what: 'whose prelude is no JSON', bytes: stream('200', Buffer.from('x')) },
  { what: 'whose prelude is a list', bytes: stream('[1]', Buffer.from('x')) },
])('a stream $what stays as it is', ({ bytes }) => {
  expect(httpIntegrationOutput(bytes)).toEqual(bytes);
});
