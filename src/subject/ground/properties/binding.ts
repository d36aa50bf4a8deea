import type { Happening } from '../machine.ts';
import type { Offence, Step } from '../step.ts';
import type { GroundProperty } from './property.ts';

const BINDS: readonly string[] = ['boot', 'probe', 'remove'];

/** What the driver does in a step of its binding, and which call was made to fail in it. */
function doing({ happenings, command: { call } }: Step): { readonly where: string; readonly who: string } {
  const failed = happenings.find(({ type }) => type === 'fails');
  return { where: failed === undefined ? '' : `where ${failed.what} fails, `, who: call === 'boot' ? 'init' : call };
}

/** A driver without remove that may be unbound: one fault, whatever it leaves. */
function unguarded(left: readonly Happening[]): Omit<Offence, 'property'>[] {
  const worst = left.find(({ what }) => what === 'a PMU') ?? left[0];
  if (worst === undefined) return [];
  const all = [...new Set(left.map(({ what }) => what))].join(', ');
  return [
    {
      text: `the device may be unbound (no suppress_bind_attrs), and without a remove that leaves ${all}`,
      at: worst.at,
    },
  ];
}

/** What is asked of the driver's own life: its initcalls, probe and remove. */
export const BINDING: readonly GroundProperty[] = [
  {
    id: 'probe-undone',
    statement: 'a probe or an initcall that fails leaves nothing that it took, and neither does remove',
    severity: 'medium',
    source: 'Documentation/driver-api/driver-model/driver.rst: a probe that fails has released what it has acquired',
    consequence:
      'Memory is lost, or what is left is called later and goes through what is gone: an interrupt, a hotplug callback, an open of a PMU.',
    isApart: true,
    isPerLine: true,
    speaksOf: ({ command }) => BINDS.includes(command.call),
    judge(step) {
      if (!BINDS.includes(step.command.call)) return [];
      const { where, who } = doing(step);
      const left = step.happenings.filter(({ type }) => type === 'left');
      const isGuarded = step.happenings.find(({ type }) => type === 'removed')?.guarded !== false;
      const changed = step.happenings.filter(({ type }) => type === 'changed');
      const crashes = step.happenings.filter(({ type }) => type === 'crash');
      return [
        ...(isGuarded
          ? left.map(({ what, at }) => ({ text: `${where}${who} leaves ${what} that was taken here`, at }))
          : unguarded(left)),
        ...changed.map(({ what, at }) => ({
          text: `${where}${who} leaves ${what} changed, and the next probe reads that`,
          at,
        })),
        ...crashes.map(({ what, at }) => ({ text: `${where}${who} does not return: ${what}`, at })),
      ];
    },
  },
];
