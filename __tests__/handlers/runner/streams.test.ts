import { PassThrough, Writable } from 'node:stream';
import { createStreams } from '../../../handlers/runner/streams';

function collector() {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}

test.each([
  { printed: 'whole line\n', text: 'whole line\n{}\n' },
  { printed: 'half a line', text: 'half a line\n{}\n' },
  { printed: '', text: '{}\n' },
])('a line comes on a line of its own after "$printed"', async ({ printed, text }) => {
  const stdout = collector();
  const streams = createStreams({ stdout: stdout.stream, stderr: collector().stream });
  const source = new PassThrough();
  const forwarded = streams.forward(source, 'stdout');
  source.end(printed);
  await streams.quiet([forwarded], 5_000);
  streams.writeLine('{}', 'stdout');
  await streams.flush(5_000);

  expect(stdout.text()).toBe(text);
});

test('a reader that has gone stops neither the function nor the runner', async () => {
  const gone = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) });
  const streams = createStreams({ stdout: gone, stderr: collector().stream });
  const source = new PassThrough();
  streams.forward(source, 'stdout');
  const ended = new Promise((resolve) => source.once('end', resolve));
  source.end(Buffer.alloc(1_000_000));
  await ended;
  streams.writeLine('{}', 'stdout');

  await streams.flush(5_000);
  expect(source.readableEnded).toBe(true);
});
