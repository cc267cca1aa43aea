import type * as v from 'valibot';
import { show } from '../shared/show';

const SHOWN_KEYS = 10;

/** Whoever has one of these may answer for the run: an error ends up in logs. */
const SECRET_FIELDS: readonly string[] = ['taskToken', 'callbackId'];

function showField(field: string, value: unknown): string {
  const isSecret = SECRET_FIELDS.includes(field) && typeof value === 'string';
  return isSecret ? `a text of ${value.length} characters` : show(value);
}

interface Problem {
  readonly field: string;
  readonly text: string;
}

function problem(issue: v.BaseIssue<unknown>): Problem {
  const [field, item] = issue.path ?? [];
  const name = String(field?.key ?? '');
  if (item === undefined) {
    const got = issue.input === undefined ? 'missing' : showField(name, issue.input);
    return { field: name, text: `${name} is ${got}: ${issue.message}` };
  }
  if (typeof item.key === 'number') {
    return { field: name, text: `${name}[${item.key}] is ${show(issue.input)}: ${issue.message}` };
  }
  // Of a tag the key alone is shown, as the key may be what is wrong.
  return { field: name, text: `${name} has a wrong key or value at ${show(item.key)}: ${issue.message}` };
}

function unknownFields(unknown: readonly string[], known: readonly string[]): readonly string[] {
  if (unknown.length === 0) {
    return [];
  }
  const more = unknown.length > SHOWN_KEYS ? ` and ${unknown.length - SHOWN_KEYS} more` : '';
  const named = unknown.slice(0, SHOWN_KEYS).map(show).join(', ');
  return [`No such field as ${named}${more}: the fields are ${known.join(', ')}`];
}

/**
 * A message that names every wrong field. A list with several wrong items is named by the first of them; `misplaced` are
 * fields that another kind of request has, and why.
 */
export function describeProblems(
  issues: readonly v.BaseIssue<unknown>[],
  misplaced: readonly string[],
  unknown: readonly string[],
  known: readonly string[],
): string {
  const problems = issues.map(problem);
  const firstOfEach = problems.filter((one, index) => index === problems.findIndex((p) => p.field === one.field));
  const all = [...firstOfEach.map((one) => one.text), ...misplaced, ...unknownFields(unknown, known)];
  return countProblems(all);
}

export function countProblems(problems: readonly string[]): string {
  return `The request has ${problems.length === 1 ? '1 problem' : `${problems.length} problems`}. ${problems.join('. ')}.`;
}
