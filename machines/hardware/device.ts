import { type AnyStateMachine, assign, setup } from 'xstate';
import type { Bus, DeviceDescription } from './description.ts';
import { type Layout, layoutOf } from './layout.ts';
import { type Cells, Registers } from './registers.ts';
import { answerSbi } from './sbi.ts';

/** What happens at a device. The hart is of meaning where each has its own. @public */
export type DeviceFact =
  | {
      readonly type: 'read' | 'write';
      readonly hart: number;
      readonly bus: Bus;
      /** In bytes; of a CSR eight times its number. */
      readonly address: number;
      readonly width: number;
      readonly value: bigint;
    }
  | {
      readonly type: 'ecall';
      readonly hart: number;
      readonly function: number;
      readonly arguments: readonly bigint[];
      readonly error: number;
      readonly value: bigint;
    }
  | { readonly type: 'tick'; readonly ticks: bigint }
  /** A hart wakes that has lost its registers. */
  | { readonly type: 'wake'; readonly hart: number };

/** A device, ready for use: its description, written out, and the machine that folds its facts. @public */
export interface Device {
  readonly description: DeviceDescription;
  readonly layout: Layout;
  /** Accepts a read only with the value that the device answers, and a call only with the answer that firmware gives. */
  readonly machine: AnyStateMachine;
}

/** A device from its description. Throws a RangeError that names what in it does not fit. @public */
export function defineDevice(description: DeviceDescription): Device {
  const layout = layoutOf(description);
  return { description, layout, machine: machineOf(layout) };
}

type Of<Type extends DeviceFact['type']> = Extract<DeviceFact, { type: Type }>;

const machineOf = (layout: Layout) => {
  /** The registers after a fact. */
  const after = (cells: Cells, fold: (registers: Registers) => void): { cells: Cells } => {
    const registers = new Registers(layout, cells);
    fold(registers);
    return { cells: registers.cells };
  };
  return setup({
    types: { context: {} as { cells: Cells }, events: {} as DeviceFact },
    guards: {
      answers: ({ context, event }) => {
        const { hart, bus, address, width, value } = event as Of<'read' | 'write'>;
        return new Registers(layout, context.cells).read(hart, bus, address, width) === value;
      },
      isAnswer: ({ context, event }) => {
        const call = event as Of<'ecall'>;
        const { error, value } = answerSbi(new Registers(layout, context.cells), call.hart, call);
        return error === call.error && value === call.value;
      },
    },
    actions: {
      write: assign(({ context, event }) => {
        const { hart, bus, address, width, value } = event as Of<'read' | 'write'>;
        return after(context.cells, (registers) => registers.write(hart, bus, address, width, value));
      }),
      call: assign(({ context, event }) => {
        const call = event as Of<'ecall'>;
        return after(context.cells, (registers) => answerSbi(registers, call.hart, call));
      }),
      lose: assign(({ context, event }) =>
        after(context.cells, (registers) => registers.lose((event as Of<'wake'>).hart)),
      ),
      tick: assign(({ context, event }) =>
        after(context.cells, (registers) => registers.tick((event as Of<'tick'>).ticks)),
      ),
    },
  }).createMachine({
    id: 'device',
    context: { cells: {} },
    on: {
      read: { guard: 'answers' },
      write: { actions: 'write' },
      ...(layout.device.calls !== undefined && { ecall: { guard: 'isAnswer', actions: 'call' } }),
      tick: { actions: 'tick' },
      wake: { actions: 'lose' },
    },
  });
};
