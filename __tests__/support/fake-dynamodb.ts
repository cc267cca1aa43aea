import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { holds, type Item, type Placeholders, updated } from './dynamodb-expressions';

interface UpdateRequest extends Placeholders {
  readonly TableName?: string | undefined;
  readonly Key?: Item | undefined;
  readonly UpdateExpression?: string | undefined;
  readonly ConditionExpression?: string | undefined;
}

interface QueryRequest extends Placeholders {
  readonly TableName: string;
  readonly KeyConditionExpression: string;
  readonly ExclusiveStartKey?: Item;
  readonly Limit?: number;
}

type UpdateAnswer =
  | { readonly kind: 'updated'; readonly item: Item }
  | { readonly kind: 'condition-failed'; readonly item: Item | undefined }
  | { readonly kind: 'invalid'; readonly message: string };

/** DynamoDB's limit: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-items */
const ITEM_BYTES = 400 * 1_024;

/** As DynamoDB writes them, values are longer than by themselves: most items need no second look. */
function isTooLarge(item: Item): boolean {
  return (
    Buffer.byteLength(JSON.stringify(item)) > ITEM_BYTES &&
    Buffer.byteLength(JSON.stringify(unmarshall(item))) > ITEM_BYTES
  );
}

/** A table with one key of text. Unknown expressions are refused, and unused placeholders, as DynamoDB does. */
export class FakeTable {
  readonly #items = new Map<string, Item>();

  /** By key: an attribute that no update of that item may set, as DynamoDB refuses what it cannot hold. */
  readonly refusedAttributes = new Map<string, string>();

  constructor(
    readonly name: string,
    readonly keyName: string,
  ) {}

  put(row: Readonly<Record<string, unknown>>): void {
    this.#items.set(String(row[this.keyName]), marshall(row, { removeUndefinedValues: true }));
  }

  get(key: string): Record<string, unknown> | undefined {
    const item = this.#items.get(key);
    return item === undefined ? undefined : unmarshall(item);
  }

  item(key: string): Item | undefined {
    return this.#items.get(key);
  }

  delete(key: string): void {
    this.#items.delete(key);
  }

  get keys(): readonly string[] {
    return [...this.#items.keys()];
  }

  /** The items of an index, in the order of its sort key: those that have both of its attributes. */
  query(request: QueryRequest, sortKey: string): { readonly Items: readonly Item[]; readonly LastEvaluatedKey?: Item } {
    const after = request.ExclusiveStartKey?.[sortKey]?.S ?? '';
    const found = [...this.#items.values()]
      .filter((item) => holds(request.KeyConditionExpression, request, item))
      .sort((one, other) => ((one[sortKey]?.S ?? '') < (other[sortKey]?.S ?? '') ? -1 : 1))
      .filter((item) => (item[sortKey]?.S ?? '') > after);
    const page = found.slice(0, request.Limit);
    const last = page.at(-1);
    return { Items: page, ...(last === undefined || page.length === found.length ? {} : { LastEvaluatedKey: last }) };
  }

  update(request: UpdateRequest): UpdateAnswer {
    const key = request.Key?.[this.keyName]?.S;
    if (request.TableName !== this.name || key === undefined || Object.keys(request.Key ?? {}).length !== 1) {
      return { kind: 'invalid', message: 'wrong table or key' };
    }
    const expressions = `${request.UpdateExpression} ${request.ConditionExpression ?? ''}`;
    const names = request.ExpressionAttributeNames ?? {};
    const placeholders = [...Object.keys(names), ...Object.keys(request.ExpressionAttributeValues ?? {})];
    const used = new Set(expressions.match(/[#:]\w+/g));
    const unused = placeholders.find((name) => !used.has(name));
    if (unused !== undefined) {
      return { kind: 'invalid', message: `${unused} is unused in expressions` };
    }
    const refused = this.refusedAttributes.get(key);
    if (refused !== undefined && new RegExp(`#${refused} = `).test(request.UpdateExpression ?? '')) {
      return { kind: 'invalid', message: `${refused} is not a value that DynamoDB holds` };
    }
    const item = this.#items.get(key);
    try {
      if (request.ConditionExpression !== undefined && !holds(request.ConditionExpression, request, item)) {
        return { kind: 'condition-failed', item };
      }
      const after = updated(request.UpdateExpression ?? '', request, { ...request.Key, ...item });
      if (isTooLarge(after)) {
        return { kind: 'invalid', message: 'Item size to update has exceeded the maximum allowed size' };
      }
      this.#items.set(key, after);
      return { kind: 'updated', item: after };
    } catch (error) {
      return { kind: 'invalid', message: String(error) };
    }
  }
}
