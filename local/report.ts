import type { RunDurations, StatusAnswer } from '../handlers/starter/status';

function line(seconds: number | undefined, part: string): readonly string[] {
  return seconds === undefined ? [] : [`${`${seconds.toFixed(1)} s`.padStart(8)}  ${part}`];
}

/** The lines that tell how long each part of a run took; a part that it never came to is left out. */
export function durationLines(durations: RunDurations): readonly string[] {
  return [
    ...line(durations.placingSeconds, 'from the request to the start of the runner'),
    ...line(durations.preparingSeconds, 'until the function was fetched and its handler called'),
    ...line(durations.handlerSeconds, 'in the handler'),
    ...line(durations.totalSeconds, 'in all'),
  ];
}

/** What a run ended with: its output, or its error. */
export function resultLines(
  answer: Pick<StatusAnswer, 'runId' | 'status' | 'output' | 'outputLocation' | 'error'>,
): readonly string[] {
  const result = answer.error ?? answer.outputLocation ?? answer.output;
  return [`${answer.runId}: ${answer.status}`, JSON.stringify(result, undefined, 2)];
}

/** The shell lines with which `aws` and `terraform` reach the local account, for as long as it is up. */
export function environmentLines(environment: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(environment).map(([name, value]) => `export ${name}=${value}`);
}

/** The shell line that does by hand what `npm start` did. */
export function invokeLine(options: { readonly starter: string; readonly functionArn: string }): string {
  const request = JSON.stringify({ arn: options.functionArn, input: {} });
  // fileb:// means the bytes as they are in both versions of the CLI; a plain payload is base64 in version 2 alone.
  return `echo '${request}' | aws lambda invoke --function-name ${options.starter} --payload fileb:///dev/stdin /dev/stdout`;
}
