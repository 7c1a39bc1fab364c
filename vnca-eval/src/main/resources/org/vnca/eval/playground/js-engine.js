'use strict';

/**
 * The engine in plain JavaScript.
 *
 * Maps lie cell by cell, each cell's channels padded with zeros to groups of four, in float64: V8 then
 * converts nothing, and the sums of long convolutions lose no digits. A convolution reads a copy of its
 * input with a rim of zeros, so that a row of the kernel is one run of consecutive numbers, for any cell.
 */

/** Cells and outputs whose sums are kept in registers at a time: eight sums, six operands. */
const CELLS = 4;
const OUTPUTS = 2;

class JsEngine {
  constructor(model, programs = model.rules.map((rule) => new JsProgram(rule.plan, model.side))) {
    this.kind = 'js';
    this.model = model;
    this.programs = programs;
    // With room for the sums behind the last cell; see sumProducts.
    const size = (model.side * model.side + CELLS) * 4 * groupsOf(model.channels);
    this.cells = new Float64Array(size);
    this.next = new Float64Array(size);
    this.clock = new Clock(model.stages);
    /** What random updates are keyed by. */
    this.key = 0;
  }

  /** Another grid of the same model, at the same place of its growth, with the same key. */
  twin() {
    const twin = new JsEngine(this.model, this.programs);
    twin.copy(this);
    return twin;
  }

  /** Takes the states of another engine of the same model. */
  copy(other) {
    this.cells.set(other.cells);
    this.clock.set(other.clock);
    this.key = other.key;
  }

  /** @param {Float32Array} z the latent vector, which fills every cell of the first grid */
  seed(z) {
    this.clock.restart();
    const cells = this.clock.side ** 2;
    const stride = 4 * groupsOf(this.model.channels);
    this.cells.fill(0);
    for (let cell = 0; cell < cells; cell++) {
      this.cells.set(z, cell * stride);
    }
  }

  /**
   * One doubling, if the grid has had its steps and there is a larger one, or else one step.
   *
   * @param {{mask: (Float32Array|undefined), noise: (Float32Array|undefined)}} given in place of own draws
   * @return {string} 'doubling' or 'step'
   */
  step(given = {}) {
    if (this.clock.due()) {
      doubleCells(this.cells, this.next, this.clock.side, 4 * groupsOf(this.model.channels));
      this.swap();
      this.clock.double();
      return 'doubling';
    }
    const {rule} = this.clock.stage();
    const update = this.programs[rule].run(this.cells, this.clock.side);
    this.apply(this.model.rules[rule].apply, update, given);
    this.swap();
    this.clock.step();
    return 'step';
  }

  swap() {
    [this.cells, this.next] = [this.next, this.cells];
  }

  apply(apply, update, given) {
    const {side} = this.clock;
    const stride = 4 * groupsOf(this.model.channels);
    const length = side * side * stride;
    const {cells, next} = this;
    if (apply.probabilities.length > 0) {
      const mask = given.mask || drawMask(apply.probabilities, this.key, this.clock.total, side * side);
      for (let i = 0; i < length; i++) {
        next[i] = mask[Math.floor(i / stride)] === 0 ? cells[i] : cells[i] + update[i];
      }
    } else {
      for (let i = 0; i < length; i++) {
        next[i] = cells[i] + update[i];
      }
    }
    if (apply.noise) {
      addNoise(next, side * side, stride, apply.noise, given.noise, this.key, this.clock.total);
    }
    apply.living.forEach((mask) => keepAlive(cells, next, side, stride, mask));
  }

  /** The states, [side, side, channels]. */
  states() {
    return this.firstChannels(this.model.channels);
  }

  setStates(values, stage, stepsDone, total = this.clock.totalAt(stage, stepsDone)) {
    this.clock.set({index: stage, done: stepsDone, total});
    const {channels} = this.model;
    const stride = 4 * groupsOf(channels);
    this.cells.fill(0);
    for (let cell = 0; cell < this.clock.side ** 2; cell++) {
      this.cells.set(values.subarray(cell * channels, (cell + 1) * channels), cell * stride);
    }
  }

  firstChannels(count, first = 0) {
    const cells = this.clock.side ** 2;
    const stride = 4 * groupsOf(this.model.channels);
    const values = new Float32Array(cells * count);
    for (let cell = 0; cell < cells; cell++) {
      for (let c = 0; c < count; c++) {
        values[cell * count + c] = this.cells[cell * stride + first + c];
      }
    }
    return values;
  }

