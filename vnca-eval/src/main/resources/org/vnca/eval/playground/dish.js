'use strict';

/** Draws a report: the cells, their twin, the grids passed, the numbers. */
class Dish {
  constructor(model) {
    this.model = model;
    this.range = 1;
    this.chart = new Chart(byId('chart'));
    this.chartNote = byId('chart-note');
    this.peek = byId('peek');
    byId('legend-bar').style.background = channelGradient();
    this.buildTrack();
    this.watchCells();
  }

  /** While the cells are out of sight, as on a phone, a small copy shows what a control does to them. */
  watchCells() {
    const frame = byId('frame');
    this.peek.addEventListener('click', () => {
      frame.scrollIntoView({block: 'center'});
      byId('vnca-cells').focus({preventScroll: true});
    });
    const seen = new IntersectionObserver(
      ([{intersectionRatio}]) => {
        this.peek.hidden = intersectionRatio >= 0.3;
        this.showPeek();
      },
      {threshold: 0.3}
    );
    seen.observe(frame);
  }

  showPeek() {
    const cells = byId('vnca-cells');
    if (!this.peek.hidden && cells.width > 0) {
      const copy = this.peek.querySelector('canvas');
      copy.width = cells.width;
      copy.height = cells.height;
      copy.getContext('2d').drawImage(cells, 0, 0);
    }
  }

  /** A part for each grid, as long as its steps, with a still of how it ended. */
  buildTrack() {
    this.parts = this.model.stages.map((stage) => {
      const item = document.createElement('li');
      item.style.flex = `${stage.steps} 1 0`;
      item.innerHTML =
        '<canvas class="empty"></canvas><div class="rail"><div class="fill"></div></div><span></span>';
      item.querySelector('span').textContent = `${stage.side} × ${stage.side}`;
      item.querySelector('canvas').hidden = this.model.stages.length === 1;
      return byId('track').appendChild(item);
    });
  }

  /** Forgets what was before. */
  restart() {
    this.chart.clear();
    this.parts.forEach((part) => {
      const still = part.querySelector('canvas');
      still.classList.add('empty');
      still.width = 1;
    });
    byId('twin').hidden = true;
    byId('twin-hint').hidden = false;
    byId('chart').setAttribute('aria-label', 'No wound yet');
  }

  show(report, look) {
    const {side} = report.position;
    this.paint(report, look, side);
    this.showTrack(report, look, side);
    if (report.twinImage && report.distance !== null) {
      this.chart.add(report.position.total, report.distance);
    }
    const beyond = report.position.total - report.planned;
    // A pool of its own last states has taught it what comes then.
    const {trainedToGoOn = false} = this.model.about || {};
    const untaught = beyond > 0 && this.model.stages.length > 1 && !trainedToGoOn;
    byId('count').textContent =
      beyond > 0
        ? `Step ${report.planned} + ${grouped(beyond)}`
        : `Step ${report.position.total} of ${report.planned}`;
    byId('where').textContent = [
      `${side} × ${side} cells`,
      report.due ? 'a doubling comes next' : '',
      beyond === 0 && !report.due ? 'full-grown; Play goes on beyond' : '',
      untaught ? 'beyond what it was taught, so it may dissolve' : '',
      report.distance === null ? '' : `distance ${report.distance.toFixed(4)}`,
    ]
      .filter(Boolean)
      .join(' · ');
  }

  paint(report, look, side) {
    const canvas = byId('vnca-cells');
    const twin = byId('twin');
    twin.hidden = !report.twinImage;
    byId('twin-hint').hidden = Boolean(report.twinImage);
    byId('legend').hidden = look.view !== 'channel';
    if (look.view === 'channel') {
      const range = rangeOf(report.image, report.twinImage || []);
      paintChannel(canvas, report.image, side, range);
      if (report.twinImage) {
        paintChannel(twin, report.twinImage, side, range);
      }
      const words = range >= 100 ? range.toFixed(0) : range.toPrecision(3);
      byId('legend-low').textContent = `−${words}`;
      byId('legend-high').textContent = words;
    } else {
      paintImage(canvas, report.image, side);
      if (report.twinImage) {
        paintImage(twin, report.twinImage, side);
      }
    }
    const views = {
      mean: 'The mean image, that of p(x | z)',
      sample: 'An image drawn from p(x | z)',
      channel: `Channel ${look.channel}, ${this.partOf(look.channel)}`,
    };
    byId('caption').textContent = views[look.view];
    canvas.setAttribute('aria-label', `${views[look.view]}, ${side} by ${side} cells`);
    this.showPeek();
  }

  /** What a channel is for. */
  partOf(channel) {
    return channel < this.model.likelihood.parameters ? 'which makes the image' : "hidden: the cells' memory";
  }

  showTrack(report, look, side) {
    this.parts.forEach((part, i) => {
      const {stage, step} = report.position;
      const {steps} = this.model.stages[i];
      const share = i < stage ? 1 : i > stage ? 0 : Math.min(step / steps, 1);
      part.querySelector('.fill').style.width = `${100 * share}%`;
      part.classList.toggle('now', i === stage);
      part.setAttribute('aria-current', i === stage ? 'step' : 'false');
      const still = part.querySelector('canvas');
      if (i === stage && step === steps && still.classList.contains('empty') && look.view !== 'channel') {
        still.classList.remove('empty');
        paintImage(still, report.image, side);
      }
    });
  }
}

/** The largest magnitude, so that zero is in the middle of the colours. */
function rangeOf(...images) {
  let most = 1e-6;
  images.forEach((image) =>
    image.forEach((value) => {
      if (Number.isFinite(value)) {
        most = Math.max(most, Math.abs(value));
      }
    })
  );
  return most;
}

function byId(id) {
  return document.getElementById(id);
}
