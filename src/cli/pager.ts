import { spawn } from 'node:child_process';
import pc from 'picocolors';
import { visible, visibleInColour } from '../outside/visible.ts';
import { untilSignal } from './interrupt.ts';
import { write } from './output.ts';

/** Shows a long text: through `$PAGER` on a terminal, as git does, if there is one. */
export async function page(text: string): Promise<void> {
  const { PAGER } = process.env;
  if (!process.stdout.isTTY || PAGER === undefined || PAGER === '' || PAGER === 'cat') return write(undefined, text);
  const shown = pc.isColorSupported ? visibleInColour(text) : visible(text);
  const pager = spawn(PAGER, {
    shell: true,
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { LESS: 'FRX', ...process.env },
  });
  const ended = new Promise<boolean>((resolve) => {
    pager.on('error', () => resolve(false));
    pager.on('close', (status) => resolve(status !== 127));
  });
  // Ctrl-C is for the pager, which stays.
  const untilEnd = (): Promise<boolean> =>
    untilSignal(
      () => void untilEnd(),
      () => ended,
    );
  // Whoever leaves the pager before the end has read enough.
  pager.stdin.on('error', () => {});
  pager.stdin.end(shown);
  if (!(await untilEnd())) await write(undefined, text);
}
