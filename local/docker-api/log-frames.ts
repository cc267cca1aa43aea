/** Stream numbers of the engine's log format. */
const STREAMS = { stdout: 1, stderr: 2 } as const;

export type StreamName = keyof typeof STREAMS;

export interface LogLine {
  readonly stream: StreamName;
  /** With its line break, unless the program ended without one. */
  readonly bytes: Buffer;
}

const NEWLINE = 0x0a;

/** Docker's own drivers cut a line without end at this length. */
export const LONGEST_LINE_BYTES = 16 * 1024;

/**
 * One line as the engine sends it: a header of eight bytes (stream number, three zeros, length), then the line.
 * https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerAttach
 */
export function frame({ stream, bytes }: LogLine): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(STREAMS[stream], 0);
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

export interface SplitLines {
  readonly lines: readonly Buffer[];
  /** What no line break has ended yet. */
  readonly rest: Buffer;
}

/** Whole lines of what a program wrote so far, so that no reader sees half a line or half a character. */
export function splitLines(bytes: Buffer): SplitLines {
  const lines: Buffer[] = [];
  let begin = 0;
  while (begin < bytes.length) {
    const newline = bytes.indexOf(NEWLINE, begin);
    const longest = begin + LONGEST_LINE_BYTES;
    if (newline === -1 && bytes.length <= longest) {
      break;
    }
    const end = newline === -1 || newline >= longest ? longest : newline + 1;
    lines.push(bytes.subarray(begin, end));
    begin = end;
  }
  return { lines, rest: bytes.subarray(begin) };
}
