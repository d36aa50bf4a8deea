import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { committed, draw, names, type Picture } from '../../docs/pictures.ts';

let pictures: readonly Picture[];
test.before(async () => {
  pictures = await draw();
});

for (const file of names())
  test(`docs/pictures/${file} is what is drawn now (npm run pictures draws it anew)`, () => {
    const drawn = pictures.find((picture) => picture.file === file);
    assert.ok(drawn !== undefined && drawn.text === committed(file));
  });

test('docs/pictures has every picture', () => {
  assert.equal(names().sort(), pictures.map(({ file }) => file).sort());
});

test.run();
