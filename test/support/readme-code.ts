/**
 * The code that a document prints, as a newcomer would copy it. In: the document's text. Out: the
 * body of the block whose first line is `// <name>`.
 */

/** Throws when there is not exactly one such block. */
export function readmeBlock(readme: string, name: string): string {
  const blocks = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)]
    .map((match) => match[1] ?? '')
    .filter((code) => code.startsWith(`// ${name}\n`));
  const [block] = blocks;
  if (block === undefined || blocks.length > 1) {
    throw new Error(`there are ${blocks.length} blocks that begin with // ${name}`);
  }
  return block;
}
