import { add, INTEGER, load, type Wat } from './wat.ts';

/** How the words of a state are mixed. */
export interface Mixer {
  /** Sets $mixed from the words that `text` reads: its upper bits say which part of the table the state belongs to. */
  mix(text: (word: number) => string): string;
  /** Declares what that needs besides. */
  readonly locals: string;
}

/** The functions of a module that sort successors by the parts of a table, and read their numbers: see `table-loops.ts`. */
export function sorter(wat: Wat, { mix, locals }: Mixer): string {
  return `
  ;; Sorts the successors of so many states by the parts of the table; answers whether there may be no room for another batch. The
  ;; number of the next successor is $count, and then $next.
  (func (export "sort") (param $out i32) (param $starts i32) (param $states i32) (param $heads i32) (param $entries i32)
      (param $firsts i32) (param $parts i32) (param $shift i32) (param $length i32) (param $limit i32) (param $count i32) (result i32)
    (local $at i32) (local $stop i32) (local $mixed i32) ${locals} (local $part i32) (local $head i32) (local $to i32) (local $full i32)
    (local.set $at (local.get $out))
    (loop $state
      (i32.store (local.get $firsts) (local.get $count))
      (if (local.get $states) (then
        ${add('starts', INTEGER)}
        (local.set $stop (i32.add (local.get $out) (i32.shl (i32.load (local.get $starts)) (i32.const 2))))
        (block $sorted
          (loop $each
            (br_if $sorted (i32.ge_u (local.get $at) (local.get $stop)))
            ${mix((word) => load('at', word))}
            (local.set $part (i32.shr_u (local.get $mixed) (local.get $shift)))
            (local.set $head (i32.add (local.get $heads) (i32.shl (local.get $part) (i32.const 2))))
            (local.set $to (i32.load (local.get $head)))
            (i32.store (local.get $head) (i32.add (local.get $to) (i32.const ${wat.words + 1})))
            (if (i32.gt_s (i32.sub (local.get $to) (i32.mul (local.get $part) (local.get $length))) (local.get $limit)) (then
              (local.set $full (i32.const 1))))
            (local.set $to (i32.add (local.get $entries) (i32.shl (local.get $to) (i32.const 2))))
            ${wat.copy('at', 'to')}
            (i32.store16 (i32.add (local.get $parts) (i32.shl (local.get $count) (i32.const 1))) (local.get $part))
            ${add('count', 1)}
            ${add('at', wat.stride)}
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
        (i32.store (local.get $head) (i32.add (local.get $at) (i32.const ${wat.words + 1})))
        (i32.store (local.get $numbers)
          (i32.load offset=${wat.size} (i32.add (local.get $entries) (i32.shl (local.get $at) (i32.const 2)))))
        ${add('numbers', INTEGER)}
        ${add('parts', 2)}
        (br $each)))))`;
}
