'use strict';

// node harness.js TRUTH.json ENGINE FILE.js...: loads the files one after the other into one global
// scope, as a page does, and prints what compare.js finds, a JSON array.

const fs = require('fs');
const vm = require('vm');

const [truth, engine, ...files] = process.argv.slice(2);
for (const file of files) {
  vm.runInThisContext(fs.readFileSync(file, 'utf8'), {filename: file});
}

(async () => {
  const results = [];
  for (const one of JSON.parse(fs.readFileSync(truth, 'utf8')).cases) {
    results.push(await globalThis.playgroundCompare(one, engine));
  }
  process.stdout.write(JSON.stringify(results) + '\n');
})().catch((e) => {
  process.stderr.write(e.stack + '\n');
  process.exit(1);
});
