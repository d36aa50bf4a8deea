import { visible, visibleInColour } from '../outside/visible.ts';
import { writeFileAtomically } from '../outside/write-file.ts';
import { UsageError } from './exit.ts';

/** What reaches a terminal, for all commands: whatever it says, it does nothing to the terminal but colour its own reports. */
async function shown(text: string): Promise<string> {
  if (!text.includes('\u001b')) return visible(text);
  const { default: colours } = await import('picocolors');
  return colours.isColorSupported ? visibleInColour(text) : visible(text);
}

/** Whether the reader of standard output has gone (`| head`), which is no error: the rest is dropped. */
let unread = false;

/**
 * Writes to a file, in whole or not at all, or to standard output with control characters spelt out; returns when it is out.
 * Throws a UsageError if it cannot be written.
 */
export async function write(file: string | undefined, text: string | Iterable<string>): Promise<void> {
  const blocks = typeof text === 'string' ? [text] : inBlocks(text);
  if (file !== undefined) orUnwritable(file, () => writeFileAtomically(file, blocks));
  else for (const block of blocks) if (!unread) await print(await shown(block));
}

async function print(text: string): Promise<void> {
  const error = await new Promise<NodeJS.ErrnoException | null | undefined>((resolve) =>
    process.stdout.write(text, resolve),
  );
  if (!error) return;
  unread = true;
  if (error.code !== 'EPIPE') throw new UsageError(`cannot write standard output: ${error.message}`);
}

/** Keeps an error of standard output or standard error from ending the process: whoever writes sees to it. */
export function mindStreams(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

/** Writes a file that is not there yet, in whole or not at all. Throws a UsageError if it is there, or cannot be written. */
export function writeFresh(file: string, text: string): void {
  orUnwritable(file, () => writeFileAtomically(file, text, { fresh: true }));
}

/** Says something on standard error, for a person: one line, with control characters spelt out. */
export function say(text: string): void {
  process.stderr.write(`hartproof: ${visible(text)}\n`);
}

/**
 * Says on standard error what is found while more is sought: one line that fits the terminal, of which the text gives way and the
 * end does not. The report has all of it.
 */
export function sayFound(text: string, end: string): void {
  const width = process.stderr.columns ?? (Number(process.env.COLUMNS) || 80);
  const room = Math.max(20, width - 'hartproof: found:  '.length - end.length);
  say(`found: ${text.length > room ? `${text.slice(0, room - 1).trimEnd()}…` : text} ${end}`);
}

function orUnwritable(file: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(
      code === 'EEXIST' ? `${file} is there already, and stays as it is` : `cannot write ${file}: ${message}`,
    );
  }
}

/** The same text in fewer, larger pieces: a system call for each line would take longer than the lines themselves. */
function* inBlocks(lines: Iterable<string>): Generator<string> {
  let block = '';
  for (const line of lines) {
    block += line;
    if (block.length < 1 << 16) continue;
    yield block;
    block = '';
  }
  yield block;
}
