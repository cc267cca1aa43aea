import { Token } from 'cdktf';
import type { Problem } from './checks';
import { TRIGGER_OPERATIONS } from './database-engines';
import { parsePattern } from './event-pattern';
import type { Format } from './formats';

/** Which events start what, as JSON texts. */
export interface TriggerRule {
  /** As EventBridge has patterns: `{"table": ["purchases"], "new": {"amount": [{"numeric": [">", 100]}]}}`. */
  readonly pattern: string;
  /** A request to the starter, in whose texts `<$.new.id>` stands for a part of the event. */
  readonly request: string;
}

/** What of a table is told. */
export interface TableTrigger {
  readonly schema: string;
  readonly table: string;
  /** Columns whose values an event has. */
  readonly columns: readonly string[];
  /** @default - INSERT */
  readonly operations?: readonly string[];
}

/** The trigger's own name is made of it: overtime_KEY_insert has to have at most 63 characters. */
export const TRIGGER_KEY: Format = {
  pattern: /^[a-z][a-z0-9_]{0,39}$/,
  allowed: '1 to 40 lower-case letters, digits and underscores, a letter first, such as purchases',
};

/** The name of a schema, table or column, in either engine. */
export const SQL_NAME: Format = {
  pattern: /^[^\n\r]+$/,
  characters: { minimum: 1, maximum: 63 },
  allowed: 'a name of 1 to 63 characters on one line',
};

export const OUTBOX_SCHEMA: Format = {
  pattern: /^[a-z][a-z0-9_]*$/,
  characters: { minimum: 1, maximum: 63 },
  allowed: '1 to 63 lower-case letters, digits and underscores, a letter first, such as overtime',
};

/**
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/CHAP_Limits.html#RDS_Limits.Constraints. RDS keeps it in
 * lower case, and the role's trust compares it with the ARN as RDS writes it.
 */
export const DATABASE_IDENTIFIER: Format = {
  pattern: /^[a-z][a-z0-9-]{0,62}$/,
  allowed:
    'the identifier of a cluster, or of an instance where the engine is rds-postgresql, in lower case, such as shop',
};

/**
 * Of all rules together, as JSON: they are a variable of the router, beside whose other ones they have this room.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (4 KB for all variables)
 */
export const RULES_BYTES = 2_900;

export const COALESCE_KEY: Format = {
  pattern: /^(\$(\.[A-Za-z0-9_-]+|\[[0-9]+\])+)?$/,
  allowed: 'a path of the event, such as $.new.customer_id, or nothing',
};

export const RULE_REQUEST = 'the JSON text of a request with arn or taskDefinition, such as {"taskDefinition": "buy"}';

export const RULE_PATTERN = 'the JSON text of a pattern as EventBridge has them, such as {"table": ["purchases"]}';

export const RULES_SIZE = `at most ${RULES_BYTES} bytes for all rules, as Lambda has 4 KB for all variables: join rules, or shorten them`;

export const NO_MATCH = `error, ignore, or ${RULE_REQUEST}`;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRequest(text: string): boolean {
  const request = parsed(text);
  return typeof request === 'object' && request !== null && ('arn' in request || 'taskDefinition' in request);
}

function patternProblems(field: string, text: string): readonly Problem[] {
  const value = parsed(text);
  if (value === undefined) {
    return [{ field, value: text, allowed: RULE_PATTERN }];
  }
  const pattern = parsePattern(value);
  return pattern.kind === 'pattern'
    ? []
    : pattern.problems.map((problem) => ({ field, value: text, allowed: `${RULE_PATTERN} (${problem})` }));
}

export function ruleProblems(field: string, rules: readonly TriggerRule[] | undefined): readonly Problem[] {
  if (rules === undefined || Token.isUnresolved(rules)) {
    return [];
  }
  const bytes = rules.some(({ pattern, request }) => Token.isUnresolved(pattern) || Token.isUnresolved(request))
    ? 0
    : Buffer.byteLength(rules.map(({ pattern, request }) => pattern + request).join(''));
  const size = bytes > RULES_BYTES ? [{ field, value: `${bytes} bytes`, allowed: RULES_SIZE }] : [];
  const problems = rules.flatMap(({ pattern, request }, index) => [
    ...(Token.isUnresolved(pattern) ? [] : patternProblems(`${field}[${index}].pattern`, pattern)),
    ...(Token.isUnresolved(request) || isRequest(request)
      ? []
      : [{ field: `${field}[${index}].request`, value: request, allowed: RULE_REQUEST }]),
  ]);
  return [...size, ...problems];
}

export function noMatchProblems(field: string, value: string | undefined): readonly Problem[] {
  const isRight =
    value === undefined || Token.isUnresolved(value) || value === 'error' || value === 'ignore' || isRequest(value);
  return isRight ? [] : [{ field, value, allowed: NO_MATCH }];
}

function fits(value: string, { pattern, characters }: Format): boolean {
  const isLong = characters !== undefined && value.length > characters.maximum;
  return Token.isUnresolved(value) || (pattern.test(value) && !isLong);
}

export function formatProblems(field: string, value: string | undefined, format: Format): readonly Problem[] {
  return value === undefined || fits(value, format) ? [] : [{ field, value, allowed: format.allowed }];
}

const OPERATIONS_ALLOWED = `1 to 3 of ${TRIGGER_OPERATIONS.join(', ')}, each once`;

function areOperations(operations: readonly string[]): boolean {
  const known: readonly string[] = TRIGGER_OPERATIONS;
  return (
    operations.length > 0 &&
    new Set(operations).size === operations.length &&
    operations.every((operation) => known.includes(operation))
  );
}

export function triggerProblems(
  field: string,
  triggers: Readonly<Record<string, TableTrigger>> | undefined,
): readonly Problem[] {
  if (triggers === undefined || Token.isUnresolved(triggers)) {
    return [];
  }
  return Object.entries(triggers).flatMap(([key, { schema, table, columns, operations }]) => [
    ...formatProblems(`${field} key`, key, TRIGGER_KEY),
    ...formatProblems(`${field}.${key}.schema`, schema, SQL_NAME),
    ...formatProblems(`${field}.${key}.table`, table, SQL_NAME),
    ...(columns.length === 0 ? [{ field: `${field}.${key}.columns`, value: columns, allowed: 'at least one' }] : []),
    ...columns.flatMap((column, index) => formatProblems(`${field}.${key}.columns[${index}]`, column, SQL_NAME)),
    ...(operations === undefined || areOperations(operations)
      ? []
      : [{ field: `${field}.${key}.operations`, value: operations, allowed: OPERATIONS_ALLOWED }]),
  ]);
}
