import { contentType } from '../../../../../handlers/runner/worker/objects/content-type';

test.each([
  ['frame.png', 'image/png'],
  ['a/b/FRAME.JPEG', 'image/jpeg'],
  ['data.tar.gz', 'application/gzip'],
  ['page.html', 'text/html; charset=utf-8'],
  ['scene.pov', 'application/octet-stream'],
  ['png', 'application/octet-stream'],
  // A property of every object in JavaScript.
  ['x.constructor', 'application/octet-stream'],
])('%s is %s', (file, expected) => {
  expect(contentType(file)).toBe(expected);
});
