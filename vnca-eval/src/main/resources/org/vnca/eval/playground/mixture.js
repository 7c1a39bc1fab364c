'use strict';

/**
 * A mixture of logistics as p(x given z).
 *
 * Parameters of a mixture of L logistics, in the scale of pixels from -1 to 1: L logits; then for each image
 * channel L means, L log-scales and, for RGB, L coefficients: of red in green, of red in blue, of green in
 * blue.
 */

const LEAST_LOG_SCALE = -7;
const MOST_LOG_SCALE = 7;
const MOST_MEAN = 100;

/** Beyond it a scale would soon be infinite; so wide a logistic is clipped to -1 or 1 anyway. */
const GREATEST_LOG_SCALE = 80;

const UNIFORM_MARGIN = 1e-5;

/** Nodes of Takahasi and Mori's rule (1974) on [0, 1], which does not mind what happens at the ends. */
const RULES = {exact: takahasiMori(11, 0.5, true), coarse: takahasiMori(3, 1.1, false)};

/** Shares of a variable below this do not show in an image. */
const LEAST_MASS = 1e-6;

/** A discretized mixture of logistics; green depends on red, and blue on both. */
class LogisticMixture {
  constructor({channels, components, clip}) {
    this.channels = channels;
    this.components = components;
    this.clip = clip;
    this.kinds = channels === 1 ? 2 : 3;
    this.parameters = components * (1 + this.kinds * channels);
    this.draws = components + channels;
  }

  /** A parameter of a component at a pixel. */
  read(parameters, pixel, channel, kind, component) {
    const place = 1 + this.kinds * channel + kind;
    return parameters[pixel * this.parameters + place * this.components + component];
  }

  meanOf(parameters, pixel, channel, component) {
    const mean = this.read(parameters, pixel, channel, 0, component);
    return this.clip ? clamp(mean, -MOST_MEAN, MOST_MEAN) : mean;
  }

  scaleOf(parameters, pixel, channel, component) {
    const read = Math.max(this.read(parameters, pixel, channel, 1, component), LEAST_LOG_SCALE);
    return Math.exp(Math.min(read, this.clip ? MOST_LOG_SCALE : GREATEST_LOG_SCALE));
  }

  /** Of red in green, of red in blue, of green in blue. */
  coefficients(parameters, pixel, component) {
    return [0, 1, 2].map((channel) => Math.tanh(this.read(parameters, pixel, channel, 2, component)));
  }

  /** Components' shares of a pixel. */
  shares(parameters, pixel) {
    const logits = parameters.subarray(pixel * this.parameters, pixel * this.parameters + this.components);
    const most = Math.max(...logits);
    const shares = Array.from(logits, (logit) => Math.exp(logit - most));
    const sum = shares.reduce((a, b) => a + b, 0);
    return shares.map((share) => share / sum);
  }

  /**
   * The expectation of every pixel.
   *
   * @param {boolean} coarse off by up to 0.05 where logistics are wide, 0.002 on average; fast enough for a
   *     picture that moves
   */
  mean(parameters, coarse = false) {
    const rule = coarse ? RULES.coarse : RULES.exact;
    const pixels = parameters.length / this.parameters;
    const image = new Float32Array(pixels * this.channels);
    for (let pixel = 0; pixel < pixels; pixel++) {
      this.shares(parameters, pixel).forEach((share, component) => {
        if (share > LEAST_MASS || Number.isNaN(share)) {
          this.expectation(parameters, pixel, component, rule).forEach((value, channel) => {
            image[pixel * this.channels + channel] += (share * (value + 1)) / 2;
          });
        }
      });
    }
    return image;
  }

  /** The expectations of a component's channels, from -1 to 1. */
  expectation(parameters, pixel, component, rule) {
    const means = [];
    const scales = [];
    for (let channel = 0; channel < this.channels; channel++) {
      means.push(this.meanOf(parameters, pixel, channel, component));
      scales.push(this.scaleOf(parameters, pixel, channel, component));
    }
    const red = clippedMean(means[0], scales[0]);
    if (this.channels === 1) {
      return [red];
    }
    return [red, ...greenAndBlue(means, scales, this.coefficients(parameters, pixel, component), rule)];
  }

  sample(parameters, uniform) {
    const pixels = parameters.length / this.parameters;
    const image = new Float32Array(pixels * this.channels);
    const drawn = new Float64Array(3);
    for (let pixel = 0; pixel < pixels; pixel++) {
      const own = (i) => clamp(uniform[pixel * this.draws + i], UNIFORM_MARGIN, 1 - UNIFORM_MARGIN);
      const component = this.drawnComponent(parameters, pixel, own);
      const inNext = this.channels === 1 ? [] : this.coefficients(parameters, pixel, component);
      for (let channel = 0; channel < this.channels; channel++) {
        let mean = this.meanOf(parameters, pixel, channel, component);
        for (let before = 0; before < channel; before++) {
          mean += inNext[channel + before - 1] * drawn[before];
        }
        const u = own(this.components + channel);
        const noise = this.scaleOf(parameters, pixel, channel, component) * (Math.log(u) - Math.log(1 - u));
        drawn[channel] = clamp(mean + noise, -1, 1);
        image[pixel * this.channels + channel] = (drawn[channel] + 1) / 2;
      }
    }
    return image;
  }

