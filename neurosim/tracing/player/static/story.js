// What happens, step by step: the steps in groups, and what is known after each.

class Story {
  constructor(data) {
    this.data = data;
    this.steps = data.steps.map(([kind, subject, quantity, sample, left]) => ({
      kind: data.kinds[kind],
      subject: data.texts[subject],
      quantity: data.quantity_names[quantity],
      sample,
      left,
    }));
    this.kept = data.kept || [0];
    this.inputs = data.frames[0].inputs;
    this.cache = new Map();
  }

  get length() {
    return this.kept.length;
  }

  /** The numbers of a learning step. */
  frame(f) {
    return this.data.frames[f];
  }

  value(f, step) {
    return numberOf(this.frame(f).values[step]);
  }

  /** The equation of a step: two sides, an explanation, and where the terms stand in both. */
  equation(f, step) {
    const row = this.data.equations[this.frame(f).equations[step]];
    const pairs = (flat) => flat.map((_, k) => flat.slice(k, k + 2)).filter((_, k) => k % 2 === 0);
    return {
      symbols: this.data.sides[row[0]],
      numbers: this.data.sides[row[1]],
      explanation: this.data.texts[row[2]],
      ofSymbols: pairs(row[3]),
      ofNumbers: pairs(row[4]),
    };
  }

  /** Where the terms of every step begin among those of a learning step. */
  offsets(f) {
    return this.once(`offsets ${f}`, () => {
      let at = 0;
      return this.frame(f).equations.map((row) => {
        const start = at;
        at += this.data.equations[row][4].length / 2;
        return start;
      });
    });
  }

  /** The values of the terms of a step, each with the sum as far as it goes. */
  terms(f, step) {
    const start = this.offsets(f)[step];
    const count = this.equation(f, step).ofNumbers.length;
    let running = 0;
    return this.frame(f)
      .terms.slice(start, start + count)
      .map(numberOf)
      .map((value, k) => {
        running = k ? running + value : value;
        return { value, running };
      });
  }

  once(key, make) {
    if (!this.cache.has(key)) this.cache.set(key, make());
    return this.cache.get(key);
  }

  /** The groups that are gone through: steps together, or one term of a step. */
  groups(f, by) {
    if (by === "training") return this.once("training", () => [this.whole()]);
    return by === "term"
      ? this.once(`term ${f}`, () => this.byTerm(f))
      : this.once(by, () => this.together(by));
  }

  whole() {
    const title = "the whole learning step";
    return { start: 0, count: this.steps.length, kind: this.steps[0].kind, title };
  }

  together(by) {
    const [starts, titles] = this.data.groups[by];
    return starts.map((start, k) => ({
      start,
      count: (starts[k + 1] ?? this.steps.length) - start,
      kind: this.steps[start].kind,
      title: this.data.texts[titles[k]],
    }));
  }

  byTerm(f) {
    return this.groups(f, "step").flatMap((group) => {
      const n = this.data.equations[this.frame(f).equations[group.start]][4].length / 2;
      const terms = Array.from({ length: n }, (_, term) => ({
        ...group,
        term,
        title: `${group.title}, term ${term + 1} of ${n}`,
      }));
      return [...terms, group];
    });
  }

  /** How many steps are known at a group; a term is known before its step is. */
  reached(group) {
    return group.term === undefined ? group.start + group.count : group.start;
  }

  /** The sample whose numbers are shown at a group: the last one that was gone into. */
  sampleAt(group) {
    for (let k = group.start + group.count - 1; k >= 0; k -= 1) {
      if (this.steps[k].sample >= 0) return this.steps[k].sample;
    }
    return 0;
  }

  /** What is known at a group, as numbers by "quantity subject". */
  known(f, group) {
    const sample = this.sampleAt(group);
    const { subjects, inputs } = this.data.picture;
    const frame = this.frame(f);
    const found = new Map();
    subjects.forEach((name, k) => found.set(`held ${name}`, numberOf(frame.parameters[k])));
    inputs.forEach((name, k) => {
      found.set(`a ${name}`, numberOf((frame.inputs || this.inputs)[k][sample]));
    });
    for (let k = 0; k < this.reached(group); k += 1) {
      const step = this.steps[k];
      if (step.sample >= 0 && step.sample !== sample) continue;
      found.set(`${step.quantity} ${step.subject}`, this.value(f, k));
      if (step.quantity === "new") found.set(`held ${step.subject}`, this.value(f, k));
    }
    return found;
  }

  /** The steps about a neuron, its bias and gamma included, or about an edge. */
  about(subject) {
    const own = new Set([subject, `${subject}.bias`, `${subject}.gamma`]);
    return this.steps.map((_, k) => k).filter((k) => own.has(this.steps[k].subject));
  }

  /** The first group about a step, or the one in which it is whole. */
  groupOf(f, by, step, whole = false) {
    const has = ({ start, count }) => step >= start && step < start + count;
    const found = this.groups(f, by).findIndex(
      (one) => has(one) && !(whole && one.term !== undefined),
    );
    return Math.max(0, found);
  }
}
