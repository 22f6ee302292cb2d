// The drawing: what is lit, and the numbers that are known.

const SVG = "http://www.w3.org/2000/svg";
// So many edges get broad invisible ones above them, which are easier to point at.
const BROAD = 400;
const FEW = 60;
// What is lit is at least so wide; more edges than a dozen shine less, each.
const SEEN = 1.5;
const DOZEN = 12;
const ENDING = /\.(bias|gamma)$/;

class Picture {
  constructor(host, data, choose) {
    this.svg = host.querySelector("svg");
    this.layers = new Map(data.picture.layers);
    this.nodes = new Map();
    this.edges = new Map();
    this.texts = new Map();
    this.lit = [];
    if (this.svg) this.prepare(choose);
  }

  prepare(choose) {
    this.svg.setAttribute("role", "group");
    // What shines is drawn once more above the edges: a filter on each would be slow.
    this.lights = this.layer("lights");
    for (const node of this.svg.querySelectorAll("g.node")) this.takeNode(node, choose);
    for (const edge of this.svg.querySelectorAll("path.edge")) this.takeEdge(edge, choose);
    this.looks = [...this.edges.values()]
      .map(({ path, weight }) => ({
        size: Math.abs(weight),
        width: path.getAttribute("stroke-width"),
        opacity: path.getAttribute("stroke-opacity") || "1",
      }))
      .sort((one, other) => one.size - other.size);
    if (this.edges.size <= BROAD) this.broaden(choose);
    for (const group of this.svg.querySelectorAll("g.text")) this.takeText(group, choose);
  }

  takeNode(node, choose) {
    const { label } = node.dataset;
    node.querySelector("title")?.remove();
    node.setAttribute("tabindex", "0");
    this.name(node, label, choose);
    const circle = node.querySelector("circle:last-of-type");
    this.nodes.set(label, { node, circle, radius: Number(circle.getAttribute("r")) });
  }

  takeEdge(path, choose) {
    const weight = Number(path.dataset.weight);
    this.edges.set(path.dataset.label, { path, weight, now: undefined });
    this.name(path, path.dataset.label, choose);
  }

