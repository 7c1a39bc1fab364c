'use strict';

/** Which engine a page takes. */

/**
 * A pair over WebGL2 where that is fast and computes rightly, or else over JavaScript.
 *
 * @param {object} model
 * @param {?string} kind 'js' or 'webgl2' if it must be that one, where there is one
 * @param {function(Pair)} lost called if the graphics processor is lost later on
 * @return {Promise<{pair: Pair, why: ?string}>} why it is JavaScript, if something was in the way
 */
async function openPair(model, kind, lost) {
  let why = null;
  if (kind !== 'js') {
    try {
      const pair = new Pair(openWebgl(model, kind === null));
      pair.body.device.gl.canvas.addEventListener('webglcontextlost', () => lost(pair));
      return {pair, why};
    } catch (error) {
      why = error.message;
    }
  }
  return {pair: await openWorker(model), why};
}

/** In a worker, or here if the browser starts none. */
async function openWorker(model) {
  try {
    const pair = new RemotePair(model);
    await pair.kind();
    return pair;
  } catch {
    return new Pair(new JsEngine(model));
  }
}

function openWebgl(model, fast) {
  const engine = new WebglEngine(model, fast);
  try {
    requireAgreement(engine, model);
    return engine;
  } catch (error) {
    engine.dispose();
    throw error;
  }
}

/**
 * Lets a graphics processor do a step that JavaScript does, too: some compute in less than they promise.
 *
 * @throws {Error} if they differ by more than a thousandth of the states' spread
 */
function requireAgreement(engine, model) {
  const exact = new JsEngine(model);
  const z = priorSample(1, model.channels);
  const {noise} = model.rules[model.stages[0].rule].apply;
  // Drawn noise is the same in both but for its last digits, which are not promised.
  const given = noise ? {noise: new Float32Array(model.stages[0].side ** 2 * noise.channels)} : {};
  for (const each of [exact, engine]) {
    each.seed(z);
    each.step(given);
  }
  const wanted = exact.states();
  const found = engine.states();
  const mean = wanted.reduce((sum, value) => sum + value, 0) / wanted.length;
  const spread = Math.sqrt(wanted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / wanted.length);
  if (!wanted.every((value, i) => Number.isNaN(value) || Math.abs(found[i] - value) <= 1e-3 * spread)) {
    throw new Error('the graphics processor computes wrongly');
  }
}
