const IMPORT = /^(?:import|export)\s+(type\s+)?(?:\{([^}]*)\}|\*(?: as \w+)?|[\w$]+)?\s*(?:from\s+)?'([^']+)'/gm;

/** What a source imports that is there when it runs; what is only loaded on the way is no part of it. */
export function imported(source: string): string[] {
  return [...source.matchAll(IMPORT)].flatMap(([, type, names = '', module]) => {
    const all = names.split(',').filter((name) => name.trim() !== '');
    const isOfTypes = type !== undefined || (all.length > 0 && all.every((name) => name.trim().startsWith('type ')));
    return isOfTypes ? [] : [module!];
  });
}
