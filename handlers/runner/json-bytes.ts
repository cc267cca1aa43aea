/** Bytes of ASCII that JSON is made of: https://datatracker.ietf.org/doc/html/rfc8259 */
const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const LOWER_U = 0x75;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const FIRST_IN_STRINGS = 0x20;

const WORDS = ['true', 'false', 'null'].map((word) => Buffer.from(word, 'latin1'));
const ESCAPES = new Set(Buffer.from('"\\/bfnrt', 'latin1'));
const EXPONENTS = new Set(Buffer.from('eE', 'latin1'));
const HEX_DIGITS = new Set(Buffer.from('0123456789abcdefABCDEF', 'latin1'));

/** What a part answers that is not as it should be, in place of where it ends. */
const WRONG = -1;

/**
 * Whether bytes that are UTF-8 are one JSON text, as `JSON.parse` would say, which builds all of it: a large output
 * takes six times its size in memory so.
 */
export function isJson(bytes: Uint8Array): boolean {
  // What is open around the place that is being read.
  let open = new Uint8Array(64);
  let depth = 0;
  let at = afterSpace(bytes, 0);
  for (;;) {
    const first = bytes[at];
    if (first === OPEN_OBJECT || first === OPEN_ARRAY) {
      if (depth === open.length) {
        open = Buffer.concat([open, new Uint8Array(depth)]);
      }
      open[depth] = first;
      depth += 1;
      at = afterSpace(bytes, at + 1);
      const isEmpty = bytes[at] === closingOf(first);
      if (!isEmpty) {
        at = first === OPEN_OBJECT ? afterKey(bytes, at) : at;
        if (at === WRONG) {
          return false;
        }
        continue;
      }
    } else {
      at = afterScalar(bytes, at);
      if (at === WRONG) {
        return false;
      }
      at = afterSpace(bytes, at);
    }
    // A value, or an empty list or object but for its end, has been read: what ends with it?
    while (depth > 0 && bytes[at] === closingOf(open[depth - 1])) {
      depth -= 1;
      at = afterSpace(bytes, at + 1);
    }
    if (depth === 0) {
      return at === bytes.length;
    }
    if (bytes[at] !== COMMA) {
      return false;
    }
    at = afterSpace(bytes, at + 1);
    at = open[depth - 1] === OPEN_OBJECT ? afterKey(bytes, at) : at;
    if (at === WRONG) {
      return false;
    }
  }
}

function closingOf(opening: number | undefined): number {
  return opening === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY;
}

function afterSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let byte = bytes[at]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; byte = bytes[at]) {
    at += 1;
  }
  return at;
}

/** Behind a key and its colon. */
function afterKey(bytes: Uint8Array, from: number): number {
  const end = afterString(bytes, from);
  if (end === WRONG) {
    return WRONG;
  }
  const colon = afterSpace(bytes, end);
  return bytes[colon] === COLON ? afterSpace(bytes, colon + 1) : WRONG;
}

function afterScalar(bytes: Uint8Array, from: number): number {
  const first = bytes[from];
  if (first === QUOTE) {
    return afterString(bytes, from);
  }
  if (first === MINUS || isDigit(first)) {
    return afterNumber(bytes, from);
  }
  const word = WORDS.find((one) => one.every((byte, index) => bytes[from + index] === byte));
  return word === undefined ? WRONG : from + word.length;
}

function afterString(bytes: Uint8Array, from: number): number {
  if (bytes[from] !== QUOTE) {
    return WRONG;
  }
  for (let at = from + 1; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      return at + 1;
    }
    if (byte < FIRST_IN_STRINGS) {
      return WRONG;
    }
    if (byte === BACKSLASH) {
      at += 1;
      const escaped = bytes[at] ?? 0;
      if (escaped === LOWER_U) {
        if (![1, 2, 3, 4].every((digit) => HEX_DIGITS.has(bytes[at + digit] ?? 0))) {
          return WRONG;
        }
        at += 4;
      } else if (!ESCAPES.has(escaped)) {
        return WRONG;
      }
    }
  }
  return WRONG;
}

function afterNumber(bytes: Uint8Array, from: number): number {
  const whole = bytes[from] === MINUS ? from + 1 : from;
  let at = bytes[whole] === ZERO ? whole + 1 : afterDigits(bytes, whole);
  if (at !== WRONG && bytes[at] === DOT) {
    at = afterDigits(bytes, at + 1);
  }
  if (at !== WRONG && EXPONENTS.has(bytes[at] ?? 0)) {
    const sign = bytes[at + 1];
    at = afterDigits(bytes, sign === PLUS || sign === MINUS ? at + 2 : at + 1);
  }
  return at;
}

function afterDigits(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isDigit(bytes[at])) {
    at += 1;
  }
  return at === from ? WRONG : at;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}
