/** Where a zip says that its table of contents is, and where it is. Offsets in a zip count from the zip's own beginning. */
export interface TablePlace {
  readonly said: number;
  readonly found: number;
}

/** https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.16, 4.3.14 and 4.3.15 */
const END_SIGNATURE = 'PK\x05\x06';
const END_BYTES = 22;
const LARGE_END_SIGNATURE = 'PK\x06\x06';
const SIGNATURE_BYTES = 4;
/** The end record of a large zip, and the pointer to it, stand before the end record. */
const LARGE_END_BYTES = 56 + 20;
const LONGEST_COMMENT_BYTES = 0xffff;

/** The bytes at the end of a zip in which its end record is. */
export const TAIL_BYTES = LARGE_END_BYTES + END_BYTES + LONGEST_COMMENT_BYTES;

/** What stands at the beginning of a table of contents: the APPNOTE, 4.3.12. */
export const TABLE_SIGNATURE = 'PK\x01\x02';

/**
 * The place of a zip's table of contents, from the zip's last bytes: the table ends where its end record begins.
 * `undefined` where there is no table, or nothing to be made of it.
 *
 * @param bytes of the whole file
 */
export function tablePlace(tail: Buffer, bytes: number): TablePlace | undefined {
  const end = tail.byteLength < END_BYTES ? -1 : tail.lastIndexOf(END_SIGNATURE, -END_BYTES, 'latin1');
  if (end === -1) {
    return undefined;
  }
  const large = end - LARGE_END_BYTES;
  const isLarge = large >= 0 && tail.toString('latin1', large, large + SIGNATURE_BYTES) === LARGE_END_SIGNATURE;
  const size = isLarge ? Number(tail.readBigUInt64LE(large + 40)) : tail.readUInt32LE(end + 12);
  const said = isLarge ? Number(tail.readBigUInt64LE(large + 48)) : tail.readUInt32LE(end + 16);
  const found = bytes - tail.byteLength + (isLarge ? large : end) - size;
  return size === 0 || found < 0 ? undefined : { said, found };
}
