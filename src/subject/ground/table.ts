import { NoSubject } from '../compiler.ts';
import { auditOnGround, type GroundAudit } from './audit.ts';
import { buildOnGround } from './build.ts';

/** How far one driver comes on its ground, and what was found. */
export interface Row {
  readonly file: string;
  /** Undefined: it does not compile. */
  readonly audit: GroundAudit | undefined;
  /** Why it does not compile. */
  readonly why: string | undefined;
}

/** The table says what there is, and not how busy the machine was. */
const PATIENCE = 600_000;

/** Tries one driver of a tree as far as it comes. */
export async function tryDriver(file: string, tree: string): Promise<Row> {
  try {
    const build = await buildOnGround(`${tree}/${file}`, tree);
    return { file, audit: await auditOnGround(build, { milliseconds: PATIENCE }), why: undefined };
  } catch (error) {
    if (!(error instanceof NoSubject)) throw error;
    return { file, audit: undefined, why: error.message };
  }
}

/** Whether any event of a driver was added, so that there was something to search. */
export const isSearched = ({ audit }: Row): boolean => audit !== undefined && audit.searched.length > 1;
