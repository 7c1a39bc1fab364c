'use strict';

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

/** The corner of a group's tile. */
function tileOf(map, group, side) {
  return [(group % map.columns) * side, Math.floor(group / map.columns) * side];
}
