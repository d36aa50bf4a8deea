import { PRESENT } from './layout.ts';
import { DISPLACEMENT, NOTE, partShift, type Quotient } from './quotient.ts';
import type { Mixer } from './sorter-module.ts';
import { BATCH } from './table-loops.ts';
import { add, INTEGER, load, type Wat } from './wat.ts';

/** Bytes of a slot. */
const SLOT = 8;

/** What the first word is multiplied by, modulo a power of two, and what undoes it. */
const FACTORS = [0x85ebca6b, 0xc2b2ae35].map((factor) => ({ factor, inverse: inverseOf(factor) }));

/** Mixes the first word, in $mixed, with the second, in $second, so that it can be unmixed. */
export function quotientMixer(wat: Wat, quotient: Quotient): Mixer {
  const [first, second] = FACTORS;
  return {
    mix: (text) => `
      (local.set $mixed (i32.and ${text(0)} ${ones(quotient.first)}))
      ${wat.words === 1 ? '' : `(local.set $second (i32.and ${text(1)} ${ones(quotient.second)}))`}
      ${stir(quotient)} ${times(quotient, first!.factor)} ${fold(quotient)} ${times(quotient, second!.factor)} ${fold(quotient)}`,
    locals: '(local $second i32) (local $stirred i32)',
  };
}

const unmix = (quotient: Quotient): string =>
  `${fold(quotient)} ${times(quotient, FACTORS[1]!.inverse)} ${fold(quotient)} ${times(quotient, FACTORS[0]!.inverse)} ${stir(quotient)}`;

/** As many ones. */
const ones = (bits: number): string => `(i32.const ${2 ** bits - 1})`;

/** Each of these undoes itself: an exclusive or with what the second word comes to, or with the upper half. */
const stir = ({ first, second }: Quotient): string =>
  second === 0
    ? ''
    : `
      (local.set $stirred (i32.mul (local.get $second) (i32.const 0x9e3779b9)))
      (local.set $stirred (i32.mul (i32.xor (local.get $stirred) (i32.shr_u (local.get $stirred) (i32.const 15))) (i32.const 0x27d4eb2f)))
      (local.set $mixed (i32.and ${ones(first)}
        (i32.xor (local.get $mixed) (i32.xor (local.get $stirred) (i32.shr_u (local.get $stirred) (i32.const 13))))))`;
const fold = ({ first }: Quotient): string =>
  `(local.set $mixed (i32.xor (local.get $mixed) (i32.shr_u (local.get $mixed) (i32.const ${Math.ceil(first / 2)}))))`;

const times = ({ first }: Quotient, factor: number): string =>
  `(local.set $mixed (i32.and (i32.mul (local.get $mixed) (i32.const ${factor | 0})) ${ones(first)}))`;

/** A table: the address of its slots, how many there are, how many bits of a slot are a number, and the rest of a first word. */
const TABLE = '(param $slots i32) (param $slotCount i32) (param $ofNumber i32) (param $ofRest i32)';
const LOCALS = `(local $mixed i32) (local $second i32) (local $stirred i32) (local $slot i32) (local $key i64) (local $entry i64)
    (local $total i64) (local $numberBits i64) (local $restBits i64)`;
const WIDEN = `(local.set $total (i64.extend_i32_u (local.get $slotCount)))
    (local.set $numberBits (i64.extend_i32_u (local.get $ofNumber)))
    (local.set $restBits (i64.extend_i32_u (local.get $ofRest)))`;

const READ = `${LOCALS} (local $at i32) (local $from i32) (local $stop i32) (local $index i32) (local $least i64) (local $number i32)`;

const lowest = (bits: string): string => `(i64.sub (i64.shl (i64.const 1) ${bits}) (i64.const 1))`;
const wide = (local: string): string => `(i64.extend_i32_u (local.get $${local}))`;

