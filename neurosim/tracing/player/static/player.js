// The player: where one is, and the controls that go elsewhere.

const PHASES = { forward: "Forward", loss: "Loss", delta: "Backward", gradient: "Backward", update: "Update" };

class Player {
  constructor(data) {
    this.story = new Story(data);
    this.formulas = new Formulas(data);
    this.f = 0;
    this.by = "neuron";
    this.at = 0;
    this.chosen = null;
    const choose = (subject) => this.choose(subject);
    this.panels = new Panels(this.story, this.formulas, (step) => this.jump(step), choose);
    this.picture = new Picture(this.part("picture"), data, choose);
    this.training = this.story.length > 1;
    document.body.classList.toggle("is-training", this.training);
    if (this.training) this.beTraining();
    this.fillIn(data);
    this.listen();
    this.tips();
    this.regroup();
  }

  part(id) {
    return document.getElementById(id);
  }

  beTraining() {
    this.curve = new Curve(this.part("curve"), this.story, (f) => this.goFrame(f));
    this.part("by").append(make("option", { value: "training" }, "learning step"));
  }

  fillIn(data) {
    this.part("digits").value = data.digits;
    this.part("notation").value = data.notation;
    this.part("left-out").textContent = data.left_out;
    this.part("left-out").hidden = !data.left_out;
    document.querySelector(".legend").hidden = !data.picture.drawn;
    const subjects = [...new Set(this.story.steps.map((step) => step.subject))]
      .filter((one) => one !== "loss")
      .slice(0, 3000);
    this.part("subjects").append(...subjects.map((one) => make("option", { value: one })));
  }

  // -- where one is ----------------------------------------------------------------------------

  get groups() {
    return this.story.groups(this.f, this.by);
  }

  get group() {
    return this.groups[this.at];
  }

  go(at) {
    this.at = Math.min(Math.max(at, 0), this.groups.length - 1);
    this.show();
  }

  /** One group on or back; in a training from one learning step into the next. */
  step(by) {
    const at = this.at + by;
    if (at >= 0 && at < this.groups.length) return this.go(at), true;
    const f = this.f + by;
    if (f < 0 || f >= this.story.length) return false;
    this.f = f;
    this.regrouped(by > 0 ? 0 : Infinity);
    return true;
  }

  goFrame(f) {
    const place = Math.min(Math.max(f, 0), this.story.length - 1);
    if (place === this.f) return;
    this.f = place;
    this.regrouped(this.at);
  }

  /** A step as a group of the grouping that is chosen. */
  jump(step) {
    this.pause();
    this.go(this.story.groupOf(this.f, this.by, step, true));
  }

  /** The start of the next phase, or of the one before. */
  phase(by) {
    const name = (at) => PHASES[this.groups[at].kind];
    let at = this.at + by;
    while (at > 0 && at < this.groups.length && name(at) === name(this.at)) at += by;
    if (by < 0) while (at > 0 && name(at - 1) === name(at)) at -= 1;
    this.go(at);
  }

  regroup() {
    const step = this.shownStep;
    this.by = this.part("by").value;
    this.regrouped(step === undefined ? 0 : this.story.groupOf(this.f, this.by, step));
  }

  regrouped(at) {
    this.part("slider").max = this.groups.length - 1;
    this.marks();
    this.go(at);
  }

  // -- showing ---------------------------------------------------------------------------------

  show() {
    const { group } = this;
    this.shownStep = group.start;
    this.panels.showNow(this.f, group);
    this.picture.showNumbers(this.story.known(this.f, group));
    this.lightUp(group);
    this.panels.showAbout(this.f, this.chosen, this.story.reached(group));
    const slider = this.part("slider");
    slider.value = this.at;
    slider.setAttribute("aria-valuetext", group.title);
    const place = this.by === "training" ? [this.f, this.story.length] : [this.at, this.groups.length];
    this.part("place").textContent = `${place[0] + 1} of ${place[1]}`;
    this.buttons();
    this.curve?.show(this.f, this.formulas.digits);
    const of = this.story.data.samples > 1 ? `Shown: sample ${this.story.sampleAt(group)}.` : "";
    this.part("shown").textContent = of;
  }

