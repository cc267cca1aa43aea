import { choosePython, pythonMissing } from '../../local/python-version';

const python = (command: string, version: string) => ({ command, version });

describe('the Python of the emulator', () => {
  test.each([
    ['none', [], undefined],
    ['too old', [python('python3', '3.9.18')], undefined],
    ['Python 2', [python('python', '2.7.18')], undefined],
    ['the oldest that will do', [python('python3', '3.10.0')], 'python3'],
    ['an older one first', [python('python3', '3.8.1'), python('python3.12', '3.12.1')], 'python3.12'],
    ['two that will do', [python('python3', '3.11.7'), python('python3.13', '3.13.0')], 'python3'],
  ])('%s: %j', (_, found, expected) => {
    expect(choosePython(found)?.command).toBe(expected);
  });

  test.each([
    [[], 'no Python is on the PATH'],
    [[python('python3', '3.9.18'), python('python', '2.7.18')], 'only python3 3.9.18, python 2.7.18 is on the PATH'],
  ])('the sentence for %j', (found, expected) => {
    expect(pythonMissing(found)).toBe(
      `The local AWS needs Python 3.10 or newer, and ${expected}: install one (Debian: apt-get install python3 python3-venv; macOS: brew install python).`,
    );
  });
});