/** The functions of a module over a hash table in which states are known by where they lie: see `quotient.ts`. */
export function quotientTable(wat: Wat, quotient: Quotient): string {
  const { mix } = quotientMixer(wat, quotient);
  /** Where the search for what was mixed starts, in $slot, and what a slot holds above the number if it is there, in $key. */
  const start = `
      (local.set $slot (i32.add (local.get $slots) (i32.mul (i32.const ${SLOT}) (i32.wrap_i64 (i64.shr_u
        (i64.mul ${wide('mixed')} (local.get $total)) (i64.const ${quotient.first}))))))
      (local.set $key (i64.shl
        (i64.or (i64.shl ${wide('second')} (local.get $restBits)) (i64.and ${wide('mixed')} ${lowest('(local.get $restBits)')}))
        (i64.const ${DISPLACEMENT})))`;
  /** Looks for $key from $slot on: does the one thing at an empty slot, the other where it is, if it can be there. */
  const search = (isNew: string, isKnown?: string): string => `
        (block $done
          (loop $probe
            (local.set $entry (i64.load (local.get $slot)))
            (if (i64.eqz (local.get $entry)) (then
              ${isNew}
              (br $done)))
            ${
              isKnown === undefined
                ? ''
                : `(if (i64.eq (i64.shr_u (local.get $entry) (local.get $numberBits)) (local.get $key)) (then
              ${isKnown}
              (br $done)))`
            }
            (local.set $key (i64.add (local.get $key) (i64.const 1)))
            (if (i64.eqz (i64.and (local.get $key) ${lowest(`(i64.const ${DISPLACEMENT})`)})) (then (unreachable)))
            ${add('slot', SLOT)}
            (if (i32.eq (local.get $slot) (local.get $end)) (then (local.set $slot (i32.sub (local.get $slot) (local.get $room)))))
            (br $probe)))`;
  const number = `(i32.sub (i32.wrap_i64 (i64.and (local.get $entry) ${lowest('(local.get $numberBits)')})) (i32.const 1))`;
  /** Writes the number plus one that is in a local. */
  const write = (local: string): string =>
    `(i64.store (local.get $slot) (i64.or (i64.shl (local.get $key) (local.get $numberBits)) ${wide(local)}))`;
  /** What was mixed, of $entry, which lies in slot $index of the part that begins with slot $first of $total; `span` is how many first words a slot stands for. */
  const decode = (numberBits: string, restBits: string, span: string): string => `
        (local.set $key (i64.shr_u (local.get $entry) ${numberBits}))
        (local.set $index (i32.sub (local.get $index) (i32.wrap_i64 (i64.and (local.get $key) ${lowest(`(i64.const ${DISPLACEMENT})`)}))))
        (if (i32.lt_s (local.get $index) (i32.const 0)) (then ${add('index', '(local.get $length)')}))
        (local.set $key (i64.shr_u (local.get $key) (i64.const ${DISPLACEMENT})))
        ;; About the least first word that starts there; then the one from there on that has these last bits.
        (local.set $least (i64.sub (i64.trunc_f64_u (f64.mul (f64.convert_i32_u (i32.add (local.get $first) (local.get $index))) ${span})) (i64.const 1)))
        (local.set $mixed (i32.wrap_i64 (i64.add (local.get $least) (i64.and (i64.sub (local.get $key) (local.get $least)) ${lowest(restBits)}))))
        (local.set $second (i32.wrap_i64 (i64.shr_u (local.get $key) ${restBits})))`;

  /** Writes the words of $entry at $place. */
  const words = `
        (local.set $index (i32.div_u (i32.sub (local.get $at) (local.get $from)) (i32.const ${SLOT})))
        ${decode('(local.get $numberBits)', '(local.get $restBits)', '(local.get $span)')}
        ${unmix(quotient)}
        ${wat.each(
          (word) => `(i32.store offset=${word * INTEGER} (local.get $place)
          (i32.or (local.get $${word === 0 ? 'mixed' : 'second'}) (i32.const ${PRESENT})))`,
        )}`;
  /** Reads the slots of a part: does something with each $entry and its $number, which is -1 if there is none. */
  const each = (text: string): string => `
    ${WIDEN}
    (local.set $from (i32.add (local.get $slots) (i32.mul (local.get $first) (i32.const ${SLOT}))))
    (local.set $at (local.get $from))
    (local.set $stop (i32.add (local.get $from) (i32.mul (local.get $length) (i32.const ${SLOT}))))
    (loop $each
      (block $skipped
        (local.set $entry (i64.load (local.get $at)))
        (local.set $number ${number})${text})
      ${add('at', SLOT)}
      (br_if $each (i32.lt_u (local.get $at) (local.get $stop))))`;

  return `
  ;; Adds those of the successors from $from to $stop that are new to the states, and notes the number of each; the next number is
  ;; $next. They belong to the part that ends at $end and takes $room bytes; the words of number n lie n states behind $states.
  ;; Ends before the number $last is given; answers the successor that it came to.
  (func (export "insert") (param $from i32) (param $stop i32) ${TABLE} (param $room i32) (param $end i32)
      (param $states i32) (param $notes i32) (param $last i32) (result i32)
    ${LOCALS} (local $at i32) (local $to i32) (local $note i32) (local $touched i32) (local $place i32) (local $count i32)
    ${WIDEN}
    (local.set $count (global.get $next))
    ;; Many of them need most of the part: it is fetched from its beginning to its end, which is faster than here and there.
    (if (i32.gt_u (i32.sub (local.get $stop) (local.get $from)) (i32.div_u (local.get $room) (i32.const ${SLOT}))) (then
      (local.set $slot (i32.sub (local.get $end) (local.get $room)))
      (loop $fetch
        ${add('touched', load('slot'))}
        ${add('slot', 64)}
        (br_if $fetch (i32.lt_u (local.get $slot) (local.get $end))))))
    (loop $batches${wat.nextBatch}
      ;; Looks at all their slots. Nothing waits for what is read, and nothing is decided by it: so the memory fetches many at once.
      (local.set $at (local.get $from))
      (local.set $note (local.get $notes))
      (loop $ahead
        ${mix((word) => load('at', word))}
        ${start}
        (i32.store (local.get $note) (local.get $slot))
        (i64.store offset=8 (local.get $note) (local.get $key))
        ${add('touched', load('slot'))}
        ${add('note', NOTE)}
        ${add('at', wat.stride)}
        (br_if $ahead (i32.lt_u (local.get $at) (local.get $to))))
      (i32.store offset=${BATCH * NOTE} (local.get $notes) (local.get $touched))
      (local.set $note (local.get $notes))
      (loop $each
        (local.set $slot (i32.load (local.get $note)))
        (local.set $key (i64.load offset=8 (local.get $note)))
        ${search(
          `(if (i32.eq (local.get $count) (local.get $last)) (then
                (global.set $next (local.get $count))
                (return (local.get $from))))
              (local.set $place (i32.add (local.get $states) (i32.mul (local.get $count) (i32.const ${wat.size}))))
              ${wat.copy('from', 'place')}
              (i32.store offset=${wat.size} (local.get $from) (local.get $count))
              ${add('count', 1)}
              ${write('count')}`,
          `(i32.store offset=${wat.size} (local.get $from) ${number})`,
        )}
        ${add('note', NOTE)}
        ${add('from', wat.stride)}
        (br_if $each (i32.lt_u (local.get $from) (local.get $to))))
      (br $batches))
    (unreachable))

  ;; The number of the state at $at; if it is not known, $number, which is its own from now on unless that is below 0.
  (func (export "find") (param $at i32) (param $number i32) ${TABLE} (param $length i32) (result i32)
    ${LOCALS} (local $room i32) (local $end i32)
    ${WIDEN}
    ${mix((word) => load('at', word))}
    ${start}
    (local.set $room (i32.mul (local.get $length) (i32.const ${SLOT})))
    (local.set $end (i32.add (local.get $slots) (i32.mul (local.get $room) (i32.add (i32.const 1)
      (i32.div_u (i32.sub (local.get $slot) (local.get $slots)) (local.get $room))))))
    ${search(
      `(if (i32.ge_s (local.get $number) (i32.const 0)) (then
                ${add('number', 1)}
                ${write('number')}
                (return (i32.sub (local.get $number) (i32.const 1)))))
              (return (local.get $number))`,
      `(return ${number})`,
    )}
    (unreachable))

  ;; The part of the table to which the state at $at belongs.
  (func (export "partOf") (param $at i32) (result i32)
    ${LOCALS}
    ${mix((word) => load('at', word))}
    (i32.shr_u (local.get $mixed) (i32.const ${partShift(quotient)})))

  ;; Puts what is in the $length slots from $from on, the first of which was slot $first of another table, into the part of this one that
  ;; begins at $to and ends at $end. The bits and the span are those of the other table.
  (func (export "move") (param $from i32) (param $length i32) (param $first i32) (param $oldNumber i32) (param $oldRest i32) (param $span f64)
      ${TABLE} (param $room i32) (param $end i32)
    ${LOCALS} (local $at i32) (local $stop i32) (local $index i32) (local $least i64) (local $number i32)
    ${WIDEN}
    (memory.fill (i32.sub (local.get $end) (local.get $room)) (i32.const 0) (local.get $room))
    (local.set $at (local.get $from))
    (local.set $stop (i32.add (local.get $from) (i32.mul (local.get $length) (i32.const ${SLOT}))))
    (loop $each
      (local.set $entry (i64.load (local.get $at)))
      (if (i64.ne (local.get $entry) (i64.const 0)) (then
        (local.set $number (i32.wrap_i64 (i64.and (local.get $entry) ${lowest(wide('oldNumber'))})))
        (local.set $index (i32.div_u (i32.sub (local.get $at) (local.get $from)) (i32.const ${SLOT})))
        ${decode(wide('oldNumber'), wide('oldRest'), '(local.get $span)')}
        ${start}
        ${search(write('number'))}))
      ${add('at', SLOT)}
      (br_if $each (i32.lt_u (local.get $at) (local.get $stop)))))

  ;; Writes the words of the states with numbers from $low to before $high that lie in the part of $length slots that begins with slot $first,
  ;; as many states behind $states as their numbers are.
  (func (export "load") (param $low i32) (param $high i32) ${TABLE} (param $first i32) (param $length i32) (param $span f64)
      (param $states i32)
    ${READ} (local $place i32)
    ${each(`
        (br_if $skipped (i32.lt_s (local.get $number) (local.get $low)))
        (br_if $skipped (i32.ge_s (local.get $number) (local.get $high)))
        (local.set $place (i32.add (local.get $states) (i32.mul (local.get $number) (i32.const ${wat.size}))))
        ${words}`)})

  ;; Writes the words and the number of each state of the part whose byte from $bits on has not all the bits of $all, one after another from
  ;; $place on; answers where the last ends.
  (func (export "unsettled") (param $bits i32) (param $all i32) ${TABLE} (param $first i32) (param $length i32) (param $span f64)
      (param $place i32) (result i32)
    ${READ}
    ${each(`
        (br_if $skipped (i32.lt_s (local.get $number) (i32.const 0)))
        (br_if $skipped (i32.eq (local.get $all) (i32.and (local.get $all) (i32.load8_u (i32.add (local.get $bits) (local.get $number))))))
        ${words}
        (i32.store offset=${wat.size} (local.get $place) (local.get $number))
        ${add('place', wat.stride)}`)}
    (local.get $place))`;
}

/** What undoes a multiplication by an odd number modulo 2³², and so modulo any power of two below: each step doubles the bits that are right. */
function inverseOf(factor: number): number {
  let inverse = factor;
  for (let step = 0; step < 5; step++) inverse = Math.imul(inverse, 2 - Math.imul(factor, inverse));
  return inverse;
}
