export { type Checked, checkProof, NoProof } from './check-proof.ts';
export type { ProofText } from './proof.ts';
export { type ProofVerdict, type Proved, type ProveOptions, prove, type Scope } from './prove.ts';
