import { readFileSync } from 'node:fs';
import path from 'node:path';

const DOCS = path.resolve(__dirname, '../../docs');

/** The rows of the first table below a heading of a page of docs/, without its head, cell by cell. */
export function rowsBelow(page: string, heading: string): readonly (readonly string[])[] {
  const text = readFileSync(path.join(DOCS, page), 'utf8');
  const [, section = ''] = text.split(`\n${heading}\n`);
  const [table = ''] = /(?:^\|.*\n)+/m.exec(section.split(/\n#+ /)[0] ?? '') ?? [];
  const rows = table.trim().split('\n').slice(2);
  return rows.map((row) => row.split(/(?<!\\)\|/).map((cell) => cell.trim())).map((cells) => cells.slice(1, -1));
}

/** What stands as code in the first cells of that table. */
export function namesBelow(page: string, heading: string): readonly string[] {
  return rowsBelow(page, heading).flatMap(([first = '']) =>
    [...first.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  );
}
