import { render } from 'preact';
import { follow, keepAddress } from './address.ts';
import { App } from './app.tsx';
import { listen } from './keys.ts';
import { openFile } from './opening.ts';

await follow(location.hash);
render(<App />, document.body);
keepAddress();
listen();

addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', (event) => {
  event.preventDefault();
  const [file] = event.dataTransfer?.files ?? [];
  if (file !== undefined) void openFile(file);
});
