import { writeFileSync } from 'node:fs';
import { FILE, table } from './table.ts';

writeFileSync(FILE, await table());
