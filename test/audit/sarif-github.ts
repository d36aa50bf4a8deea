import type { Log, ReportingDescriptor, Result, Run } from 'sarif';

/** What GitHub documents of the SARIF that its code scanning takes: limits and properties that the schema does not ask for. */
const MOST = { runs: 20, results: 5000, rules: 25_000, locations: 1000, steps: 10_000, tags: 20, text: 1024 } as const;

/** What of a log GitHub would not take, or not show. */
export const notForGithub = ({ version, runs }: Log): string[] => [
  ...(version === '2.1.0' ? [] : ['version']),
  ...(runs.length <= MOST.runs ? [] : ['runs']),
  ...runs.flatMap(ofRun),
];

function ofRun({ tool, results = [], automationDetails }: Run): string[] {
  const { name, rules = [] } = tool.driver;
  return [
    ...(name ? [] : ['tool.driver.name']),
    ...(automationDetails?.id?.endsWith('/') ? [] : ['automationDetails.id: no category']),
    ...(results.length <= MOST.results ? [] : ['results']),
    ...(rules.length <= MOST.rules ? [] : ['rules']),
    ...rules.flatMap((rule) => wrong(`rule ${rule.id}`, ruleChecks(rule))),
    ...results.flatMap((result) => wrong(`result ${result.ruleId}`, resultChecks(result))),
  ];
}

const wrong = (what: string, checks: Readonly<Record<string, boolean>>): string[] =>
  Object.entries(checks).flatMap(([name, isRight]) => (isRight ? [] : [`${what}: ${name}`]));

const isText = (text: string | undefined): boolean => text !== undefined && text !== '' && text.length <= MOST.text;

function ruleChecks({
  shortDescription,
  fullDescription,
  help,
  helpUri,
  defaultConfiguration,
  properties,
}: ReportingDescriptor) {
  const {
    tags = [],
    precision,
    ...others
  } = (properties ?? {}) as { tags?: string[]; precision?: string; [key: string]: unknown };
  const score = others['security-severity'];
  return {
    shortDescription: isText(shortDescription?.text),
    fullDescription: isText(fullDescription?.text),
    'help.text': !!help?.text,
    helpUri: helpUri?.startsWith('https://') === true,
    level: ['note', 'warning', 'error'].includes(defaultConfiguration?.level ?? ''),
    tags: tags.length > 0 && tags.length <= MOST.tags,
    precision: ['very-high', 'high', 'medium', 'low'].includes(precision ?? ''),
    'problem.severity': ['error', 'warning', 'recommendation'].includes(`${others['problem.severity']}`),
    'security-severity':
      score === undefined ? !tags.includes('security') : /^\d+\.\d$/.test(`${score}`) && tags.includes('security'),
  };
}

function resultChecks({
  message,
  locations = [],
  relatedLocations = [],
  codeFlows = [],
  partialFingerprints = {},
}: Result) {
  const steps = codeFlows.flatMap(({ threadFlows }) => threadFlows.flatMap((flow) => flow.locations));
  const all = [...locations, ...relatedLocations, ...steps.map(({ location }) => location!)];
  const places = all.map(({ physicalLocation }) => physicalLocation);
  return {
    message: !!message.text,
    locations: locations.length === 1 && all.length <= MOST.locations,
    steps: steps.length <= MOST.steps,
    uri: places.every((place) => /^(?![/.]|\w+:)[\w%.~!*'()/-]+$/.test(place?.artifactLocation?.uri ?? '')),
    region: places.every((place) => (place?.region?.startLine ?? 0) >= 1),
    fingerprint: Object.keys(partialFingerprints).length > 0,
    'a hash as GitHub makes it': /^[0-9a-f]+:\d+$/.test(partialFingerprints.primaryLocationLineHash ?? '0:1'),
  };
}
