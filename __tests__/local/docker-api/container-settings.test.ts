import { commandLine, parseCreateBody, processEnvironment } from '../../../local/docker-api/container-settings';

const image = { entrypoint: ['/usr/bin/node', 'runner.js'] as const, environment: { MODE: 'image', ONLY_IMAGE: '1' } };

const folders = { task: '/c/task', layers: '/c/layers', work: '/c/work', temporary: '/c/tmp', home: '/c/home' };

describe('a create call', () => {
  test('is read as far as a process can have it', () => {
    const body = {
      Image: 'probe:1',
      Env: ['A=1', 'EQUATION=a=b', 'EMPTY='],
      Entrypoint: ['/probe'],
      Cmd: 'say',
      Labels: { run: '1' },
      HostConfig: { Memory: 1 },
      Tty: false,
    };

    expect(parseCreateBody(body)).toEqual({
      image: 'probe:1',
      environment: { A: '1', EQUATION: 'a=b', EMPTY: '' },
      entrypoint: ['/probe'],
      command: ['say'],
      labels: { run: '1' },
    });
  });

  test('may leave out everything but the image', () => {
    expect(parseCreateBody({ Image: 'probe:1', Env: null, Cmd: null, Entrypoint: null, Labels: null })).toEqual({
      image: 'probe:1',
      environment: {},
      entrypoint: undefined,
      command: [],
      labels: {},
    });
  });

  test('without an image is refused', () => {
    expect(() => parseCreateBody({})).toThrow('Image');
  });

  test.each([
    ['the image alone', { Image: 'i' }, ['/usr/bin/node', 'runner.js']],
    ['the image and a command', { Image: 'i', Cmd: ['a', 'b'] }, ['/usr/bin/node', 'runner.js', 'a', 'b']],
    ['an entry point of the definition', { Image: 'i', Entrypoint: ['/x'], Cmd: ['a'] }, ['/x', 'a']],
  ])('%s', (_, body, expected) => {
    expect(commandLine(image, parseCreateBody(body))).toEqual(expected);
  });

  test('a program that a definition names by its path in the image is this machine’s, and no other program is changed', () => {
    const base = { ...image, programs: { '/var/lang/bin/node': '/usr/bin/node' } };
    const started = (entrypoint: string) =>
      commandLine(base, parseCreateBody({ Image: 'i', Entrypoint: [entrypoint], Cmd: ['/var/lang/bin/node'] }));

    expect(started('/var/lang/bin/node')).toEqual(['/usr/bin/node', '/var/lang/bin/node']);
    expect(started('/probe')).toEqual(['/probe', '/var/lang/bin/node']);
  });

  test("the process sees the container's own variables, the image's and its folders, and nothing else", () => {
    const settings = parseCreateBody({ Image: 'i', Env: ['MODE=definition', 'OVERTIME_RUN={}'] });

    expect(processEnvironment(image, settings, folders, '/usr/bin:/bin')).toEqual({
      PATH: '/usr/bin:/bin',
      HOME: '/c/home',
      TMPDIR: '/c/tmp',
      OVERTIME_TASK_ROOT: '/c/task',
      OVERTIME_LAYERS_ROOT: '/c/layers',
      OVERTIME_WORK_ROOT: '/c/work',
      MODE: 'definition',
      ONLY_IMAGE: '1',
      OVERTIME_RUN: '{}',
    });
  });
});
