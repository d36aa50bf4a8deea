import { HEAD } from './transition-log.ts';
import { add, INTEGER, type Wat } from './wat.ts';

/** The functions of a module that decide what can be reached: see `reach-targets.ts` and `transition-log.ts`. */
export function reach(wat: Wat): string {
  const masks = (text: (mask: number) => string): string =>
    Array.from({ length: HEAD - 1 }, (_, mask) => text(mask)).join('\n    ');
  return `
  ;; Gives the bit to those states from $first, which lies at $at, to $end of which the question is true: see answer in bound-predicate.ts. Answers the
  ;; first state of which there is no answer, or $end.
  (func (export "mark") (param $tables i32) (param $question i32) (param $bit i32) (param $at i32)
      (param $first i32) (param $end i32) (param $reached i32) (result i32)
    (local $root i32) (local $node i32) (local $seen i32)
    (local.set $root (i32.load (i32.add (local.get $tables) (i32.shl (local.get $question) (i32.const 2)))))
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
        ${add('at', wat.size)}
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
    (local.get $write))`;
}
