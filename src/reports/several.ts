import type { Log } from 'sarif';
import { html } from './html/template.ts';
import { document } from './xml.ts';

/** The reports of several drivers in one file, for each format: whoever reads one driver's report can read these. */

/** A page with the page of each driver in it. */
export const severalPages = (pages: readonly string[]): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Hartproof: ${pages.length} drivers</title>
<style>body { margin: 0 } iframe { border: 0; width: 100%; height: 100vh; display: block }</style>
</head>
<body>
${pages.map((page, number) => html`<iframe title="driver ${number + 1} of ${pages.length}" srcdoc="${page}"></iframe>\n`)}</body>
</html>
`.text;

/** Mails, one after the other. */
export const severalMails = (mails: readonly string[]): string => mails.join('\n\n');

/** Answers as a mailbox (mboxrd). */
export const severalReplies = (mails: readonly string[]): string =>
  mails.map((mail) => `From mboxrd@z Thu Jan  1 00:00:00 1970\n${mail.replace(/^(?=>*From )/gm, '>')}`).join('\n');

/** One root with the test suites of all, each under the name of its driver, and with the totals of all. */
export function severalSuites(documents: readonly string[]): string {
  const roots = documents.map(rootOf);
  const sum = (name: string): number => roots.reduce((total, { values }) => total + Number(values.get(name)), 0);
  const counts = ['tests', 'failures', 'errors', 'skipped'].map((name) => ` ${name}="${sum(name)}"`).join('');
  const suites = roots.map(({ inside }) => inside).join('');
  return document(`<testsuites name="hartproof"${counts} time="${sum('time').toFixed(3)}">\n${suites}</testsuites>\n`);
}

/** What {@link document} wrote: its root, and what is in it. No text in it has a `<` or a quotation mark of its own. */
function rootOf(text: string) {
  const [root, attributes] = /<testsuites((?: \w+="[^"]*")*)>\n/.exec(text)!;
  const values = new Map([...attributes!.matchAll(/ (\w+)="([^"]*)"/g)].map(([, name, value]) => [name!, value!]));
  const inside = text
    .slice(text.indexOf(root) + root.length, text.lastIndexOf('</testsuites>'))
    .replaceAll(/(<testsuite name|<testcase classname)="/g, (start) => `${start}${values.get('name')}: `);
  return { values, inside };
}

/** One log with the runs of all. */
export function severalRuns(logs: readonly string[]): string {
  const [first, ...others] = logs.map((text) => JSON.parse(text) as Log);
  return json({ ...first, runs: [...first!.runs, ...others.flatMap(({ runs }) => runs)] });
}

/** A list of what would be one object. */
export const severalObjects = (texts: readonly string[]): string => json(texts.map((text) => JSON.parse(text)));

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
