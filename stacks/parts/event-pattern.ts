/**
 * Event patterns as EventBridge has them, for a module that checks them before it is deployed and for the program that
 * compares with them. Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */

type Leaf = string | number | boolean | null;

/** Whether an event, or the part of it that a nested pattern is for, has what is asked. */
type Test = (value: unknown) => boolean;

export type ParsedPattern =
  | { readonly kind: 'pattern'; readonly matches: (event: unknown) => boolean }
  | { readonly kind: 'malformed'; readonly problems: readonly string[] };

type Note = (problem: string) => void;

type Operator = (operand: unknown, where: string, note: Note) => Test;

const NEVER: Test = () => false;

/** What tests of leaves see: the elements of a list one by one, and of an object nothing, as it is no leaf. */
function leavesOf(value: unknown): readonly Leaf[] {
  if (Array.isArray(value)) {
    return value.flatMap(leavesOf);
  }
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return [value];
    default:
      return value === null ? [null] : [];
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function someLeaf(test: (leaf: Leaf) => boolean): Test {
  return (value) => leavesOf(value).some(test);
}

function someText(test: (text: string) => boolean): Test {
  return someLeaf((leaf) => typeof leaf === 'string' && test(leaf));
}

const fold = (text: string) => text.toLowerCase();

/** The texts between the stars of a wildcard; `\*` stands for a star and `\\` for a backslash. */
function piecesOf(pattern: string): readonly string[] {
  const pieces: string[] = [''];
  for (const [part] of pattern.matchAll(/\\[*\\]|./gs)) {
    if (part === '*') {
      pieces.push('');
    } else {
      pieces.push(`${pieces.pop() ?? ''}${part.length === 2 ? part.slice(1) : part}`);
    }
  }
  return pieces;
}

/**
 * `*` stands for any characters. Each piece is looked for once, from left to right, as a regular expression with several
 * stars may take minutes for a text that somebody has put into a row for that.
 */
function wildcard(pattern: string): (text: string) => boolean {
  const [first = '', ...others] = piecesOf(pattern);
  const last = others.pop();
  if (last === undefined) {
    return (text) => text === first;
  }
  return (text) => {
    const end = text.length - last.length;
    let at = first.length;
    const areThere = others.every((piece) => {
      const found = text.indexOf(piece, at);
      at = found + piece.length;
      return found !== -1;
    });
    return areThere && at <= end && text.startsWith(first) && text.endsWith(last);
  };
}

/** The tests of texts, by operator: alone, and behind `anything-but`. */
const TEXT_TESTS: Readonly<Record<string, (operand: string) => (text: string) => boolean>> = {
  prefix: (operand) => (text) => text.startsWith(operand),
  suffix: (operand) => (text) => text.endsWith(operand),
  'equals-ignore-case': (operand) => (text) => fold(text) === fold(operand),
  wildcard,
};

const FOLDED_TESTS: Readonly<Record<string, (operand: string) => (text: string) => boolean>> = {
  prefix: (operand) => (text) => fold(text).startsWith(fold(operand)),
  suffix: (operand) => (text) => fold(text).endsWith(fold(operand)),
};

/** What a name stands for; nothing where every object inherits it. */
function named<Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function onlyEntry(value: unknown): readonly [string, unknown] | undefined {
  const entries = isObject(value) ? Object.entries(value) : [];
  return entries.length === 1 ? entries[0] : undefined;
}

function textOperator(name: string): Operator {
  return (operand, where, note) => {
    if (typeof operand === 'string') {
      const test = TEXT_TESTS[name]?.(operand);
      return test === undefined ? NEVER : someText(test);
    }
    const [inner, text] = onlyEntry(operand) ?? [];
    const folded = FOLDED_TESTS[name];
    if (folded !== undefined && inner === 'equals-ignore-case' && typeof text === 'string') {
      return someText(folded(text));
    }
    note(`${where}: ${name} takes a text`);
    return NEVER;
  };
}

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

const numeric: Operator = (operand, where, note) => {
  const parts: readonly unknown[] = Array.isArray(operand) ? operand : [];
  const pairs = parts.filter((_, index) => index % 2 === 0).map((name, index) => [name, parts[index * 2 + 1]] as const);
  const tests = pairs.map(([name, bound]) => {
    const compare = typeof name === 'string' ? named(COMPARISONS, name) : undefined;
    return compare === undefined || typeof bound !== 'number' ? undefined : (value: number) => compare(value, bound);
  });
  if (pairs.length === 0 || pairs.length > 2 || tests.includes(undefined)) {
    note(`${where}: numeric takes one or two pairs of a comparison (=, <, <=, >, >=) and a number, such as [">", 0]`);
    return NEVER;
  }
  return someLeaf((leaf) => typeof leaf === 'number' && tests.every((test) => test?.(leaf) === true));
};

const exists: Operator = (operand, where, note) => {
  if (typeof operand !== 'boolean') {
    note(`${where}: exists takes true or false`);
    return NEVER;
  }
  return (value) => leavesOf(value).length > 0 === operand;
};

const anythingBut: Operator = (operand, where, note) => {
  const [name, given] = onlyEntry(operand) ?? [];
  const make = name === undefined ? undefined : named(TEXT_TESTS, name);
  const operands: readonly unknown[] = [make === undefined ? operand : given].flat();
  const texts = operands.filter((one) => typeof one === 'string');
  const isRight = make === undefined ? operands.every(isTextOrNumber) : texts.length === operands.length;
  if (!isRight || operands.length === 0) {
    note(
      `${where}: anything-but takes a text, a number, a list of them, or one of ${Object.keys(TEXT_TESTS).join(', ')}`,
    );
    return NEVER;
  }
  if (make === undefined) {
    return someLeaf((leaf) => !operands.includes(leaf));
  }
  const tests = texts.map((text) => make(text));
  return someLeaf((leaf) => typeof leaf !== 'string' || !tests.some((test) => test(leaf)));
};

function isTextOrNumber(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ...Object.keys(TEXT_TESTS).map((name) => [name, textOperator(name)] as const),
  ['anything-but', anythingBut],
  ['exists', exists],
  ['numeric', numeric],
]);

