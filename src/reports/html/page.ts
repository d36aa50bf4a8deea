import { readFile } from 'node:fs/promises';
import { DARK_STYLE } from '../../diagrams/palette.ts';
import { Html, html } from './template.ts';

/** A file that lies beside this one. */
export const beside = async (name: string): Promise<Html> =>
  new Html(await readFile(new URL(name, import.meta.url), 'utf8'));

/** A whole page in our style, that needs nothing else. */
export async function page(title: string, body: Html): Promise<string> {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>
${await beside('page.css')}
@media screen { ${new Html(DARK_STYLE)} }
</style>
</head>
<body>
${body}</body>
</html>
`.text;
}
