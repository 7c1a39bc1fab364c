'use strict';

/**
 * The engine in plain JavaScript.
 *
 * Maps lie cell by cell, each cell's channels padded with zeros to groups of four, in float64: V8 then
 * converts nothing, and the sums of long convolutions lose no digits. A convolution reads a copy of its
 * input with a rim of zeros, so that a row of the kernel is one run of consecutive numbers, for any cell.
 * The loops are in js-kernels.js.
 */

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
