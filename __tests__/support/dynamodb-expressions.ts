import { isDeepStrictEqual } from 'node:util';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Item = Record<string, AttributeValue>;

/** What the placeholders of an expression stand for. */
export interface Placeholders {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Item | undefined;
}

const TOKEN = /\s*(#\w+|:\w+|\w+|<=|>=|<>|[=<>(),+-])/gy;

const COMPARATORS: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** Programs have few expressions, and models write thousands of times with each. */
const known = new Map<string, readonly string[]>();

function tokensOf(text: string): readonly string[] {
  const tokens = known.get(text) ?? [...text.matchAll(TOKEN)].map(([, token = '']) => token);
  if (!known.has(text) && tokens.join('') !== text.replaceAll(/\s/g, '')) {
    throw new Error(`Invalid expression: ${text}`);
  }
  known.set(text, tokens);
  return tokens;
}

/**
 * Reads DynamoDB's expressions as far as the programs use them, and throws at anything else. Paths into maps and lists
 * are not read.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
class Reader {
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(
    readonly text: string,
    readonly placeholders: Placeholders,
    readonly item: Item,
  ) {
    this.#tokens = tokensOf(text);
  }

  get isAtEnd(): boolean {
    return this.#next === this.#tokens.length;
  }

  peek(): string | undefined {
    return this.#tokens[this.#next];
  }

  take(expected?: string): string {
    const token = this.#tokens[this.#next];
    if (token === undefined || (expected !== undefined && token !== expected)) {
      throw new Error(`Invalid expression: ${this.text}: ${token ?? 'its end'} instead of ${expected ?? 'a token'}`);
    }
    this.#next += 1;
    return token;
  }

  skip(token: string): boolean {
    const isThere = this.peek() === token;
    this.#next += isThere ? 1 : 0;
    return isThere;
  }

  name(): string {
    const token = this.take();
    const name = token.startsWith('#') ? this.placeholders.ExpressionAttributeNames?.[token] : token;
    if (name === undefined || !/^[a-zA-Z]/.test(name)) {
      throw new Error(`Invalid expression: ${this.text}: no such name as ${token}`);
    }
    return name;
  }

  operand(): AttributeValue | undefined {
    const token = this.peek() ?? '';
    if (token.startsWith(':')) {
      const value = this.placeholders.ExpressionAttributeValues?.[this.take()];
      if (value === undefined) {
        throw new Error(`Invalid expression: ${this.text}: no such value as ${token}`);
      }
      return value;
    }
    if (token === 'if_not_exists') {
      this.take();
      this.take('(');
      const present = this.item[this.name()];
      this.take(',');
      const fallback = this.operand();
      this.take(')');
      return present ?? fallback;
    }
    if (token === 'list_append') {
      this.take();
      this.take('(');
      const first = this.operand();
      this.take(',');
      const second = this.operand();
      this.take(')');
      return { L: [...listOf(first), ...listOf(second)] };
    }
    return this.item[this.name()];
  }

  /** An operand, or the sum or difference of two. */
  sum(): AttributeValue | undefined {
    const first = this.operand();
    for (const sign of ['+', '-']) {
      if (this.skip(sign)) {
        const second = numberOf(this.operand());
        return { N: String(numberOf(first) + (sign === '+' ? second : -second)) };
      }
    }
    return first;
  }

  or(): boolean {
    let holds = this.and();
    while (this.skip('OR')) {
      const other = this.and();
      holds = holds || other;
    }
    return holds;
  }

  and(): boolean {
    let holds = this.condition();
    while (this.skip('AND')) {
      const other = this.condition();
      holds = holds && other;
    }
    return holds;
  }

  condition(): boolean {
    if (this.skip('NOT')) {
      return !this.condition();
    }
    if (this.skip('(')) {
      const holds = this.or();
      this.take(')');
      return holds;
    }
    if (this.peek() === 'attribute_exists' || this.peek() === 'attribute_not_exists') {
      const isExpected = this.take() === 'attribute_exists';
      this.take('(');
      const isThere = this.item[this.name()] !== undefined;
      this.take(')');
      return isThere === isExpected;
    }
    if (this.skip('contains')) {
      this.take('(');
      const values = this.item[this.name()]?.L ?? [];
      this.take(',');
      const value = this.operand();
      this.take(')');
      return values.some((each) => order(each, value) === 0);
    }
    const left = this.operand();
    if (this.skip('IN')) {
      this.take('(');
      const values = [this.operand()];
      while (this.skip(',')) {
        values.push(this.operand());
      }
      this.take(')');
      return values.some((value) => order(left, value) === 0);
    }
    const compare = COMPARATORS[this.take()];
    if (compare === undefined) {
      throw new Error(`Invalid expression: ${this.text}: an unknown comparison`);
    }
    const between = order(left, this.operand());
    return between !== undefined && compare(between);
  }
}

function listOf(value: AttributeValue | undefined): readonly AttributeValue[] {
  if (value?.L === undefined) {
    throw new Error('An operand of list_append is no list');
  }
  return value.L;
}

function numberOf(value: AttributeValue | undefined): number {
  if (value?.N === undefined) {
    throw new Error('An operand of a sum is no number');
  }
  return Number(value.N);
}

/** Negative, 0 or positive; `undefined` for what has no order, such as values of two types or one that is not there. */
function order(left: AttributeValue | undefined, right: AttributeValue | undefined): number | undefined {
  if (left?.N !== undefined && right?.N !== undefined) {
    return Number(left.N) - Number(right.N);
  }
  if (left?.S !== undefined && right?.S !== undefined) {
    return left.S === right.S ? 0 : Buffer.compare(Buffer.from(left.S), Buffer.from(right.S));
  }
  const isOfOneType = left?.BOOL !== undefined || left?.M !== undefined;
  return isOfOneType && isDeepStrictEqual(left, right) ? 0 : undefined;
}

/** Whether a condition holds for an item; one that is not there has no attributes. */
export function holds(condition: string, placeholders: Placeholders, item: Item | undefined): boolean {
  const reader = new Reader(condition, placeholders, item ?? {});
  const result = reader.or();
  if (!reader.isAtEnd) {
    throw new Error(`Invalid expression: ${condition}: too long at ${reader.peek()}`);
  }
  return result;
}

/** The item after an update. All values are those before it. */
export function updated(expression: string, placeholders: Placeholders, before: Item): Item {
  const reader = new Reader(expression, placeholders, before);
  const after = { ...before };
  while (!reader.isAtEnd) {
    const section = reader.take();
    do {
      const name = reader.name();
      if (section === 'SET') {
        reader.take('=');
        const value = reader.sum();
        if (value === undefined) {
          throw new Error(`Invalid expression: ${expression}: ${name} is set to an attribute that is not there`);
        }
        after[name] = value;
      } else if (section === 'REMOVE') {
        delete after[name];
      } else {
        throw new Error(`Invalid expression: ${expression}: ${section}`);
      }
    } while (reader.skip(','));
  }
  return after;
}
