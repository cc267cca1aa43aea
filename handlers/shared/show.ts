const SHOWN_CHARACTERS = 60;

function shorten(text: string): string {
  const characters = [...text];
  return characters.length > SHOWN_CHARACTERS ? `${characters.slice(0, SHOWN_CHARACTERS).join('')}...` : text;
}

/** A value as an error may show it: of lists and objects only what they are, never what they hold. */
export function show(value: unknown): string {
  if (Array.isArray(value)) {
    return value.length === 1 ? 'a list of 1 item' : `a list of ${value.length} items`;
  }
  if (typeof value === 'object' && value !== null) {
    return 'an object';
  }
  return typeof value === 'string' ? JSON.stringify(shorten(value)) : String(value);
}
