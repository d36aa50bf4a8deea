import type { Mixer } from './sorter-module.ts';
import { BATCH } from './table-loops.ts';
import { add, INTEGER, load, type Wat } from './wat.ts';

/** The hash of `table-loops.ts`. */
export const plainMixer = (wat: Wat): Mixer => ({
  mix: (text) => `
      (local.set $mixed (i32.const 0x9e3779b9))
      ${wat.each(
        (number) => `(local.set $mixed (i32.mul (i32.xor (local.get $mixed) ${text(number)}) (i32.const 0x85ebca6b)))
      (local.set $mixed (i32.xor (local.get $mixed) (i32.shr_u (local.get $mixed) (i32.const 15))))`,
      )}
      (local.set $mixed (i32.mul (local.get $mixed) (i32.const 0xc2b2ae35)))
      (local.set $mixed (i32.xor (local.get $mixed) (i32.shr_u (local.get $mixed) (i32.const 16))))`,
  locals: '',
});

/** The functions of a module over the hash table of `table-loops.ts`: what each does is what the function of the same name does there. */
export function plainTable(wat: Wat): string {
  const { mix } = plainMixer(wat);
  /** The address of the slot at which the search for $mixed starts. */
  const slot = `(local.set $slot (i32.add (local.get $slots) (i32.shl
        (i32.trunc_f64_u (f64.mul (f64.convert_i32_u (local.get $mixed)) (local.get $scale))) (i32.const 2))))`;
  const nextSlot = `(local.set $slot (i32.add (local.get $slot) (i32.const ${INTEGER})))
        (if (i32.eq (local.get $slot) (local.get $end)) (then (local.set $slot (i32.sub (local.get $slot) (local.get $room)))))`;
  const hasTag = `(i32.eqz (i32.and (i32.xor (local.get $entry) (i32.shl (local.get $mixed) (local.get $tagShift))) (local.get $tagMask)))`;
  /** The number of the state in $entry, and the address of its words. */
  const number = `(i32.sub (i32.and (local.get $entry) (i32.xor (local.get $tagMask) (i32.const -1))) (i32.const 1))`;
  const known = `(i32.add (local.get $states) (i32.mul ${number} (i32.const ${wat.size})))`;

  return `
  ;; Adds those of the successors from $from to $stop that are new to the states, and notes the number of each; the next number is
  ;; $next. Ends before the number $last is given; answers the successor that it came to.
  (func (export "insert") (param $from i32) (param $stop i32) (param $slots i32) (param $states i32)
      (param $scale f64) (param $room i32) (param $end i32) (param $tagShift i32) (param $mixes i32) (param $last i32) (result i32)
    (local $at i32) (local $to i32) (local $mix i32) (local $mixed i32) (local $slot i32) (local $entry i32) (local $tagMask i32)
    (local $touched i32) (local $stopMix i32) (local $place i32) (local $count i32)
    ${wat.numbers.map((w) => `(local $w${w} i32)`).join(' ')}
    (local.set $tagMask (i32.shl (i32.const -1) (local.get $tagShift)))
    (local.set $count (global.get $next))
    (loop $batches${wat.nextBatch}
      ;; Looks at all their slots, then at the states that are there. Nothing waits for what is read, and nothing is decided by it: so
      ;; the memory fetches many at once. Before the first state lies another array, so that an empty slot needs no case of its own.
      (local.set $at (local.get $from))
      (local.set $mix (local.get $mixes))
      (loop $slots
        ${mix((word) => load('at', word))}
        (i32.store (local.get $mix) (local.get $mixed))
        ${slot}
        (i32.store offset=${INTEGER} (local.get $mix) (local.get $slot))
        ${add('touched', '(i32.load (local.get $slot))')}
        ${add('mix', 2 * INTEGER)}
        ${add('at', wat.stride)}
        (br_if $slots (i32.lt_u (local.get $at) (local.get $to))))
      (local.set $stopMix (local.get $mix))
      (local.set $mix (local.get $mixes))
      (loop $known
        (local.set $entry (i32.load (i32.load offset=${INTEGER} (local.get $mix))))
        ${add('touched', `(i32.load ${known})`)}
        ${add('mix', 2 * INTEGER)}
        (br_if $known (i32.lt_u (local.get $mix) (local.get $stopMix))))
      (i32.store offset=${2 * BATCH * INTEGER} (local.get $mixes) (local.get $touched))
      (local.set $mix (local.get $mixes))
      (loop $each
        ${wat.each((word) => `(local.set $w${word} ${load('from', word)})`)}
        (local.set $mixed (i32.load (local.get $mix)))
        (local.set $slot (i32.load offset=${INTEGER} (local.get $mix)))
        (block $done
          (loop $probe
            (local.set $entry (i32.load (local.get $slot)))
            (if (i32.eqz (local.get $entry)) (then
              (if (i32.eq (local.get $count) (local.get $last)) (then
                (global.set $next (local.get $count))
                (return (local.get $from))))
              (local.set $place (i32.add (local.get $states) (i32.mul (local.get $count) (i32.const ${wat.size}))))
              ${wat.each((w) => `(i32.store offset=${w * INTEGER} (local.get $place) (local.get $w${w}))`)}
              (i32.store offset=${wat.size} (local.get $from) (local.get $count))
              ${add('count', 1)}
              (i32.store (local.get $slot)
                (i32.or (i32.shl (local.get $mixed) (local.get $tagShift)) (local.get $count)))
              (br $done)))
            (if ${hasTag} (then
              (local.set $place ${known})
              (if ${wat.numbers
                .map((w) => `(i32.eq (i32.load offset=${w * INTEGER} (local.get $place)) (local.get $w${w}))`)
                .reduce((all, one) => `(i32.and ${all} ${one})`)} (then
                (i32.store offset=${wat.size} (local.get $from) ${number})
                (br $done)))))
            ${nextSlot}
            (br $probe)))
        ${add('mix', 2 * INTEGER)}
        ${add('from', wat.stride)}
        (br_if $each (i32.lt_u (local.get $from) (local.get $to))))
      (br $batches))
    (unreachable))

  ;; Puts what is in the slots from $from to $stop of an old hash table into the part of the new one that ends at $end.
  (func (export "move") (param $from i32) (param $stop i32) (param $mask i32) (param $slots i32) (param $states i32)
      (param $scale f64) (param $room i32) (param $end i32) (param $tagShift i32) (param $mixes i32)
    (local $at i32) (local $to i32) (local $mix i32) (local $mixed i32) (local $slot i32) (local $number i32)
    (loop $batches
      (if (i32.ge_u (local.get $from) (local.get $stop)) (then (return)))
      (local.set $to (i32.add (local.get $from) (i32.const ${BATCH * INTEGER})))
      (if (i32.gt_u (local.get $to) (local.get $stop)) (then (local.set $to (local.get $stop))))
      (local.set $at (local.get $from))
      (local.set $mix (local.get $mixes))
      (loop $ahead
        (local.set $number (i32.and (i32.load (local.get $at)) (local.get $mask)))
        (if (local.get $number) (then
          (local.set $number (i32.add (local.get $states) (i32.mul (i32.sub (local.get $number) (i32.const 1)) (i32.const ${wat.size}))))
          ${mix((word) => load('number', word))}
          (i32.store (local.get $mix) (local.get $mixed))))
        ${add('mix', INTEGER)}
        ${add('at', INTEGER)}
        (br_if $ahead (i32.lt_u (local.get $at) (local.get $to))))
      (local.set $mix (local.get $mixes))
      (loop $each
        (local.set $number (i32.and (i32.load (local.get $from)) (local.get $mask)))
        (if (local.get $number) (then
          (local.set $mixed (i32.load (local.get $mix)))
          ${slot}
          (block $empty
            (loop $probe
              (br_if $empty (i32.eqz (i32.load (local.get $slot))))
              ${nextSlot}
              (br $probe)))
          (i32.store (local.get $slot) (i32.or (i32.shl (local.get $mixed) (local.get $tagShift)) (local.get $number)))))
        ${add('mix', INTEGER)}
        ${add('from', INTEGER)}
        (br_if $each (i32.lt_u (local.get $from) (local.get $to))))
      (br $batches)))`;
}
