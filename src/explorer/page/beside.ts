/** The text of a file beside the page. Rejects if there is none. */
export async function textBeside(file: string): Promise<string> {
  const answer = await fetch(file);
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  return answer.text();
}
