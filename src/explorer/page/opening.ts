import { readLog } from '../../diagrams/log.ts';
import { inferredFacts } from '../../replay/shown.ts';
import type { Subject } from '../../replay/subject.ts';
import type { LogHeader } from '../../store/header.ts';
import { isTrace } from '../../trace/is-trace.ts';
import { currentBranch, goTo, startSession } from '../session/branches.ts';
import { digestKey } from '../session/digests.ts';
import { describeByLog, driverOf } from '../session/drivers.ts';
import { writeLogFile } from '../session/log-file.ts';
import { openTrace } from './recording.ts';
import { save } from './save.ts';
import { explore, notice, opened, selectedProperty, session, update, world } from './store.ts';

/** Opens a log or a kernel's trace that is given as text. What is wrong with it is said, and the present session stays as it is. */
export function openText(
  text: string,
  name: string,
  { file, at, by }: { file?: string; at?: number; by?: Subject } = {},
): void {
  if (isTrace(text, name)) {
    openTrace(text, name, { ...(file && { file }), ...(at !== undefined && { at }), ...(by && { by }) });
    return;
  }
  try {
    const { header, facts, origins } = readLog(text);
    if (header !== undefined) describeByLog(header);
    const subject = header === undefined ? world.value.subject : subjectOf(header);
    notice.value = undefined;
    // Throws before anything is forgotten.
    explore(subject, startSession(facts, name), header && origins && inferredFacts(header, facts, origins));
    opened.value = {
      facts,
      ...(header && { header }),
      ...(origins && { origins }),
      ...(file !== undefined && { file }),
    };
    selectedProperty.value = header?.breaks;
    if (at !== undefined) update((now) => goTo(now, at));
    if (header !== undefined) void checkMachines(header);
  } catch (error) {
    notice.value = `${name} is no log that can be opened: ${(error as Error).message}`;
  }
}

/** Opens a file that a person chose or dropped. */
export const openFile = async (file: File): Promise<void> => openText(await file.text(), file.name);

/** Saves the present branch as a log that `hartproof replay` reads. */
export async function saveLog(): Promise<void> {
  const { subject } = world.value;
  const { name, facts } = currentBranch(session.value);
  const header = opened.value?.facts === facts ? opened.value.header : undefined;
  const machines = (await digests())[digestKey(subject)] ?? 'not known in the page';
  const fresh: LogHeader = { schema: 'hartproof.log/1', ...subject, machines };
  const fileName = `${subject.model}-${name}`.replace(/\.jsonl$/, '').replace(/[^\w.-]+/g, '-');
  save(`${fileName}.jsonl`, 'application/x-ndjson', writeLogFile(header ?? fresh, facts));
}

/** What a log is of: its header, without what is only of the log. */
function subjectOf({
  schema: _,
  machines: _machines,
  breaks: _breaks,
  length: _length,
  ...subject
}: LogHeader): Subject {
  return subject;
}

async function checkMachines(header: LogHeader): Promise<void> {
  const machines = (await digests())[digestKey(header)];
  if (machines !== undefined && machines !== header.machines)
    notice.value = 'Other machines than these wrote this log: it may be no behaviour of them.';
}

/** The digests of the machines in this page; none if they cannot be had. */
async function digests(): Promise<Readonly<Record<string, string>>> {
  try {
    return driverOf(world.value.subject).port?.digests ?? (await (await fetch('digests.json')).json());
  } catch {
    return {};
  }
}
