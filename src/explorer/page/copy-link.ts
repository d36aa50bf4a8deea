import { signal } from '@preact/signals';
import { presentLink } from './address.ts';
import { notice } from './store.ts';

/** Whether the link was copied just now. */
export const isCopied = signal(false);
/** Milliseconds for which it says so. */
const WHILE = 2500;

/** Copies the link to where one is, with the version that wrote it. */
export async function copyLink(): Promise<void> {
  const link = `${location.href.replace(/#.*$/s, '')}#${presentLink()}`;
  try {
    await navigator.clipboard.writeText(link);
    isCopied.value = true;
    setTimeout(() => {
      isCopied.value = false;
    }, WHILE);
  } catch {
    notice.value = `The browser lets nothing be copied here. The link is ${link}`;
  }
}
