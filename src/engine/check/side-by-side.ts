/**
 * Does all the work with what there is to do it with: whoever is ready takes what comes next. Answers in the order of the work; rejects
 * with what `act` rejects with, of which the others do not hear.
 */
export async function sideBySide<R, W, A>(
  ones: readonly R[],
  work: readonly W[],
  act: (one: R, work: W, place: number) => Promise<A>,
): Promise<A[]> {
  const answers: A[] = [];
  // All take from one iterator.
  const next = work.entries();
  const takeAll = async (one: R): Promise<void> => {
    for (const [place, item] of next) answers[place] = await act(one, item, place);
  };
  await Promise.all(ones.map(takeAll));
  return answers;
}
