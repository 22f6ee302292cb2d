// The panels beside the drawing: the current equations, and all of a chosen neuron or edge.

// So many equations are set at once; more on request.
const MOST = 24;
// Of a sum with more terms the first, the last and those beside the current one are set.
const MOST_TERMS = 12;

/** Where terms are left out: from which token, how many tokens, how many terms. */
function gapsIn(places, current) {
  const n = places.length;
  if (n <= MOST_TERMS) return [];
  const near = (k) => current !== undefined && Math.abs(k - current) <= 1;
  const kept = places.map((_, k) => k).filter((k) => k < 2 || k === n - 1 || near(k));
  return kept.slice(1).flatMap((k, i) => {
    const [from, to] = [kept[i] + 1, k];
    if (from === to) return [];
    const start = places[from][0];
    const [last, count] = places[to - 1];
    return [[start, last + count - start, to - from]];
  });
}

class Panels {
  constructor(story, formulas, jump, choose) {
    Object.assign(this, { story, formulas, jump, choose });
    this.now = document.getElementById("now");
    this.heading = document.getElementById("heading");
    this.spoken = document.getElementById("spoken");
    this.about = document.getElementById("about");
  }

  // -- the current step ------------------------------------------------------------------------

  showNow(f, group) {
    this.formulas.values = this.story.frame(f).quantities;
    const batch = this.story.data.samples > 1 && group.count < this.story.steps.length;
    const sample = batch && this.story.steps[group.start].sample >= 0 ? `, sample ${this.story.steps[group.start].sample}` : "";
    this.heading.textContent = `${group.title}${sample}`;
    this.heading.dataset.kind = group.kind;
    const content =
      group.term === undefined
        ? this.list(f, group.start, group.start + group.count)
        : this.term(f, group);
    this.now.replaceChildren(...content);
    this.fit(this.now);
    // On a phone the page would scroll away from the drawing.
    const beside = matchMedia("(min-width: 900px)").matches;
    if (beside) this.now.querySelector(".quantity.lit")?.scrollIntoView({ block: "nearest" });
    this.spoken.textContent = `${this.heading.textContent}. ${this.said(f, group)}`;
  }

  /** What is read aloud. */
  said(f, group) {
    const step = group.start;
    const name = this.formulas.nameOf(this.story.steps[step].left);
    if (group.term !== undefined) {
      const { value, running } = this.story.terms(f, step)[group.term];
      return `The term is ${this.number(value)}, the sum so far ${this.number(running)}.`;
    }
    const { explanation } = this.story.equation(f, step);
    const more = group.count > 1 ? ` And ${group.count - 1} more.` : "";
    return `${name} = ${this.number(this.story.value(f, step))}. ${explanation}${more}`;
  }

  number(value) {
    return shown(value, this.formulas.digits);
  }

  /** Equations from one step to another, the first of them where they are many. */
  list(f, start, end) {
    const to = Math.min(end, start + MOST);
    const found = [];
    for (let step = start; step < to; step += 1) found.push(this.equation(f, step));
    if (to < end) {
      const more = make("button", { type: "button", class: "more" }, `Show ${end - to} more`);
      more.addEventListener("click", () => {
        more.replaceWith(...this.list(f, to, end));
        this.fit(this.now);
      });
      found.push(more);
    }
    return found;
  }

  equation(f, step, whole = false) {
    const { symbols, numbers, explanation, ofSymbols, ofNumbers } = this.story.equation(f, step);
    const value = this.story.value(f, step);
    const gaps = (places) => (whole ? [] : gapsIn(places));
    const lines = [
      this.line(() => [this.left(step), " = ", this.side(symbols, true, null, gaps(ofSymbols))]),
      this.isBare(numbers, value)
        ? null
        : this.line(() => ["= ", this.side(numbers, false, null, gaps(ofNumbers))], "following"),
      this.line(() => ["= ", this.result(f, step)], "following"),
    ];
    const set = make(
      "div",
      { class: "equation", "data-step": step, "data-kind": this.story.steps[step].kind },
      ...lines,
      make("p", { class: "explanation" }, explanation),
    );
    for (const button of set.querySelectorAll("button.elided")) {
      button.addEventListener("click", () => {
        const whole = this.wholly(f, step);
        set.replaceWith(whole);
        this.fit(whole);
      });
    }
    return set;
  }

  /** An equation with all of its terms. */
  wholly(f, step) {
    this.formulas.values = this.story.frame(f).quantities;
    return this.equation(f, step, true);
  }

  /** A line, which can be set again where it turns out too wide. */
  line(content, name = "") {
    const line = make("div", { class: `line ${name}` }, ...content());
    line.again = () => line.replaceChildren(...this.formulas.flatly(content));
    return line;
  }

  /** Set what is too wide for its place without fractions, so that it is wrapped. */
  fit(element) {
    const lines = [...element.querySelectorAll(".line")];
    for (const line of lines.filter((one) => one.scrollWidth > one.clientWidth + 1)) line.again();
  }

  left(step) {
    return this.formulas.symbol(this.story.steps[step].left);
  }