  lightUp(group) {
    const current = new Set();
    const subjects = new Set();
    const last = Math.min(group.start + group.count, group.start + 200);
    if (group.count < this.story.steps.length || group.count === 1) {
      for (let step = group.start; step < last; step += 1) this.involve(step, group, subjects, current);
    }
    this.tellMissing(this.picture.light([...subjects], current));
  }

  tellMissing(missing) {
    const neurons = missing.filter((one) => !one.includes("->"));
    const named = (neurons.length ? neurons : missing).slice(0, 3).join(", ");
    const more = missing.length > 3 ? " and more" : "";
    this.part("beyond").hidden = !missing.length;
    this.part("beyond").textContent = `Here, too, but not drawn: ${named}${more}. Find shows any.`;
  }

  /** Collect what a step is about, and what it is made of: of a term, of that alone. */
  involve(step, { term }, subjects, current) {
    const { numbers, ofNumbers } = this.story.equation(this.f, step);
    const { subject } = this.story.steps[step];
    subjects.add(subject);
    current.add(subject);
    const [from, count] = term === undefined ? [0, numbers.length] : ofNumbers[term];
    for (const token of numbers.slice(from, from + count)) {
      if (token < 0) continue;
      const [symbol] = this.story.data.quantities[token];
      for (const one of this.formulas.subjectsOf(symbol)) subjects.add(one);
    }
  }

  buttons() {
    const first = this.at === 0;
    const last = this.at === this.groups.length - 1;
    this.part("first").disabled = first;
    this.part("last").disabled = last;
    this.part("back").disabled = first && this.f === 0;
    this.part("forward").disabled = last && this.f === this.story.length - 1;
    for (const button of this.part("phases").children) {
      button.setAttribute("aria-pressed", String(button.dataset.phase === PHASES[this.group.kind]));
    }
  }

  /** The phases: buttons, and colours along the slider. */
  marks() {
    const spans = [];
    this.groups.forEach(({ kind }, at) => {
      if (spans.at(-1)?.phase === PHASES[kind]) spans.at(-1).end = at + 1;
      else spans.push({ phase: PHASES[kind], start: at, end: at + 1 });
    });
    this.part("phases").hidden = spans.length < 2;
    this.part("phases").replaceChildren(
      ...spans.map(({ phase, start }) => {
        const button = make("button", { type: "button", "data-phase": phase, "data-at": start }, phase);
        button.addEventListener("click", () => this.go(start));
        return button;
      }),
    );
    this.part("track").replaceChildren(
      ...spans.map(({ phase, start, end }) =>
        make("span", { "data-phase": phase, style: `flex:${end - start} 0 0` }),
      ),
    );
  }

  choose(subject) {
    this.chosen = subject;
    this.picture.choose(subject);
    this.panels.showAbout(this.f, subject, this.story.reached(this.group));
    if (subject) this.panels.about.scrollIntoView({ block: "nearest" });
  }

  // -- playing ---------------------------------------------------------------------------------

  get playing() {
    return this.timer !== undefined;
  }

  play() {
    const end = this.at === this.groups.length - 1 && this.f === this.story.length - 1;
    if (end) {
      this.f = 0;
      this.regrouped(0);
    }
    this.playButton(true);
    this.tick();
  }

  tick() {
    const wait = 1000 / Number(this.part("speed").value);
    this.timer = setTimeout(() => {
      if (this.step(1)) this.tick();
      else this.pause();
    }, wait);
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.playButton(false);
  }

  playButton(on) {
    const button = this.part("play");
    button.setAttribute("aria-label", on ? "Pause" : "Play");
    button.classList.toggle("on", on);
  }

  // -- controls --------------------------------------------------------------------------------

