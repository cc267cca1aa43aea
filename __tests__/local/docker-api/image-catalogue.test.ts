import { findImage, withTag } from '../../../local/docker-api/image-catalogue';

const program = (name: string) => ({ entrypoint: [name] as const, environment: {} });

describe('the image catalogue', () => {
  test.each([
    ['probe', 'probe:latest'],
    ['probe:1', 'probe:1'],
    ['localhost:5000/probe', 'localhost:5000/probe:latest'],
    ['localhost:5000/probe:1', 'localhost:5000/probe:1'],
    ['public.ecr.aws/lambda/nodejs@sha256:abc', 'public.ecr.aws/lambda/nodejs@sha256:abc'],
  ])('%s means %s', (reference, expected) => {
    expect(withTag(reference)).toBe(expected);
  });

  test.each([
    ['probe:latest', '/bin/latest'],
    ['probe', '/bin/latest'],
    ['probe:1', '/bin/one'],
    ['probe:2', undefined],
    ['other/probe', undefined],
  ])('%s runs %s', (reference, expected) => {
    const catalogue = { probe: program('/bin/latest'), 'probe:1': program('/bin/one') };

    expect(findImage(catalogue, reference)?.entrypoint[0]).toBe(expected);
  });
});
