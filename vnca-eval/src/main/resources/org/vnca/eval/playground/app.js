'use strict';

/**
 * The page. `vnca.app` lets tests and the console do what a person does:
 * ready (a promise), engineKind, errors (texts), pause(), grow(z), step(), states(), twinStates(), mean(),
 * position() -> {stage, step, side, total}, setEngine('js' | 'webgl2').
 */

/** How long the steps between two pictures may take, milliseconds. */
const FRAME_BUDGET = 40;

/** Steps of a growth that is shown when it is done; between two such pieces a newer wish is heard. */
const PIECE = 4;

class App {
  constructor(model) {
    this.model = model;
    this.errors = [];
    this.look = {view: 'mean', channel: 0, drawNumber: 1, exact: false};
    this.playing = false;
    this.speed = 8;
    this.wish = 0;
    this.run = 0;
    this.wounds = 0;
    this.strokes = [];
    /** Whether the growth came to its end and waits there: a wound then sets it going. */
    this.resting = false;
    this.queue = Promise.resolve();
    this.perStep = FRAME_BUDGET;
    this.report = null;
  }

  async open() {
    writeLead(byId('lead'), this.model);
    writeAbout(byId('about'), this.model);
    byId('name').textContent = (this.model.about && this.model.about.name) || 'Playground';
    this.dish = new Dish(this.model);
    this.starts = new Starts(this.model, (start, atOnce) => this.begin(start, atOnce));
    this.brush = new Brush(
      byId('vnca-cells'),
      (...stroke) => this.strokeWound(...stroke),
      () => this.afterWound()
    );
    this.wireTransport();
    this.wireWounds();
    this.wireLook();
    const address = readAddress(location.hash, this.model);
    this.forced = address.engine;
    await this.openEngine(address.engine);
    await this.starts.load();
    this.starts.set({source: address.source, moved: address.moved});
    byId('main').hidden = false;
    await this.plant();
    addEventListener('hashchange', () => this.followAddress());
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
      await this.finish();
    } else {
      this.play();
    }
  }

  /** WebGL2 where it draws into float textures, or else JavaScript. */
  async openEngine(kind) {
    let pair = null;
    if (kind !== 'js') {
      try {
        const engine = new WebglEngine(this.model, kind === null);
        requireAgreement(engine, this.model);
        pair = new Pair(engine);
        pair.body.device.gl.canvas.addEventListener('webglcontextlost', () => this.contextLost(pair));
      } catch (error) {
        if (kind === 'webgl2') {
          this.notice(`${error.message}; JavaScript computes instead.`);
        }
        this.whyJavascript = error.message;
      }
    }
    this.pair = pair || (await this.openWorker());
    this.engineKind = await this.pair.kind();
    this.showEngine();
  }

  /** In a worker, or here if the browser starts none. */
  async openWorker() {
    let pair = null;
    try {
      pair = new RemotePair(this.model);
      await pair.kind();
    } catch {
      pair = new Pair(new JsEngine(this.model));
    }
    return pair;
  }

  async contextLost(pair) {
    if (this.pair === pair) {
      this.whyJavascript = 'the graphics processor was lost';
      this.pair = await this.openWorker();
      this.engineKind = 'js';
      this.showEngine();
      await this.plant();
      this.notice('The graphics processor was lost; JavaScript goes on from the start.');
      this.play();
    }
  }

  async setEngine(kind) {
    await this.ask(async () => {
      const saved = await this.pair.save();
      const old = this.pair;
      this.pair = null;
      await old.dispose();
      await this.openEngine(kind);
      await this.pair.load(saved);
      this.perStep = FRAME_BUDGET;
    });
    await this.refresh();
  }

  showEngine(rate = null) {
    const names = {js: 'plain JavaScript', webgl2: 'WebGL2'};
    const why = this.engineKind === 'js' && this.whyJavascript ? ` (${this.whyJavascript})` : '';
    const speed =
      rate === null
        ? ''
        : `; it can do ${rate >= 10 ? Math.round(rate) : rate.toPrecision(2)} steps a second`;
    byId('engine-line').textContent = `Computed by ${names[this.engineKind]}${why}${speed}.`;
  }

  /** One thing after another: two that change the states never mix. */
  ask(action) {
    const done = this.queue.then(action);
    this.queue = done.catch(() => {});
    return done.catch((error) => this.fail(error));
  }

  fail(error) {
    this.errors.push(error.message);
    this.pause();
    this.notice(`Something went wrong: ${error.message}`);
  }

  notice(words) {
    byId('notice').hidden = words === '';
    byId('notice').textContent = words;
  }

  speak(words) {
    byId('spoken').textContent = words;
  }

  // --- growing ---

  /** A new start was chosen. */
  begin(start, atOnce) {
    this.writeAddress(start);
    if (atOnce) {
      this.pause();
      this.growAtOnce();
    } else {
      this.plant().then(() => this.play());
    }
  }

  writeAddress(start) {
    const hash = writeAddress({...start, engine: this.forced});
    if (hash !== location.hash) {
      history.replaceState(null, '', hash);
    }
  }

  followAddress() {
    const {source, moved} = readAddress(location.hash, this.model);
    this.starts.set({source, moved});
    this.plant().then(() => this.play());
  }

  /** The chosen start's first cells. */
  plant() {
    this.wish += 1;
    const z = latentOf(this.starts.start, this.model);
    return this.plantLatent(z, this.keyOf(this.starts.start.source));
  }

  /** What random updates are keyed by: the sample's number, so that a link shows the same growth. */
  keyOf(source) {
    return source.kind === 'sample' ? source.number : source.kind === 'example' ? source.index : source.from;
  }

  plantLatent(z, key) {
    this.resting = false;
    this.broken = false;
    this.notice('');
    return this.ask(async () => {
      const report = await this.pair.plant(z, key, this.exactLook());
      this.dish.restart();
      this.show(report);
    });
  }

  grow(z) {
    this.wish += 1;
    return this.plantLatent(Float32Array.from(z), 0);
  }

  /** The full-grown picture of the newest start; while a slider is dragged older ones are given up. */
  async growAtOnce() {
    this.wish += 1;
    const {wish} = this;
    const still = () => this.wish === wish;
    await this.ask(async () => {
      if (!still()) {
        return;
      }
      const start = this.starts.start;
      let report = await this.pair.plant(latentOf(start, this.model), this.keyOf(start.source), this.look);
      this.dish.restart();
      while (still() && this.unfinished(report)) {
        report = await this.pair.advance(pieceOf(report), this.look);
        this.dish.showTrack(report, this.look, report.position.side);
      }
      this.show(still() ? await this.pair.look(this.exactLook()) : report);
      this.resting = true;
    });
  }

  unfinished(report) {
    return report.due || report.position.total < report.planned;
  }

  async finish() {
    this.pause();
    const wish = this.wish;
    await this.ask(async () => {
      let {report} = this;
      while (this.wish === wish && this.unfinished(report)) {
        report = await this.pair.advance(pieceOf(report), this.look);
        this.show(report);
      }
      this.show(await this.pair.look(this.exactLook()));
      this.resting = true;
    });
  }

  // --- the clock ---

  wireTransport() {
    byId('play').addEventListener('click', () => (this.playing ? this.pause() : this.play()));
    byId('step').addEventListener('click', () => {
      this.pause();
      this.step();
    });
    byId('restart').addEventListener('click', () => this.plant().then(() => this.play()));
    byId('finish').addEventListener('click', () => this.finish());
    byId('speed').addEventListener('change', () => {
      this.speed = Number(byId('speed').value);
    });
  }

  step() {
    return this.ask(async () => this.show(await this.pair.advance(1, this.exactLook())));
  }

  pause() {
    this.playing = false;
    this.resting = false;
    byId('play').textContent = 'Play';
  }

  async play() {
    if (this.playing || this.broken) {
      return;
    }
    this.playing = true;
    this.resting = false;
    byId('play').textContent = 'Pause';
    this.run += 1;
    const {run} = this;
    let owed = 1;
    let before = performance.now();
    // A pause and a play between two frames begin another run.
    while (this.playing && this.run === run) {
      const now = await nextFrame();
      owed += (Math.min(now - before, 250) / 1000) * this.speed;
      before = now;
      const fits = Math.max(1, Math.floor(FRAME_BUDGET / this.perStep));
      const count = this.speed === 0 ? fits : Math.min(Math.floor(owed), fits);
      if (count > 0) {
        owed = Math.min(owed - count, 1);
        await this.ask(() => this.playOn(count));
      }
    }
    await this.refresh();
  }

  async playOn(count) {
    if (!this.playing) {
      return;
    }
    const began = performance.now();
    const from = this.report.position.total;
    const growing = this.unfinished(this.report);
    const most = growing ? Math.max(1, this.report.planned - from) : Infinity;
    // A coarse mean is enough for a picture that moves.
    const report = await this.pair.advance(Math.min(count, most), this.look);
    const steps = report.position.total - from;
    if (steps > 0) {
      this.perStep += 0.2 * ((performance.now() - began) / steps - this.perStep);
      this.countRate(performance.now());
    }
    this.show(report);
    if (growing && !this.unfinished(report)) {
      this.pause();
      this.resting = true;
      this.speak(`Full-grown after ${report.planned} steps`);
    }
  }

  /** Tells what the engine can do, not what the chosen speed asks for; now and then, as it is read. */
  countRate(now) {
    if (!this.told || now - this.told > 1000) {
      this.told = now;
      this.showEngine(1000 / this.perStep);
    }
  }

  exactLook() {
    return {...this.look, exact: true};
  }

  refresh() {
    return this.ask(async () => {
      if (!this.playing) {
        this.show(await this.pair.look(this.exactLook()));
      }
    });
  }

  show(report) {
    const doubled = this.report && report.position.stage > this.report.position.stage;
    this.report = report;
    this.dish.show(report, this.look);
    if (doubled) {
      this.speak(`Doubled to ${report.position.side} by ${report.position.side} cells`);
    }
    if (Number.isNaN(report.magnitude) && !this.broken) {
      this.broken = true;
      this.pause();
      this.notice(
        `At step ${report.position.total} the states are no longer numbers: they have grown beyond what ` +
          'float32 holds. Restart begins anew.'
      );
    }
  }

  // --- wounds ---

  wireWounds() {
    byId('half').addEventListener('click', () => this.wound((side) => rightHalfMask(side)));
    byId('random').addEventListener('click', () => {
      const number = this.wounds + 1;
      this.wound((side) => randomMask(side, 0.3, number));
    });
    byId('everywhere').addEventListener('click', () => this.wound((side) => wholeMask(side), true));
  }

  /** Strokes that come while an earlier one is worked at become one wound. */
  strokeWound(from, to, diameter) {
    this.strokes.push({from, to, diameter});
    if (this.strokes.length === 1) {
      this.hurt((side) => {
        const masks = this.strokes.map((each) => strokeMask(side, each.from, each.to, each.diameter));
        this.strokes = [];
        return masks.reduce((all, mask) => all.map((value, i) => Math.max(value, mask[i])));
      }, this.fillsWithNoise());
    }
  }

  fillsWithNoise() {
    return document.querySelector('[name="filling"]:checked').value === 'noise';
  }

  /** A whole wound at once. */
  async wound(mask, noisy = this.fillsWithNoise()) {
    await this.hurt(mask, noisy);
    this.afterWound();
  }

  /**
   * @param {function(number): Float32Array} mask of a grid's side, which the queue may change until then
   * @param {boolean} noisy whether the cells get noise in place of zeros
   */
  hurt(mask, noisy) {
    this.wounds += 1;
    const key = this.wounds;
    return this.ask(async () => {
      const {side, total} = this.report.position;
      this.dish.chart.wound(total);
      this.show(await this.pair.wound(mask(side), noisy, key, this.look));
    });
  }

  /** A wound of what had come to its end is watched. */
  afterWound() {
    this.speak('Wounded');
    if (this.resting) {
      this.play();
    }
  }

  // --- what is shown ---

  wireLook() {
    const channel = byId('channel');
    channel.max = this.model.channels - 1;
    document.querySelectorAll('[name="view"]').forEach((radio) =>
      radio.addEventListener('change', () => {
        byId('channel-row').hidden = radio.value !== 'channel';
        byId('draw-row').hidden = radio.value !== 'sample';
        this.changeLook({view: radio.value});
      })
    );
    channel.addEventListener('input', () => this.changeLook({channel: Number(channel.value)}));
    byId('draw').addEventListener('click', () => this.changeLook({drawNumber: this.look.drawNumber + 1}));
    byId('channel-words').textContent = '0';
  }

  changeLook(change) {
    this.look = {...this.look, ...change, exact: false};
    byId('channel-words').textContent = String(this.look.channel);
    this.refresh();
  }

  // --- for tests ---

  states() {
    return this.ask(() => this.pair.states());
  }

  twinStates() {
    return this.ask(() => this.pair.twinStates());
  }

  mean() {
    return this.ask(() => this.pair.mean());
  }

  position() {
    return this.ask(() => this.pair.position());
  }
}

