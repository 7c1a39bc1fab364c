'use strict';

/**
 * Reads what the program wrote into the page: the decoder's description and its weights.
 *
 * A model has: `channels` (Z, of a cell), `side` and `imageChannels` of the last grid, `stages`, `rules`
 * (each a plan, how updates are applied), `likelihood`, `about`, `examples`, `dimensions`. It is plain data
 * but for the plans, so the worker reads the description again for itself.
 */

const FORMAT = 1;

/**
 * @param {object} json the description
 * @param {string} base64 the weights
 * @throws {Error} one line, if this page cannot show such a decoder
 */
function readModel(json, base64) {
  if (json.format !== FORMAT) {
    throw new Error(
      `this page reads descriptions of format ${FORMAT}, but this one is of format ${json.format}`
    );
  }
  const tensor = tensorFinder(json.weights, base64);
  const channels = json.latent;
  const rules = json.rules.map((rule) => ({
    plan: new Plan(rule.net, channels, tensor),
    apply: readApply(rule.apply),
  }));
  json.stages.forEach((stage) => {
    if (!rules[stage.rule]) {
      throw new Error(`a stage of side ${stage.side} has rule ${stage.rule}, but there are ${rules.length}`);
    }
  });
  return {
    channels,
    side: json.stages.at(-1).side,
    stages: json.stages,
    rules,
    likelihood: readLikelihood(json.likelihood),
    imageChannels: json.image.channels,
    image: json.image,
    about: json.about,
    examples: readExamples(json.examples, channels),
    dimensions: json.dimensions,
    source: {json, base64},
  };
}

/** A function that finds a tensor by its name. */
function tensorFinder(weights, base64) {
  const bytes = bytesOfBase64(base64);
  const readers = {float32: float32Of, float16: float16Of};
  if (!readers[weights.type]) {
    throw new Error(`weights are of an unknown type, "${weights.type}"`);
  }
  const all = readers[weights.type](bytes);
  const byName = new Map();
  for (const {name, shape, first, scale} of weights.tensors) {
    const length = shape.reduce((product, size) => product * size, 1);
    if (first + length > all.length) {
      throw new Error(`the weights end before ${name} does: the page is not whole`);
    }
    const values = all.subarray(first, first + length);
    byName.set(name, {shape, values: scale === 1 ? values : values.map((value) => value * scale)});
  }
  return (name) => {
    if (!byName.has(name)) {
      throw new Error(`the weights lack ${name}`);
    }
    return byName.get(name);
  };
}

function readApply(apply) {
  for (const mask of [...apply.updates, ...apply.living]) {
    if (mask.kind !== 'random-cells' && mask.kind !== 'alive') {
      throw new Error(`this page does not know the mask of cells "${mask.kind}"`);
    }
  }
  const random = apply.updates.filter((mask) => mask.kind === 'random-cells');
  const aliveOnly = apply.living.every((mask) => mask.kind === 'alive');
  if (random.length !== apply.updates.length || !aliveOnly) {
    throw new Error(
      'this page shows updates of random cells, and cells that live on by "alive", not the reverse'
    );
  }
  return {
    probabilities: random.map((mask) => mask.probability),
    noise: apply.noise,
    living: apply.living.map(({channel, threshold}) => ({channel, threshold: Math.fround(threshold)})),
  };
}

function readExamples(examples, channels) {
  if (!examples) {
    return null;
  }
  const latents = float32Of(bytesOfBase64(examples.latents));
  return {
    ...examples,
    latents: Array.from({length: examples.count}, (_, i) =>
      latents.subarray(i * channels, (i + 1) * channels)
    ),
  };
}
