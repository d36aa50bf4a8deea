/** What a machine and a kernel's trace do not agree on, as the header of a log keeps it. */
interface Disagreement {
  /** The machine: its role, and which event, hart or group it is of. */
  readonly machine: string;
  readonly what: string;
}

/** Machines whose name is of more than one thing. */
const MANY = /^(?:slots|active events)\b/;

/** Which machine does not agree on what, in words: `the slots of hart 0 do not agree on n_events`. */
export const disagreementText = ({ machine, what }: Disagreement): string =>
  `the ${machine} ${MANY.test(machine) ? 'do' : 'does'} not agree on ${what}`;
