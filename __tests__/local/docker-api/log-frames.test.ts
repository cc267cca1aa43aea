import { frame, LONGEST_LINE_BYTES, splitLines } from '../../../local/docker-api/log-frames';

function split(text: string | Buffer) {
  const { lines, rest } = splitLines(Buffer.from(text));
  return { lines: lines.map(String), rest: String(rest) };
}

describe('a log', () => {
  test.each([
    ['stdout', 'hi\n', [1, 0, 0, 0, 0, 0, 0, 3, 0x68, 0x69, 0x0a]],
    ['stderr', '', [2, 0, 0, 0, 0, 0, 0, 0]],
  ] as const)('a line of %s is a header of eight bytes and the line', (stream, text, bytes) => {
    expect([...frame({ stream, bytes: Buffer.from(text) })]).toEqual(bytes);
  });

  test('the length in a header counts bytes, not characters', () => {
    expect(frame({ stream: 'stdout', bytes: Buffer.from('ü') }).readUInt32BE(4)).toBe(2);
  });

  test.each([
    ['nothing', '', { lines: [], rest: '' }],
    ['a whole line', 'one\n', { lines: ['one\n'], rest: '' }],
    ['half a line', 'one', { lines: [], rest: 'one' }],
    ['two lines and a half', 'one\ntwo\nthr', { lines: ['one\n', 'two\n'], rest: 'thr' }],
    ['an empty line', '\n', { lines: ['\n'], rest: '' }],
  ])('%s', (_, text, expected) => {
    expect(split(text)).toEqual(expected);
  });

  test('a line without end is cut at the longest length', () => {
    const { lines, rest } = split('x'.repeat(LONGEST_LINE_BYTES + 5));

    expect([lines.map((line) => line.length), rest]).toEqual([[LONGEST_LINE_BYTES], 'xxxxx']);
  });

  test('a character whose bytes come apart stays whole', () => {
    const [first, second] = Buffer.from('ü');
    const { lines, rest } = splitLines(Buffer.from([0x61, first ?? 0]));

    expect(lines).toEqual([]);
    expect(splitLines(Buffer.concat([rest, Buffer.from([second ?? 0, 0x0a])])).lines.map(String)).toEqual(['aü\n']);
  });
});
