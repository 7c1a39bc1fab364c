'use strict';

/** Where a growth is: which grid, how many of its steps are done, and how many steps in all. */
class Clock {
  constructor(stages) {
    this.stages = stages;
    this.restart();
  }

  restart() {
    this.index = 0;
    this.done = 0;
    this.total = 0;
  }

  set({index, done, total}) {
    this.index = index;
    this.done = done;
    this.total = total;
  }

  stage() {
    return this.stages[this.index];
  }

  get side() {
    return this.stage().side;
  }

  /** Whether a doubling comes next. */
  due() {
    return this.index + 1 < this.stages.length && this.done >= this.stage().steps;
  }

  double() {
    this.index += 1;
    this.done = 0;
  }

  step() {
    this.done += 1;
    this.total += 1;
  }

  /** Steps in all, if none was added before this stage. */
  totalAt(stage, done) {
    return this.stages.slice(0, stage).reduce((sum, each) => sum + each.steps, done);
  }

  /** Steps of a whole decoding. */
  get planned() {
    return this.totalAt(this.stages.length, 0);
  }

  position() {
    return {stage: this.index, step: this.done, side: this.side, total: this.total};
  }
}
