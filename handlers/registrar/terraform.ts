import * as v from 'valibot';
import { isMap } from '../shared/schedule/row-fields';
import { show } from '../shared/show';
import { put } from './actions';
import { InvalidInput } from './errors';
import type { RegistrarDeps, Row } from './ports';
import { ownPlace, removeRow } from './write-row';

/**
 * What the provider adds to the input of an `aws_lambda_invocation` whose `lifecycle_scope` is `CRUD`.
 * Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_invocation#lifecycle_scope
 */
const LifecycleSchema = v.object({
  action: v.picklist(['create', 'update', 'delete']),
  // null at creation.
  prev_input: v.optional(v.unknown()),
});

interface Lifecycle {
  readonly action: 'create' | 'update' | 'delete';
  readonly schedule: Row | undefined;
  readonly previousId: string | undefined;
}

const FIELDS = ['action', 'schedule', 'tf'];

const SCHEDULE_ALLOWED = 'give the attributes of a row, as {"schedule": {"id": "nightly", "rate": "1 day"}}';

function idOf(input: unknown): string | undefined {
  const schedule = isMap(input) ? input['schedule'] : undefined;
  const id = isMap(schedule) ? schedule['id'] : undefined;
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** @throws {InvalidInput} */
function parseLifecycle(event: Row): Lifecycle {
  const { tf, schedule, action } = event;
  const parsed = v.safeParse(LifecycleSchema, tf);
  const unknown = Object.keys(event).filter((name) => !FIELDS.includes(name));
  const isSchedule = isMap(schedule);
  const problems = [
    ...(parsed.success ? [] : ['tf is not what Terraform adds to the input: leave it to lifecycle_scope = "CRUD"']),
    ...(isSchedule ? [] : [`schedule is ${schedule === undefined ? 'missing' : show(schedule)}: ${SCHEDULE_ALLOWED}`]),
    ...(action === undefined || action === 'put' ? [] : [`action is ${show(action)}: give "put", or leave it out`]),
    ...unknown.map((name) => `${show(name)} is no field of an input: those are action, schedule`),
  ];
  // What is to go away may be as wrong as it likes.
  const isDeletion = parsed.success && parsed.output.action === 'delete';
  if (!parsed.success || (problems.length > 0 && !isDeletion)) {
    throw new InvalidInput(problems);
  }
  return {
    action: parsed.output.action,
    schedule: isSchedule ? schedule : undefined,
    previousId: idOf(parsed.output.prev_input),
  };
}

export interface TerraformAnswer {
  readonly id: string | undefined;
  /** @default - the row was deleted */
  readonly revision?: string;
}

/**
 * Writes or deletes the row of a Terraform resource. A row whose id changes is written under the new one before the old one
 * goes: an update that fails leaves the old row. Nothing in the answer depends on the time: it ends up in the state.
 */
export async function applyLifecycle(event: Row, deps: RegistrarDeps): Promise<TerraformAnswer> {
  const { action, schedule, previousId } = parseLifecycle(event);
  const place = ownPlace(deps);
  if (action === 'delete' || schedule === undefined) {
    const ids = new Set([idOf(event), previousId].filter((id) => id !== undefined));
    for (const id of ids) {
      await removeRow(place, id, undefined, deps);
    }
    return { id: [...ids][0] };
  }
  const { id, revision } = await put(schedule, undefined, deps);
  if (action === 'update' && previousId !== undefined && previousId !== id) {
    await removeRow(place, previousId, undefined, deps);
  }
  return { id, revision };
}
