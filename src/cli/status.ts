import type { Spinner } from 'yocto-spinner';
import { visible } from '../outside/visible.ts';

/** One line that says how far the work is: on a terminal, and only when the work takes longer than a second. */
export interface StatusLine {
  /** The text, or what makes it: asked only when it is shown. */
  show(text: string | (() => string)): void;
  clear(): void;
}

export function statusLine(): StatusLine {
  const started = performance.now();
  let spinner: Spinner | undefined;
  let loading = false;
  let done = false;
  return {
    show(asked) {
      if (!process.stderr.isTTY || performance.now() - started < 1000) return;
      const text = visible(typeof asked === 'string' ? asked : asked());
      if (spinner !== undefined) spinner.text = text;
      else if (!loading) {
        loading = true;
        void import('yocto-spinner').then(({ default: create }) => {
          if (done) return;
          spinner = create({ text, handleSignals: false } as { text: string }).start();
          // It hides the cursor; what ends the process shows it again.
          process.once('exit', () => spinner?.stop());
        });
      }
    },
    clear() {
      done = true;
      spinner?.stop();
    },
  };
}
