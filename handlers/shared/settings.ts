/** The environment of a program, as a value: `process.env` is read in the entries alone. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting that is missing or out of bounds. The message names the variable, its value, what is allowed and the fix. */
export class SettingError extends Error {
  readonly code = 'INVALID_SETTING';

  constructor(message: string) {
    super(message);
    this.name = 'INVALID_SETTING';
  }
}

/** A variable's text. Unset and empty are the same: a Terraform variable left out becomes an empty string. */
export function optionalText(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  return value === undefined || value === '' ? undefined : value;
}

/** @throws {SettingError} when the variable is unset or empty */
export function requiredText(environment: Environment, name: string): string {
  const value = optionalText(environment, name);
  if (value === undefined) {
    throw new SettingError(`${name} is not set. The Overtime module sets it; set it to run this program by hand.`);
  }
  return value;
}

/**
 * A whole number between `minimum` and `maximum`, or `fallback` where the variable is unset.
 *
 * @throws {SettingError} when it is unset without a fallback, not a whole number, or out of bounds
 */
export function wholeNumber(
  environment: Environment,
  name: string,
  bounds: { readonly minimum: number; readonly maximum: number; readonly fallback?: number },
): number {
  const text = optionalText(environment, name);
  if (text === undefined && bounds.fallback !== undefined) {
    return bounds.fallback;
  }
  const value = Number(text ?? requiredText(environment, name));
  if (!Number.isInteger(value) || value < bounds.minimum || value > bounds.maximum) {
    throw new SettingError(`${name} is "${text}": give a whole number from ${bounds.minimum} to ${bounds.maximum}.`);
  }
  return value;
}

/**
 * One of the choices, or `fallback` where the variable is unset.
 *
 * @throws {SettingError} when it is another
 */
export function oneOf<Choice extends string>(
  environment: Environment,
  name: string,
  choices: readonly Choice[],
  fallback: Choice,
): Choice {
  const text = optionalText(environment, name) ?? fallback;
  const choice = choices.find((each) => each === text);
  if (choice === undefined) {
    throw new SettingError(`${name} is "${text}": give one of ${choices.join(', ')}.`);
  }
  return choice;
}
