import { NotRecognised } from '../c-file.ts';
import type { Rule } from './rule.ts';

/** On RV32, both halves of a counter are read. */
export const readsBothHalves: Rule = (driver) => {
  const { edits } = driver;
  const [first] = driver.all(['CallExpression']).filter((call) => CSR_READ.test(driver.tight(call)));
  const reader = driver.must(
    first && driver.functionAround(first),
    driver.source.path,
    'a function that reads the counters with csr_read()',
  );
  const reads = driver.all(['CallExpression'], reader).filter((call) => CSR_READ.test(driver.tight(call)));
  const registers = reads.map((call) => CSR_READ.exec(driver.tight(call))![1]!);
  if (registers.some((name) => /h$/i.test(name)))
    throw new NotRecognised(driver.nameOf(reader)!, 'it reads upper halves already');
  for (const call of reads) edits.replace(call.firstChild!, 'csr_read_counter');
  // The name of the register of an upper half is pasted together.
  const half = /^[A-Z]/.test(registers[0]!) ? 'H' : 'h';
  edits.before(driver.withComment(reader), BOTH_HALVES.replaceAll('##h', `##${half}`));
};

const CSR_READ = /^csr_read\((\w+)\)$/;

const BOTH_HALVES = `#ifdef CONFIG_32BIT
/* The lower half may overflow between two reads: then the upper one has changed. */
#define csr_read_counter(csr)						\\
({									\\
	u32 __high, __low;						\\
									\\
	do {								\\
		__high = csr_read(csr##h);				\\
		__low = csr_read(csr);					\\
	} while (__high != csr_read(csr##h));				\\
	(u64)__high << 32 | __low;					\\
})
#else
#define csr_read_counter(csr)	csr_read(csr)
#endif
`;
