import { presentLink } from './address.ts';
import { notice } from './store.ts';

/** Copies the link to where one is, with the version that wrote it. */
export async function copyLink(): Promise<void> {
  const link = `${location.href.replace(/#.*$/s, '')}#${presentLink()}`;
  try {
    await navigator.clipboard.writeText(link);
    notice.value = 'The link is copied.';
    setTimeout(() => {
      if (notice.value === 'The link is copied.') notice.value = undefined;
    }, 3000);
  } catch {
    notice.value = `The browser lets nothing be copied here. The link is ${link}`;
  }
}
