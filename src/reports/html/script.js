// The report's own script: search, folding, and stepping through a log. The page can be read without it.
const replays = JSON.parse(document.getElementById('replays').textContent);

/** One counterexample: its rows, the state after the current one, and its pictures. */
class Viewer {
  constructor(element) {
    this.element = element;
    this.replay = replays[element.dataset.finding];
    this.current = 0;
    for (const part of element.querySelectorAll('[hidden]')) if (!part.matches('.facts, figure')) part.hidden = false;
    for (const button of element.querySelectorAll('[data-go]'))
      button.addEventListener('click', () => this.go(this.current + Number(button.dataset.go)));
    for (const button of element.querySelectorAll('[data-picture]'))
      button.addEventListener('click', () => this.show(button.dataset.picture));
    for (const row of element.querySelectorAll('.log tbody tr'))
      row.addEventListener('click', () => this.go(row.sectionRowIndex));
    element.querySelector('[type=checkbox]')?.addEventListener('change', ({ target }) => this.tell(target.checked));
    element.addEventListener('pointerdown', () => this.take());
    element.addEventListener('focusin', () => this.take());
    this.go(0, false);
  }

  get table() {
    return this.element.querySelector('.log:not([hidden])');
  }

  /** From now on the keys are for this one. */
  take() {
    Viewer.active = this;
  }

  /** Tells the log fact by fact, or callback by callback; what was the current step stays it. */
  tell(everyFact) {
    const fact = Number(this.table.tBodies[0].rows[this.current].dataset.to);
    for (const table of this.element.querySelectorAll('.log')) table.hidden = table.matches('.facts') !== everyFact;
    const rows = [...this.table.tBodies[0].rows];
    this.go(rows.findIndex(({ dataset }) => Number(dataset.to) >= fact));
  }

  go(step, scroll = true) {
    const rows = [...this.table.tBodies[0].rows];
    this.current = Math.max(0, Math.min(step, rows.length - 1));
    const row = rows[this.current];
    for (const other of this.element.querySelectorAll('[aria-current]')) other.removeAttribute('aria-current');
    row.setAttribute('aria-current', 'step');
    if (scroll) row.scrollIntoView({ block: 'nearest' });
    const [back, on] = this.element.querySelectorAll('[data-go]');
    back.disabled = this.current === 0;
    on.disabled = this.current === rows.length - 1;
    this.element.querySelector('output').textContent = `step ${this.current + 1} of ${rows.length}`;
    this.drawState(Number(row.dataset.from), Number(row.dataset.to));
    this.drawPlace(Number(row.dataset.from), Number(row.dataset.to));
    this.drawMoment(Number(row.dataset.from), Number(row.dataset.to));
  }

  /** Marks the step in the sequence diagram. */
  drawMoment(from, to) {
    const figure = this.element.querySelector('.sequence');
    const [folded, whole = folded] = figure.querySelectorAll('svg');
    if (folded === undefined) return;
    const shown = this.table.matches('.facts') ? whole : folded;
    for (const svg of [folded, whole]) svg.classList.toggle('away', svg !== shown);
    // A fact of a log is numbered from 1 there.
    for (const moment of shown.querySelectorAll('.step'))
      moment.classList.toggle('now', from < Number(moment.dataset.to) && Number(moment.dataset.from) <= to + 1);
    bringIntoView(figure, shown.querySelector('.now'));
  }

  drawState(from, to) {
    const { start, changes } = this.replay;
    const values = start.map(([, value]) => value);
    for (const change of changes.slice(0, from).flat()) values[change[0]] = change[1];
    const before = [...values];
    for (const change of changes.slice(from, to + 1).flat()) values[change[0]] = change[1];
    const rows = start.map(([name], index) => {
      const row = document.createElement('tr');
      const heading = document.createElement('th');
      heading.scope = 'row';
      heading.textContent = name;
      row.append(heading, document.createElement('td'));
      row.cells[1].textContent = values[index];
      row.classList.toggle('differs', values[index] !== before[index]);
      return row;
    });
    const table = this.element.querySelector('.state');
    table.hidden = rows.length === 0;
    table.tBodies[0].replaceChildren(...rows);
    const named = (seen) => new Map(start.map(([name], index) => [name, seen[index]]));
    this.drawRoom(named(values), named(before));
  }

