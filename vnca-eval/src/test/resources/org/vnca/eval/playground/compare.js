'use strict';

// Runs an engine of the playground through a decoding that the program computed, and says how far
// its states, mean images and draws are from the program's. In Node and in the page alike.

(function () {
  const decoder = new TextDecoder('utf-8');

  function bytes(base64) {
    const text = atob(base64);
    const all = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) {
      all[i] = text.charCodeAt(i);
    }
    return all;
  }

  function floats(base64) {
    return base64 === null ? undefined : new Float32Array(bytes(base64).buffer);
  }

  // The standard deviation, so that the measure does not grow with single large values.
  function spread(values) {
    let sum = 0;
    let squares = 0;
    for (const value of values) {
      sum += value;
      squares += value * value;
    }
    const mean = sum / values.length;
    return Math.sqrt(Math.max(squares / values.length - mean * mean, 0));
  }

  // As wrong as can be, in a number: JSON would make null of NaN, which reads as zero.
  const WRONG = 1e300;

  function distance(found, wanted) {
    if (!found || found.length !== wanted.length) {
      return WRONG;
    }
    let most = 0;
    for (let i = 0; i < wanted.length; i++) {
      const difference = Math.abs(found[i] - wanted[i]);
      most = Math.max(most, difference <= WRONG ? difference : WRONG);
    }
    return most;
  }

  function given(step) {
    const draws = {};
    if (step.mask !== null) {
      draws.mask = floats(step.mask);
    }
    if (step.noise !== null) {
      draws.noise = floats(step.noise);
    }
    return draws;
  }

  /**
   * One case of the truth with one engine.
   *
   * @returns {{name, kinds, states: number[], mean: number, sample: number}} the largest distance of
   *     the states of each step in parts of their spread; of mean images; the share of draws that
   *     differ
   */
  async function compare(truth, engineKind) {
    const model = vnca.readModel(JSON.parse(truth.model), truth.weights);
    const engine = await vnca.createEngine(model, engineKind);
    const result = {name: truth.name, kinds: [], states: [], mean: 0, sample: 0};
    for (let n = 0; n < truth.latents.length; n++) {
      await engine.seed(new Float32Array(truth.latents[n]));
      for (let i = 0; i < truth.steps.length; i++) {
        const step = truth.steps[i];
        const kind = i === 0 ? 'seed' : await engine.step(given(step));
        const wanted = floats(step.states[n]);
        const off = distance(await engine.states(), wanted) / Math.max(spread(wanted), 1 / WRONG);
        result.kinds[i] = kind;
        result.states[i] = Math.max(off, result.states[i] || 0);
      }
      result.mean = Math.max(distance(await engine.mean(), floats(truth.means[n])), result.mean);
      const drawn = await engine.sample(floats(truth.uniform));
      const wanted = floats(truth.samples[n]);
      let differ = 0;
      for (let i = 0; i < wanted.length; i++) {
        differ += Math.abs(drawn[i] - wanted[i]) <= 1e-3 ? 0 : 1;
      }
      result.sample = Math.max(result.sample, differ / wanted.length);
    }
    await engine.dispose();
    return result;
  }

  globalThis.playgroundCompare = compare;
  globalThis.playgroundDecode = (base64) => JSON.parse(decoder.decode(bytes(base64)));
})();
