import { batch } from '@preact/signals';
import { goTo, startSession } from '../session/branches.ts';
import { CODE_FILE, type CodeFile } from '../session/code.ts';
import { FINDINGS_FILE, findingNamed, followedBy, readFindings } from '../session/found.ts';
import { textBeside } from './beside.ts';
import { code, findings, found, toldAt } from './finding.ts';
import { DEFAULT, explore, notice, opened, selectedProperty, update } from './store.ts';

/** Reads the findings that lie beside the page, and the C that lies in them. Rejects if there are none. */
export async function readFindingsBeside(): Promise<void> {
  if (findings.value !== undefined) return;
  const read = readFindings(await textBeside(FINDINGS_FILE));
  findings.value = read;
  if (read.code !== undefined && code.value.files.length === 0) code.value = { files: read.code };
}

/** Reads the C that lies beside the page. Rejects if there is none. */
export async function readCodeBeside(): Promise<void> {
  if (code.value.file !== undefined) return;
  const { files } = JSON.parse(await textBeside(CODE_FILE)) as { files: readonly CodeFile[] };
  code.value = { file: CODE_FILE, files };
}

/**
 * Opens a finding that lies beside the page: its log, where machines follow it; else what its report tells of it. What is wrong
 * with the name is said.
 */
export async function openFinding(name: string, at?: number): Promise<void> {
  try {
    await readFindingsBeside();
    const file = findings.value!;
    const finding = findingNamed(file, name);
    if (finding === undefined) {
      const known = file.findings.map(({ token }) => token).join(', ');
      throw new RangeError(known === '' ? 'the report has no finding' : `there are ${known}`);
    }
    const subject = followedBy(finding, file.driver);
    batch(() => {
      opened.value = undefined;
      notice.value = undefined;
      if (subject === undefined) {
        explore(DEFAULT);
        toldAt.value = Math.min(at ?? finding.steps.length, finding.steps.length);
      } else {
        explore(subject, startSession(finding.facts, finding.token));
        if (at !== undefined) update((now) => goTo(now, at));
      }
      found.value = finding;
      selectedProperty.value = finding.rule.id;
    });
  } catch (error) {
    notice.value = `There is no finding ${name} here: ${(error as Error).message}`;
    explore(DEFAULT);
  }
}
