import type { AnyMachineSnapshot } from 'xstate';
import type { Present } from './property.ts';

/** Told of each thing that a predicate looks at in a machine's state: a name for it, and what it saw there, as JSON. */
type Observer = (what: string, seen: string) => void;

/**
 * A machine's state that tells what is looked at: tags, `matches`, the state value, and each field of the context.
 * A predicate is a function of what it sees. So its answer holds wherever it would see the same.
 */
export function observed(snapshot: AnyMachineSnapshot, note: Observer): Present {
  const see = <T>(what: string, seen: T): T => {
    note(what, JSON.stringify(seen) ?? '');
    return seen;
  };
  return {
    get value() {
      return see('value', snapshot.value);
    },
    get context() {
      return new Proxy(snapshot.context, {
        get: (context, field) => see(`context.${String(field)}`, Reflect.get(context, field)),
        has: (context, field) => see(`${String(field)} in context`, Reflect.has(context, field)),
        ownKeys: (context) => {
          see('context', context);
          return Reflect.ownKeys(context);
        },
      });
    },
    hasTag: (tag) => see(`tag ${tag}`, snapshot.hasTag(tag)),
    matches: (value) => see(`matches ${JSON.stringify(value)}`, snapshot.matches(value)),
  };
}

/** What {@link observed} tells that it sees, of the thing of that name. */
export function glance(snapshot: AnyMachineSnapshot, what: string): string | undefined {
  let found: string | undefined;
  const present = observed(snapshot, (_, seen) => {
    found = seen;
  });
  if (what === 'value') void present.value;
  else if (what === 'context') Object.keys(present.context);
  else if (what.startsWith('context.')) void present.context[what.slice('context.'.length)];
  else if (what.startsWith('tag ')) present.hasTag(what.slice('tag '.length));
  else if (what.startsWith('matches ')) present.matches(JSON.parse(what.slice('matches '.length)));
  else void (what.slice(0, -' in context'.length) in present.context);
  return found;
}
