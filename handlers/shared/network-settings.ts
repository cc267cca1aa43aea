import { type Environment, optionalText, requiredText, SettingError } from './settings';

/** What stands between the commas; nothing where the variable is unset. */
export function commaList(environment: Environment, name: string): readonly string[] {
  return (optionalText(environment, name) ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** @throws {SettingError} when it names nothing */
export function requiredCommaList(environment: Environment, name: string): readonly string[] {
  const items = commaList(environment, name);
  if (items.length === 0) {
    throw new SettingError(`${name} names nothing: give at least one, with commas between them.`);
  }
  return items;
}

/** @throws {SettingError} when it is missing or neither */
export function assignPublicIp(environment: Environment, name: string): 'ENABLED' | 'DISABLED' {
  const value = requiredText(environment, name);
  if (value !== 'ENABLED' && value !== 'DISABLED') {
    throw new SettingError(`${name} is "${value}": give ENABLED or DISABLED.`);
  }
  return value;
}
