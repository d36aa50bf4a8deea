import { parsePatch } from 'diff';
import type { ArtifactLocation, Fix, Replacement } from 'sarif';
import type { AuditedPatch } from '../../findings/report.ts';

/** A patch as a fix: for each hunk, the lines that go and those that come in their place. */
export const fixOf = ({ patch, text }: AuditedPatch, artifactOf: (file: string) => ArtifactLocation): Fix => ({
  description: { text },
  artifactChanges: parsePatch(patch).map(({ oldFileName = '', hunks }) => ({
    artifactLocation: artifactOf(oldFileName.replace(/^a\//, '')),
    replacements: hunks.map(({ oldStart, oldLines, lines }): Replacement => {
      const added = lines.filter((line) => /^[ +]/.test(line)).map((line) => `${line.slice(1)}\n`);
      return {
        deletedRegion: { startLine: oldStart, startColumn: 1, endLine: oldStart + oldLines, endColumn: 1 },
        insertedContent: { text: added.join('') },
      };
    }),
  })),
});
