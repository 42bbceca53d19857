/**
 * The code that README.md prints, as a newcomer would copy it. In: the README's text. Out: the body
 * of the block whose first line is `// <name>`.
 */

/** Throws when there is not exactly one such block. */
export function readmeBlock(readme: string, name: string): string {
  const blocks = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)]
    .map((match) => match[1] ?? '')
    .filter((code) => code.startsWith(`// ${name}\n`));
  const [block] = blocks;
  if (block === undefined || blocks.length > 1) {
    throw new Error(`README.md has ${blocks.length} blocks that begin with // ${name}`);
  }
  return block;
}
