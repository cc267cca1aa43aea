import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');

const PAGES = [
  'README.md',
  'CHANGELOG.md',
  'bench/results/README.md',
  ...readdirSync(path.join(ROOT, 'docs')).map((name) => `docs/${name}`),
  ...readdirSync(path.join(ROOT, 'modules')).map((name) => `modules/${name}/README.md`),
].filter((name) => name.endsWith('.md'));

/** As a page's own headings are linked to: https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#section-links */
function anchorsOf(page: string): readonly string[] {
  const headings = readFileSync(page, 'utf8').match(/^#+ .+$/gm) ?? [];
  return headings.map((heading) =>
    heading
      .replace(/^#+ /, '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The links of a page to files of the project, with what stands after the hash. */
function linksOf(page: string): readonly { readonly target: string; readonly anchor: string }[] {
  const text = readFileSync(path.join(ROOT, page), 'utf8').replaceAll(/^```[\s\S]*?^```/gm, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^https?:/.test(link))
    .map((link) => {
      const [file = '', anchor = ''] = link.split('#');
      return { target: file === '' ? page : path.join(path.dirname(page), file), anchor };
    });
}

test.each(PAGES)('every link of %s leads to a file that is there, and to one of its headings', (page) => {
  const broken = linksOf(page).filter(({ target, anchor }) => {
    const file = path.join(ROOT, target);
    return !existsSync(file) || (anchor !== '' && !anchorsOf(file).includes(anchor));
  });

  expect(broken).toEqual([]);
});

test('the README leads to every page of docs/', () => {
  const targets = linksOf('README.md').map(({ target }) => path.normalize(target));

  expect(PAGES.filter((page) => page.startsWith('docs/') && !targets.includes(page))).toEqual([]);
});
