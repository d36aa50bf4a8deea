import { counted } from '../findings/counted.ts';
import type { Explained } from './explain.ts';
import type { Explanation } from './fit.ts';
import { type Given, hertzText } from './given.ts';
import { apart, digitsOf } from './number.ts';
import { powersOf } from './powers.ts';
import type { Interval, Response, Situation } from './response.ts';

/** The words in which an explanation is told. */

/** `2^63 + 4,236,537`: the count without what was added to it. */
export function arithmeticText({ jump, times, rest }: Explanation, { value }: Given): string | undefined {
  if (value === undefined || rest === undefined) return undefined;
  if (jump === undefined) {
    if (rest >= 0n) return undefined;
    return value < 0n
      ? `2^64 - ${digitsOf(-rest)} to a reader of unsigned numbers`
      : apart(value, 1n, 2n ** 64n, '2^64');
  }
  const name = powersOf(jump.value)!;
  const many = times === 1 ? '' : `${times} · `;
  if (name.startsWith('-')) return `${digitsOf(rest)} - ${many}${name.slice(1)}`;
  const sum = BigInt(times) * jump.value;
  const head = `${many}${name.includes(' ') ? `(${name})` : name}`;
  const whole = rest < 0n ? ` - ${digitsOf(-rest)}` : rest === 0n ? '' : ` + ${digitsOf(rest)}`;
  return `${head}${whole}${sum >= 2n ** 64n ? ', modulo 2^64' : ''}`;
}

/** `count = what ran + 2^63 + (the counter of hart 1 - that of hart 0)`. */
export function formulaText({ response, jump, times }: Explanation): string {
  const ran = response.intervals.filter(({ ran }) => ran > 0n);
  const usual = ran.some(({ counted }) => counted > 0n)
    ? ['what ran']
    : ran.some(({ counted }) => counted < 0n)
      ? []
      : ['nothing'];
  const terms = [...usual, ...termsOf(response)];
  if (jump !== undefined) {
    const name = powersOf(jump.value)!;
    const size = name.replace('-2^', '2^');
    terms.push(
      `${size === name ? '' : '- '}${times === 1 ? '' : `${times} · `}${times !== 1 && size.includes(' ') ? `(${size})` : size}`,
    );
  }
  if (jump?.situation.kind === 'set back') terms.push('- by how much it was set back');
  return `count = ${terms.join(' + ').replaceAll('+ -', '-')}`;
}

/** What is counted beside what ran, or is not counted of it. */
function termsOf({ intervals }: Response): string[] {
  const wrong = intervals.filter(({ counted, ran }) => counted !== ran);
  const before = wrong.filter(({ during }) => during === 'before');
  const [ahead, behind] = [before.find(({ counted }) => counted > 0n), before.find(({ counted }) => counted < 0n)];
  if (ahead !== undefined && behind !== undefined)
    return [`(the counter of hart ${ahead.hart} now - that of hart ${behind.hart} when the event left it)`];
  return [...new Set(wrong.map(termOf))].filter((term) => term !== '');
}

function termOf({ during, counted, ran }: Interval): string {
  switch (during) {
    case 'before':
      return 'what the counter held before';
    case 'running':
      if (counted > ran) return 'what ran, once more for each update that comes later';
      return counted < 0n ? '- what ran' : '';
    case 'stopped':
      return 'what the counter did while the event was stopped';
    default:
      return 'what the counter did while the event was off it';
  }
}

/** What happened, in one sentence. */
export function happenedText({ defect, widths, jump, times, response, rest }: Explanation): string {
  const mask = `a mask of ${widths.counterWidth} bits`;
  if (jump !== undefined) return situationText(jump.situation, times, mask, widths.counterBits);
  if (defect.twist !== undefined) return sentence(defect.twist.text);
  const wrong = response.intervals.find(({ counted, ran }) => counted !== ran);
  if (rest !== undefined && rest < 0n)
    return `One negative difference, which ${mask} leaves as it is: prev_count of another hart, greater than the counter that is read.`;
  switch (wrong?.during) {
    case 'before':
    case 'running elsewhere':
      return 'One difference of two counters that have nothing to do with each other: prev_count is that of another hart.';
    case 'stopped':
      return 'The counter runs on while the event is stopped, and a read adds what it did.';
    case 'out':
      return 'prev_count is from before the event was taken off the counter, which ran on meanwhile: the next update adds all of it.';
    default:
      return 'What ran since the last update is not added when the event stops.';
  }
}