/** The operators that patterns may have; a module's variable is checked for others, too. */
export const PATTERN_OPERATORS: readonly string[] = [...OPERATORS.keys()];

function parseChoice(choice: unknown, where: string, note: Note): Test {
  if (typeof choice !== 'object' || choice === null) {
    return someLeaf((leaf) => leaf === choice);
  }
  const [name, operand] = onlyEntry(choice) ?? [];
  if (name === undefined) {
    note(`${where}: an item of a list is a text, a number, true, false, null, or an object with one operator`);
    return NEVER;
  }
  const operator = OPERATORS.get(name);
  if (operator === undefined) {
    note(`${where}: there is no operator "${name}", only ${PATTERN_OPERATORS.join(', ')}`);
    return NEVER;
  }
  return operator(operand, where, note);
}

function parseOr(value: unknown, where: string, note: Note): Test {
  if (!Array.isArray(value) || value.length < 2) {
    note(`${where}: $or takes a list of two patterns or more`);
    return NEVER;
  }
  const tests = value.map((one: unknown, index) => parseObject(one, `${where}[${index}]`, note));
  return (event) => tests.some((test) => test(event));
}

function parseField(value: unknown, where: string, note: Note): Test {
  if (!Array.isArray(value)) {
    return parseObject(value, where, note);
  }
  if (value.length === 0) {
    note(`${where}: the list is empty, and nothing would match it`);
  }
  const tests = value.map((choice: unknown) => parseChoice(choice, where, note));
  return (part) => tests.some((test) => test(part));
}

/** Of a list, one object has to match as a whole. What is no object has none of the fields: `exists` may ask for that. */
function parseObject(value: unknown, where: string, note: Note): Test {
  if (!isObject(value) || Object.keys(value).length === 0) {
    note(`${where}: give an object with at least one field, or a list of what the field may be`);
    return NEVER;
  }
  const tests = Object.entries(value).map(([key, inner]) => {
    const at = `${where}.${key}`;
    if (key === '$or') {
      return parseOr(inner, at, note);
    }
    const test = parseField(inner, at, note);
    return (part: Readonly<Record<string, unknown>>) => test(Object.hasOwn(part, key) ? part[key] : undefined);
  });
  const all = (part: unknown) => tests.every((test) => test(isObject(part) ? part : {}));
  return (part) => (Array.isArray(part) && part.length > 0 ? part.some(all) : all(part));
}

/** Reads a pattern. Of one that is wrong, every problem is named, with the path that leads to it. */
export function parsePattern(value: unknown, where = 'pattern'): ParsedPattern {
  const problems: string[] = [];
  const matches = parseObject(value, where, (problem) => problems.push(problem));
  return problems.length === 0 ? { kind: 'pattern', matches } : { kind: 'malformed', problems };
}