  mean() {
    return this.model.likelihood.mean(this.firstChannels(this.model.likelihood.parameters));
  }

  sample(uniform) {
    return this.model.likelihood.sample(this.firstChannels(this.model.likelihood.parameters), uniform);
  }

  /**
   * What is asked for of the states.
   *
   * @param {number} channel one channel to read, or -1
   * @return {{parameters, channel, magnitude}} the likelihood's parameters; that channel or null; the mean
   *     absolute state, NaN where any is no number
   */
  look(channel) {
    const length = this.clock.side ** 2 * 4 * groupsOf(this.model.channels);
    let sum = 0;
    for (let i = 0; i < length; i++) {
      sum += Math.abs(this.cells[i]);
    }
    return {
      parameters: this.firstChannels(this.model.likelihood.parameters),
      channel: channel < 0 ? null : this.firstChannels(1, channel),
      // Further than float32 reaches is no number for the other engine either.
      magnitude: sum < 3e38 ? sum / (this.clock.side ** 2 * this.model.channels) : NaN,
    };
  }

  /**
   * Hurts cells: those of the mask become zero, or get noise.
   *
   * @param {Float32Array} mask [side, side], 1 where a cell is hurt
   * @param {number} deviation of the noise; 0 to empty the cells
   * @param {number} key of the noise
   */
  wound(mask, deviation, key) {
    const {channels} = this.model;
    const stride = 4 * groupsOf(channels);
    const bits = new Int32Array(4);
    const drawn = new Float64Array(4);
    for (let cell = 0; cell < this.clock.side ** 2; cell++) {
      for (let c = 0; c < channels && mask[cell] > 0; c++) {
        if (deviation === 0) {
          this.cells[cell * stride + c] = 0;
        } else {
          if (c % 4 === 0) {
            pcg4d(cell, HASH_STREAM.wound + (c >> 2), 0, key, bits);
            normals(bits, drawn);
          }
          this.cells[cell * stride + c] += deviation * drawn[c % 4];
        }
      }
    }
  }

  dispose() {
    this.programs = [];
  }
}

/** A plan with its weights in the order of the loops, and the maps that it works on. */
class JsProgram {
  constructor(plan, side) {
    this.plan = plan;
    this.maps = plan.slots.map((groups) => new Float64Array(side * side * 4 * groups + CELLS * 4 * groups));
    const rim = plan.operations
      .filter((operation) => operation.kind === 'convolution' && operation.kernel > 1)
      .map(
        (operation) =>
          (side + operation.kernel + CELLS) * (side + operation.kernel) * 4 * groupsOf(operation.in)
      );
    this.padded = new Float64Array(Math.max(0, ...rim));
    this.packed = plan.operations.map((operation) =>
      operation.kind === 'convolution' ? packWeights(operation) : null
    );
  }

  /** The update of some cells. */
  run(cells, side) {
    const map = (index) => (index === 0 ? cells : this.maps[this.plan.slotOf[index]]);
    this.plan.operations.forEach((operation, i) => {
      const to = map(operation.to);
      const length = side * side * 4 * groupsOf(this.plan.maps[operation.to]);
      switch (operation.kind) {
        case 'convolution':
          this.convolve(operation, this.packed[i], map(operation.from), to, side);
          finish(
            to,
            length,
            this.packed[i].bias,
            operation.activation,
            operation.add < 0 ? null : map(operation.add)
          );
          break;
        case 'activation':
          to.set(map(operation.from).subarray(0, length));
          activate(to, length, operation.activation);
          break;
        case 'affine':
          scaleAndShift(map(operation.from), to, length, operation.scale, operation.shift);
          break;
        case 'combine':
          combineMaps(operation.operation, map(operation.from), map(operation.other), to, length);
          break;
        default:
          joinPieces(
            operation.pieces,
            this.plan.maps,
            map,
            to,
            side * side,
            groupsOf(this.plan.maps[operation.to])
          );
      }
    });
    return map(this.plan.update);
  }

