import { setup } from 'xstate';

/**
 * What happens to an interrupt line: a handler is requested for it, with the line shut (IRQF_NO_AUTOEN) or beside another handler
 * (IRQF_SHARED); it is let through and shut; it goes to other CPUs; it is raised, handled, and what is left is done by a thread.
 */
export type LineFact = {
  readonly type:
    | 'request'
    | 'request shut'
    | 'share'
    | 'enable'
    | 'disable'
    | 'route'
    | 'raise'
    | 'handled'
    | 'wakes thread'
    | 'thread done'
    | 'free';
};

/**
 * An interrupt line as a driver has it. From its request to its end it may be raised whenever it is let through; one that is let
 * through twice, or given back twice, makes the kernel warn. Source: kernel/irq/manage.c.
 */
export const line = setup({ types: { events: {} as LineFact } }).createMachine({
  id: 'line',
  initial: 'free',
  states: {
    free: { on: { request: 'open', 'request shut': 'shut', enable: 'free', disable: 'free' } },
    open: { on: { raise: 'handling', route: 'open', share: 'shared', disable: 'shut', free: 'free' } },
    shut: { on: { enable: 'open', route: 'shut', share: 'not followed', disable: 'shut twice', free: 'free' } },
    'shut twice': {
      on: { enable: 'shut', route: 'shut twice', share: 'not followed', disable: 'not followed', free: 'free' },
    },
    shared: {
      on: { raise: 'handling', route: 'shared', share: 'not followed', disable: 'not followed', free: 'open' },
    },
    // A third handler, a third shut, or one that others share: it is raised no more, and nothing is refused.
    'not followed': {
      on: {
        request: 'not followed',
        'request shut': 'not followed',
        share: 'not followed',
        enable: 'not followed',
        disable: 'not followed',
        route: 'not followed',
        free: 'not followed',
      },
    },
    handling: { on: { handled: 'open', 'wakes thread': 'threaded' } },
    threaded: { on: { 'thread done': 'open' } },
  },
});
