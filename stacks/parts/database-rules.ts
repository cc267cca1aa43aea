import { NO_MATCH, RULE_PATTERN, RULE_REQUEST, RULES_BYTES, RULES_SIZE } from './database-checks';
import { PATTERN_OPERATORS } from './event-pattern';
import type { Rule } from './rules';
import { literal } from './terraform-text';

/** In canonical JSON an operator is the one key of an object in a list, or behind anything-but or another operator. */
const OPERATOR = literal('[\\[,]\\{"([^"]+)":');

const KEY_OF_OR = literal('"\\$or":\\[');

/** Every pattern is JSON, and has none but the known operators; the router checks the rest when it starts. */
export function knownOperators(part: string): Rule {
  const canonical = `jsonencode(jsondecode(${part}))`;
  const operators = `[for found in regexall(${OPERATOR}, ${canonical}) : found[0]]`;
  const areKnown = `alltrue([for operator in ${operators} : contains(${literal(PATTERN_OPERATORS)}, operator)])`;
  // The patterns of $or stand in a list, as operators do, and their fields would be taken for some.
  const hasOr = `length(regexall(${KEY_OF_OR}, ${canonical})) > 0`;
  const isRight = `can(jsondecode(${part})) ? (${hasOr} ? true : ${areKnown}) : false`;
  return {
    holds: (value) => `alltrue([for item in ${value} : ${isRight}])`,
    allowed: `as pattern of each ${RULE_PATTERN}, with no operators but ${PATTERN_OPERATORS.join(', ')}`,
  };
}

function isRequest(text: string): string {
  return `(can(regex(".", jsondecode(${text}).arn)) || can(regex(".", jsondecode(${text}).taskDefinition)))`;
}

export function ruleRequest(part: string): Rule {
  return { holds: () => isRequest(part), allowed: `as request ${RULE_REQUEST}` };
}

/** Base64 has four characters for three bytes; Terraform itself counts characters alone. */
export function fewRules(): Rule {
  const texts = (value: string) => `join("", [for item in ${value} : "\${item.pattern}\${item.request}"])`;
  return {
    holds: (value) => `length(base64encode(${texts(value)})) <= ${Math.floor(RULES_BYTES / 3) * 4}`,
    allowed: RULES_SIZE,
  };
}

export function noMatch(): Rule {
  return { holds: (value) => `contains(["error", "ignore"], ${value}) || ${isRequest(value)}`, allowed: NO_MATCH };
}

/** A part of each item is a list of some of the values, none twice. */
export function someOfEach(part: string, values: readonly string[]): Rule {
  const isRight = [
    `length(${part}) > 0`,
    `length(distinct(${part})) == length(${part})`,
    `alltrue([for one in ${part} : contains(${literal(values)}, one)])`,
  ];
  return {
    holds: (value) => `alltrue([for item in ${value} : ${isRight.join(' && ')}])`,
    allowed: `as operations of each 1 to 3 of ${values.join(', ')}, each once`,
  };
}
