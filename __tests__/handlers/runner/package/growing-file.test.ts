import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GrowingFile, type Part } from '../../../../handlers/runner/package/growing-file';

let folder: string;
let file: GrowingFile;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'overtime-growing-'));
  file = await GrowingFile.create(path.join(folder, 'file'), 10, 4);
});

afterEach(async () => {
  await file.close();
  await rm(folder, { recursive: true });
});

function part(index: number): Part {
  const found = file.parts[index];
  if (found === undefined) {
    throw new Error(`There is no part ${index}.`);
  }
  return found;
}

/** Whether the bytes are there now: a promise that is settled comes before one that is made afterwards. */
async function has(start: number, end: number): Promise<boolean> {
  return Promise.race([
    file.available(start, end).then(() => true),
    Promise.resolve().then(() => Promise.resolve(false)),
  ]);
}

test('is cut into parts of the size given, the last of what is left', () => {
  expect(file.parts).toEqual([
    { start: 0, end: 4, received: 0 },
    { start: 4, end: 8, received: 4 },
    { start: 8, end: 10, received: 8 },
  ]);
});

test('tells what is there while parts come in any order', async () => {
  file.write(part(2), Buffer.from('89'));
  file.write(part(0), Buffer.from('012'));

  expect(file.frontier).toBe(3);
  expect([await has(0, 3), await has(0, 4), await has(8, 10), await has(7, 9), await has(3, 3)]).toEqual([
    true,
    false,
    true,
    false,
    true,
  ]);

  file.write(part(0), Buffer.from('3'));
  file.write(part(1), Buffer.from('4567'));

  expect([file.frontier, await has(0, 10)]).toEqual([10, true]);
  expect((await file.handle.read(Buffer.alloc(10), 0, 10, 0)).buffer.toString()).toBe('0123456789');
});

test('lets those wait who want what is not there, and tells them when it comes', async () => {
  const growth = file.growth(0);
  const whole = file.available(0, 4);

  file.write(part(0), Buffer.from('01'));
  await expect(growth).resolves.toBe(2);
  file.write(part(0), Buffer.from('23'));
  await expect(whole).resolves.toBeUndefined();
});

test('tells those who wait that no more will come, and lets the rest be read', async () => {
  file.write(part(0), Buffer.from('0123'));
  const waiting = file.available(0, 5);
  file.end(new Error('over'));

  await expect(waiting).rejects.toThrow('over');
  await expect(file.available(0, 4)).resolves.toBeUndefined();
});
