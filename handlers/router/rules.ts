import * as v from 'valibot';
import { parsePattern } from '../../stacks/parts/event-pattern';
import { type Environment, optionalText, SettingError } from '../shared/settings';

/** A request to the starter, in whose texts parts of the event may stand: see template.ts. */
export type RequestTemplate = Readonly<Record<string, unknown>>;

/** Which events start what. */
interface Rule {
  readonly matches: (event: unknown) => boolean;
  readonly request: RequestTemplate;
}

/** What becomes of an event that no rule matches. */
type NoMatch =
  | { readonly kind: 'error' }
  | { readonly kind: 'ignore' }
  | { readonly kind: 'request'; readonly request: RequestTemplate };

export interface Routes {
  /** The first that matches counts. */
  readonly rules: readonly Rule[];
  readonly noMatch: NoMatch;
}

const RULES = 'OVERTIME_RULES';
const NO_MATCH = 'OVERTIME_NO_MATCH';

const EXAMPLE =
  '[{"pattern": {"table": ["purchases"]}, "request": {"taskDefinition": "process-purchases", "environment": {"ID": "<$.new.id>"}}}]';

/** Those of the event and its delivery: a rule that set them would join runs that have nothing to do with each other. */
const NOT_OF_A_RULE = ['action', 'idempotencyKey', 'wait', 'taskToken', 'callbackId'];

const RulesSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.array(v.strictObject({ pattern: v.unknown(), request: v.record(v.string(), v.unknown()) })),
);

const RequestSchema = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown()));

/** The seed's family and container: https://medium.com/@danianepg/triggering-an-amazon-ecs-from-amazon-rds-5425b807fe82 */
const PURCHASES = 'process-employee-purchases';

/**
 * What the seed's function did for its one known event, under the three variables that it had. Everything else it took
 * for an import; here the policy for events without a rule says so, or nothing starts.
 */
const SEED_RULES = [
  {
    pattern: { $or: [{ taskType: ['BUY'] }, { new: { taskType: ['BUY'] } }] },
    request: {
      taskDefinition: PURCHASES,
      containerName: PURCHASES,
      environment: { SPRING_PROFILES_ACTIVE: 'exportRunner' },
    },
  },
];

function requestProblem(request: RequestTemplate): string | undefined {
  const given = NOT_OF_A_RULE.find((field) => field in request);
  if (given !== undefined) {
    return `its request has ${given}, which a rule cannot set`;
  }
  return 'arn' in request || 'taskDefinition' in request
    ? undefined
    : 'its request names neither a function (arn) nor a task definition (taskDefinition)';
}

function wrong(variable: string, problem: string, fix: string): SettingError {
  return new SettingError(`${variable} is wrong (${problem}): give ${fix}.`);
}

function parseRules(text: string): readonly Rule[] {
  const parsed = v.safeParse(RulesSchema, text);
  if (!parsed.success) {
    throw wrong(RULES, parsed.issues[0].message, `a JSON list such as ${EXAMPLE}`);
  }
  const read = parsed.output.map(({ pattern, request }, index) => {
    const where = `rule ${index + 1}`;
    const checked = parsePattern(pattern, where);
    const problem = requestProblem(request);
    return {
      rule: { matches: checked.kind === 'pattern' ? checked.matches : () => false, request },
      problems: [
        ...(checked.kind === 'pattern' ? [] : checked.problems),
        ...(problem === undefined ? [] : [`${where}: ${problem}`]),
      ],
    };
  });
  const problems = read.flatMap((one) => one.problems);
  if (problems.length > 0) {
    throw wrong(RULES, problems.join('; '), `a JSON list such as ${EXAMPLE}`);
  }
  return read.map(({ rule }) => rule);
}

function parseNoMatch(text: string): NoMatch {
  if (text === 'error' || text === 'ignore') {
    return { kind: text };
  }
  const fix = 'error, ignore, or the JSON text of a request';
  const parsed = v.safeParse(RequestSchema, text);
  if (!parsed.success) {
    throw wrong(NO_MATCH, parsed.issues[0].message, fix);
  }
  const problem = requestProblem(parsed.output);
  if (problem !== undefined) {
    throw wrong(NO_MATCH, problem, fix);
  }
  return { kind: 'request', request: parsed.output };
}

/**
 * The rules of the module; without any, those of the seed, whose three variables are then set.
 *
 * @throws {SettingError} naming every wrong rule
 */
export function parseRoutes(environment: Environment, isSeed: boolean): Routes {
  const rules = parseRules(optionalText(environment, RULES) ?? '[]');
  const noMatch = parseNoMatch(optionalText(environment, NO_MATCH) ?? 'error');
  const some = rules.length === 0 && isSeed ? parseRules(JSON.stringify(SEED_RULES)) : rules;
  if (some.length === 0 && noMatch.kind !== 'request') {
    throw wrong(RULES, 'there is no rule, and no request for events without one', `a JSON list such as ${EXAMPLE}`);
  }
  return { rules: some, noMatch };
}
