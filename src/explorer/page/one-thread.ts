/**
 * What the search finds in Node and not in a page. Memory that threads share is there only for pages that are isolated by
 * their server; with one thread, plain memory does the same. And a turn of the event loop lets a cancel in.
 */
const globals = globalThis as { SharedArrayBuffer?: unknown; setImmediate?: unknown };

globals.SharedArrayBuffer ??= ArrayBuffer;

const turns: (() => void)[] = [];
const channel = new MessageChannel();
channel.port1.onmessage = () => turns.shift()?.();
globals.setImmediate ??= (turn: () => void) => {
  turns.push(turn);
  channel.port2.postMessage(null);
};
