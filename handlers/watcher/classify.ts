import { EXIT_CODES, exitCode } from '../runner/exit-codes';
import type { Ending } from '../shared/ledger/ending';
import { type Cause, endingBy, type Facts, factsOf, hasExitCode, KILLED_CAUSE, STOP_CAUSES } from './causes';
import type { StoppedTask } from './stopped-task';

/** What ECS says counts before the exit code: a task that is stopped from outside has one, too. */
const CAUSES: readonly Cause[] = [
  ...STOP_CAUSES,
  {
    matches: hasExitCode(exitCode('timedOut')),
    status: 'TIMED_OUT',
    errorType: 'OUTCOME_NOT_STORED',
    text: `${EXIT_CODES.timedOut.meaning} The runner could not say so in the ledger: its log has the outcome.`,
  },
  {
    matches: hasExitCode(exitCode('interrupted')),
    status: 'INTERRUPTED',
    errorType: 'OUTCOME_NOT_STORED',
    text: `${EXIT_CODES.interrupted.meaning} The runner could not say so in the ledger: its log has the outcome.`,
  },
  KILLED_CAUSE,
];

/** What no cause stands for: the runner's own exit codes, and those that nobody knows. */
function causeOfExit({ exitCode: code }: Facts): Cause {
  const known = Object.values(EXIT_CODES).find((entry) => entry.code === code);
  return {
    matches: () => true,
    status: 'FAILED',
    errorType: 'TASK_EXITED',
    text:
      known === undefined
        ? 'The task ended without closing its run: its log may say why.'
        : `The task ended without closing its run. ${known.meaning}`,
  };
}

/** Of several containers the one that failed says more than those that were stopped with it. */
function exitCodeOf({ containers }: StoppedTask): number | undefined {
  const codes = containers.flatMap((container) => (container.exitCode === undefined ? [] : [container.exitCode]));
  return codes.find((code) => code !== 0) ?? codes[0];
}

/** How an attempt ended whose task stopped without a word from its runner. */
export function classifyStop(task: StoppedTask): Ending {
  const facts = factsOf(task, exitCodeOf(task));
  return endingBy(CAUSES.find(({ matches }) => matches(facts)) ?? causeOfExit(facts), task, facts);
}
