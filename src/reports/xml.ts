import { escapeXml } from '../diagrams/palette.ts';

/** A document with this element as its root. */
export const document = (root: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n${root}`;

/** An element; attributes are escaped, children are XML already. */
export function element(
  name: string,
  attributes: Record<string, string | number>,
  children: readonly string[] = [],
): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`);
  const start = `<${name}${written.join('')}`;
  if (children.length === 0) return `${start}/>\n`;
  const inside = children.join('');
  return inside.startsWith('<') ? `${start}>\n${inside}</${name}>\n` : `${start}>${inside}</${name}>\n`;
}
