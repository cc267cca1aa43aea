/**
 * Reads what CDKTF writes for `Fn.jsonencode(...)` back into the value that it was given. Anything that only Terraform
 * can work out becomes a text `${...}` with the expression inside.
 */
export function decodeJson(text: string): unknown {
  const inside = /^\$\{jsonencode\(([\s\S]*)\)\}$/.exec(text)?.[1];
  if (inside === undefined) {
    throw new Error(`Not a whole jsonencode expression: ${text}`);
  }
  const reader = new Reader(inside);
  const value = reader.value();
  reader.end();
  return value;
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): unknown {
    this.#spaces();
    if (this.#rest().startsWith('{')) {
      return this.#object();
    }
    if (/^\[(?! for )/.test(this.#rest())) {
      return this.#list();
    }
    const literal = /^(?:"[^"$\\]*"|-?\d+(?:\.\d+)?|true|false|null)(?=\s*(?:[,\]}]|$))/.exec(this.#rest())?.[0];
    if (literal !== undefined) {
      this.#at += literal.length;
      return JSON.parse(literal);
    }
    return this.#expression();
  }

  end(): void {
    this.#spaces();
    if (this.#rest() !== '') {
      throw new Error(`Left over: ${this.#rest()}`);
    }
  }

  #object(): unknown {
    const entries: [string, unknown][] = [];
    this.#take('{');
    while (!this.#took('}')) {
      const key = /^"([^"]*)" = /.exec(this.#rest());
      if (key?.[1] === undefined) {
        throw new Error(`No key at: ${this.#rest()}`);
      }
      this.#at += key[0].length;
      entries.push([key[1], this.value()]);
      this.#took(',');
    }
    return Object.fromEntries(entries);
  }

  #list(): unknown {
    const items: unknown[] = [];
    this.#take('[');
    while (!this.#took(']')) {
      items.push(this.value());
      this.#took(',');
    }
    return items;
  }

  /** Up to the comma or bracket that ends it. A quoted template loses its quotes, as it is a text already. */
  #expression(): string {
    const start = this.#at;
    const open: string[] = [];
    for (; this.#at < this.#text.length; this.#at += 1) {
      const letter = this.#text.charAt(this.#at);
      if (letter === '"') {
        this.#at = this.#endOfString(this.#at);
      } else if (CLOSING[letter] !== undefined) {
        open.push(CLOSING[letter]);
      } else if (letter === open.at(-1)) {
        open.pop();
      } else if (open.length === 0 && /[,\]})]/.test(letter)) {
        break;
      }
    }
    const expression = this.#text.slice(start, this.#at).trim();
    const isTemplate = expression.startsWith('"') && this.#endOfString(start) === start + expression.length - 1;
    return isTemplate ? expression.slice(1, -1) : `\${${expression}}`;
  }

  /** Where the text that begins at `start` has its closing quote; templates inside may hold texts of their own. */
  #endOfString(start: number): number {
    let at = start + 1;
    while (this.#text.charAt(at) !== '"') {
      if (at >= this.#text.length) {
        throw new Error(`No closing quote after: ${this.#text.slice(start)}`);
      }
      if (this.#text.startsWith('${', at)) {
        at = this.#endOfTemplate(at + 2);
      } else {
        at += this.#text.charAt(at) === '\\' ? 2 : 1;
      }
    }
    return at;
  }

  #endOfTemplate(start: number): number {
    let at = start;
    for (let depth = 1; depth > 0; at += 1) {
      const letter = this.#text.charAt(at);
      if (letter === '') {
        throw new Error(`No closing brace after: ${this.#text.slice(start)}`);
      }
      if (letter === '"') {
        at = this.#endOfString(at);
      }
      depth += letter === '{' ? 1 : letter === '}' ? -1 : 0;
    }
    return at;
  }

  #rest(): string {
    return this.#text.slice(this.#at);
  }

  #spaces(): void {
    this.#at += /^\s*/.exec(this.#rest())?.[0].length ?? 0;
  }

  #took(letter: string): boolean {
    this.#spaces();
    const took = this.#rest().startsWith(letter);
    this.#at += took ? 1 : 0;
    this.#spaces();
    return took;
  }

  #take(letter: string): void {
    if (!this.#took(letter)) {
      throw new Error(`No ${letter} at: ${this.#rest()}`);
    }
  }
}
