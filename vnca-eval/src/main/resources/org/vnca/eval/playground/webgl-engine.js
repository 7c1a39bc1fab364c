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

/** The context with all that the grids of one model share: shaders, weights, maps to work on. */
class WebglDevice {
  constructor(model, fast) {
    const gl = document.createElement('canvas').getContext('webgl2', {
      alpha: false,
      antialias: false,
      depth: false,
      powerPreference: 'high-performance',
      stencil: false,
    });
    if (!gl || !gl.getExtension('EXT_color_buffer_float')) {
      throw new Error(gl ? 'WebGL2 cannot draw into float textures here' : 'there is no WebGL2 here');
    }
    if (fast && isSoftware(gl)) {
      throw new Error('WebGL2 has no graphics processor here');
    }
    this.gl = gl;
    this.side = model.side;
    this.frame = gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.frame);
    gl.bindVertexArray(gl.createVertexArray());
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    const groups = groupsOf(model.channels);
    this.spare = this.map(groups, model.side);
    this.magnitudeMap = this.map(1, model.side);
    this.nothing = this.map(1, 1);
    this.givenMaps = {};
    this.doubling = this.shader(doublingShader(groups));
    this.wound = this.shader(woundShader(model.channels, groups));
    this.magnitudes = this.shader(magnitudeShader(groups));
    this.programs = model.rules.map((rule) => new WebglProgram(this, rule, model.side));
  }

  /** A texture for a map of some groups of channels. */
  map(groups, side) {
    const columns = columnsOf(groups);
    const width = columns * side;
    const height = Math.ceil(groups / columns) * side;
    return {groups, columns, width, height, texture: this.texture(width, height, null)};
  }

  texture(width, height, values) {
    const {gl} = this;
    const most = gl.getParameter(gl.MAX_TEXTURE_SIZE);
    if (width > most || height > most) {
      throw new Error(`this model needs textures of ${width} x ${height}, and WebGL has ${most} here`);
    }
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA32F, width, height, 0, gl.RGBA, gl.FLOAT, values);
    for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
      gl.texParameteri(gl.TEXTURE_2D, name, gl.NEAREST);
    }
    return texture;
  }

  drop(map) {
    this.gl.deleteTexture(map.texture);
  }

  /** A compiled shader with the places of its uniforms. */
  shader(fragment) {
    const {gl} = this;
    const program = gl.createProgram();
    for (const [type, source] of [
      [gl.VERTEX_SHADER, VERTEX_SHADER],
      [gl.FRAGMENT_SHADER, fragment],
    ]) {
      const shader = gl.createShader(type);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
      const why = gl
        .getAttachedShaders(program)
        .map((shader) => gl.getShaderInfoLog(shader))
        .join(' ');
      throw new Error(`WebGL refused a shader: ${gl.getProgramInfoLog(program)} ${why}`);
    }
    const uniforms = new Map();
    const count = gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS);
    for (let i = 0; i < count; i++) {
      const {name, type} = gl.getActiveUniform(program, i);
      uniforms.set(name, {type, place: gl.getUniformLocation(program, name)});
    }
    return {program, uniforms};
  }

  /**
   * One pass.
   *
   * @param maps by the name under which the shader reads them
   * @param to the map that is drawn into
   * @param numbers other uniforms by name
   */
  draw({program, uniforms}, maps, to, side, numbers = {}) {
    const {gl} = this;
    gl.useProgram(program);
    this.drawInto(to);
    gl.viewport(0, 0, to.columns * side, Math.ceil(to.groups / to.columns) * side);
    let unit = 0;
    for (const [name, map] of Object.entries(maps)) {
      const uniform = uniforms.get(`${name}Map`) || uniforms.get(name);
      if (uniform) {
        gl.activeTexture(gl.TEXTURE0 + unit);
        gl.bindTexture(gl.TEXTURE_2D, map.texture);
        gl.uniform1i(uniform.place, unit);
        unit += 1;
      }
    }
    for (const [name, value] of Object.entries({...numbers, side})) {
      const uniform = uniforms.get(name);
      if (uniform) {
        this.setNumber(uniform, value);
      }
    }
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  setNumber({type, place}, value) {
    const {gl} = this;
    if (type === gl.FLOAT) {
      gl.uniform1f(place, value);
    } else if (type === gl.UNSIGNED_INT) {
      gl.uniform1ui(place, value >>> 0);
    } else {
      gl.uniform1i(place, value);
    }
  }

  drawInto(map) {
    const {gl} = this;
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, map.texture, 0);
  }

  copy(from, to) {
    const {gl} = this;
    this.drawInto(from);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, to.texture);
    gl.copyTexSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 0, 0, to.width, to.height);
  }

  /** Writes [side, side, channels] into a map. */
  write(map, values, side, channels) {
    const {gl} = this;
    const width = map.columns * side;
    const height = Math.ceil(map.groups / map.columns) * side;
    const texels = new Float32Array(width * height * 4);
    for (let c = 0; c < channels; c++) {
      const group = c >> 2;
      const x0 = (group % map.columns) * side;
      const y0 = Math.floor(group / map.columns) * side;
      for (let cell = 0; cell < side * side; cell++) {
        const texel = (y0 + Math.floor(cell / side)) * width + x0 + (cell % side);
        texels[4 * texel + (c & 3)] = values[cell * channels + c];
      }
    }
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, map.texture);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, gl.RGBA, gl.FLOAT, texels);
  }

  /** A map of numbers that were handed in, if any were. */
  given(values, side, channels, purpose) {
    if (!values) {
      return this.nothing;
    }
    const key = `${purpose}${channels}`;
    this.givenMaps[key] = this.givenMaps[key] || this.map(groupsOf(channels), this.side);
    this.write(this.givenMaps[key], values, side, channels);
    return this.givenMaps[key];
  }

  /** Texels of some tiles of a map, tile by tile. Waits for the device. */
  readNow(map, groups, side) {
    const {gl} = this;
    const texels = new Float32Array(groups.length * side * side * 4);
    this.drawInto(map);
    groups.forEach((group, i) => {
      const [x, y] = tileOf(map, group, side);
      gl.readPixels(x, y, side, side, gl.RGBA, gl.FLOAT, texels, i * side * side * 4);
    });
    return texels;
  }

  /** The same of several maps, when the device has got there. */
  async readLater(tiles, side) {
    const {gl} = this;
    const size = side * side * 16;
    const count = tiles.reduce((sum, [, groups]) => sum + groups.length, 0);
    const buffer = gl.createBuffer();
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.bufferData(gl.PIXEL_PACK_BUFFER, count * size, gl.STREAM_READ);
    let place = 0;
    for (const [map, groups] of tiles) {
      this.drawInto(map);
      for (const group of groups) {
        const [x, y] = tileOf(map, group, side);
        gl.readPixels(x, y, side, side, gl.RGBA, gl.FLOAT, place);
        place += size;
      }
    }
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    await this.finished();
    const texels = new Float32Array((count * size) / 4);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, texels);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    gl.deleteBuffer(buffer);
    return texels;
  }

  /** When the device has done what it was told. */
  finished() {
    const {gl} = this;
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
    return new Promise((resolve, reject) => {
      const ask = () => {
        const status = gl.clientWaitSync(fence, 0, 0);
        if (gl.isContextLost() || status === gl.WAIT_FAILED) {
          reject(new Error('the graphics processor was lost'));
        } else if (status === gl.TIMEOUT_EXPIRED) {
          setTimeout(ask, 1);
        } else {
          gl.deleteSync(fence);
          resolve();
        }
      };
      ask();
    });
  }

  dispose() {
    const lose = this.gl.getExtension('WEBGL_lose_context');
    if (lose) {
      lose.loseContext();
    }
  }
}

/** Whether a CPU computes this WebGL; by its name, as there is no other way to know. */
function isSoftware(gl) {
  const own = gl.getParameter(gl.RENDERER);
  // Firefox warns of the extension, and needs none.
  const names = own === 'WebKit WebGL' && gl.getExtension('WEBGL_debug_renderer_info');
  const name = names ? gl.getParameter(names.UNMASKED_RENDERER_WEBGL) : own;
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
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

/** The corner of a group's tile. */
function tileOf(map, group, side) {
  return [(group % map.columns) * side, Math.floor(group / map.columns) * side];
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