  listen() {
    const by = (move) => () => {
      this.pause();
      move();
    };
    const clicks = {
      first: by(() => this.go(0)),
      back: by(() => this.step(-1)),
      forward: by(() => this.step(1)),
      last: by(() => this.go(Infinity)),
      play: () => (this.playing ? this.pause() : this.play()),
      theme: () => this.switchTheme(),
    };
    for (const [id, act] of Object.entries(clicks)) this.part(id).addEventListener("click", act);
    this.part("slider").addEventListener("input", (event) => {
      this.pause();
      this.go(Number(event.target.value));
    });
    this.part("by").addEventListener("change", () => this.regroup());
    this.part("notation").addEventListener("change", (event) => {
      this.formulas.notation = event.target.value;
      this.show();
    });
    this.part("digits").addEventListener("input", (event) => this.setDigits(event.target));
    this.part("find").addEventListener("change", (event) => this.find(event.target));
    this.part("find").addEventListener("input", (event) => {
      if (!event.inputType) this.find(event.target); // chosen from the list
    });
    document.addEventListener("keydown", (event) => this.key(event));
  }

  setDigits(input) {
    const digits = Number(input.value);
    const fine = Number.isInteger(digits) && digits >= 1 && digits <= 17;
    input.setAttribute("aria-invalid", String(!fine));
    if (!fine) return;
    this.formulas.digits = digits;
    this.show();
  }

  find(input) {
    const wanted = input.value.trim();
    const known = wanted && (this.story.about(wanted).length || this.picture.elementsOf(wanted).length);
    input.setAttribute("aria-invalid", String(Boolean(wanted) && !known));
    if (known) this.choose(wanted);
  }

  switchTheme() {
    const { dataset } = document.documentElement;
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const now = dataset.theme === "auto" ? system : dataset.theme;
    dataset.theme = now === "dark" ? "light" : "dark";
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { target } = event;
    const typing = target.matches("select, input:not([type=range]), textarea");
    const pressing = event.key === " " && target.matches("button, summary, [role=button]");
    if (typing || pressing) return;
    const along = target.matches("[role=slider]");
    const acts = {
      ArrowRight: () => (along ? this.goFrame(this.f + 1) : this.step(1)),
      ArrowLeft: () => (along ? this.goFrame(this.f - 1) : this.step(-1)),
      Home: () => (along ? this.goFrame(0) : this.go(0)),
      End: () => (along ? this.goFrame(Infinity) : this.go(Infinity)),
      PageDown: () => this.phase(1),
      PageUp: () => this.phase(-1),
      ...(this.training
        ? { ArrowDown: () => this.goFrame(this.f + 1), ArrowUp: () => this.goFrame(this.f - 1) }
        : {}),
      Escape: () => this.choose(null),
      " ": () => (this.playing ? this.pause() : this.play()),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    if (event.key !== " ") this.pause();
    acts[event.key]();
  }

  /** What is pointed at: its numbers beside it, and it stands out in the drawing. */
  tips() {
    const tip = make("div", { id: "tip", role: "tooltip", hidden: "" });
    document.body.append(tip);
    document.addEventListener("pointerover", (event) => {
      const element = event.target.closest?.("[data-tip], [data-subject]");
      this.picture.hover(element?.dataset.subject);
      tip.hidden = !element;
      if (!element) return;
      tip.textContent = element.dataset.tip || this.told(element.dataset.subject);
      const left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8);
      const top = Math.min(event.clientY + 18, innerHeight - tip.offsetHeight - 8);
      Object.assign(tip.style, { left: `${Math.max(4, left)}px`, top: `${Math.max(4, top)}px` });
    });
  }

  /** What is known by now of a neuron or an edge. */
  told(subject) {
    const known = this.story.known(this.f, this.group);
    const lines = [
      ["a", `a ${subject}`],
      ["z", `z ${subject}`],
      ["b", `held ${subject}.bias`],
      ["γ", `held ${subject}.gamma`],
      ["δ", `delta ${subject}`],
      ["w", `held ${subject}`],
      ["∂J/∂w", `gradient ${subject}`],
      ["∂J/∂b", `gradient ${subject}.bias`],
    ].filter(([, key]) => known.has(key));
    const told = lines.map(([name, key]) => `${name} = ${shown(known.get(key), this.formulas.digits)}`);
    return [subject.replace("->", " → "), ...told].join("\n");
  }
}

new Player(JSON.parse(document.getElementById("data").textContent));
