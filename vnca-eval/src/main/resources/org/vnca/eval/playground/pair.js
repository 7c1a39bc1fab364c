'use strict';

/**
 * A growth and its unwounded twin, over either engine. The twin begins at the first wound: until then it
 * would be the same, since both take the same steps and draw the same random cells.
 *
 * All that the page asks for is asked here, by promises, so that a worker can answer as well. A look is
 * {view: 'mean' | 'sample' | 'channel', channel, drawNumber, exact}; a report is {position, planned, due,
 * image, twinImage, distance, magnitude}: images of the view, the distance of the mean images (null without
 * a twin), the mean absolute state (NaN when a state is no number).
 */
class Pair {
  constructor(engine) {
    this.body = engine;
    this.twin = null;
    this.uniform = {key: '', values: null};
  }

  async kind() {
    return this.body.kind;
  }

  /** Begins anew. */
  async plant(z, key, look) {
    this.dropTwin();
    this.body.key = key;
    this.body.seed(z);
    return this.look(look);
  }

  /** At most some steps; ends earlier where a doubling comes next, so that it can be seen. */
  async advance(count, look) {
    for (let i = 0; i < count; i++) {
      this.body.step();
      if (this.twin) {
        this.twin.step();
      }
      if (this.body.clock.due()) {
        break;
      }
    }
    return this.look(look);
  }

  /**
   * Hurts the body.
   *
   * @param {Float32Array} mask 1 where a cell is hurt
   * @param {boolean} noisy whether they get noise, as large as the states are on average, in place of zeros
   * @param {number} key of the noise
   */
  async wound(mask, noisy, key, look) {
    if (!this.twin) {
      this.twin = this.body.twin();
    }
    const deviation = noisy ? (await this.body.look(-1)).magnitude : 0;
    this.body.wound(mask, deviation, key);
    return this.look(look);
  }

  async look(look) {
    const channel = look.view === 'channel' ? look.channel : -1;
    const [seen, twinSeen] = await Promise.all([
      this.body.look(channel),
      this.twin && this.twin.look(channel),
    ]);
    const {likelihood, planned} = {likelihood: this.body.model.likelihood, planned: this.body.clock.planned};
    const mean = likelihood.mean(seen.parameters, !look.exact);
    const twinMean = twinSeen && likelihood.mean(twinSeen.parameters, !look.exact);
    const view = (each, its) =>
      look.view === 'sample'
        ? likelihood.sample(each.parameters, this.uniforms(look))
        : look.view === 'channel'
          ? each.channel
          : its;
    return {
      position: this.body.clock.position(),
      planned,
      due: this.body.clock.due(),
      image: view(seen, mean),
      twinImage: twinSeen && view(twinSeen, twinMean),
      distance: twinSeen && meanDistance(mean, twinMean),
      magnitude: seen.magnitude,
    };
  }

  /**
   * The same numbers for body and twin, and for all steps, so that a draw changes only where its mean does.
   */
  uniforms({drawNumber}) {
    const count = this.body.clock.side ** 2 * this.body.model.likelihood.draws;
    const key = `${drawNumber} ${count}`;
    if (this.uniform.key !== key) {
      this.uniform = {key, values: uniforms(drawNumber, count)};
    }
    return this.uniform.values;
  }

  async states() {
    return this.body.states();
  }

  async twinStates() {
    return (this.twin || this.body).states();
  }

  async mean() {
    return this.body.mean();
  }

  async position() {
    return this.body.clock.position();
  }

  /** All that another pair needs to go on from here. */
  async save() {
    return {
      clock: {index: this.body.clock.index, done: this.body.clock.done, total: this.body.clock.total},
      key: this.body.key,
      states: this.body.states(),
      twinStates: this.twin && this.twin.states(),
    };
  }

  async load({clock, key, states, twinStates}) {
    this.dropTwin();
    const put = (engine, values) => {
      engine.key = key;
      engine.setStates(values, clock.index, clock.done, clock.total);
    };
    put(this.body, states);
    if (twinStates) {
      this.twin = this.body.twin();
      put(this.twin, twinStates);
    }
  }

  dropTwin() {
    if (this.twin && this.twin.release) {
      this.twin.release();
    }
    this.twin = null;
  }

  async dispose() {
    this.body.dispose();
  }
}

/** Mean absolute difference over an image's values, as `vnca damage` measures it. */
function meanDistance(image, other) {
  let sum = 0;
  for (let i = 0; i < image.length; i++) {
    sum += Math.abs(image[i] - other[i]);
  }
  return sum / image.length;
}
