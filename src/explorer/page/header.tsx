import type { Subject } from '../../replay/subject.ts';
import { driverNames, driverOf } from '../session/drivers.ts';
import { environmentIn, modelInfoOf } from '../session/world.ts';
import { openFile } from './opening.ts';
import { QuestionBox } from './question-box.tsx';
import { explore, jump, notice, opened, selectedProperty, view, world } from './store.ts';

/** Explores the present subject with something changed. */
function change(changed: Partial<Subject>): void {
  const { trace, undecided, ...present } = world.value.subject;
  const subject = { ...present, ...(changed.model === undefined && trace && { trace }), ...changed };
  const { models } = driverOf(subject);
  // A port has models of its own.
  const model = trace || models.some(({ name }) => name === subject.model) ? subject.model : models[0]!.name;
  opened.value = undefined;
  selectedProperty.value = undefined;
  notice.value = undefined;
  const asked = { ...subject, model };
  explore({ ...asked, environment: environmentIn(modelInfoOf(asked), asked.environment) });
}

export function Header() {
  const { model, subject } = world.value;
  return (
    <header class="top">
      <h1>
        Hartproof <span>explorer</span>
      </h1>
      <div class="subject">
        <Choice
          label="model"
          value={subject.model}
          among={[
            ...(subject.trace === undefined ? [] : [model.name]),
            ...driverOf(subject).models.map(({ name }) => name),
          ]}
          onChange={(name) => change({ model: name })}
        />
        <Choice
          label="environment"
          value={subject.environment}
          among={model.environments}
          onChange={(environment) => change({ environment })}
        />
        <Choice label="driver" value={subject.driver} among={driverNames()} onChange={(driver) => change({ driver })} />
        {subject.wordBits !== undefined && <span class="note">{subject.wordBits} bits</span>}
      </div>
      <Steps />
      <div class="actions">
        <input
          id="file"
          type="file"
          accept=".jsonl,.json"
          class="hidden"
          tabIndex={-1}
          aria-label="a log to open"
          onChange={({ currentTarget }) => {
            const [file] = currentTarget.files ?? [];
            if (file !== undefined) void openFile(file);
            currentTarget.value = '';
          }}
        />
        <button
          type="button"
          title="open a log (o), or drop it on the page"
          onClick={() => document.getElementById('file')!.click()}
        >
          Open
        </button>
        <button
          type="button"
          title="the keys (?)"
          onClick={() => (document.getElementById('help') as HTMLDialogElement).showModal()}
        >
          Keys
        </button>
      </div>
      <p class="asks">{model.asks}</p>
      <QuestionBox />
    </header>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly among: readonly string[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, among, onChange }: ChoiceProps) {
  return (
    <label>
      <span>{label}</span>{' '}
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {among.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Steps() {
  const { timeline, at, folded, isDone } = view.value;
  const { length } = timeline.facts;
  return (
    <div class="steps" role="group" aria-label="position in the log">
      <StepButton label="to the start (g)" sign="first" to={0} isOff={at === 0} />
      <StepButton label="one fact back (k)" sign="back" to={at - 1} isOff={at === 0} />
      <label>
        <span class="hidden">position in the log</span>
        <input
          type="number"
          min={0}
          max={length}
          value={at}
          style={{ width: `${String(length).length + 4}ch` }}
          onChange={({ currentTarget }) => jump(Number(currentTarget.value))}
        />
      </label>
      <span class="of">of {length.toLocaleString('en')}</span>
      <StepButton label="one fact further (j)" sign="on" to={at + 1} isOff={at >= folded} />
      <StepButton label="to the end (G)" sign="last" to={length} isOff={at >= folded} />
      {!isDone && <progress max={length} value={folded} aria-label="folding the log" />}
    </div>
  );
}

/** The signs on the buttons, drawn: not every font has them. */
const SIGNS = {
  first: 'M3 2v12M13 2v12L5 8z',
  back: 'M11.5 2v12L3.5 8z',
  on: 'M4.5 2v12l8-6z',
  last: 'M13 2v12M3 2v12l8-6z',
} as const;

interface StepButtonProps {
  readonly label: string;
  readonly sign: keyof typeof SIGNS;
  readonly to: number;
  readonly isOff: boolean;
}

function StepButton({ label, sign, to, isOff }: StepButtonProps) {
  return (
    <button type="button" aria-label={label} title={label} disabled={isOff} onClick={() => jump(to)}>
      <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">
        <path d={SIGNS[sign]} fill="currentColor" stroke="currentColor" stroke-width="2" stroke-linejoin="round" />
      </svg>
    </button>
  );
}
