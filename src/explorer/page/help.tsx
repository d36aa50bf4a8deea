import { KEYS, keyName } from './keys.ts';

/** All keys, and what the marks mean. */
export function Help() {
  return (
    <dialog id="help" aria-labelledby="help-title">
      {/* The dialog begins at its head, and not where the button is that closes it. */}
      <h2 id="help-title" tabIndex={-1} autofocus>
        Keys
      </h2>
      <table>
        <tbody>
          {KEYS.map(({ keys, does }) => (
            <tr key={does}>
              <th scope="row">
                {(keys.length > 3 ? [keys[0]!, keys.at(-1)!] : keys).map((key, number) => (
                  <>
                    {number > 0 && (keys.length > 3 ? ' – ' : ' ')}
                    <kbd>{keyName(key)}</kbd>
                  </>
                ))}
              </th>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h2>What it shows</h2>
      <p>
        Everything that happens is a fact, and the log of facts is the only truth. A fact can happen exactly when every
        machine that takes part in it accepts it: what cannot happen now names the machines that refuse it. Taking
        another fact than the one that comes next in the log begins a new branch.
      </p>
      <p>
        <b>here</b> is what this log says of a property so far, judged when no call is in flight; <b>overall</b> is what
        a search of every log says. The address holds the whole position: it is a link.
      </p>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}
