/** The version of an installed package, as its own package.json says it. */
import { readFileSync } from 'node:fs';

export function packageVersion(name) {
  const path = new URL(`node_modules/${name}/package.json`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')).version;
}
