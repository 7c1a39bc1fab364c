'use strict';

// node draws.js FILE.js...: what the page draws by itself, in numbers, a JSON object.

const fs = require('fs');
const vm = require('vm');

for (const file of process.argv.slice(2)) {
  vm.runInThisContext(fs.readFileSync(file, 'utf8'), {filename: file});
}

function average(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const CELLS = 64 * 64;
const STEPS = 20;
const PROBABILITY = 0.3;
const masks = [];
for (let step = 0; step < STEPS; step++) {
  masks.push(Array.from(drawMask([PROBABILITY], 5, step, CELLS)));
}
const other = Array.from(drawMask([PROBABILITY], 6, 0, CELLS));
const noise = new Float32Array(CELLS * 8);
addNoise(noise, CELLS, 8, {deviation: 2, channels: 6}, undefined, 5, 3);
const drawn = Array.from(noise).filter((value, i) => i % 8 < 6);
const kept = Array.from(noise).filter((value, i) => i % 8 >= 6);
const prior = [];
for (let number = 0; number < 2000; number++) {
  prior.push(...priorSample(number, 11));
}
/** The expectation of a grey pixel and of the blue of one that depends on nothing. */
function expectation(mean, logScale) {
  const grey = new LogisticMixture({channels: 1, components: 1, clip: false});
  const colour = new LogisticMixture({channels: 3, components: 1, clip: false});
  const parameters = [0, 0.3, -2, 0, -0.2, 200, 0, mean, logScale, 0];
  return [
    grey.mean(new Float32Array([0, mean, logScale]))[0],
    colour.mean(new Float32Array(parameters))[2],
  ];
}

const unbounded = [];
for (const mean of [-1e30, -3, 0, 0.5, 1e5, 1e30]) {
  for (const logScale of [-1e30, -7, 0, 12, 89, 1e30]) {
    unbounded.push({mean, logScale, found: expectation(mean, logScale)});
  }
}
process.stdout.write(
  JSON.stringify({
    share: average(masks.flat()),
    sameAsAStepBefore: average(masks[1].map((m, i) => (m === masks[0][i] ? 1 : 0))),
    sameAsTheCellBeside: average(masks[0].slice(1).map((m, i) => (m === masks[0][i] ? 1 : 0))),
    sameWithAnotherKey: average(other.map((m, i) => (m === masks[0][i] ? 1 : 0))),
    repeated: JSON.stringify(masks[0]) === JSON.stringify(Array.from(drawMask([PROBABILITY], 5, 0, CELLS))),
    noiseMean: average(drawn),
    noiseSquare: average(drawn.map((value) => value ** 2)),
    noiseOfConstantChannels: average(kept.map(Math.abs)),
    priorMean: average(prior),
    priorSquare: average(prior.map((value) => value ** 2)),
    priorFourth: average(prior.map((value) => value ** 4)),
    unbounded,
    sample7: Array.from(priorSample(7, 5)),
  }) + '\n');
