import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { generateModules } from '../../stacks/module-writer';
import { PREVIOUS_RELEASE_FILE } from './previous-release';

const documents = Object.entries(generateModules())
  .filter(([file]) => file.endsWith('/main.tf.json'))
  .map(([file, bytes]) => [file.split('/')[0], new TextDecoder().decode(bytes)]);

writeFileSync(PREVIOUS_RELEASE_FILE, gzipSync(JSON.stringify(Object.fromEntries(documents)), { level: 9 }));