  convolve(operation, packed, from, to, side) {
    const stride = 4 * groupsOf(operation.in);
    const outStride = 4 * groupsOf(operation.out);
    const pairs = outStride / OUTPUTS;
    if (operation.kernel === 1) {
      sumProducts(from, 0, 0, stride, 1, stride, packed.weights, pairs, to, 0, outStride, side * side);
      return;
    }
    const rim = operation.kernel >> 1;
    const width = (side + 2 * rim) * stride;
    padMap(from, this.padded, side, stride, rim);
    for (let y = 0; y < side; y++) {
      sumProducts(
        this.padded,
        y * width,
        width,
        stride,
        operation.kernel,
        operation.kernel * stride,
        packed.weights,
        pairs,
        to,
        y * side * outStride,
        outStride,
        side
      );
    }
  }
}

/**
 * Weights [pair of outputs][row of the kernel][column and input][output of the pair], and the bias, padded.
 */
function packWeights({kernel, in: channels, out, weight, bias}) {
  const stride = 4 * groupsOf(channels);
  const outStride = 4 * groupsOf(out);
  const taps = kernel * kernel;
  const weights = new Float64Array(taps * stride * outStride);
  for (let tap = 0; tap < taps; tap++) {
    for (let i = 0; i < channels; i++) {
      for (let o = 0; o < out; o++) {
        const pair = Math.floor(o / OUTPUTS);
        weights[((pair * taps + tap) * stride + i) * OUTPUTS + (o % OUTPUTS)] =
          weight[(tap * channels + i) * out + o];
      }
    }
  }
  const biases = new Float64Array(outStride);
  if (bias) {
    biases.set(bias);
  }
  return {weights, bias: biases};
}

/**
 * Sums of products for a run of cells: where all time goes.
 *
 * Where the cells are not a multiple of four, the last sums belong to cells behind the run: the next row
 * writes over them, and behind the last row maps have room for them.
 *
 * @param x0 place of the first cell's first number in x; @param rowStride from one row of the kernel to the
 *     next
 * @param stride from one cell to the next; @param rows of the kernel; @param run numbers of a row
 */
function sumProducts(x, x0, rowStride, stride, rows, run, w, pairs, out, out0, outStride, cells) {
  for (let pair = 0; pair < pairs; pair++) {
    for (let cell = 0; cell < cells; cell += CELLS) {
      let a0 = 0;
      let a1 = 0;
      let b0 = 0;
      let b1 = 0;
      let c0 = 0;
      let c1 = 0;
      let d0 = 0;
      let d1 = 0;
      let k = pair * rows * run * OUTPUTS;
      for (let row = 0; row < rows; row++) {
        let p = x0 + row * rowStride + cell * stride;
        const end = p + run;
        for (; p < end; p++) {
          const w0 = w[k];
          const w1 = w[k + 1];
          k += OUTPUTS;
          const a = x[p];
          const b = x[p + stride];
          const c = x[p + 2 * stride];
          const d = x[p + 3 * stride];
          a0 += a * w0;
          a1 += a * w1;
          b0 += b * w0;
          b1 += b * w1;
          c0 += c * w0;
          c1 += c * w1;
          d0 += d * w0;
          d1 += d * w1;
        }
      }
      let o = out0 + cell * outStride + pair * OUTPUTS;
      out[o] = a0;
      out[o + 1] = a1;
      o += outStride;
      out[o] = b0;
      out[o + 1] = b1;
      o += outStride;
      out[o] = c0;
      out[o + 1] = c1;
      o += outStride;
      out[o] = d0;
      out[o + 1] = d1;
    }
  }
}

/** A copy with a rim of zeros. */
function padMap(from, to, side, stride, rim) {
  const width = (side + 2 * rim) * stride;
  to.fill(0, 0, (side + 2 * rim) * width);
  for (let y = 0; y < side; y++) {
    to.set(from.subarray(y * side * stride, (y + 1) * side * stride), (y + rim) * width + rim * stride);
  }
}

/** Bias, activation, and a residual's sum. */
function finish(map, length, bias, activation, add) {
  const stride = bias.length;
  for (let i = 0; i < length; i += stride) {
    for (let c = 0; c < stride; c++) {
      map[i + c] += bias[c];
    }
  }
  if (activation) {
    activate(map, length, activation);
  }
  if (add) {
    for (let i = 0; i < length; i++) {
      map[i] += add[i];
    }
  }
}

