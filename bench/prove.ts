import { DRIVERS } from '../machines/drivers.ts';
import { compose, propertyOf } from '../models/index.ts';
import { PROOFS, scaledTo } from '../models/proofs.ts';
import { checkProof, prove } from '../src/engine/index.ts';

/** Proves what a model asks of the repaired driver for any number, in a process of its own, and checks the proof. */
const model = PROOFS.find(({ name }) => name === process.argv[2])!;
const systemOf = (size: number) => compose(scaledTo(model, size), '4.16', DRIVERS.repaired);
const started = performance.now();
const { verdicts, text } = await prove(systemOf, model.properties.map(propertyOf));
const milliseconds = performance.now() - started;
const proved = [...verdicts.values()].filter(({ verdict }) => verdict === 'proved').length;
const checked = checkProof(text()!);
const checking = performance.now() - started - milliseconds;
process.stdout.write(JSON.stringify({ proved, ...checked, milliseconds, checking }));
