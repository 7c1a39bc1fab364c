'use strict';

/**
 * p(x given z): the mean image and a draw, from the first channels of the cells' states. Images are [side,
 * side, channels] from 0 to 1; parameters are [cells, `parameters`].
 */

function readLikelihood(json) {
  switch (json.kind) {
    case 'bernoulli':
      return new Bernoulli(json.channels);
    case 'discretized-gaussian':
      return new DiscretizedGaussian(json);
    case 'logistic-mixture':
      return new LogisticMixture(json);
    default:
      throw new Error(`this page does not know the likelihood "${json.kind}"`);
  }
}

function sigmoid(x) {
  return 1 / (1 + Math.exp(-x));
}

function softplus(x) {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

function clamp(x, low, high) {
  return Math.min(Math.max(x, low), high);
}

/** Values that are 0 or 1, independently; channel c of a cell is the logit of 1. */
class Bernoulli {
  constructor(channels) {
    this.channels = channels;
    this.parameters = channels;
    /** Uniform numbers that a draw takes, for each pixel. */
    this.draws = channels;
  }

  mean(parameters) {
    return parameters.map(sigmoid);
  }

  sample(parameters, uniform) {
    return parameters.map((logit, i) => (uniform[i] < sigmoid(logit) ? 1 : 0));
  }
}

/** 256 levels, each a normal variable of one width, rounded; channel c of a cell is the logit of its mean. */
class DiscretizedGaussian {
  constructor({channels, sigma}) {
    this.channels = channels;
    this.sigma = sigma;
    this.parameters = channels;
    this.draws = channels;
  }

  /** What lies beyond 0 and 1 counts as those, and pulls the mean inwards. */
  mean(parameters) {
    return parameters.map((logit) => {
      const centre = sigmoid(logit);
      return clamp(this.exceeded(1 - centre) - this.exceeded(-centre), 0, 1);
    });
  }

  /** An integral of the probability to exceed y: y Q(y) - sigma phi(y), in the variable's widths. */
  exceeded(y) {
    const widths = y / this.sigma;
    const density = Math.exp((-widths * widths) / 2) / Math.sqrt(2 * Math.PI);
    return y * normalTail(widths) - this.sigma * density;
  }

  sample(parameters, uniform) {
    return parameters.map((logit, i) => {
      const drawn = sigmoid(logit) + this.sigma * normalQuantile(uniform[i]);
      return Math.round(255 * clamp(drawn, 0, 1)) / 255;
    });
  }
}

/** The probability that a standard normal variable exceeds x, to 1e-9. */
function normalTail(x) {
  if (x < 0) {
    return 1 - normalTail(-x);
  }
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x > 3) {
    // Laplace's continued fraction, from its end.
    let fraction = x;
    for (let k = 40; k > 0; k--) {
      fraction = x + k / fraction;
    }
    return density / fraction;
  }
  // x + x^3 / 3 + x^5 / (3 5) + ...: all terms have one sign, so that nothing cancels.
  let term = x;
  let sum = x;
  for (let odd = 3; odd < 80; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return 0.5 - density * sum;
}

/** The value that a standard normal variable stays below with a probability, by halving. */
function normalQuantile(probability) {
  let low = -8;
  let high = 8;
  for (let i = 0; i < 30; i++) {
    const middle = (low + high) / 2;
    if (normalTail(-middle) < probability) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return (low + high) / 2;
}
