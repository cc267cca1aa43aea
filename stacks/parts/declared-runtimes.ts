import { TerraformLocal, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { DEFAULT_OWN_IMAGE_RUNTIMES, DEFAULT_RUNTIMES, type RunnerRuntimes, runtimeRows } from './runtimes';
import { expression } from './terraform-text';

/**
 * Makes `local.runtimes`, rows of RuntimeRow by their keys. A variable of a generated module may leave them out, and so
 * may that which says whether there is a repository: which default goes is Terraform's to say.
 *
 * @param given a map that is a token has rows already, or is null
 * @param hasRepository whether tasks run on images of one's own
 */
export function declareRuntimes(
  scope: Construct,
  given: RunnerRuntimes | undefined,
  hasRepository: TerraformLocal,
): void {
  if (given !== undefined && !Token.isUnresolved(given)) {
    new TerraformLocal(scope, 'runtimes', runtimeRows(given));
    return;
  }
  const isOwn = `local.${hasRepository.friendlyUniqueId}`;
  const onOwnImages = new TerraformLocal(scope, 'own_image_runtimes', runtimeRows(DEFAULT_OWN_IMAGE_RUNTIMES));
  const onBaseImages = new TerraformLocal(scope, 'base_image_runtimes', runtimeRows(DEFAULT_RUNTIMES));
  const defaults = [
    `{ for key, row in local.${onOwnImages.friendlyUniqueId} : key => row if ${isOwn} }`,
    `{ for key, row in local.${onBaseImages.friendlyUniqueId} : key => row if !${isOwn} }`,
  ];
  const chosen = `merge(${defaults.join(', ')})`;
  if (given === undefined) {
    new TerraformLocal(scope, 'runtimes', expression(chosen));
    return;
  }
  const rows = `local.${new TerraformLocal(scope, 'given_runtimes', given).friendlyUniqueId}`;
  // No conditional between the two: Terraform wants both of its sides of one type, and a null has none.
  const fallback = `{ for key, row in ${chosen} : key => row if ${rows} == null }`;
  new TerraformLocal(scope, 'runtimes', expression(`merge(${rows}, ${fallback})`));
}
