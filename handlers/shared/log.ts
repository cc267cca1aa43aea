type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Fields of one line. Never a function's environment, input or output: logs are read by more people than those. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  readonly debug: (event: string, fields?: LogFields) => void;
  readonly info: (event: string, fields?: LogFields) => void;
  readonly warn: (event: string, fields?: LogFields) => void;
  readonly error: (event: string, fields?: LogFields) => void;
}

/** One JSON object per line: time, level, event, then `context` and the line's own fields. */
export function jsonLog(write: (line: string) => void, now: () => Date, context: LogFields = {}): Log {
  const line =
    (level: LogLevel) =>
    (event: string, fields: LogFields = {}) => {
      write(`${JSON.stringify({ time: now().toISOString(), level, event, ...context, ...fields })}\n`);
    };
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
}

/** The log with fields of one more context in each line, such as of one task among several. */
export function logWithin(log: Log, context: LogFields): Log {
  const line =
    (write: Log['info']) =>
    (event: string, fields: LogFields = {}) =>
      write(event, { ...context, ...fields });
  return { debug: line(log.debug), info: line(log.info), warn: line(log.warn), error: line(log.error) };
}
