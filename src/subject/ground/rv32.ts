import { NoSubject } from '../compiler.ts';
import { OF_BOTH } from '../xlen.ts';
import type { GroundAudit, GroundFinding, GroundVerdict } from './audit.ts';
import type { GroundBuild } from './build.ts';

/** What is RISC-V's. */
const OF_RISCV = /#include <(asm\/(csr|sbi)\.h|linux\/perf\/riscv_pmu\.h)>/;

/** Whether a driver, as the texts of its files say, is for RV32 as well as for RV64. */
export const isForBoth = (texts: readonly string[]): boolean =>
  texts.some((text) => OF_RISCV.test(text)) && texts.some((text) => OF_BOTH.test(text));

const ON = 'on RV32: ';
const idOf = ({ property, place, text }: GroundFinding): string =>
  `${property.id} ${place?.file} ${place?.function || place?.line || text}`;

/**
 * An audit of a driver as it is on RV64, and what its audit as it is on RV32 adds: findings of places that have none on RV64, and
 * what is not known there. Where it cannot be tried there, a note says so.
 */
export async function withRv32(
  audit: GroundAudit,
  made: () => Promise<GroundBuild>,
  search: (build: GroundBuild) => Promise<GroundAudit>,
): Promise<GroundAudit> {
  let other: GroundAudit;
  try {
    other = await search(await made());
  } catch (error) {
    if (!(error instanceof NoSubject)) throw error;
    return { ...audit, notes: [...audit.notes, `it is for RV32 too, and was not tried there: ${error.message}`] };
  }
  const known = new Set(audit.findings.map(idOf));
  const fresh = other.findings
    .filter((finding) => !known.has(idOf(finding)))
    .map((finding) => ({ ...finding, kinds: other.kinds, isOnRv32: true as const }));
  const worse = (id: string, verdict: GroundVerdict): GroundVerdict => {
    const there = other.verdicts.get(id);
    if (verdict.verdict === 'violated' || there === undefined) return verdict;
    if (fresh.some(({ property }) => property.id === id)) return { verdict: 'violated' };
    if (there.verdict === 'bounded' && verdict.verdict !== 'bounded') return { ...there, reason: ON + there.reason };
    return verdict;
  };
  return {
    ...audit,
    findings: [...audit.findings, ...fresh],
    verdicts: new Map([...audit.verdicts].map(([id, verdict]) => [id, worse(id, verdict)])),
    searched: [...audit.searched, ...other.searched.map((one) => ({ ...one, scope: ON + one.scope }))],
    notes: [...audit.notes, 'it is for RV32 too: what is found there alone says so'],
    milliseconds: audit.milliseconds + other.milliseconds,
  };
}
