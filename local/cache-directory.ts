import path from 'node:path';

/** What is kept from one command to the next: the emulator's Python environment, Terraform's provider. Not in git. */
export const CACHE_DIRECTORY = path.resolve(__dirname, '../.overtime');
