import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Tree } from './tree.ts';

/** What a compiler's complaint about a driver comes to, in one line. */
export function explainIn({ root, version }: Tree, file: string, complaint: string): string {
  const lines = complaint.split('\n');
  const [, header] = lines.map((line) => /fatal error: ([\w./-]+): No such file/.exec(line)).find(Boolean) ?? [];
  if (header !== undefined) {
    const owner = header.startsWith('asm/') ? ownerOf(root, header) : undefined;
    return `${file} does not compile with ${version}: it needs ${owner ?? 'a header that the tree does not have,'} ${header}`;
  }
  const [, instruction] =
    lines.map((line) => /Error: no such instruction: [`'‘](.*)['’]/.exec(line)).find(Boolean) ?? [];
  if (instruction !== undefined)
    return `${file} does not compile with ${version}: it has assembly of another architecture (${instruction.trim()})`;
  const first = lines.find((line) => /\berror:|\bError:/.test(line)) ?? lines[0] ?? '';
  return `${file} does not compile with ${version}: ${first.trim().replace(`${root}/`, '')}`;
}

/** The architectures whose header it is: `arm64's`. */
function ownerOf(root: string, header: string): string | undefined {
  const owners = readdirSync(join(root, 'arch')).filter((arch) =>
    ['include', 'include/uapi'].some((place) => existsSync(join(root, 'arch', arch, place, header))),
  );
  return owners.length === 0 ? undefined : `${owners.slice(0, 3).join("'s or ")}'s`;
}
