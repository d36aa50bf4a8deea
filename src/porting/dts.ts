import {
  CACHE_CONFIGS,
  CACHE_OPS,
  CACHE_RESULTS,
  CACHES,
  type Counter,
  counterAt,
  indexOfCounter,
  PERF_COUNT_HW,
} from '../facts/index.ts';
import { HARDWARE_EVENTS } from './define-pmu.ts';

/** What the `riscv,pmu` node of a device tree says of events and counters. */
export interface PmuNode {
  /** The line of the node, from 1. */
  readonly line: number;
  /** By the number of an SBI event: the counters that can count it. */
  readonly events: ReadonlyMap<number, readonly Counter[]>;
  /** The counters of raw events, all ranges together. */
  readonly raw: readonly Counter[];
}

/** A device tree that cannot be read: where, and why. */
export class BadTree extends RangeError {
  constructor(
    readonly line: number,
    reason: string,
  ) {
    super(`line ${line}: ${reason}`);
  }
}

/** The cells of a property, and the line on which each stands. */
interface Cells {
  readonly line: number;
  readonly values: readonly number[];
}

const MAPS = ['riscv,event-to-mhpmevent', 'riscv,event-to-mhpmcounters', 'riscv,raw-event-to-mhpmcounters'] as const;
const TOKEN = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|[{};<>=]|\/[\w-]+\/|[^\s{};<>="]+/g;

interface Token {
  readonly text: string;
  readonly line: number;
}

/**
 * Reads the one `compatible = "riscv,pmu"` node in the source of a device tree. Nothing is included or computed: its maps are
 * numbers. Throws {@link BadTree} with the line, if there is no such node, more than one, or it is malformed.
 */
export function readPmuNode(text: string): PmuNode {
  const nodes = nodesOf(tokensOf(text)).filter(({ compatible }) => compatible.includes('riscv,pmu'));
  const [node, second] = nodes;
  if (node === undefined) throw new BadTree(1, 'there is no node with compatible = "riscv,pmu"');
  if (second !== undefined)
    throw new BadTree(
      second.line,
      `there is another node with compatible = "riscv,pmu" (the first is in line ${node.line})`,
    );
  const [, ofEvents, ofRaw] = MAPS.map((name) => node.cells.get(name));
  if (ofEvents === undefined) throw new BadTree(node.line, `the node has no ${MAPS[1]}`);
  const select = node.cells.get(MAPS[0]);
  if (select !== undefined) rowsOf(MAPS[0], select, 3);
  const events = new Map<number, readonly Counter[]>();
  for (const [first, last, mask] of rowsOf(MAPS[1], ofEvents, 3) as [number, number, number][]) {
    if (first > last)
      throw new BadTree(ofEvents.line, `${MAPS[1]}: the range from ${hex(first)} to ${hex(last)} is empty`);
    for (const event of known.filter((one) => one >= first && one <= last)) {
      if (events.has(event)) throw new BadTree(ofEvents.line, `${MAPS[1]}: event ${hex(event)} is there twice`);
      events.set(event, countersIn(mask, ofEvents.line));
    }
  }
  const raw = rowsOf(MAPS[2], ofRaw ?? { line: node.line, values: [] }, 5).flatMap((row) =>
    countersIn(row[4]!, ofRaw!.line),
  );
  return { line: node.line, events, raw: inOrder(raw) };
}

/** The SBI events that the perf core can ask for: generic hardware events are 1 and on, cache events 0x10000 and on. */
const cacheNumber = (cache: number, op: number, result: number): number => 0x10000 | (cache << 3) | (op << 1) | result;
const known: readonly number[] = [
  ...HARDWARE_EVENTS.map((_, config) => config + 1),
  ...Object.values(CACHE_CONFIGS).map((config) => cacheNumber(config & 0xff, (config >> 8) & 0xff, config >> 16)),
];

const hex = (value: number): string => `0x${value.toString(16)}`;

const inOrder = (counters: readonly Counter[]): Counter[] =>
  [...new Set(counters)].sort((a, b) => indexOfCounter(a) - indexOfCounter(b));

/** The counters of a mask: bit 0 is `cycle`, bit 2 `instret`, bit 3 and on `hpmcounter3` and on. */
function countersIn(mask: number, line: number): Counter[] {
  const bits = Array.from({ length: 32 }, (_, bit) => bit).filter((bit) => ((mask >>> bit) & 1) === 1);
  if (bits.includes(1)) throw new BadTree(line, 'a mask of counters has bit 1, which is time and counts no event');
  if (bits.length === 0) throw new BadTree(line, 'a mask of counters is empty');
  return bits.map((bit) => (bit === 0 ? 'cycle' : counterAt(bit - 1)));
}

function rowsOf(name: string, { line, values }: Cells, width: number): number[][] {
  if (values.length % width !== 0) throw new BadTree(line, `${name}: ${values.length} cells are no rows of ${width}`);
  return Array.from({ length: values.length / width }, (_, row) => values.slice(row * width, (row + 1) * width));
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let at = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    line += text.slice(at, index).split('\n').length - 1;
    at = index;
    if (!token.startsWith('/*') && !token.startsWith('//')) tokens.push({ text: token, line });
  }
  return tokens;
}

