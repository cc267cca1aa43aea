import * as v from 'valibot';
import { parseJson } from '../../../shared/parse-json';

/** What a job's output says of the messages of its batch. */
export type BatchAnswer =
  | { readonly kind: 'failures'; readonly ids: ReadonlySet<string> }
  /** It says something of failures that cannot be read: the whole batch has failed. */
  | { readonly kind: 'unreadable'; readonly problem: string };

const NONE: BatchAnswer = { kind: 'failures', ids: new Set() };

/** What else an answer has is the function's own. */
const AnswerSchema = v.object({
  batchItemFailures: v.nullish(v.array(v.object({ itemIdentifier: v.string() }))),
});

/**
 * Reads which messages failed as Lambda does: no answer, and one without failures, means that none did; an identifier
 * that is no message's, or no identifier at all, that all did.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function batchAnswer(text: string, messageIds: ReadonlySet<string>): BatchAnswer {
  // Most answers: nothing is parsed for them.
  if (!text.includes('batchItemFailures')) {
    return NONE;
  }
  const answer = parseJson(text);
  if (typeof answer !== 'object' || answer === null) {
    return { kind: 'unreadable', problem: 'the answer speaks of batchItemFailures and is no JSON object' };
  }
  const parsed = v.safeParse(AnswerSchema, answer);
  if (!parsed.success) {
    const places = parsed.issues.map((issue) => v.getDotPath(issue)).join(', ');
    return { kind: 'unreadable', problem: `its answer is wrong at ${places}` };
  }
  const ids = (parsed.output.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  const strangers = ids.filter((id) => !messageIds.has(id)).length;
  return strangers === 0
    ? { kind: 'failures', ids: new Set(ids) }
    : { kind: 'unreadable', problem: `${strangers} of its batchItemFailures name no message of the batch` };
}
