'use strict';

/**
 * The engine in WebGL2: states and maps are float32 textures, each operation of a plan is a pass. Nothing is
 * read back but what is looked at.
 */
class WebglEngine {
  /**
   * @param {object} model
   * @param {boolean} fast whether to refuse a WebGL that a CPU computes, which is slower than JavaScript
   * @param {WebglDevice} device the other grid's, for a twin
   * @throws {Error} if there is no WebGL2 that draws into float32 textures
   */
  constructor(model, fast = false, device = new WebglDevice(model, fast)) {
    this.kind = 'webgl2';
    this.model = model;
    this.device = device;
    this.groups = groupsOf(model.channels);
    this.cells = device.map(this.groups, model.side);
    this.next = device.map(this.groups, model.side);
    this.clock = new Clock(model.stages);
    this.key = 0;
  }

  twin() {
    const twin = new WebglEngine(this.model, false, this.device);
    twin.copy(this);
    return twin;
  }

  copy(other) {
    this.clock.set(other.clock);
    this.key = other.key;
    this.device.copy(other.cells, this.cells);
  }

  seed(z) {
    this.clock.restart();
    const cells = this.clock.side ** 2;
    const values = new Float32Array(cells * z.length);
    for (let cell = 0; cell < cells; cell++) {
      values.set(z, cell * z.length);
    }
    this.device.write(this.cells, values, this.clock.side, this.model.channels);
  }

  step(given = {}) {
    const {device, model} = this;
    if (this.clock.due()) {
      this.clock.double();
      this.pass(device.doubling, {states: this.cells});
      return 'doubling';
    }
    const {rule, side} = this.clock.stage();
    const program = device.programs[rule];
    const update = program.run(this.cells, side);
    const {noise, living} = model.rules[rule].apply;
    const draws = {mask: device.given(given.mask, side, 1, 'mask')};
    draws.noise = noise ? device.given(given.noise, side, noise.channels, 'noise') : device.nothing;
    this.pass(
      program.apply,
      {states: this.cells, update, givenMask: draws.mask, givenNoise: draws.noise},
      {maskGiven: given.mask ? 1 : 0, noiseGiven: given.noise ? 1 : 0, step: this.clock.total, key: this.key}
    );
    // After the swap `next` has the states before the step.
    living.forEach((mask, i) => {
      const before = this.next;
      device.draw(program.living[i], {before, after: this.cells}, device.spare, side);
      [this.cells, device.spare] = [device.spare, this.cells];
    });
    this.clock.step();
    return 'step';
  }

  /** Draws new states from the present ones. */
  pass(shader, maps, numbers) {
    this.device.draw(shader, maps, this.next, this.clock.side, numbers);
    [this.cells, this.next] = [this.next, this.cells];
  }

  states() {
    const {side} = this.clock;
    return ungrouped(this.device.readNow(this.cells, range(this.groups), side), side, 0, this.model.channels);
  }

  setStates(values, stage, stepsDone, total = this.clock.totalAt(stage, stepsDone)) {
    this.clock.set({index: stage, done: stepsDone, total});
    this.device.write(this.cells, values, this.clock.side, this.model.channels);
  }

  parameters() {
    const {side} = this.clock;
    const count = this.model.likelihood.parameters;
    return ungrouped(this.device.readNow(this.cells, range(groupsOf(count)), side), side, 0, count);
  }

  mean() {
    return this.model.likelihood.mean(this.parameters());
  }

  sample(uniform) {
    return this.model.likelihood.sample(this.parameters(), uniform);
  }

  /** As JsEngine.look, but a promise: the device is not waited for. */
  async look(channel) {
    const {device, model} = this;
    const {side} = this.clock;
    const count = model.likelihood.parameters;
    const groups = range(groupsOf(count));
    if (channel >= 0) {
      groups.push(channel >> 2);
    }
    device.draw(device.magnitudes, {states: this.cells}, device.magnitudeMap, side);
    const read = device.readLater(
      [
        [this.cells, groups],
        [device.magnitudeMap, [0]],
      ],
      side
    );
    const texels = await read;
    const size = side * side * 4;
    const magnitudes = texels.subarray(groups.length * size);
    let sum = 0;
    for (let i = 0; i < magnitudes.length; i += 4) {
      sum += magnitudes[i] < 0 ? NaN : magnitudes[i];
    }
    return {
      parameters: ungrouped(texels, side, 0, count),
      channel:
        channel < 0
          ? null
          : ungrouped(
              texels.subarray((groups.length - 1) * size, groups.length * size),
              side,
              channel & 3,
              1
            ),
      magnitude: sum / (side * side * model.channels),
    };
  }

