import path from 'node:path';
import type { ImageCatalogue } from './docker-api/image-catalogue';

/**
 * AWS's Node.js base image where tasks are processes: this machine's Node.js at the path that it has in the image, in a
 * folder whose node_modules has the SDK.
 */
export const BASE_IMAGES: ImageCatalogue = {
  'public.ecr.aws/lambda/nodejs:22': {
    entrypoint: [process.execPath],
    environment: {},
    workingDirectory: path.resolve(__dirname, '..'),
    programs: { '/var/lang/bin/node': process.execPath },
    portVariables: ['OVERTIME_HEALTH_PORT'],
  },
};