function situationText(situation: Situation, times: number, mask: string, bits?: number): string {
  const many = times === 1 ? 'One negative difference' : `${times} negative differences`;
  switch (situation.kind) {
    case 'always':
      return `${many} in ${mask}: the difference is taken the wrong way round, and is never above zero.`;
    case 'behind':
      return `${many} in ${mask}: prev_count of another hart, greater than the counter that is read.`;
    case 'set back':
      return `${many} in ${mask}: prev_count is greater than the counter, because something (firmware, a suspend, another owner) set the counter back.`;
    case 'comes round':
      return `${many} in ${mask}: what is read came round at ${situation.bits} bits${bits === undefined ? ', of which the counter has more' : ', which are all that the counter has'}.`;
    case 'too long':
      return `More than 2^${situation.bits} was counted between two updates, ${times === 1 ? 'once' : `${times} times over`}: the bits above are lost.`;
  }
}

/** What the count would have been. */
export function withoutText({ jump, rest, defect }: Explanation, { bounds, given }: Explained): string {
  if (bounds.expected !== undefined)
    return `Without it: ${digitsOf(bounds.expected)}, as is expected${rest === undefined || jump === undefined ? '' : leftText(rest - bounds.expected)}.`;
  if (jump === undefined || rest === undefined)
    return 'Without it: what ran, which the number alone does not say (give --expected, or --time and --clock).';
  const exact = jump.situation.kind === 'comes round' || (jump.situation.kind === 'always' && rest < 0n);
  if (exact) return `Without it: ${digitsOf(rest < 0n ? -rest : rest)}${rateText(rest < 0n ? -rest : rest, given)}.`;
  if (jump.situation.kind === 'always')
    return 'Without it: what ran, and the number alone does not say how much that is.';
  if (rest < 0n)
    return `Without it: what ran; the counter was more than ${digitsOf(-rest)} below prev_count, and the number says no more.`;
  const than =
    defect.board === 'sound' ? 'by how much the counter was set back' : 'by how much the counter was below prev_count';
  return `Without it: ${digitsOf(rest)} or more: more ${than}${rateText(rest, given)}.`;
}

const leftText = (left: bigint): string =>
  left === 0n
    ? ''
    : `; what is ${left < 0n ? 'less' : 'more'} than that by ${digitsOf(left < 0n ? -left : left)} is the size of the difference`;

function rateText(count: bigint, { seconds, event = '' }: Given): string {
  if (seconds === undefined || count <= 0n) return '';
  const rate = hertzText(Number(count) / seconds);
  return ` (${/instr/.test(event) ? `${rate.replace('Hz', '')} instructions a second` : rate} over ${seconds} s)`;
}

/** How good a fit is. */
export const fitText = ({ jump, bits, rest }: Explanation): string =>
  jump !== undefined || (rest !== undefined && rest < 0n)
    ? `${Math.round(bits)} bits of the number speak for it`
    : bits >= 7
      ? 'what is known speaks for it'
      : 'possible: nothing that is known speaks against it';

/** What a number comes to, in one sentence. */
export function verdictText({ given, bounds, plausible, explanations }: Explained, name: string): string {
  const { value, factor } = given;
  if (value === undefined)
    return plausible ? 'Less than a twentieth is no defect.' : `A count that is ${factor} times what it should be.`;
  if (plausible) {
    if (bounds.expected !== undefined) return `${name} is what is expected, within a twentieth.`;
    return given.seconds === undefined
      ? `${name} is plausible: nothing in the number speaks against it. What it should be, it cannot say: give --expected, or --time and --clock.`
      : `${name} is plausible: ${hertzText(Number(value) / given.seconds)} over ${given.seconds} s (${bounds.why}).`;
  }
  if (explanations.length === 0)
    return `Nothing that is modelled makes ${name}, and it is no plausible count (${whyWrong(given, bounds)}).`;
  return `${name} is no count of what ran (${whyWrong(given, bounds)}).`;
}

function whyWrong({ value }: Given, { expected, most, why }: Explained['bounds']): string {
  if (expected !== undefined) return why;
  if (value! < 0n) return 'it is below zero';
  if (value === 0n) return 'an event that is counted counts something';
  return value! <= most! ? 'it is suspiciously near a power of two' : why;
}

export const sentence = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}.`;

/** How many calls a log has. */
export const callsText = (log: readonly { readonly type: string }[]): string =>
  counted(log.filter(({ type }) => type.endsWith('.call')).length, 'call');
