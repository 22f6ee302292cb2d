// The loss of a training as a curve, which is the slider of the learning steps.

class Curve {
  constructor(host, story, go) {
    this.host = host;
    this.loss = story.data.loss.map(numberOf);
    this.kept = story.kept;
    this.go = go;
    this.scale();
    this.draw();
    this.listen();
  }

  scale() {
    const finite = this.loss.filter(Number.isFinite);
    const [least, most] = [Math.min(...finite), Math.max(...finite)];
    this.log = least > 0 && most / least > 50;
    this.low = this.log ? Math.log(least) : Math.min(0, least);
    this.high = this.log ? Math.log(most) : most;
  }

  x(k) {
    return this.loss.length > 1 ? k / (this.loss.length - 1) : 0.5;
  }

  y(value) {
    const at = this.log ? Math.log(value) : value;
    return this.high > this.low ? 1 - (at - this.low) / (this.high - this.low) : 0.5;
  }

  draw() {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 1000 100");
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", this.way());
    svg.append(path);
    this.marker = make("div", { class: "marker" });
    this.dot = make("div", { class: "dot" });
    this.label = make("div", { class: "reading" });
    const plane = make("div", { class: "plane" }, svg, this.marker, this.dot);
    this.host.append(this.label, plane);
    this.plane = plane;
    this.host.hidden = false;
    for (const [name, value] of Object.entries({
      role: "slider",
      tabindex: "0",
      "aria-label": "Learning step, on the curve of the loss",
      "aria-valuemin": "0",
      "aria-valuemax": String(this.loss.length - 1),
    })) {
      plane.setAttribute(name, value);
    }
  }

  /** The curve; it stops where the loss is infinite or NaN. */
  way() {
    let pen = "M";
    return this.loss
      .map((value, k) => {
        if (!Number.isFinite(value)) {
          pen = "M";
          return "";
        }
        const point = `${pen}${(1000 * this.x(k)).toFixed(1)} ${(4 + 92 * this.y(value)).toFixed(1)}`;
        pen = "L";
        return point;
      })
      .join("");
  }

  listen() {
    const follow = (event) => {
      const box = this.plane.getBoundingClientRect();
      this.toward(((event.clientX - box.left) / box.width) * (this.loss.length - 1));
    };
    this.plane.addEventListener("pointerdown", (event) => {
      this.plane.setPointerCapture(event.pointerId);
      follow(event);
    });
    this.plane.addEventListener("pointermove", (event) => {
      if (event.buttons) follow(event);
    });
  }

  /** Go to the nearest learning step whose equations are here. */
  toward(k) {
    let nearest = 0;
    this.kept.forEach((one, f) => {
      if (Math.abs(one - k) < Math.abs(this.kept[nearest] - k)) nearest = f;
    });
    this.go(nearest);
  }

  show(f, digits) {
    const k = this.kept[f];
    const left = `${(100 * this.x(k)).toFixed(3)}%`;
    this.marker.style.left = left;
    this.dot.style.left = left;
    this.dot.style.top = `${4 + 92 * this.y(this.loss[k])}%`;
    this.dot.hidden = !Number.isFinite(this.loss[k]);
    const text = `Learning step ${k} of ${this.loss.length - 1}: loss ${shown(this.loss[k], digits)}`;
    this.label.textContent = this.log ? `${text} (logarithmic)` : text;
    this.plane.setAttribute("aria-valuenow", String(k));
    this.plane.setAttribute("aria-valuetext", text);
  }
}