/**
 * Lets a graphics processor do a step that JavaScript does, too: some compute in less than they promise.
 *
 * @throws {Error} if they differ by more than a thousandth of the states' spread
 */
function requireAgreement(engine, model) {
  const exact = new JsEngine(model);
  const z = priorSample(1, model.channels);
  const {noise} = model.rules[model.stages[0].rule].apply;
  // Drawn noise is the same in both but for its last digits, which are not promised.
  const given = noise ? {noise: new Float32Array(model.stages[0].side ** 2 * noise.channels)} : {};
  for (const each of [exact, engine]) {
    each.seed(z);
    each.step(given);
  }
  const wanted = exact.states();
  const found = engine.states();
  const mean = wanted.reduce((sum, value) => sum + value, 0) / wanted.length;
  const spread = Math.sqrt(wanted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / wanted.length);
  if (!wanted.every((value, i) => Number.isNaN(value) || Math.abs(found[i] - value) <= 1e-3 * spread)) {
    throw new Error('the graphics processor computes wrongly');
  }
}

/** How many steps of a growth to take next without overstepping its end; a doubling counts for one. */
function pieceOf(report) {
  return Math.max(1, Math.min(PIECE, report.planned - report.position.total));
}

function nextFrame() {
  return new Promise((resolve) => {
    requestAnimationFrame(resolve);
  });
}

function openPage() {
  let app = null;
  const failed = (message) => {
    const notice = byId('notice');
    notice.hidden = false;
    notice.textContent = message;
    if (app) {
      app.errors.push(message);
    }
  };
  addEventListener('error', (event) => failed(`Something went wrong: ${event.message}`));
  addEventListener('unhandledrejection', (event) => failed(`Something went wrong: ${event.reason.message}`));
  try {
    const model = readModel(JSON.parse(byId('vnca-model').textContent), byId('vnca-weights').textContent);
    app = new App(model);
    globalThis.vnca.app = app;
    app.ready = app.open();
  } catch (error) {
    failed(`The page cannot show this decoder: ${error.message}`);
  }
}

// Tests load the files where there is no page.
if (typeof document !== 'undefined' && document.getElementById('vnca-model')) {
  openPage();
}
