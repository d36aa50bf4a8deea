/** What the build puts in: see `build.ts`. */
declare const HARTPROOF_VERSION: string;

/** The version of the page, as its links say it. */
export const VERSION: string = HARTPROOF_VERSION;