function activate(map, length, activation) {
  switch (activation) {
    case 'elu':
      for (let i = 0; i < length; i++) {
        map[i] = map[i] < 0 ? Math.expm1(map[i]) : map[i];
      }
      break;
    case 'relu':
      for (let i = 0; i < length; i++) {
        map[i] = map[i] < 0 ? 0 : map[i];
      }
      break;
    case 'sigmoid':
      for (let i = 0; i < length; i++) {
        map[i] = sigmoid(map[i]);
      }
      break;
    default:
      for (let i = 0; i < length; i++) {
        map[i] = Math.tanh(map[i]);
      }
  }
}

function scaleAndShift(from, to, length, scale, shift) {
  for (let i = 0; i < length; i++) {
    to[i] = scale * from[i] + shift;
  }
}

function combineMaps(operation, one, other, to, length) {
  switch (operation) {
    case 'sum':
      for (let i = 0; i < length; i++) {
        to[i] = one[i] + other[i];
      }
      break;
    case 'difference':
      for (let i = 0; i < length; i++) {
        to[i] = one[i] - other[i];
      }
      break;
    default:
      for (let i = 0; i < length; i++) {
        to[i] = one[i] * other[i];
      }
  }
}

function joinPieces(pieces, channels, map, to, cells, groups) {
  to.fill(0, 0, cells * 4 * groups);
  let start = 0;
  pieces.forEach((piece) => {
    if (piece.map >= 0) {
      const from = map(piece.map);
      const stride = 4 * groupsOf(channels[piece.map]);
      for (let cell = 0; cell < cells; cell++) {
        for (let c = 0; c < piece.count; c++) {
          to[cell * 4 * groups + start + c] = from[cell * stride + piece.first + c];
        }
      }
    }
    start += piece.count;
  });
}

/** Every cell becomes a 2 x 2 block of itself. */
function doubleCells(from, to, side, stride) {
  for (let y = 0; y < 2 * side; y++) {
    for (let x = 0; x < 2 * side; x++) {
      const source = ((y >> 1) * side + (x >> 1)) * stride;
      to.set(from.subarray(source, source + stride), (y * 2 * side + x) * stride);
    }
  }
}

/** Which cells take part in a step: 1 or 0. */
function drawMask(probabilities, key, step, cells) {
  const mask = new Float32Array(cells);
  const bits = new Int32Array(4);
  for (let cell = 0; cell < cells; cell++) {
    mask[cell] = probabilities.every((probability, i) => {
      pcg4d(cell, HASH_STREAM.mask + i, step, key, bits);
      return unit(bits[0]) < Math.fround(probability);
    })
      ? 1
      : 0;
  }
  return mask;
}

function addNoise(map, cells, stride, {deviation, channels}, given, key, step) {
  const bits = new Int32Array(4);
  const drawn = new Float64Array(4);
  for (let cell = 0; cell < cells; cell++) {
    for (let c = 0; c < channels; c++) {
      if (!given && c % 4 === 0) {
        pcg4d(cell, HASH_STREAM.stepNoise + (c >> 2), step, key, bits);
        normals(bits, drawn);
      }
      map[cell * stride + c] += deviation * (given ? given[cell * channels + c] : drawn[c % 4]);
    }
  }
}

/**
 * Empties the cells that have no grown cell among themselves and their neighbours, before or after a step.
 */
function keepAlive(before, after, side, stride, {channel, threshold}) {
  const alive = aliveCells(before, side, stride, channel, threshold);
  const still = aliveCells(after, side, stride, channel, threshold);
  for (let cell = 0; cell < side * side; cell++) {
    if (!(alive[cell] && still[cell])) {
      for (let c = 0; c < stride; c++) {
        // A product, as the model has it: what is no number stays none.
        after[cell * stride + c] *= 0;
      }
    }
  }
}

function aliveCells(map, side, stride, channel, threshold) {
  const alive = new Uint8Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      let most = -Infinity;
      for (let v = Math.max(0, y - 1); v <= Math.min(side - 1, y + 1); v++) {
        for (let u = Math.max(0, x - 1); u <= Math.min(side - 1, x + 1); u++) {
          most = Math.max(most, Math.fround(map[(v * side + u) * stride + channel]));
        }
      }
      alive[y * side + x] = most > threshold ? 1 : 0;
    }
  }
  return alive;
}