  /** An element becomes a button that chooses what it shows. */
  name(element, subject, choose) {
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", subject);
    element.setAttribute("data-subject", subject);
    element.addEventListener("click", () => choose(subject));
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      choose(subject);
    });
  }

  /** A group between the edges and the nodes. */
  layer(name) {
    const layer = document.createElementNS(SVG, "g");
    layer.setAttribute("class", name);
    this.svg.querySelector("g.nodes").before(layer);
    return layer;
  }

  broaden(choose) {
    const layer = this.layer("broad");
    for (const [label, { path }] of this.edges) {
      const broad = document.createElementNS(SVG, "path");
      broad.setAttribute("d", path.getAttribute("d"));
      broad.setAttribute("data-subject", label);
      broad.addEventListener("click", () => choose(label));
      if (this.edges.size <= FEW) path.setAttribute("tabindex", "0");
      layer.append(broad);
    }
  }

  takeText(group, choose) {
    const { role, label } = group.dataset;
    const text = group.querySelector("text");
    const content = text.textContent;
    const before = content.includes(" = ") ? content.replace(/ = [^=]*$/, " = ") : "";
    const name = role === "bias" && content.startsWith("γ") ? "gamma" : role;
    const size = Number(text.getAttribute("font-size"));
    this.texts.set(`${name} ${label}`, { group, text, before, size });
    if (label && ["label", "activation", "weight", "bias", "z", "delta"].includes(role)) {
      group.setAttribute("data-subject", label);
      group.addEventListener("click", () => choose(label));
    }
  }

  // -- numbers ---------------------------------------------------------------------------------

  /** Show what is known, and nothing else. */
  showNumbers(known) {
    if (!this.svg) return;
    this.fill(known);
    for (const label of this.nodes.keys()) {
      this.write("activation", label, known.get(`a ${label}`));
      this.write("z", label, known.get(`z ${label}`));
      this.write("delta", label, known.get(`delta ${label}`));
      // Of a very large network the page does not hold them: they stay as they were drawn.
      if (known.has(`held ${label}.bias`)) this.write("bias", label, known.get(`held ${label}.bias`));
      if (known.has(`held ${label}.gamma`)) this.write("gamma", label, known.get(`held ${label}.gamma`));
    }
    this.weigh(known);
  }

  write(role, label, value) {
    const found = this.texts.get(`${role} ${label}`);
    if (!found) return;
    found.group.classList.toggle("unknown", value === undefined);
    if (value === undefined) return;
    const content = found.before + shown(value, 3);
    if (found.text.textContent === content) return;
    found.text.textContent = content;
    found.text.removeAttribute("textLength");
    if (role === "activation") this.fit(found, label, content);
    if (role === "weight") this.colored(found.group, value);
  }

  fit({ text, size }, label, content) {
    const { radius } = this.nodes.get(label);
    const fitting = (1.75 * radius) / (0.62 * content.length);
    text.setAttribute("font-size", Math.min(Math.max(size, 0.6 * radius), fitting).toFixed(2));
  }

  colored(element, value) {
    element.classList.toggle("positive", value > 0);
    element.classList.toggle("negative", value < 0);
  }

  fill(known) {
    const largest = Math.max(1, ...[...this.nodes.keys()].map((k) => this.size(known, k)));
    for (const [label, { circle }] of this.nodes) {
      const value = known.get(`a ${label}`);
      this.colored(circle, value || 0);
      const share = Math.min(1, this.size(known, label) / largest);
      circle.style.setProperty("--share", `${(45 * share).toFixed(1)}%`);
    }
  }

  size(known, label) {
    const value = Math.abs(known.get(`a ${label}`) ?? 0);
    return Number.isFinite(value) ? value : 0;
  }

  /** Every edge as its weight is now, with the look that the drawing gave to such a share. */
  weigh(known) {
    let largest = 0;
    for (const [label, edge] of this.edges) {
      edge.next = known.get(`held ${label}`) ?? edge.weight;
      if (Number.isFinite(edge.next)) largest = Math.max(largest, Math.abs(edge.next));
    }
    const drawn = this.looks.at(-1)?.size || 0;
    for (const [label, edge] of this.edges) {
      const share = largest > 0 ? (Math.abs(edge.next) / largest) * drawn : 0;
      if (edge.now !== edge.next || edge.share !== share) this.look(label, edge, share);
    }
  }

  look(label, edge, share) {
    const found = this.looks.find((one) => one.size >= share * (1 - 1e-9)) || this.looks.at(-1);
    edge.path.setAttribute("stroke-width", found.width);
    edge.path.setAttribute("stroke-opacity", found.opacity);
    this.colored(edge.path, edge.next);
    Object.assign(edge, { now: edge.next, share });
    this.write("weight", label, edge.next);
    const text = this.texts.get(`weight ${label}`);
    if (text) this.colored(text.group, edge.next);
  }

  // -- light -----------------------------------------------------------------------------------

  /** The elements that show a subject, the layers' neurons for a layer; none where not drawn. */
  elementsOf(subject) {
    const plain = subject.replace(ENDING, "");
    const layer = this.layers.get(subject) || this.layers.get(subject.replace(/\.\w+$/, ""));
    for (const label of [subject, plain]) {
      if (this.nodes.has(label)) return [this.nodes.get(label).node];
      if (this.edges.has(label)) return [this.edges.get(label).path];
    }
    return (layer || []).flatMap((label) => this.nodes.get(label)?.node || []);
  }

  /** Light subjects; return those that are not drawn. */
  light(subjects, current) {
    if (!this.svg) return [];
    for (const element of this.lit) element.classList.remove("lit", "current");
    this.lit = [];
    const missing = [];
    for (const subject of subjects) {
      const elements = this.elementsOf(subject);
      if (!elements.length && subject !== "loss") missing.push(subject);
      for (const element of elements) {
        element.classList.add("lit");
        element.classList.toggle("current", current.has(subject));
        this.lit.push(element);
      }
    }
    this.svg.classList.toggle("focused", this.lit.length > 0);
    this.shine();
    return missing;
  }

  /** Draw the edges that are lit, chosen or pointed at above all others, on a bright ground. */
  shine() {
    const edges = (elements) => elements.filter((one) => one.classList.contains("edge"));
    const marked = [...(this.chosen || []), ...(this.hovered || [])];
    const [lit, focus] = [edges(this.lit), edges(marked)];
    const copies = [...lit, ...focus].map((one) => {
      const copy = one.cloneNode();
      for (const name of ["id", "role", "tabindex", "data-label", "data-subject", "aria-label"]) {
        copy.removeAttribute(name);
      }
      copy.setAttribute("stroke-width", Math.max(SEEN, Number(one.getAttribute("stroke-width"))));
      return copy;
    });
    this.lights.replaceChildren(this.glow("glow", lit), this.glow("glow focus", focus), ...copies);
  }

  glow(name, edges) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", edges.length > DOZEN ? `${name} many` : name);
    path.setAttribute("d", edges.map((one) => one.getAttribute("d")).join(""));
    return path;
  }

  choose(subject) {
    this.chosen = this.mark("chosen", this.chosen, subject);
  }

  hover(subject) {
    this.hovered = this.mark("hovered", this.hovered, subject);
  }

  /** Mark what shows a subject, and nothing else. */
  mark(name, before, subject) {
    const now = this.svg && subject ? this.elementsOf(subject) : [];
    for (const element of before || []) element.classList.remove(name);
    for (const element of now) element.classList.add(name);
    if (this.svg && (now.length || before?.length)) this.shine();
    return now;
  }
}
