import { audit, modelled, modelOf, reportOf, toMarkdown, violationsOf } from 'hartproof';

/** Audits the driver of 2018 in one model, prints what is violated and why, and fails where something is, as a CI would want. */

const target = modelled('as-posted');
const results = await audit({ target, models: [modelOf('refused-open-raw')], environments: ['4.16', '5.10'] });
const findings = await violationsOf(results, target);

for (const { property, counterexample, environments } of findings)
  console.log(`${property.id}: violated after ${counterexample.facts.length} facts in ${environments.join(', ')}`);
console.log(toMarkdown(reportOf({ target, results, findings })));
process.exitCode = findings.length > 0 ? 1 : 0;
