export { answersAlong } from './along.ts';
export type { Question } from './expression.ts';
export { type Asked, askModels, cutShort } from './in-models.ts';
export { type ProvedIn, proveInAll, proveNever } from './prove.ts';
export { type Answer, reach, readQuestion } from './reach.ts';
export { whyNot } from './why-not.ts';