  wound(mask, deviation, key) {
    const givenMask = this.device.given(mask, this.clock.side, 1, 'mask');
    this.pass(this.device.wound, {states: this.cells, givenMask}, {deviation, key});
  }

  /** Gives this grid's textures back; the device itself stays for the other grids. */
  release() {
    this.device.drop(this.cells);
    this.device.drop(this.next);
  }

  dispose() {
    this.device.dispose();
  }
}

/** A rule's shaders, weights and maps. */
class WebglProgram {
  constructor(device, {plan, apply}, side) {
    this.device = device;
    this.plan = plan;
    this.slots = plan.slots.map((groups) => device.map(groups, side));
    this.passes = plan.operations.map((operation) => this.passOf(operation));
    const groups = groupsOf(plan.maps[0]);
    this.apply = device.shader(applyShader(apply, groups));
    this.living = apply.living.map((mask) => device.shader(livingShader(mask, groups)));
  }

  passOf(operation) {
    const {device, plan} = this;
    const groups = groupsOf(plan.maps[operation.to]);
    switch (operation.kind) {
      case 'convolution':
        return {
          shader: device.shader(convolutionShader(operation, groups)),
          maps: {source: operation.from, ...(operation.add < 0 ? {} : {added: operation.add})},
          fixed: weightTextures(device, operation),
        };
      case 'activation':
        return {
          shader: device.shader(activationShader(operation, groups)),
          maps: {source: operation.from},
          fixed: {},
        };
      case 'affine':
        return {
          shader: device.shader(affineShader(operation, groups)),
          maps: {source: operation.from},
          fixed: {},
        };
      case 'combine':
        return {
          shader: device.shader(combineShader(operation, groups)),
          maps: {source: operation.from, other: operation.other},
          fixed: {},
        };
      default:
        return {
          shader: device.shader(joinShader(operation, plan.maps, groups)),
          maps: Object.fromEntries(readBy(operation).map((map) => [`map${map}`, map])),
          fixed: {},
        };
    }
  }

  /** The map of the update of some states. */
  run(states, side) {
    const map = (index) => (index === 0 ? states : this.slots[this.plan.slotOf[index]]);
    this.passes.forEach(({shader, maps, fixed}, i) => {
      const read = {...fixed};
      Object.entries(maps).forEach(([name, index]) => {
        read[name] = map(index);
      });
      this.device.draw(shader, read, map(this.plan.operations[i].to), side);
    });
    return map(this.plan.update);
  }
}

/** A convolution's weights and biases as textures; see convolutionShader. */
function weightTextures(device, {kernel, in: channels, out, weight, bias}) {
  const width = 4 * groupsOf(channels);
  const taps = kernel * kernel;
  const groups = groupsOf(out);
  const texels = new Float32Array(width * taps * groups * 4);
  for (let tap = 0; tap < taps; tap++) {
    for (let i = 0; i < channels; i++) {
      for (let o = 0; o < out; o++) {
        const row = (o >> 2) * taps + tap;
        texels[4 * (row * width + i) + (o & 3)] = weight[(tap * channels + i) * out + o];
      }
    }
  }
  const biases = new Float32Array(groups * 4);
  if (bias) {
    biases.set(bias);
  }
  return {
    weights: {texture: device.texture(width, taps * groups, texels)},
    biases: {texture: device.texture(groups, 1, biases)},
  };
}

/** Channels [cells, count] of texels that lie tile by tile. */
function ungrouped(texels, side, first, count) {
  const cells = side * side;
  const values = new Float32Array(cells * count);
  for (let c = 0; c < count; c++) {
    const channel = first + c;
    const start = (channel >> 2) * cells * 4 + (channel & 3);
    for (let cell = 0; cell < cells; cell++) {
      values[cell * count + c] = texels[start + 4 * cell];
    }
  }
  return values;
}

/** 0, 1, ... */
function range(count) {
  return Array.from({length: count}, (_, i) => i);
}
