import { route } from '../../../local/docker-api/routes';

describe('the engine', () => {
  test.each([
    ['GET', '/version', { kind: 'version' }],
    ['GET', '/_ping', { kind: 'ping' }],
    ['GET', '/v1.41/containers/json', { kind: 'list' }],
    ['POST', '/v1.41/containers/create', { kind: 'create' }],
    ['POST', '/v1.41/images/create', { kind: 'pull' }],
    [
      'GET',
      '/v1.41/images/public.ecr.aws/lambda/nodejs:22/json',
      { kind: 'image', reference: 'public.ecr.aws/lambda/nodejs:22' },
    ],
    ['GET', '/images/a%2Fb%3A1/json', { kind: 'image', reference: 'a/b:1' }],
    ['POST', '/v1.41/containers/abc/start', { kind: 'start', reference: 'abc' }],
    ['GET', '/v1.41/containers/abc/json', { kind: 'inspect', reference: 'abc' }],
    ['GET', '/v1.41/containers/abc/logs', { kind: 'logs', reference: 'abc' }],
    ['POST', '/v1.41/containers/abc/wait', { kind: 'wait', reference: 'abc' }],
    ['POST', '/v1.41/containers/abc/stop', { kind: 'stop', reference: 'abc' }],
    ['POST', '/v1.41/containers/abc/kill', { kind: 'kill', reference: 'abc' }],
    ['DELETE', '/v1.41/containers/abc', { kind: 'remove', reference: 'abc' }],
    ['POST', '/v1.41/containers/abc/pause', undefined],
    ['GET', '/v1.41/containers/abc', undefined],
    ['GET', '/v1.41/networks/bridge', undefined],
  ])('%s %s', (method, path, expected) => {
    expect(route(method, path)).toEqual(expected);
  });
});
