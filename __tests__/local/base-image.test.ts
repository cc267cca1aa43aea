import { librariesOf } from '../../local/base-image';

test('reads the libraries and the loader out of what ldd prints', () => {
  const output = [
    '\tlinux-vdso.so.1 (0x00007f9f706b9000)',
    '\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f9f70320000)',
    '\tlibgone.so => not found',
    '\t/lib64/ld-linux-x86-64.so.2 (0x00007f9f706bb000)',
    '',
  ].join('\n');

  expect(librariesOf(output)).toEqual(['/lib/x86_64-linux-gnu/libm.so.6', '/lib64/ld-linux-x86-64.so.2']);
});
