import type { AttributeValue } from '@aws-sdk/client-dynamodb';

type Item = Record<string, AttributeValue>;

interface UpdateRequest {
  readonly TableName: string;
  readonly Key: Item;
  readonly UpdateExpression: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Item;
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD';
}

export type UpdateAnswer =
  | { readonly kind: 'updated' }
  | { readonly kind: 'condition-failed'; readonly item: Item | undefined }
  | { readonly kind: 'invalid'; readonly message: string };

/** A table with UpdateItem for the expressions that the programs use: others are refused, as are unused placeholders. */
export class FakeTable {
  readonly #items = new Map<string, Item>();

  /** By key: an attribute that no update of that item may set, as DynamoDB refuses what it cannot hold. */
  readonly refusedAttributes = new Map<string, string>();

  constructor(
    readonly name: string,
    readonly keyName: string,
  ) {}

  put(row: Readonly<Record<string, unknown>>): void {
    this.#items.set(String(row[this.keyName]), toItem(row));
  }

  get(key: string): Record<string, unknown> | undefined {
    const item = this.#items.get(key);
    return item === undefined ? undefined : fromItem(item);
  }

  update(request: UpdateRequest): UpdateAnswer {
    const key = request.Key[this.keyName]?.S;
    if (request.TableName !== this.name || key === undefined || Object.keys(request.Key).length !== 1) {
      return { kind: 'invalid', message: 'wrong table or key' };
    }
    const expressions = `${request.UpdateExpression} ${request.ConditionExpression ?? ''}`;
    const placeholders = [
      ...Object.keys(request.ExpressionAttributeNames),
      ...Object.keys(request.ExpressionAttributeValues),
    ];
    const unused = placeholders.find((name) => !new RegExp(`${name}\\b`).test(expressions));
    if (unused !== undefined) {
      return { kind: 'invalid', message: `${unused} is unused in expressions` };
    }
    const refused = this.refusedAttributes.get(key);
    if (refused !== undefined && Object.values(request.ExpressionAttributeNames).includes(refused)) {
      return { kind: 'invalid', message: `${refused} is not a value that DynamoDB holds` };
    }
    const item = this.#items.get(key);
    if (request.ConditionExpression !== undefined && !holds(request.ConditionExpression, request, item)) {
      return { kind: 'condition-failed', item };
    }
    this.#items.set(key, { ...request.Key, ...item, ...assignments(request) });
    return { kind: 'updated' };
  }
}

function assignments(request: UpdateRequest): Item {
  const list = /^SET (.+)$/.exec(request.UpdateExpression)?.[1];
  if (list === undefined) {
    throw new Error(`unknown update: ${request.UpdateExpression}`);
  }
  return Object.fromEntries(
    list.split(', ').map((part) => {
      const [name, value] = part.split(' = ');
      return [attributeName(request, name), attributeValue(request, value)];
    }),
  );
}

function holds(condition: string, request: UpdateRequest, item: Item | undefined): boolean {
  const [, name, list] = /^(#\w+) IN \((.+)\)$/.exec(condition) ?? [];
  if (name === undefined || list === undefined) {
    throw new Error(`unknown condition: ${condition}`);
  }
  const actual = item?.[attributeName(request, name)];
  return list.split(', ').some((value) => actual?.S !== undefined && actual.S === attributeValue(request, value).S);
}

function attributeName(request: UpdateRequest, placeholder: string | undefined): string {
  const name = request.ExpressionAttributeNames[placeholder ?? ''];
  if (name === undefined) {
    throw new Error(`no such name: ${placeholder}`);
  }
  return name;
}

function attributeValue(request: UpdateRequest, placeholder: string | undefined): AttributeValue {
  const value = request.ExpressionAttributeValues[placeholder ?? ''];
  if (value === undefined) {
    throw new Error(`no such value: ${placeholder}`);
  }
  return value;
}

function toItem(row: Readonly<Record<string, unknown>>): Item {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, { S: String(value) }]));
}

function fromItem(item: Item): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plain(value)]));
}

function plain(value: AttributeValue): unknown {
  if (value.M !== undefined) {
    return fromItem(value.M);
  }
  if (value.L !== undefined) {
    return value.L.map(plain);
  }
  if (value.N !== undefined) {
    return Number(value.N);
  }
  return value.NULL === true ? null : (value.S ?? value.BOOL);
}
