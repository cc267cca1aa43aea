import { shapeOf } from '../../../../handlers/starter/entrances/shapes';
import { urlBody, urlFailure, urlSuccess } from '../../../../handlers/starter/entrances/url';
import { IdempotencyConflict, InvalidInput, RunNotFound } from '../../../../handlers/starter/errors';
import sample from '../../../support/events/function-url.json';
import { failureOf } from '../../../support/starter/examples';

function requestOf(fields: object) {
  const shape = shapeOf({ ...sample, ...fields });
  if (shape.kind !== 'url') {
    throw new Error(`It is ${shape.kind}.`);
  }
  return shape.request;
}

const headers = { 'content-type': 'application/json' };

describe('a request by the function URL', () => {
  test.each([
    ['as text', { body: '{"arn":"resize"}' }],
    ['in base64', { body: Buffer.from('{"arn":"resize"}').toString('base64'), isBase64Encoded: true }],
  ])('is its body %s', (_, fields) => {
    expect(urlBody(requestOf(fields))).toEqual({ arn: 'resize' });
  });

  test.each([
    ["AWS's sample, whose body is no JSON", {}, 'INVALID_INPUT'],
    ['no body', { body: undefined }, 'INVALID_INPUT'],
    [
      'a GET',
      { requestContext: { ...sample.requestContext, http: { ...sample.requestContext.http, method: 'GET' } } },
      'METHOD_NOT_ALLOWED',
    ],
  ])('is refused: %s', async (_, fields, name) => {
    expect(await failureOf(() => urlBody(requestOf(fields)))).toMatchObject({ name });
  });

  test('with a body that is no JSON is refused without a word of it', async () => {
    const { message } = await failureOf(() => urlBody(requestOf({ body: 'a-secret' })));

    expect(message).not.toContain('a-secret');
  });
});

describe('the answer by the function URL', () => {
  test('is JSON', () => {
    expect(urlSuccess({ runId: 'run-1' })).toEqual({ statusCode: 200, headers, body: '{"runId":"run-1"}' });
  });

  test.each([
    [new InvalidInput('why'), 400],
    [new RunNotFound('run-1'), 404],
    [new IdempotencyConflict('why'), 409],
  ])('to a request that failed is the code and the message: %s', (error, statusCode) => {
    expect(urlFailure(error, 'id-1')).toEqual({
      statusCode,
      headers,
      body: JSON.stringify({ code: error.code, message: error.message }),
    });
  });

  test('to another method says which one is allowed', async () => {
    const get = { ...sample.requestContext, http: { ...sample.requestContext.http, method: 'GET' } };
    const answer = () => urlBody(requestOf({ requestContext: get }));

    await expect(async () => answer()).rejects.toThrow();
    try {
      answer();
    } catch (error) {
      expect(urlFailure(error, 'id-1')).toMatchObject({ statusCode: 405, headers: { ...headers, allow: 'POST' } });
    }
  });

  test('to an error that nobody foresaw tells where to look, and nothing of the inside', () => {
    expect(urlFailure(new Error('connect ECONNREFUSED 10.0.0.1'), 'id-1')).toEqual({
      statusCode: 500,
      headers,
      body: JSON.stringify({ code: 'UNEXPECTED', message: 'The starter failed: its log has the reason under id-1.' }),
    });
  });
});
