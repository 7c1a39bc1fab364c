'use strict';

/**
 * What is grown, in the page's address, so that it can be shared: `#sample=7`, `#example=12`,
 * `#walk=3-41-0.25`, each with `&set=dimension:value,...` for dimensions that were moved, and
 * `&engine=js` or `&engine=webgl2`.
 *
 * A source is {kind: 'sample', number} | {kind: 'example', index} | {kind: 'walk', from, to, share}.
 */

const LARGEST_SAMPLE = 4294967295;

/**
 * @return {{source: object, moved: Map<number, number>, engine: ?string}} what is not understood is left out
 */
function readAddress(hash, model) {
  const parts = new URLSearchParams(hash.replace(/^#/, ''));
  const engine = ['js', 'webgl2'].includes(parts.get('engine')) ? parts.get('engine') : null;
  return {source: readSource(parts, model), moved: readMoved(parts.get('set') || '', model.channels), engine};
}

function readSource(parts, model) {
  const examples = model.examples ? model.examples.count : 0;
  const whole = (text, limit) => (/^\d+$/.test(text || '') && Number(text) < limit ? Number(text) : null);
  const index = whole(parts.get('example'), examples);
  if (index !== null) {
    return {kind: 'example', index};
  }
  const [from, to, share] = (parts.get('walk') || '').split('-');
  if (
    whole(from, examples) !== null &&
    whole(to, examples) !== null &&
    Number(share) >= 0 &&
    Number(share) <= 1
  ) {
    return {kind: 'walk', from: Number(from), to: Number(to), share: Number(share)};
  }
  return {kind: 'sample', number: whole(parts.get('sample'), LARGEST_SAMPLE + 1) ?? 1};
}

function readMoved(text, channels) {
  const moved = new Map();
  text.split(',').forEach((each) => {
    const [dimension, value] = each.split(':');
    if (/^\d+$/.test(dimension) && Number(dimension) < channels && value && Number.isFinite(Number(value))) {
      moved.set(Number(dimension), Number(value));
    }
  });
  return moved;
}

function writeAddress({source, moved, engine}) {
  const parts = [];
  if (source.kind === 'sample') {
    parts.push(`sample=${source.number}`);
  } else if (source.kind === 'example') {
    parts.push(`example=${source.index}`);
  } else {
    parts.push(`walk=${source.from}-${source.to}-${source.share}`);
  }
  if (moved.size > 0) {
    parts.push(`set=${[...moved].map(([dimension, value]) => `${dimension}:${value}`).join(',')}`);
  }
  if (engine) {
    parts.push(`engine=${engine}`);
  }
  return `#${parts.join('&')}`;
}

/** The latent vector of a source, with its moved dimensions. */
function latentOf({source, moved}, model) {
  let z;
  if (source.kind === 'sample') {
    z = priorSample(source.number, model.channels);
  } else if (source.kind === 'example') {
    z = model.examples.latents[source.index].slice();
  } else {
    const to = model.examples.latents[source.to];
    z = model.examples.latents[source.from].map((value, i) => value + source.share * (to[i] - value));
  }
  moved.forEach((value, dimension) => {
    z[dimension] = value;
  });
  return z;
}