  /** By the Gumbel trick. */
  drawnComponent(parameters, pixel, uniform) {
    let best = 0;
    let most = -Infinity;
    for (let i = 0; i < this.components; i++) {
      const score = parameters[pixel * this.parameters + i] - Math.log(-Math.log(uniform(i)));
      if (score > most) {
        most = score;
        best = i;
      }
    }
    return best;
  }
}

/** The mean of a logistic variable clipped to [-1, 1]. */
function clippedMean(mean, scale) {
  const upper = (mean + 1) / scale;
  const lower = (mean - 1) / scale;
  const between = 2 / scale;
  // For wide logistics without the difference of near equals, for narrow ones without that of far ones.
  return between < 1
    ? scale * Math.log1p(Math.expm1(between) * sigmoid(lower)) - 1
    : clamp(mean, -1, 1) + scale * (softplus(-Math.abs(upper)) - softplus(-Math.abs(lower)));
}

/**
 * Green's and blue's expectations: integrals over the quantiles of clipped red and green, cut where a mean
 * that depends on them passes -1 or 1, so that each piece is smooth.
 */
function greenAndBlue(
  [red, greenMean, blueMean],
  [redScale, greenScale, blueScale],
  [inGreen, redInBlue, greenInBlue],
  rule
) {
  const bends = [
    ...crossings(greenMean, inGreen),
    ...crossings(blueMean + greenInBlue, redInBlue),
    ...crossings(blueMean - greenInBlue, redInBlue),
    ...crossings(blueMean + greenInBlue * greenMean, redInBlue + greenInBlue * inGreen),
  ];
  let green = 0;
  let blue = 0;
  forPoints(red, redScale, bends, rule, (redValue, redWeight) => {
    const mean = greenMean + inGreen * redValue;
    const shifted = blueMean + redInBlue * redValue;
    green += redWeight * clippedMean(mean, greenScale);
    forPoints(mean, greenScale, crossings(shifted, greenInBlue), rule, (greenValue, greenWeight) => {
      blue += redWeight * greenWeight * clippedMean(shifted + greenInBlue * greenValue, blueScale);
    });
  });
  return [green, blue];
}

/** Where mean + slope t is -1 and 1. */
function crossings(mean, slope) {
  return slope === 0 ? [] : [(-1 - mean) / slope, (1 - mean) / slope];
}

/** Calls `take` with values and weights that stand for a clipped logistic variable. */
function forPoints(mean, scale, bends, rule, take) {
  const inside = rule.cut ? bends.filter((bend) => bend > -1 && bend < 1).sort((a, b) => a - b) : [];
  const ends = [-1, ...inside, 1];
  take(-1, sigmoid(-(mean + 1) / scale));
  take(1, sigmoid((mean - 1) / scale));
  for (let i = 0; i + 1 < ends.length; i++) {
    const from = (ends[i] - mean) / scale;
    const to = (ends[i + 1] - mean) / scale;
    // s(b) - s(a) = s(b) s(-a) (1 - exp(a - b)), which does not cancel in a tail.
    const mass = sigmoid(to) * sigmoid(-from) * -Math.expm1(from - to);
    if (mass < LEAST_MASS) {
      continue;
    }
    for (let k = 0; k < rule.nodes.length; k++) {
      // The quantile and its distance from 1, each without a difference.
      const below = sigmoid(from) + mass * rule.nodes[k];
      const above = sigmoid(-to) + mass * rule.nodes[rule.nodes.length - 1 - k];
      const value = mean + scale * (Math.log(below) - Math.log(above));
      take(clamp(value, ends[i], ends[i + 1]), mass * rule.weights[k]);
    }
  }
}

/** @param {boolean} cut whether the integral is cut where what is integrated bends */
function takahasiMori(count, distance, cut) {
  const nodes = [];
  const weights = [];
  for (let i = 0; i < count; i++) {
    const place = (i - (count - 1) / 2) * distance;
    const t = (Math.PI / 2) * Math.sinh(place);
    nodes.push(1 / (1 + Math.exp(-2 * t)));
    weights.push(Math.cosh(place) / Math.cosh(t) ** 2);
  }
  const sum = weights.reduce((a, b) => a + b, 0);
  return {cut, nodes, weights: weights.map((weight) => weight / sum)};
}
