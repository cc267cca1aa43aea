import { parseHandlerName } from '../../../../handlers/runner/node-client/handler-name';

test.each([
  { handler: 'index.handler', folder: '', module: 'index', exportPath: ['handler'] },
  { handler: 'dir/sub/index.handler', folder: 'dir/sub/', module: 'index', exportPath: ['handler'] },
  { handler: 'index.a.b.c', folder: '', module: 'index', exportPath: ['a', 'b', 'c'] },
  { handler: './src.v2/app.main', folder: './src.v2/', module: 'app', exportPath: ['main'] },
  { handler: '/var/task/index.handler', folder: '/var/task/', module: 'index', exportPath: ['handler'] },
])('$handler', ({ handler, ...name }) => {
  expect(parseHandlerName(handler)).toEqual(name);
});

test.each(['index', 'dir/index', '', '../index.handler', 'a/../index.handler'])('fails for "%s"', (handler) => {
  expect(() => parseHandlerName(handler)).toThrow(expect.objectContaining({ name: 'Runtime.MalformedHandlerName' }));
});
