import type { Picture } from './picture';

/** The folder of the pictures. */
interface PictureFolder {
  readonly list: () => readonly string[];
  readonly read: (file: string) => string;
  readonly write: (file: string, text: string) => void;
}

export interface PicturesCommandDeps {
  readonly pictures: readonly Picture[];
  readonly folder: PictureFolder;
  readonly draw: (picture: Picture) => Promise<string>;
  readonly say: (line: string) => void;
}

/** What `npm run pictures` does, and with --check only looks. Answers the exit code. */
export async function picturesCommand(
  args: readonly string[],
  { pictures, folder, draw, say }: PicturesCommandDeps,
): Promise<number> {
  const unknown = args.filter((arg) => arg !== '--check');
  if (unknown.length > 0) {
    say(`npm run pictures knows no ${unknown.join(', ')}, only --check.`);
    return 2;
  }
  const isCheck = args.includes('--check');
  const present = folder.list();
  const drawn = await Promise.all(
    pictures.map(async (picture) => ({ file: fileOf(picture), text: await draw(picture) })),
  );
  const stale = drawn.filter(({ file, text }) => !present.includes(file) || folder.read(file) !== text);
  const extra = present.filter((file) => !drawn.some((one) => one.file === file));
  for (const { file, text } of stale) {
    if (isCheck) {
      say(`docs/pictures/${file} is not what pictures/ draws`);
    } else {
      folder.write(file, text);
      say(`docs/pictures/${file} drawn`);
    }
  }
  for (const file of extra) {
    say(`docs/pictures/${file} belongs to no picture: remove it`);
  }
  if (isCheck && stale.length > 0) {
    say('Run npm run pictures and commit what it writes.');
  }
  return extra.length > 0 || (isCheck && stale.length > 0) ? 1 : 0;
}

/** The picture's file in docs/pictures. */
export function fileOf({ name }: Picture): string {
  return `${name}.svg`;
}
