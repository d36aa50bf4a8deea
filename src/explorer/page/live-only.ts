import { signal } from '@preact/signals';

/** Whether the panels show only the events that are open, where there are more than a few. */
export const liveOnly = signal(true);
