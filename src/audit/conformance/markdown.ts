import { ascii, escapeMarkdown } from '../../outside/escape.ts';
import { WIDTH } from '../../reports/markdown.ts';
import { wrap } from '../../reports/wrap.ts';
import type { Tested } from '../../subject/self-test.ts';
import type { Compared, ConformanceResult } from './conformance-result.ts';
import {
  ADVICE,
  againText,
  coveredText,
  outcomeText,
  placeText,
  type Step,
  scopeText,
  selfTestText,
  stepsOf,
  stoppedTexts,
  summaryText,
  testedText,
} from './telling.ts';

/** The conformance as a mail to a kernel list: plain text in 7 bits and 72 columns that is Markdown too. */
export function toMarkdown(conformed: ConformanceResult): string {
  const { compared, driver, file, tested } = conformed;
  const title = `Hartproof: ${escapeMarkdown(file)} against the model ${driver}`;
  const selfTest = selfTestText(tested);
  const parts = [
    `${title}\n${'='.repeat(title.length)}`,
    wrap(summaryText(conformed), WIDTH),
    ...stoppedTexts(conformed).map((text) => wrap(text, WIDTH)),
    ...compared.flatMap(differenceText),
    compared.map((one) => item(`${scopeText(one)}: ${outcomeText(one)} (${coveredText(one)})`)).join('\n'),
    ...(selfTest === undefined ? [] : [wrap(selfTest, WIDTH), tested.map(copyText).join('\n')]),
  ];
  return `${ascii(parts.join('\n\n'))}\n`;
}

const item = (text: string): string => wrap(`- ${text}`, WIDTH, 2);

const copyText = (one: Tested): string => item(`line ${one.mutant.line}: ${one.mutant.does}: ${testedText(one)}`);

function differenceText({ difference }: Compared): string[] {
  if (difference === undefined) return [];
  const { what, model, c, place } = difference;
  // Four blanks: a code block in Markdown.
  const value = (side: string, text: string): string => wrap(`    ${side} ${text}`, WIDTH, 11);
  return [
    stepsOf(difference, 'callbacks').map(stepText).join('\n'),
    [
      wrap(
        `They differ in ${escapeMarkdown(what)}${place === undefined ? '' : `, at ${escapeMarkdown(placeText(place))}`}:`,
        WIDTH,
      ),
      '',
      value('model:', model),
      value('C:    ', c),
    ].join('\n'),
    wrap(ADVICE, WIDTH),
    againText(difference),
  ];
}

function stepText({ who, what, place, parts }: Step, row: number): string {
  const lead = `    ${parts ? '*' : ' '} ${String(row + 1).padStart(2)}. `;
  return wrap(`${lead}${who}: ${what}${place === undefined ? '' : ` (${placeText(place)})`}`, WIDTH, lead.length);
}
