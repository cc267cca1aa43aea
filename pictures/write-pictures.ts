import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PICTURES } from './catalogue';
import { draw } from './draw';
import { picturesCommand } from './pictures-command';

const FOLDER = path.resolve(__dirname, '../docs/pictures');

void picturesCommand(process.argv.slice(2), {
  pictures: PICTURES,
  folder: {
    list: () => readdirSync(FOLDER),
    read: (file) => readFileSync(path.join(FOLDER, file), 'utf8'),
    write: (file, text) => writeFileSync(path.join(FOLDER, file), text),
  },
  draw,
  say: (line) => process.stdout.write(`${line}\n`),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
