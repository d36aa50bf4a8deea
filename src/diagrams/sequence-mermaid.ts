import { mermaidText } from './mermaid.ts';
import type { Sequence } from './sequence.ts';
import { numberText } from './sequence-layout.ts';

/** A sequence diagram in Mermaid: calls as notes with a bar of activity, accesses as messages, each after its number. Its title is left to the page. */
export function mermaidOfSequence({ lanes, steps, violated }: Sequence): string {
  const names = new Map(lanes.map(({ id }, index) => [id, `l${index + 1}`]));
  const active = new Map<string, number>();
  const lines = steps.flatMap((step) => {
    const { text, lane, to, call, alarm, breaks } = step;
    const name = names.get(lane)!;
    const number = numberText(step);
    const said = mermaidText(`${number}${number === '' ? '' : '. '}${alarm ? '⚠ ' : ''}${text}`);
    const depth = active.get(lane) ?? 0;
    const lines: string[] = [];
    if (call === 'begins') {
      lines.push(`Note over ${name}: ${said}`, `activate ${name}`);
      active.set(lane, depth + 1);
    } else if (call === 'ends') {
      // A log may start in the middle of a call.
      if (depth > 0) lines.push(`deactivate ${name}`);
      active.set(lane, Math.max(0, depth - 1));
      lines.push(`Note over ${name}: ${said}`);
    } else if (to === undefined) lines.push(`Note over ${name}: ${said}`);
    else lines.push(`${name}->>${names.get(to)}: ${said}`);
    if (breaks && violated !== undefined) lines.push(`Note over ${name}: ✗ ${mermaidText(violated)}`);
    return lines;
  });
  const participants = lanes.map(
    ({ id, title, kind }) => `${kind === 'task' ? 'actor' : 'participant'} ${names.get(id)} as ${mermaidText(title)}`,
  );
  const open = [...active].flatMap(([lane, depth]) =>
    Array.from({ length: depth }, () => `deactivate ${names.get(lane)}`),
  );
  return ['sequenceDiagram', ...[...participants, ...lines, ...open].map((line) => `  ${line}`), ''].join('\n');
}