interface Node {
  readonly line: number;
  readonly compatible: string[];
  readonly cells: Map<string, Cells>;
}

/** Every node with its `compatible` and its maps; other properties are skipped. */
function nodesOf(tokens: readonly Token[]): Node[] {
  const nodes: Node[] = [];
  const open: Node[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const { text, line } = tokens[at]!;
    if (text === '{') {
      const node: Node = { line: tokens[at - 1]?.line ?? line, compatible: [], cells: new Map() };
      nodes.push(node);
      open.push(node);
    } else if (text === '}') {
      if (open.pop() === undefined) throw new BadTree(line, 'a } closes no node');
    } else if (text === '=') {
      const name = tokens[at - 1]?.text ?? '';
      const end = tokens.findIndex((token, place) => place > at && token.text === ';');
      if (end < 0) throw new BadTree(line, `${name} has no ; after its value`);
      const value = tokens.slice(at + 1, end);
      const node = open.at(-1);
      if (node === undefined) throw new BadTree(line, `${name} stands outside any node`);
      if (name === 'compatible') node.compatible.push(...value.map((token) => token.text.replace(/^"|"$/g, '')));
      if ((MAPS as readonly string[]).includes(name)) node.cells.set(name, { line, values: cellsOf(name, value) });
      at = end;
    }
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) throw new BadTree(unclosed.line, 'this node is not closed');
  return nodes;
}

/** The numbers between `<` and `>`, as unsigned 32-bit cells. */
function cellsOf(name: string, tokens: readonly Token[]): number[] {
  const values: number[] = [];
  let inside = false;
  for (const { text, line } of tokens) {
    if (text === '<' || text === '>') {
      if (inside === (text === '<')) throw new BadTree(line, `${name}: a ${text} too much`);
      inside = text === '<';
    } else if (text !== ',' || inside) {
      if (!inside || !/^(?:0x[\da-f]+|\d+)$/i.test(text) || Number(text) > 0xffffffff)
        throw new BadTree(line, `${name}: ${JSON.stringify(text)} is no number of 32 bits in < >`);
      values.push(Number(text));
    }
  }
  if (inside) throw new BadTree(tokens.at(-1)!.line, `${name}: a > is missing`);
  return values;
}

const isGeneral = (counter: Counter): boolean => indexOfCounter(counter) >= 2;

/** The general ones of some counters, as an entry of a map. */
function choiceOf(counters: readonly Counter[]): string {
  const choice = counters.filter(isGeneral);
  return choice.length === 0 ? "'EOPNOTSUPP'" : `[${choice.map((counter) => `'${counter}'`).join(', ')}]`;
}

/**
 * The text of a file that describes the PMU of a node, for a person to go on with: what the tree does not say is commented.
 * Counters are chosen by the driver, as SBI firmware chooses them.
 */
export function configOf({ events, raw }: PmuNode): string {
  const general = inOrder([...events.values(), raw].flat()).filter(isGeneral);
  const entry = (number: number): string => {
    const counters = events.get(number);
    if (counters === undefined) return "'EOPNOTSUPP'";
    if (number === PERF_COUNT_HW.CPU_CYCLES + 1 && counters.includes('cycle')) return "'cycle'";
    if (number === PERF_COUNT_HW.INSTRUCTIONS + 1 && counters.includes('instret')) return "'instret'";
    return choiceOf(counters);
  };
  const hardware = HARDWARE_EVENTS.map((event, config) => `    '${event}': ${entry(config + 1)},`);
  const rows = CACHES.map((cache, row) => {
    const ops = CACHE_OPS.map((op, place) => {
      const results = CACHE_RESULTS.map((result, last) => `${result}: ${entry(cacheNumber(row, place, last))}`);
      return `      ${op}: { ${results.join(', ')} },`;
    });
    return `    ${cache}: {\n${ops.join('\n')}\n    },`;
  });
  return `import { definePmu } from 'hartproof';

// Which counters count what is from the device tree. What it does not say is as it mostly is: change what is not so.
export default definePmu({
  name: 'my-pmu',
  generalCounters: [${general.map((counter) => `'${counter}'`).join(', ')}],
  // The tree does not say how wide the counters are.
  counterWidth: 64,
  hwEvents: {
${hardware.join('\n')}
  },
  cacheEvents: {
${rows.join('\n')}
  },
  rawEvents: ${choiceOf(raw)},
  interrupt: false,
  filters: false,
  writable: true,
  // The tree lists the counters that an event can be on: the driver, or the firmware, gives it a free one.
  allocation: 'bitmap',
  overflow: 'none',
  decisions: ['requestsIrq', 'startsFresh', 'readsEveryCounter'],
});
`;
}