  /** Shows in the machine room what is there after the step: see machine-room.ts, which drew it. */
  drawRoom(values, before) {
    const figure = this.element.querySelector('figure.room');
    if (figure === null) return;
    for (const cell of figure.querySelectorAll('[data-of]')) {
      const { of, index } = cell.dataset;
      const partOf = (value) => (index === undefined ? value : (value.slice(1, -1).split(', ')[index] ?? ''));
      const value = values.get(of);
      const shown = partOf(value);
      const label = cell.querySelector('.room-value');
      const most = Number(label.dataset.most);
      label.textContent = shown.length > most ? `${shown.slice(0, most - 1)}…` : shown;
      cell.querySelector('title').textContent = `${of}: ${value}`;
      cell.classList.toggle('filled', !label.dataset.empty.split('|').includes(shown));
      cell.classList.toggle('differs', shown !== partOf(before.get(of)));
    }
    bringIntoView(figure, figure.querySelector('.differs'));
  }

  /** Shows the function that the step runs, with the states that it goes through. */
  drawPlace(from, to) {
    const figure = this.element.querySelector('.code');
    const places = this.replay.places.slice(from, to + 1).filter((place) => place !== null);
    const name = places[0]?.split('.')[0];
    if (figure.hidden || figure.parentElement.querySelector('.tabs') === null) return;
    if (name !== undefined && figure.dataset.chart !== name) {
      figure.dataset.chart = name;
      const { content } = document.getElementById(`picture-${this.replay.charts[name]}`);
      figure.replaceChildren(content.cloneNode(true));
    }
    for (const node of figure.querySelectorAll('[data-state]'))
      node.classList.toggle('here', places.includes(node.dataset.state));
    bringIntoView(figure, figure.querySelector('.here'));
    if (name === undefined && figure.dataset.chart === undefined)
      figure.textContent = 'This step is not in the code of the driver.';
  }

  show(picture) {
    for (const button of this.element.querySelectorAll('[data-picture]'))
      button.setAttribute('aria-pressed', String(button.dataset.picture === picture));
    for (const figure of this.element.querySelectorAll('figure')) figure.hidden = !figure.matches(`.${picture}`);
    this.go(this.current, false);
  }

  static active;
}

/** Scrolls a picture, and not the page, until a part of it can be seen. */
function bringIntoView(figure, part) {
  if (part === null || figure.hidden) return;
  const frame = figure.getBoundingClientRect();
  const box = part.getBoundingClientRect();
  if (box.top < frame.top || box.bottom > frame.bottom)
    figure.scrollTop += box.top - frame.top - figure.clientHeight / 3;
}

const viewers = new WeakMap();

/** Makes ready what can be seen now. */
function wake(root) {
  for (const element of root.querySelectorAll('.viewer'))
    if (!viewers.has(element) && element.checkVisibility()) {
      viewers.set(element, new Viewer(element));
      Viewer.active ??= viewers.get(element);
    }
}

document.addEventListener(
  'toggle',
  ({ target }) => {
    if (!target.open) return;
    wake(target);
    const element = target.querySelector('.viewer');
    if (viewers.has(element)) viewers.get(element).take();
  },
  true,
);

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input')) return;
  if (event.key === '/') {
    event.preventDefault();
    search.focus();
    return;
  }
  const inLog = event.target.closest('.log') !== null;
  const step = { j: 1, k: -1, ArrowRight: 1, ArrowLeft: -1, ...(inLog && { ArrowDown: 1, ArrowUp: -1 }) }[event.key];
  const viewer = Viewer.active;
  if (step === undefined || !viewer?.element.checkVisibility()) return;
  event.preventDefault();
  viewer.go(viewer.current + step);
});

const bar = document.querySelector('.search');
const search = bar.querySelector('input');
const causes = [...document.querySelectorAll('.cause')];
const texts = new Map(causes.map((cause) => [cause, cause.textContent.toLowerCase()]));
bar.hidden = false;

search.addEventListener('input', () => {
  const words = search.value.toLowerCase().split(/\s+/);
  for (const cause of causes) cause.hidden = !words.every((word) => texts.get(cause).includes(word));
  const shown = causes.filter(({ hidden }) => !hidden).length;
  bar.querySelector('output').textContent = search.value === '' ? '' : `${shown} of ${causes.length}`;
});

const fold = bar.querySelector('[data-fold]');
fold.addEventListener('click', () => {
  const open = fold.textContent === 'Unfold all';
  for (const details of document.querySelectorAll('.cause > details')) details.open = open;
  fold.textContent = open ? 'Fold all' : 'Unfold all';
});

/** Unfolds what an address points at. */
function unfoldTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target === null) return;
  for (let at = target; at !== null; at = at.parentElement) if (at.matches('details')) at.open = true;
  target.scrollIntoView();
}
addEventListener('hashchange', unfoldTarget);
unfoldTarget();

// On paper nothing can be unfolded.
let folded = [];
addEventListener('beforeprint', () => {
  folded = [...document.querySelectorAll('details:not([open])')];
  for (const details of folded) details.open = true;
});
addEventListener('afterprint', () => {
  for (const details of folded) details.open = false;
});
