import type { Rule } from './rule.ts';

/** Hardware events of the ABI that the map does not list are unsupported, and no others. */
export const knowsWholeAbi: Rule = (driver) => {
  const { edits } = driver;
  const map = driver.function(driver.must(driver.initialiser('map_hw_event'), 'struct riscv_pmu', '.map_hw_event'));
  const config = driver.parameter(map);
  const beyond = driver.statement(
    map,
    new RegExp(`^if\\(${config}>=(?!PERF_COUNT_HW_MAX).*\\)return-EINVAL;$`),
    `if (${config} >= …) return -EINVAL`,
  );
  const [leaves] = driver.branch(beyond);
  edits.before(
    beyond,
    `if (${config} >= PERF_COUNT_HW_MAX)\n\treturn -EINVAL;\n\n/* The map need not list them all. */`,
  );
  edits.replace(leaves!, 'return -EOPNOTSUPP;');
};
