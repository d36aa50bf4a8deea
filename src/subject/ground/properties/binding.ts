import { failedIn } from '../failures.ts';
import { Lines } from '../interrupted.ts';
import type { Happening } from '../machine.ts';
import { errnoText, type Offence, type Step } from '../step.ts';
import type { GroundProperty } from './property.ts';

const BINDS: readonly string[] = ['boot', 'probe', 'remove', 'unload'];

const WHO: Readonly<Record<string, string>> = { boot: 'init', unload: 'module_exit' };

const EPROBE_DEFER = -517;

/** What the driver does in a step of its binding, and which call was made to fail in it. */
function doing(step: Step): { readonly where: string; readonly who: string } {
  const { call } = step.command;
  const failed = failedIn(step);
  const how = failed?.type === 'defers' ? 'answers -EPROBE_DEFER' : 'fails';
  const where = failed === undefined ? '' : `where ${failed.what} ${how}, `;
  const raised = cutsIn(step) ? 'where an interrupt comes meanwhile, ' : '';
  return { where: where || raised, who: WHO[call] ?? call };
}

/** Whether an interrupt came in the middle of it. */
export const cutsIn = ({ happenings }: Step): boolean => happenings.some(({ type }) => type === 'cuts in');

/** A line to which something is done that its machine refuses: the kernel warns then, and does nothing. */
const unbalanced = ({ happenings }: Step): Found[] =>
  new Lines(happenings).refused.map(({ does, at }) => ({
    text:
      does === 'free'
        ? 'an interrupt is given back that is not requested'
        : `${does} of an interrupt that is so already`,
    at,
  }));

type Found = Omit<Offence, 'property'>;

/** A probe that was to come again, and says otherwise; and one that comes again, and finds what the first has left. */
function notRepeated(step: Step): Found[] {
  const { command, happenings } = step;
  const probed = happenings.findLast(({ type }) => type === 'probe');
  const deferred = happenings.find(({ type }) => type === 'defers');
  if (probed === undefined || probed.answer === EPROBE_DEFER) return [];
  const answer = errnoText(probed.answer as number);
  if (deferred !== undefined) {
    const then = probed.answer === 0 ? 'goes on without it' : `answers ${answer}, and is not called again`;
    return [{ text: `where ${deferred.what} answers -EPROBE_DEFER, probe ${then}`, at: deferred.at }];
  }
  const isAgain = command.call === 'probe' && command.flags === undefined;
  return isAgain && probed.answer !== 0
    ? [{ text: `the device is probed again after a probe that failed, which answers ${answer}`, at: probed.at }]
    : [];
}

/** Whether a device was unbound of a driver that has no remove. */
const isUnguarded = ({ happenings }: Step): boolean =>
  happenings.find(({ type }) => type === 'removed')?.guarded === false;
const leftIn = ({ happenings }: Step): readonly Happening[] => happenings.filter(({ type }) => type === 'left');

/** What is asked of the driver's own life: its initcalls, probe and remove. */
export const BINDING: readonly GroundProperty[] = [
  {
    id: 'probe-undone',
    statement:
      'a probe or an initcall that fails leaves nothing that it took, and neither does remove; what is not there yet defers it, and the next one succeeds; an interrupt that comes meanwhile meets nothing that is not there yet, or is gone',
    severity: 'medium',
    source:
      'Documentation/driver-api/driver-model/driver.rst: a probe that fails has released what it has acquired; -EPROBE_DEFER there; lib/Kconfig.debug, DEBUG_SHIRQ: a handler of a shared line can be called before it is registered in full, and after it is given back',
    consequence:
      'Memory is lost, or what is left is called later and goes through what is gone: an interrupt, a hotplug callback, an open of a PMU.',
    isApart: true,
    isPer: 'line',
    speaksOf: ({ command }) => BINDS.includes(command.call),
    judge(step) {
      if (!BINDS.includes(step.command.call)) return [];
      const { where, who } = doing(step);
      const left = isUnguarded(step) ? [] : leftIn(step);
      const changed = step.happenings.filter(({ type }) => type === 'changed');
      const gone = step.happenings.filter(({ type }) => type === 'gone');
      const [freed] = step.happenings.filter(({ type }) => type === 'freed');
      // What comes of memory that was given back is no finding of its own.
      const crashes = freed === undefined ? step.happenings.filter(({ type }) => type === 'crash') : [];
      return [
        ...notRepeated(step),
        ...unbalanced(step),
        ...left.map(({ what, at }) => ({ text: `${where}${who} leaves ${what} that was taken here`, at })),
        ...changed.map(({ what, at }) => ({
          text: `${where}${who} leaves ${what} changed, and the next probe reads that`,
          at,
        })),
        ...gone.map(({ what, at }) => ({ text: `${where}${who} uses ${what} that is not there`, at })),
        ...(freed === undefined
          ? []
          : [{ text: `${where}the handler goes through memory that was given back`, at: freed.at }]),
        ...crashes.map(({ what, at }) => ({ text: `${where}${who} does not return: ${what}`, at })),
      ];
    },
  },
  {
    id: 'life-guarded',
    statement:
      'neither can a device be unbound nor its module be removed while its PMU has events, nor a device ever from a driver that has no remove',
    severity: 'medium',
    source:
      'include/linux/device/driver.h, suppress_bind_attrs: unbind in sysfs is there for every driver else; struct pmu, module',
    consequence: 'echo DEVICE > unbind frees what the PMU stands on, and the next event goes through it.',
    isApart: true,
    speaksOf: ({ command }) => BINDS.includes(command.call),
    judge(step) {
      const used = step.happenings.find(({ type }) => type === 'in use');
      if (used !== undefined)
        return [
          {
            text: `${step.command.call === 'unload' ? 'the module may be removed (no pmu.module)' : 'the device may be unbound (no suppress_bind_attrs)'} while its PMU has an event, which then goes through what is gone`,
            at: used.at,
          },
        ];
      const left = isUnguarded(step) ? leftIn(step) : [];
      const worst = left.find(({ what }) => what === 'a PMU') ?? left[0];
      if (worst === undefined) return [];
      const all = [...new Set(left.map(({ what }) => what))].join(', ');
      const text = `the device may be unbound (no suppress_bind_attrs), and without a remove that leaves ${all}`;
      return [{ text, at: worst.at }];
    },
  },
];
