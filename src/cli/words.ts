/** Which kernels each environment is. */
export const KERNELS =
  '4.16 (Linux up to 5.4), 5.10 (5.5 to 6.14), current (6.15 and later, and stable kernels that took its clean-up of failed opens, as 6.12.117)';

/** The words of a report, each with what it means and an example, in paragraphs. */
export const WORDS: Readonly<Record<string, readonly [short: string, ...more: string[]]>> = {
  holds: [
    'In no reachable state of the scope is the property violated, and all of them were seen.',
    'It says nothing of larger scopes. Example: with two threads, two events and one hart, every order of their steps was tried.',
  ],
  violated: [
    'A log that the contract of the perf core allows violates the property. The log is shown, and is a shortest.',
    'Example: hartproof show 1 shows the first finding of the last audit, step by step; hartproof explore 1 walks through it.',
  ],
  bounded: [
    'The search was cut short, or lacks something that it names. Never a pass; the exit status is 1.',
    'Example: "limit of 1000 states" was --limit; "interrupted" was Ctrl-C; "it calls NAME, which nobody models" is a function of the kernel that the harness does not have.',
    'Where memory is short, hartproof audit --disk DIR keeps the states of models on disk; a search that was stopped there goes on when the same is asked again.',
  ],
  probable: [
    'Not violated in what was seen, but states were told apart by fingerprints only: the probability of a miss is said.',
    'Example: hartproof audit --compact. It is no pass; without --compact the states are compared whole.',
  ],
  vacuous: [
    'What the property speaks of never happened in the scope: no pass for whoever asked for it.',
    'Example: busy-is-true speaks of an open that answers EBUSY. Of a driver that never does, it is vacuous.',
  ],
  'any-order': [
    'The environment in which a caller keeps no contract: any callback of any event at any moment.',
    'What is violated there alone is a guard that the driver lacks (GUARD), and no bug that users can hit. Example: del of an event that was never added.',
  ],
  GUARD: [
    'A finding that only a caller without a contract brings about: see any-order.',
    'No perf core makes these calls. They are listed last, and do not set the exit status.',
  ],
  fact: [
    'Something that happens: a call, a read of a register, a warning. The log of facts is the only truth.',
    'Example: active_events.inc is the atomic increment of riscv_active_events, with the value that it returns.',
  ],
  scope: [
    'What is put together for a search: how many events, harts and counters, and of which kind.',
    'Example: hartproof audit --list lists the models, each with its scope; --deep searches the larger ones too.',
  ],
  'in flight': [
    'A call is in flight from its entry to its return. A violation that is there only then need not last.',
    'Example: the count of references is one too many while an open has counted, and not yet decided. A report shows the shortest log to a violation that lasts beside it.',
  ],
  hart: [
    'A CPU of RISC-V: a hardware thread. Each has its own counters and slots.',
    'Example: hart 0 n_events is the number of events on the first.',
  ],
  slot: [
    'events[idx] of a hart: the event that uses the counter of that index.',
    'Example: two events of one kind get one counter, and the second takes the slot of the first (slot-owner).',
  ],
  conforms: [
    'A model and its C, or a model and what a kernel did, do the same.',
    'Example: hartproof conform --source FILE.c compares both in lockstep; hartproof trace check FILE holds a recording against the model.',
  ],
};
