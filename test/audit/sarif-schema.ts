import { createRequire } from 'node:module';
import Ajv from 'ajv-draft-04';
import formats from 'ajv-formats';

const require = createRequire(import.meta.url);
// The schema of OASIS, as Microsoft's matchers for SARIF bring it.
const schema = require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
const ajv = new Ajv.default({ strict: false, allErrors: true, unicodeRegExp: false });
formats.default(ajv);

/** Whether a log is valid SARIF 2.1.0; its `errors` say why not. */
export const isValid = ajv.compile(schema);
