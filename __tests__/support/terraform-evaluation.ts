/** Answers what a reference such as `aws_sqs_queue.launches.arn`, `var.name` or `each.key` stands for. */
type Resolve = (reference: string) => unknown;

/**
 * Works out the value of an attribute in JSON configuration syntax: the part of Terraform's language in which policies
 * and names are written. Anything else is an error, never a guess.
 * Source: https://developer.hashicorp.com/terraform/language/syntax/json#expression-mapping
 */
export function evaluate(attribute: unknown, resolve: Resolve): unknown {
  return typeof attribute === 'string' ? new Evaluation(attribute, resolve).template('') : attribute;
}

/** How many names stand before the first attribute of a value: `var.x`, `data.type.id.attribute`, `type.id.attribute`. */
const HEADS: Readonly<Record<string, number>> = { each: 2, local: 2, path: 2, var: 2, data: 4 };
const RESOURCE_HEAD = 3;

const FUNCTIONS: Readonly<Record<string, (...args: readonly unknown[]) => unknown>> = {
  coalesce: (...values) => values.find((value) => value !== undefined && value !== null && value !== ''),
  coalescelist: (...lists) => lists.find((list) => listOf(list).length > 0),
  concat: (...lists) => lists.flatMap(listOf),
  filesha256: () => 'HASH',
  formatlist: (format, values) => listOf(values).map((value) => String(format).replace('%s', String(value))),
  join: (separator, values) => listOf(values).join(String(separator)),
  jsonencode: (value) => value,
  one: (list) => listOf(list)[0],
  replace: (text, part, other) => String(text).replaceAll(String(part), String(other)),
  split: (separator, text) => String(text).split(String(separator)),
};

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) {
    throw new Error(`Not a list: ${JSON.stringify(value)}`);
  }
  return value;
}

class Evaluation {
  readonly #text: string;
  readonly #resolve: Resolve;
  #at = 0;

  constructor(text: string, resolve: Resolve) {
    this.#text = text;
    this.#resolve = resolve;
  }

  /** Up to the closing quote, or to the end. A template that is one expression and nothing else has its value. */
  template(closing: '"' | ''): unknown {
    const parts: unknown[] = [];
    while (!this.#ends(closing)) {
      if (this.#took('${')) {
        parts.push(this.#expression());
        this.#take('}');
      } else {
        const literal = closing === '' ? /^(?:[^$]|\$(?!\{))+/ : /^(?:[^$"\\]|\$(?!\{)|\\.)+/;
        const read = this.#read(literal);
        parts.push(closing === '' ? read : JSON.parse(`"${read}"`));
      }
    }
    return parts.length === 1 ? parts[0] : parts.map(String).join('');
  }

  #ends(closing: '"' | ''): boolean {
    return closing === '' ? this.#rest() === '' : this.#took(closing);
  }

  #expression(): unknown {
    this.#spaces();
    const value = this.#primary();
    this.#spaces();
    return value;
  }

  #primary(): unknown {
    if (this.#took('"')) {
      return this.template('"');
    }
    if (this.#took('[')) {
      return this.#until(']', () => this.#expression());
    }
    if (this.#took('{')) {
      return Object.fromEntries(this.#until('}', () => this.#entry()));
    }
    if (/^\d/.test(this.#rest())) {
      return Number(this.#read(/^\d+/));
    }
    const name = this.#read(/^[a-z_][\w-]*/i);
    return this.#took('(') ? this.#call(name) : this.#reference(name);
  }

  #entry(): readonly [string, unknown] {
    this.#spaces();
    this.#take('"');
    const key = String(this.template('"'));
    this.#spaces();
    this.#take('=');
    return [key, this.#expression()];
  }

  #call(name: string): unknown {
    const args = this.#until(')', () => this.#expression());
    const known = FUNCTIONS[name];
    if (known === undefined) {
      throw new Error(`No function ${name} here: ${this.#text}`);
    }
    return known(...args);
  }

  #reference(first: string): unknown {
    const names = [first];
    let isList = false;
    while (names.length < (HEADS[first] ?? RESOURCE_HEAD)) {
      // The instance of a counted resource: each has what the first one has.
      if (this.#took('[*]')) {
        isList = true;
      } else if (this.#took('[')) {
        this.#expression();
        this.#take(']');
      }
      this.#take('.');
      names.push(this.#read(/^[\w-]+/));
    }
    const value = this.#attributes(this.#resolve(names.join('.')));
    return isList ? [value] : value;
  }

  #attributes(value: unknown): unknown {
    if (this.#took('[*].')) {
      const name = this.#read(/^\w+/);
      return listOf(value).map((each) => attributeOf(each, name));
    }
    if (this.#took('[')) {
      const key = this.#expression();
      this.#take(']');
      return this.#attributes(attributeOf(value, String(key)));
    }
    return this.#took('.') ? this.#attributes(attributeOf(value, this.#read(/^\w+/))) : value;
  }

  #until<Item>(closing: string, item: () => Item): readonly Item[] {
    const items: Item[] = [];
    this.#spaces();
    while (!this.#took(closing)) {
      items.push(item());
      this.#took(',');
      this.#spaces();
    }
    return items;
  }

  #rest(): string {
    return this.#text.slice(this.#at);
  }

  #spaces(): void {
    this.#at += /^\s*/.exec(this.#rest())?.[0].length ?? 0;
  }

  #took(text: string): boolean {
    const took = this.#rest().startsWith(text);
    this.#at += took ? text.length : 0;
    return took;
  }

  #take(text: string): void {
    if (!this.#took(text)) {
      throw new Error(`No ${text} at: ${this.#rest()}`);
    }
  }

  #read(pattern: RegExp): string {
    const [read] = pattern.exec(this.#rest()) ?? [];
    if (read === undefined) {
      throw new Error(`Not understood: ${this.#rest()}`);
    }
    this.#at += read.length;
    return read;
  }
}

function attributeOf(value: unknown, name: string): unknown {
  const found = (value as Readonly<Record<string, unknown>> | undefined)?.[name];
  if (found === undefined) {
    throw new Error(`No ${name} in ${JSON.stringify(value)}`);
  }
  return found;
}
