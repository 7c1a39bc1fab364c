'use strict';

/**
 * What tests and the browser's console may call; the page itself uses the classes.
 *
 * vnca.readModel(description, base64) -> model; throws an Error of one line
 * vnca.createEngine(model, 'js' | 'webgl2') -> engine, one grid of cells:
 *   seed(z), step({mask, noise}) -> 'doubling' | 'step', states(), setStates(values, stage, stepsDone),
 *   mean(), sample(uniform), dispose(); maps are Float32Array [side, side, channels]
 * vnca.app, in the page: see app.js
 */
globalThis.vnca = {
  readModel,
  createEngine(model, kind) {
    switch (kind) {
      case 'js':
        return new JsEngine(model);
      case 'webgl2':
        return new WebglEngine(model);
      default:
        throw new Error(`there is no engine "${kind}"; there are js and webgl2`);
    }
  },
};
