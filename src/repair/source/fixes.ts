import type { Finding } from '../../findings/finding.ts';
import type { AuditedPatch } from '../../findings/report.ts';
import type { Suggestion, Suggestions } from './suggest.ts';

/** The suggested changes of which there is a patch, as fixes of what an audit of the same C found: each single one, then all together. */
export const fixesOf = ({ whole, single }: Suggestions): AuditedPatch[] => [
  ...(single.length > 1 ? single.flatMap((one) => fixesIn(one, 'no property is violated that was not')) : []),
  ...fixesIn(whole, 'no property is violated any more'),
];

/** What has a patch as a fix. It mends a finding if the property is violated in none of the cores any more where the finding was. */
function fixesIn(suggestion: Suggestion, leaves: string): AuditedPatch[] {
  if ('withheld' in suggestion) return [];
  const { changes, mends, patch, searches } = suggestion;
  const isKept = new Set(mends.map(({ property, environment }) => `${property} ${environment}`));
  return [
    {
      patch,
      text: `${changes.join(', ')}: with this change to the C, ${leaves} (audited in ${searches} search${searches === 1 ? '' : 'es'}).`,
      mends: ({ rule, cores, reachable }: Finding): boolean =>
        (reachable ? cores : ['any-order']).every((core) => isKept.has(`${rule.id} ${core}`)),
    },
  ];
}
