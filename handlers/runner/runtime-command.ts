import type { RuntimeCommand } from './runtime-process';

/** Where AWS's base images have their runtime. */
export const AWS_BOOTSTRAP = '/var/runtime/bootstrap';

export interface RuntimeCandidates {
  /** OVERTIME_BOOTSTRAP. */
  readonly bootstrap: string | undefined;
  readonly hasAwsBootstrap: boolean;
  /** This process's own Node.js. */
  readonly nodeFile: string;
  /** The bundled Node.js client of the Runtime API. */
  readonly nodeClientFile: string;
}

/** The program that runs the function: the one asked for, else AWS's own, else our Node.js client. */
export function chooseRuntimeCommand(candidates: RuntimeCandidates): RuntimeCommand {
  if (candidates.bootstrap !== undefined) {
    return { file: candidates.bootstrap, args: [] };
  }
  return candidates.hasAwsBootstrap
    ? { file: AWS_BOOTSTRAP, args: [] }
    : { file: candidates.nodeFile, args: [candidates.nodeClientFile] };
}
