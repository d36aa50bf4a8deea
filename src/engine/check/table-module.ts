import compile from 'watr/compile';
import { PAGES } from './linear-memory.ts';
import { BATCH } from './table-loops.ts';
import { HEAD } from './transition-log.ts';
import { WebAssembly, type WebAssemblyModule } from './webassembly.ts';

/** Bytes of an integer. */
const INTEGER = 4;

/** The module of the loops for states of so many words: see {@link LinearLoops}. */
export const compileTable = (words: number): WebAssemblyModule => new WebAssembly!.Module(compile(tableModule(words)));

/**
 * The loops that a large search spends its time in, as the text of a WebAssembly module, for states of so many words. What each
 * does is what the function of the same name in `table-loops.ts`, `reach-targets.ts` and `transition-log.ts` does. All that they work on lies in the
 * memory that the module imports; an address counts bytes.
 *
 * V8 checks each access to a typed array, and compiles these to less than half of the instructions.
 */
function tableModule(words: number): string {
  const word = Array.from({ length: words }, (_, number) => number);
  const each = (text: (number: number) => string): string => word.map(text).join('\n      ');
  const stride = (words + 1) * INTEGER;
  const size = words * INTEGER;
  /** The hash of the words that `text` reads, in $mixed: see `hash` in `table-loops.ts`. */
  const hash = (text: (number: number) => string): string => `
      (local.set $mixed (i32.const 0x9e3779b9))
      ${each(
        (number) => `(local.set $mixed (i32.mul (i32.xor (local.get $mixed) ${text(number)}) (i32.const 0x85ebca6b)))
      (local.set $mixed (i32.xor (local.get $mixed) (i32.shr_u (local.get $mixed) (i32.const 15))))`,
      )}
      (local.set $mixed (i32.mul (local.get $mixed) (i32.const 0xc2b2ae35)))
      (local.set $mixed (i32.xor (local.get $mixed) (i32.shr_u (local.get $mixed) (i32.const 16))))`;
  /** The address of the slot at which the search for $mixed starts. */
  const slot = `(local.set $slot (i32.add (local.get $slots) (i32.shl
        (i32.trunc_f64_u (f64.mul (f64.convert_i32_u (local.get $mixed)) (local.get $scale))) (i32.const 2))))`;
  const nextSlot = `(local.set $slot (i32.add (local.get $slot) (i32.const ${INTEGER})))
        (if (i32.eq (local.get $slot) (local.get $end)) (then (local.set $slot (i32.sub (local.get $slot) (local.get $room)))))`;
  const hasTag = `(i32.eqz (i32.and (i32.xor (local.get $entry) (i32.shl (local.get $mixed) (local.get $tagShift))) (local.get $tagMask)))`;
  /** The number of the state in $entry, and the address of its words. */
  const number = `(i32.sub (i32.and (local.get $entry) (i32.xor (local.get $tagMask) (i32.const -1))) (i32.const 1))`;
  const known = `(i32.add (local.get $states) (i32.mul ${number} (i32.const ${size})))`;
  const masks = (text: (mask: number) => string): string =>
    Array.from({ length: HEAD - 1 }, (_, mask) => text(mask)).join('\n    ');
  const add = (local: string, value: number | string): string =>
    `(local.set $${local} (i32.add (local.get $${local}) ${typeof value === 'number' ? `(i32.const ${value})` : value}))`;

  return `(module
  (import "env" "memory" (memory ${PAGES} ${PAGES} shared))
  (global $next (export "next") (mut i32) (i32.const 0))

  ;; Adds those of the successors from $from to $stop that are new to the states, and notes the number of each; the next number is
  ;; $next. Ends before the number $last is given; answers the successor that it came to.
  (func (export "insert") (param $from i32) (param $stop i32) (param $slots i32) (param $states i32)
      (param $scale f64) (param $room i32) (param $end i32) (param $tagShift i32) (param $mixes i32) (param $last i32) (result i32)
    (local $at i32) (local $to i32) (local $mix i32) (local $mixed i32) (local $slot i32) (local $entry i32) (local $tagMask i32)
    (local $touched i32) (local $stopMix i32) (local $place i32) (local $count i32)
    ${word.map((w) => `(local $w${w} i32)`).join(' ')}
    (local.set $tagMask (i32.shl (i32.const -1) (local.get $tagShift)))
    (local.set $count (global.get $next))
    (loop $batches
      (if (i32.ge_u (local.get $from) (local.get $stop)) (then
        (global.set $next (local.get $count))
        (return (local.get $stop))))
      (local.set $to (i32.add (local.get $from) (i32.const ${BATCH * stride})))
      (if (i32.gt_u (local.get $to) (local.get $stop)) (then (local.set $to (local.get $stop))))
      ;; Looks at all their slots, then at the states that are there. Nothing waits for what is read, and nothing is decided by it: so
      ;; the memory fetches many at once. Before the first state lies another array, so that an empty slot needs no case of its own.
      (local.set $at (local.get $from))
      (local.set $mix (local.get $mixes))
      (loop $slots
        ${hash((w) => `(i32.load offset=${w * INTEGER} (local.get $at))`)}
        (i32.store (local.get $mix) (local.get $mixed))
        ${slot}
        (i32.store offset=${INTEGER} (local.get $mix) (local.get $slot))
        ${add('touched', '(i32.load (local.get $slot))')}
        ${add('mix', 2 * INTEGER)}
        ${add('at', stride)}
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
        ${each((w) => `(local.set $w${w} (i32.load offset=${w * INTEGER} (local.get $from)))`)}
        (local.set $mixed (i32.load (local.get $mix)))
        (local.set $slot (i32.load offset=${INTEGER} (local.get $mix)))
        (block $done
          (loop $probe
            (local.set $entry (i32.load (local.get $slot)))
            (if (i32.eqz (local.get $entry)) (then
              (if (i32.eq (local.get $count) (local.get $last)) (then
                (global.set $next (local.get $count))
                (return (local.get $from))))
              (local.set $place (i32.add (local.get $states) (i32.mul (local.get $count) (i32.const ${size}))))
              ${each((w) => `(i32.store offset=${w * INTEGER} (local.get $place) (local.get $w${w}))`)}
              (i32.store offset=${size} (local.get $from) (local.get $count))
              ${add('count', 1)}
              (i32.store (local.get $slot)
                (i32.or (i32.shl (local.get $mixed) (local.get $tagShift)) (local.get $count)))
              (br $done)))
            (if ${hasTag} (then
              (local.set $place ${known})
              (if ${word
                .map((w) => `(i32.eq (i32.load offset=${w * INTEGER} (local.get $place)) (local.get $w${w}))`)
                .reduce((all, one) => `(i32.and ${all} ${one})`)} (then
                (i32.store offset=${size} (local.get $from) ${number})
                (br $done)))))
            ${nextSlot}
            (br $probe)))
        ${add('mix', 2 * INTEGER)}
        ${add('from', stride)}
        (br_if $each (i32.lt_u (local.get $from) (local.get $to))))
      (br $batches))
    (unreachable))

  ;; Sorts the successors of so many states by the parts of the table; answers whether there may be no room for another batch. The
  ;; number of the next successor is $count, and then $next.
  (func (export "sort") (param $out i32) (param $starts i32) (param $states i32) (param $heads i32) (param $entries i32)
      (param $firsts i32) (param $parts i32) (param $shift i32) (param $length i32) (param $limit i32) (param $count i32) (result i32)
    (local $at i32) (local $stop i32) (local $mixed i32) (local $part i32) (local $head i32) (local $to i32) (local $full i32)
    (local.set $at (local.get $out))
    (loop $state
      (i32.store (local.get $firsts) (local.get $count))
      (if (local.get $states) (then
        ${add('starts', INTEGER)}
        (local.set $stop (i32.add (local.get $out) (i32.shl (i32.load (local.get $starts)) (i32.const 2))))
        (block $sorted
          (loop $each
            (br_if $sorted (i32.ge_u (local.get $at) (local.get $stop)))
            ${hash((w) => `(i32.load offset=${w * INTEGER} (local.get $at))`)}
            (local.set $part (i32.shr_u (local.get $mixed) (local.get $shift)))
            (local.set $head (i32.add (local.get $heads) (i32.shl (local.get $part) (i32.const 2))))
            (local.set $to (i32.load (local.get $head)))
            (i32.store (local.get $head) (i32.add (local.get $to) (i32.const ${words + 1})))
            (if (i32.gt_s (i32.sub (local.get $to) (i32.mul (local.get $part) (local.get $length))) (local.get $limit)) (then
              (local.set $full (i32.const 1))))
            (local.set $to (i32.add (local.get $entries) (i32.shl (local.get $to) (i32.const 2))))
            ${each((w) => `(i32.store offset=${w * INTEGER} (local.get $to) (i32.load offset=${w * INTEGER} (local.get $at)))`)}
            (i32.store16 (i32.add (local.get $parts) (i32.shl (local.get $count) (i32.const 1))) (local.get $part))
            ${add('count', 1)}
            ${add('at', stride)}
            (br $each)))
        ${add('firsts', INTEGER)}
        ${add('states', -1)}
        (br $state))))
    (global.set $next (local.get $count))
    (local.get $full))

  ;; Reads the numbers that the successors got of whose parts are from $parts to $stop.
  (func (export "read") (param $parts i32) (param $stop i32) (param $heads i32) (param $entries i32) (param $numbers i32)
    (local $head i32) (local $at i32)
    (loop $each
      (if (i32.lt_u (local.get $parts) (local.get $stop)) (then
        (local.set $head (i32.add (local.get $heads) (i32.shl (i32.load16_u (local.get $parts)) (i32.const 2))))
        (local.set $at (i32.load (local.get $head)))
        (i32.store (local.get $head) (i32.add (local.get $at) (i32.const ${words + 1})))
        (i32.store (local.get $numbers)
          (i32.load offset=${size} (i32.add (local.get $entries) (i32.shl (local.get $at) (i32.const 2)))))
        ${add('numbers', INTEGER)}
        ${add('parts', 2)}
        (br $each)))))

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
          (local.set $number (i32.add (local.get $states) (i32.mul (i32.sub (local.get $number) (i32.const 1)) (i32.const ${size}))))
          ${hash((w) => `(i32.load offset=${w * INTEGER} (local.get $number))`)}
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
      (br $batches)))

  ;; Gives the bit to those states from $first to $end of which the question is true: see answer in bound-predicate.ts. Answers the
  ;; first state of which there is no answer, or $end.
  (func (export "mark") (param $tables i32) (param $question i32) (param $bit i32) (param $states i32)
      (param $first i32) (param $end i32) (param $reached i32) (result i32)
    (local $at i32) (local $root i32) (local $node i32) (local $seen i32)
    (local.set $root (i32.load (i32.add (local.get $tables) (i32.shl (local.get $question) (i32.const 2)))))
    (local.set $at (i32.add (local.get $states) (i32.mul (local.get $first) (i32.const ${size}))))
    (local.set $reached (i32.add (local.get $reached) (local.get $first)))
    (block $unanswered
      (loop $state
        (br_if $unanswered (i32.eq (local.get $first) (local.get $end)))
        (block $marked
          (br_if $marked (i32.eq (i32.load8_u (local.get $reached)) (i32.const 255)))
          (local.set $node (local.get $root))
          (loop $look
            (if (i32.gt_s (local.get $node) (i32.const 1)) (then
              (local.set $node (i32.add (local.get $tables) (i32.shl (local.get $node) (i32.const 2))))
              ;; What is seen in the field of the state that the node looks at.
              (local.set $seen (i32.load (i32.add (local.get $tables) (i32.shl (i32.add (i32.load (local.get $node)) (i32.and
                (i32.shr_u
                  (i32.load (i32.add (local.get $at) (i32.shl (i32.load offset=4 (local.get $node)) (i32.const 2))))
                  (i32.load offset=8 (local.get $node)))
                (i32.load offset=12 (local.get $node)))) (i32.const 2)))))
              ;; What was never seen is below 0, or of no branch.
              (br_if $unanswered (i32.ge_u (local.get $seen) (i32.load offset=16 (local.get $node))))
              (local.set $node (i32.load offset=20 (i32.add (local.get $node) (i32.shl (local.get $seen) (i32.const 2)))))
              (br $look))))
          (br_if $unanswered (i32.lt_s (local.get $node) (i32.const 0)))
          (if (local.get $node) (then
            (i32.store8 (local.get $reached) (i32.or (i32.load8_u (local.get $reached)) (local.get $bit))))))
        ${add('first', 1)}
        ${add('at', size)}
        ${add('reached', 1)}
        (br $state)))
    (local.get $first))

  ;; What is done to a run of transitions: see RunLoops in transition-log.ts.
  (func (export "sweepRun") (param $run i32) (param $stop i32) (param $bits i32) (param $all i32) (result i32)
    (local $word i32) (local $mask i32) (local $bit i32) (local $first i32) (local $state i32)
    (local $before i32) (local $now i32) (local $to i32) (local $changed i32)
    (local.set $word (i32.const ${HEAD - 2}))
    (loop $words
      (local.set $mask (i32.load offset=${INTEGER} (i32.add (local.get $run) (i32.shl (local.get $word) (i32.const 2)))))
      (local.set $first (i32.add (local.get $bits) (i32.add (i32.load (local.get $run)) (i32.shl (local.get $word) (i32.const 5)))))
      (block $swept
        (loop $states
          (br_if $swept (i32.eqz (local.get $mask)))
          (local.set $bit (i32.sub (i32.const 31) (i32.clz (local.get $mask))))
          (local.set $mask (i32.xor (local.get $mask) (i32.shl (i32.const 1) (local.get $bit))))
          (local.set $state (i32.add (local.get $first) (local.get $bit)))
          (local.set $before (i32.load8_u (local.get $state)))
          (local.set $now (local.get $before))
          (loop $successors
            ${add('stop', -INTEGER)}
            (local.set $to (i32.load (local.get $stop)))
            ;; The first of them, which comes last, is a complement.
            (local.set $now (i32.or (local.get $now) (i32.load8_u (i32.add (local.get $bits)
              (i32.xor (local.get $to) (i32.shr_s (local.get $to) (i32.const 31)))))))
            (br_if $successors (i32.ge_s (local.get $to) (i32.const 0))))
          (i32.store8 (local.get $state) (local.get $now))
          (local.set $changed (i32.or (local.get $changed) (i32.xor (local.get $now) (local.get $before))))
          (br $states)))
      ${add('word', -1)}
      (br_if $words (i32.ge_s (local.get $word) (i32.const 0))))
    (i32.and (local.get $changed) (local.get $all)))

  (func (export "dropSettled") (param $run i32) (param $stop i32) (param $bits i32) (param $all i32) (param $to i32) (result i32)
    (local $first i32) (local $read i32) (local $write i32) (local $bit i32) (local $isOpen i32)
    ${masks((mask) => `(local $mask${mask} i32) (local $open${mask} i32)`)}
    (local.set $first (i32.load (local.get $run)))
    ;; What is written may lie over this head.
    ${masks((mask) => `(local.set $mask${mask} (i32.load offset=${(1 + mask) * INTEGER} (local.get $run)))`)}
    (local.set $read (i32.add (local.get $run) (i32.const ${HEAD * INTEGER})))
    (local.set $write (i32.add (local.get $to) (i32.const ${HEAD * INTEGER})))
    ${masks(
      (mask) => `(block $copied${mask}
      (loop $states${mask}
        (br_if $copied${mask} (i32.eqz (local.get $mask${mask})))
        (local.set $bit (i32.ctz (local.get $mask${mask})))
        (local.set $mask${mask} (i32.and (local.get $mask${mask}) (i32.sub (local.get $mask${mask}) (i32.const 1))))
        (local.set $isOpen (i32.ne (local.get $all) (i32.and (local.get $all) (i32.load8_u offset=${mask * 32}
          (i32.add (local.get $bits) (i32.add (local.get $first) (local.get $bit)))))))
        (local.set $open${mask} (i32.or (local.get $open${mask}) (i32.shl (local.get $isOpen) (local.get $bit))))
        (loop $successors${mask}
          (if (local.get $isOpen) (then
            (i32.store (local.get $write) (i32.load (local.get $read)))
            ${add('write', INTEGER)}))
          ${add('read', INTEGER)}
          (if (i32.lt_u (local.get $read) (local.get $stop)) (then
            (br_if $successors${mask} (i32.ge_s (i32.load (local.get $read)) (i32.const 0))))))
        (br $states${mask})))`,
    )}
    (if (i32.eqz ${Array.from({ length: HEAD - 1 }, (_, mask) => `(local.get $open${mask})`).reduce((all, one) => `(i32.or ${all} ${one})`)}) (then
      (return (local.get $to))))
    (i32.store (local.get $to) (local.get $first))
    ${masks((mask) => `(i32.store offset=${(1 + mask) * INTEGER} (local.get $to) (local.get $open${mask}))`)}
    (local.get $write)))`;
}
