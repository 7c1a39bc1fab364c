'use strict';

const CHART = Object.freeze({height: 180, left: 44, right: 12, top: 10, bottom: 26, points: 600});

/** The distance from the twin, step by step, as a curve that runs along. */
class Chart {
  /** @param {SVGElement} svg the element that it is drawn in; its label for screen readers is kept up */
  constructor(svg) {
    this.svg = svg;
    this.clear();
  }

  clear() {
    this.points = [];
    this.wounds = [];
    this.draw();
  }

  add(step, distance) {
    const last = this.points.at(-1);
    if (last && last.step === step) {
      // Two brush strokes at one step: what the second left counts.
      last.distance = distance;
    } else {
      this.points.push({step, distance});
    }
    if (this.points.length > CHART.points) {
      this.points = this.points.filter((point, i) => i % 2 === 0 || this.wounds.includes(point.step));
    }
    this.draw();
  }

  wound(step) {
    if (this.wounds.at(-1) !== step) {
      this.wounds.push(step);
    }
  }

  draw() {
    const {svg, points} = this;
    svg.classList.toggle('empty', points.length === 0);
    // A unit is a pixel, so that the words are as large on a narrow screen.
    const width = svg.clientWidth || 640;
    svg.setAttribute('viewBox', `0 0 ${width} ${CHART.height}`);
    svg.replaceChildren();
    if (points.length === 0) {
      return;
    }
    const finite = points.filter((point) => Number.isFinite(point.distance));
    const first = points[0].step;
    const last = Math.max(points.at(-1).step, first + 10);
    const most = roundUp(Math.max(0.001, ...finite.map((point) => point.distance)));
    const x = (step) => CHART.left + ((step - first) / (last - first)) * (width - CHART.left - CHART.right);
    const y = (distance) =>
      CHART.height - CHART.bottom - (distance / most) * (CHART.height - CHART.top - CHART.bottom);
    [0, most / 2, most].forEach((value) => {
      this.line('grid', CHART.left, y(value), width - CHART.right, y(value));
      this.text(CHART.left - 6, y(value) + 4, 'end', String(Number(value.toPrecision(2))));
    });
    this.wounds
      .filter((step) => step >= first)
      .forEach((step) => {
        this.line('wound', x(step), CHART.top, x(step), CHART.height - CHART.bottom);
      });
    this.text(x(first), CHART.height - 8, 'start', `step ${first}`);
    this.text(x(last), CHART.height - 8, 'end', `${last}`);
    this.element('polyline', {
      class: 'curve',
      points: finite.map((point) => `${x(point.step).toFixed(1)},${y(point.distance).toFixed(1)}`).join(' '),
    });
    const now = finite.at(-1);
    if (now) {
      this.element('circle', {class: 'now', cx: x(now.step), cy: y(now.distance), r: 4});
      svg.setAttribute(
        'aria-label',
        `Distance from the unwounded twin: ${now.distance.toFixed(4)} at step ${now.step}, ` +
          `at most ${Math.max(...finite.map((point) => point.distance)).toFixed(4)} since step ${first}`
      );
    }
  }

  line(kind, x1, y1, x2, y2) {
    this.element('line', {class: kind, x1, y1, x2, y2});
  }

  text(x, y, anchor, words) {
    this.element('text', {x, y, 'text-anchor': anchor}).textContent = words;
  }

  element(name, attributes) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    return this.svg.appendChild(element);
  }
}

/** The next of 1, 2, 5, 10, 20, ... thousandths. */
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 5, 10].find((each) => each * power >= value * (1 - 1e-9));
  return factor * power;
}
