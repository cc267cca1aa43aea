/** Imports of resources by their deep paths, as this project has them. */
const DEEP_IMPORT = /^import (type )?\{([^}]*)\} from '@cdktf\/provider-aws\/lib\/([\w-]+)';$/gm;

const PROVIDER = '@cdktf/provider-aws';

/** A module's text as one would write it who imports all resources from the provider's one index, and takes what he needs. */
export function withBarrelImports(text: string): string {
  let count = 0;
  return text.replaceAll(DEEP_IMPORT, (_, isType: string | undefined, list: string, resource: string) => {
    const alias = `barrel${count}`;
    count += 1;
    const names = list
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
    const lines = names.map((name) => {
      const bare = name.replace(/^type /, '');
      return isType !== undefined || bare !== name
        ? `type ${bare} = ${alias}.${bare};`
        : `import ${bare} = ${alias}.${bare};`;
    });
    const namespace = resource.replaceAll(/-(\w)/g, (__, letter: string) => letter.toUpperCase());
    return [`import ${isType ?? ''}{ ${namespace} as ${alias} } from '${PROVIDER}';`, ...lines].join('\n');
  });
}
