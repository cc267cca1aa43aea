import path from 'node:path';
import { generateModules } from './module-writer';
import { modulesCommand } from './modules-command';

process.exitCode = modulesCommand(process.argv.slice(2), {
  folder: path.resolve(__dirname, '../modules'),
  generate: () => generateModules(),
  say: (line) => process.stdout.write(`${line}\n`),
});