  side(side, named, lit, gaps) {
    return this.formulas.side(side, named, lit, gaps);
  }

  result(f, step) {
    const value = this.story.value(f, step);
    const tip = `${this.formulas.nameOf(this.story.steps[step].left)} = ${general(value, 17)}`;
    const { subject } = this.story.steps[step];
    const given = { class: "value", "data-tip": tip, "data-subject": subject, "data-value": value };
    return make("b", given, this.number(value));
  }

  /** Whether a side is the result itself, which is then not said twice. */
  isBare(side, value) {
    if (side.length !== 1) return false;
    const [token] = side;
    const same = token < 0 ? Number(this.formulas.text(-1 - token)) : this.formulas.valueOf(token);
    return same === value;
  }

  // -- a term ----------------------------------------------------------------------------------

  term(f, { start: step, term }) {
    const { symbols, numbers, ofSymbols, ofNumbers, explanation } = this.story.equation(f, step);
    const terms = this.story.terms(f, step);
    const [from, count] = ofNumbers[term];
    const part = numbers.slice(from, from + count);
    const named = () =>
      this.side(symbols, true, ofSymbols[term] || null, gapsIn(ofSymbols, term));
    const result = make("b", { class: "value" }, this.number(terms[term].value));
    const product = () => [
      ...[this.side(part, true), " = ", this.side(part, false)],
      ...(part.length > 1 ? [" = ", result] : []),
    ];
    return [
      make(
        "div",
        { class: "equation", "data-step": step },
        this.line(() => [this.left(step), " = ", named()]),
        this.line(product, "product"),
        this.sum(terms.slice(0, term + 1)),
        make("p", { class: "explanation" }, explanation),
      ),
    ];
  }

  /** The sum as far as it goes; of many terms the last alone. */
  sum(terms) {
    const { value, running } = terms.at(-1);
    const bracketed = (x) => (x < 0 ? `(${this.number(x)})` : this.number(x));
    const few = terms.length <= 6;
    const parts = few ? terms.map((one) => one.value) : [terms.at(-2).running, value];
    const text = parts.length > 1 ? `${parts.map(bracketed).join(" + ")} = ` : "";
    const result = make("b", { class: "value running", "data-value": running }, this.number(running));
    return make("div", { class: "line sum" }, make("span", {}, `Sum so far: ${text}`), result);
  }

  // -- a neuron or an edge ---------------------------------------------------------------------

  showAbout(f, subject, reached) {
    this.about.hidden = !subject;
    if (!subject) return;
    this.formulas.values = this.story.frame(f).quantities;
    const close = make("button", { type: "button", class: "close", "aria-label": "Close" }, "×");
    close.addEventListener("click", () => this.choose(null));
    const steps = this.story.about(subject);
    const none = "No step of this trace is about it.";
    this.about.replaceChildren(
      make("h2", {}, subject, close),
      this.neighbours(subject) || "",
      ...(steps.length ? this.cards(f, steps, reached) : [make("p", {}, none)]),
    );
    this.fit(this.about);
  }

  cards(f, steps, reached) {
    const found = steps.slice(0, MOST).map((step) => this.card(f, step, step >= reached));
    if (steps.length > MOST) {
      const more = make("button", { type: "button", class: "more" }, `Show ${steps.length - MOST} more`);
      more.addEventListener("click", () =>
        more.replaceWith(...this.cards(f, steps.slice(MOST), reached)),
      );
      found.push(more);
    }
    return found;
  }

  card(f, step, later) {
    const { kind, quantity, sample } = this.story.steps[step];
    const of = this.story.data.samples > 1 && sample >= 0 ? `, sample ${sample}` : "";
    const go = make("button", { type: "button", class: "go", "data-go": step }, "Go to this step");
    go.addEventListener("click", () => this.jump(step));
    const name = kind === "forward" ? `${kind}: ${quantity}` : kind;
    const title = `${name}${of}${later ? " (later)" : ""}`;
    return make("div", { class: "card" }, make("h3", { "data-kind": kind }, title, go), this.equation(f, step));
  }

  /** The edges into and out of a neuron, to choose them. */
  neighbours(subject) {
    const edges = this.story.once("edges", () => [
      ...new Set(this.story.steps.map((step) => step.subject).filter((one) => one.includes("->"))),
    ]);
    const ends = [
      ["Edges in", edges.filter((one) => one.endsWith(`->${subject}`))],
      ["Edges out", edges.filter((one) => one.startsWith(`${subject}->`))],
    ].filter(([, found]) => found.length);
    if (!ends.length) return null;
    return make("div", { class: "neighbours" }, ...ends.map(([title, found]) => this.links(title, found)));
  }

  links(title, subjects) {
    const buttons = subjects.slice(0, 100).map((one) => {
      const button = make("button", { type: "button", "data-subject": one }, one.replace("->", " → "));
      button.addEventListener("click", () => this.choose(one));
      return button;
    });
    const summary = make("summary", {}, `${title} (${subjects.length})`);
    return make("details", subjects.length <= 6 ? { open: "" } : {}, summary, ...buttons);
  }
}
