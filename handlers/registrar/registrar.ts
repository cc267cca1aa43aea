import { CodedError } from '../shared/errors';
import { type ActionAnswer, act } from './actions';
import { type CustomResourceAnswer, handleResource } from './custom-resource/handle';
import { readEntrance } from './entrance';
import type { RegistrarDeps } from './ports';
import { parseRequest } from './request';
import { noteChanges, type StreamAnswer } from './stream';
import { applyLifecycle, type TerraformAnswer } from './terraform';

export type RegistrarAnswer = ActionAnswer | CustomResourceAnswer | StreamAnswer | TerraformAnswer;

async function answer(event: unknown, deps: RegistrarDeps): Promise<RegistrarAnswer> {
  const entrance = readEntrance(event);
  switch (entrance.kind) {
    case 'custom-resource':
      return handleResource(entrance.event, deps);
    case 'terraform':
      return applyLifecycle(entrance.event, deps);
    case 'stream':
      return noteChanges(entrance.records, deps);
    case 'plain':
      return act(parseRequest(entrance.event), deps);
  }
}

/** Does what an event asks for, and logs what it could not do. */
export async function register(event: unknown, deps: RegistrarDeps): Promise<RegistrarAnswer> {
  try {
    return await answer(event, deps);
  } catch (error) {
    deps.log.error('request-failed', {
      code: error instanceof CodedError ? error.code : 'UNEXPECTED',
      reason: error instanceof Error ? error.message : String(error),
    });
    throw error;
  }
}
