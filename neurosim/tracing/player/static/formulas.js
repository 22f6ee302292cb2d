// Equations, set as a book sets them: fractions, powers, roots, indices.
//
// A side comes as tokens, which are read into pieces; a small parser makes a tree of them, and the
// tree is set. What is no arithmetic, such as "1 if z > 0 else 0", is set as it stands.

const GREEK = {
  delta: "δ",
  gamma: "γ",
  beta: "β",
  beta1: "β₁",
  beta2: "β₂",
  epsilon: "ε",
  zhat: "ẑ",
  m_hat: "m̂",
  v_hat: "v̂",
};
const SAMPLES = "sum over samples of ";
const PIECE = /sum over samples of |\s+|\*\*|\d+(?:\.\d+)?(?:e[+-]?\d+)?|[A-Za-z_]\w*|./gu;
// A fraction with more pieces than this above or below could not be read.
const LONG = 24;

/** An element; children may be texts, which are never read as HTML. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

class Formulas {
  constructor(data) {
    this.data = data;
    this.notation = data.notation;
    this.digits = data.digits;
    this.long = LONG;
  }

  text(index) {
    return this.data.texts[index];
  }

  // -- symbols ---------------------------------------------------------------------------------

  /** The parts of a symbol as plain text, with labels. */
  nameOf(symbol) {
    return this.data.symbols[symbol]
      .map((part) =>
        Array.isArray(part)
          ? `${this.text(part[0])}[${this.text(this.data.owners[part[1]][0])}]`
          : this.text(part),
      )
      .join("");
  }

  /** The neurons and edges that a symbol belongs to. */
  subjectsOf(symbol) {
    return this.data.symbols[symbol]
      .filter(Array.isArray)
      .map((part) => this.text(this.data.owners[part[1]][0]));
  }

  symbol(symbol) {
    const parts = this.data.symbols[symbol].map((part) =>
      Array.isArray(part) ? this.letter(part) : this.word(this.text(part)),
    );
    return make("span", { class: "symbol" }, ...parts);
  }

  /** What stands beside letters: the d of a derivative, the mark of a sample. */
  word(text) {
    if (/^\(\d+\)$/.test(text)) return make("sup", {}, text);
    const derivative = text.match(/^(.*?)d(\w*)\/d$/);
    if (derivative) return `${derivative[1]}∂${derivative[2]}/∂`;
    if (GREEK[text]) return make("i", {}, GREEK[text]);
    const old = text.match(/^(\w+)_(old)$/);
    return old ? make("span", {}, make("i", {}, old[1]), make("sup", {}, old[2])) : text;
  }

  letter([letter, owner]) {
    const [name, ending] = this.text(letter).split(/_(?=new$|old$)/);
    const derivative = name.match(/^d(\w+)\/d(\w+)$/);
    const plain = derivative ? `∂${derivative[1]}/∂${derivative[2]}` : GREEK[name] || name;
    const [label, below, above] = this.data.owners[owner];
    const book = this.notation === "book";
    const under = book ? below : this.text(label).replaceAll("->", "→");
    const over = [book ? above.replace("->", "→") : "", ending || ""].filter(Boolean).join(" ");
    const indices = make("span", { class: over ? "both" : "one" });
    if (over) indices.append(make("sup", {}, over));
    indices.append(make("sub", {}, under));
    return make("span", { class: "letter" }, make("i", {}, plain), indices);
  }

  // -- reading ---------------------------------------------------------------------------------

  /** The tokens of a side as pieces: numbers of quantities, and words of text. */
  pieces(side, named, gaps) {
    const found = [];
    side.forEach((token, at) => {
      const gap = gaps.find(([from, count]) => at >= from && at < from + count);
      if (gap) {
        if (at === gap[0]) found.push({ more: gap[2], at });
        return;
      }
      if (token >= 0) {
        found.push({ quantity: token, at });
        return;
      }
      const text = this.text(-1 - token);
      for (const word of text.match(PIECE) || []) {
        if (word.trim() || word === SAMPLES) found.push({ word, at });
      }
    });
    return named ? found : this.bracketed(found);
  }

  /** A negative number is bracketed beside any operator. */
  bracketed(pieces) {
    const opens = (piece) => !piece || (piece.word && /[(,]$/.test(piece.word));
    const closes = (piece) => !piece || piece.word === ")" || piece.word === ",";
    return pieces.map((piece, k) => ({
      ...piece,
      brackets:
        piece.quantity !== undefined &&
        this.isNegative(piece.quantity) &&
        !(opens(pieces[k - 1]) && closes(pieces[k + 1])),
    }));
  }

  isNegative(quantity) {
    const value = this.valueOf(quantity);
    return value < 0 || Object.is(value, -0);
  }

  valueOf(quantity) {
    return numberOf(this.values[quantity]);
  }

  // -- setting ---------------------------------------------------------------------------------

  /** What `make` sets, with all fractions on one line, so that it can be wrapped. */
  flatly(make) {
    this.long = 0;
    const made = make();
    this.long = LONG;
    return made;
  }

  /** A side as an element; `lit` is a range of tokens that stand out, `gaps` are left out. */
  side(side, named, lit = null, gaps = []) {
    const pieces = this.pieces(side, named, gaps);
    const set = (piece) => this.atom(piece, named, lit);
    let tree;
    try {
      tree = new Parser(pieces).all();
    } catch {
      return make("span", { class: "flat" }, ...pieces.flatMap((piece) => [set(piece), " "]));
    }
    return make("span", {}, ...this.set(tree, set));
  }

  atom(piece, named, lit) {
    const inside = lit && piece.at >= lit[0] && piece.at < lit[0] + lit[1];
    const mark = inside ? " lit" : "";
    if (piece.more) return make("button", { type: "button", class: "elided" }, `… ${piece.more} more …`);
    if (piece.quantity === undefined) {
      const text = roundedText(piece.word, this.digits).replaceAll("-", MINUS);
      const words = { "*": "·", "/": " / ", [SAMPLES]: "∑ over samples " };
      return make("span", { class: `word${mark}` }, words[text] || text);
    }
    const [symbol] = this.data.quantities[piece.quantity];
    const value = this.valueOf(piece.quantity);
    const subject = this.subjectsOf(symbol)[0];
    const content = named ? this.symbol(symbol) : shown(value, this.digits);
    const brackets = piece.brackets ? ["(", ")"] : ["", ""];
    return make(
      "span",
      {
        class: `quantity${mark}`,
        "data-subject": subject,
        "data-tip": `${this.nameOf(symbol)} = ${general(value, 17)}`,
      },
      brackets[0],
      content,
      brackets[1],
    );
  }

  /** The nodes of a tree, one after the other. */
  set(tree, set) {
    const inner = (one) => this.set(one, set);
    switch (tree.kind) {
      case "atom":
        return [set(tree.piece)];
      case "sum":
      case "product":
        return tree.parts.flatMap((part, k) => [
          ...(k ? [this.operator(tree.signs[k - 1], set)] : []),
          ...inner(part),
        ]);
      case "minus":
        return [set(tree.sign), ...inner(tree.of)];
      case "samples":
        return [set(tree.sign), ...inner(tree.of)];
      case "power":
        return [...this.base(tree.base, set), make("sup", {}, ...inner(bare(tree.exponent)))];
      case "fraction":
        return this.fraction(tree, set);
      case "brackets":
        // A fraction holds together without them.
        if (tree.of.kind === "fraction") return inner(tree.of);
        return [set(tree.open), ...inner(tree.of), set(tree.close)];
      default:
        return this.call(tree, set);
    }
  }

  base(tree, set) {
    return tree.kind === "brackets"
      ? [set(tree.open), ...this.set(tree.of, set), set(tree.close)]
      : this.set(tree, set);
  }

  operator(sign, set) {
    // A line may end before a plus.
    return sign.word === "*" ? set(sign) : make("span", { class: "operator" }, " ", set(sign));
  }

  fraction(tree, set) {
    if (size(tree.above) > this.long || size(tree.below) > this.long) {
      return [...this.set(tree.above, set), set(tree.sign), ...this.set(tree.below, set)];
    }
    const above = make("span", { class: "above" }, ...this.set(bare(tree.above), set));
    const below = make("span", { class: "below" }, ...this.set(bare(tree.below), set));
    return [make("span", { class: "fraction", role: "math" }, above, hidden(" / "), below)];
  }

  call(tree, set) {
    const args = tree.args.flatMap((one, k) => [...(k ? [", "] : []), ...this.set(one, set)]);
    if (tree.name.word === "exp" && size(tree.args[0]) <= Math.max(this.long, 4)) {
      return [make("i", {}, "e"), make("sup", {}, ...args)];
    }
    if (tree.name.word === "sqrt" && !JSON.stringify(tree).includes('"fraction"')) {
      return ["√", make("span", { class: "root" }, ...args)];
    }
    if (tree.name.word === "sqrt") return ["√", "(", ...args, ")"];
    if (tree.name.word === "abs") return ["|", ...args, "|"];
    return [set(tree.name), "(", ...args, ")"];
  }
}

/** Text for who hears a fraction. */
function hidden(text) {
  return make("span", { class: "spoken" }, text);
}

/** A tree without its outer brackets, where a fraction or a power holds it together. */
function bare(tree) {
  return tree.kind === "brackets" ? tree.of : tree;
}

/** The number of pieces in a tree. */
function size(tree) {
  if (tree.kind === "atom") return 1;
  const parts = [tree.of, tree.base, tree.exponent, tree.above, tree.below];
  return [...parts, ...(tree.parts || []), ...(tree.args || [])]
    .filter(Boolean)
    .reduce((sum, part) => sum + size(part), 0);
}

/** Python's arithmetic as a tree; it throws where there is something else. */
class Parser {
  constructor(pieces) {
    this.pieces = pieces;
    this.at = 0;
  }

  all() {
    const tree = this.sum();
    if (this.at < this.pieces.length) throw new Error("no arithmetic");
    return tree;
  }

  is(...words) {
    const piece = this.pieces[this.at];
    return piece !== undefined && words.includes(piece.word);
  }

  take(...words) {
    if (!this.is(...words)) throw new Error("no arithmetic");
    return this.pieces[this.at++];
  }

  sum() {
    const parts = [this.product()];
    const signs = [];
    while (this.is("+", "-")) {
      signs.push(this.take("+", "-"));
      parts.push(this.product());
    }
    return parts.length > 1 ? { kind: "sum", parts, signs } : parts[0];
  }

  product() {
    let tree = this.unary();
    while (this.is("*", "/")) {
      const sign = this.take("*", "/");
      const next = this.unary();
      if (sign.word === "/") tree = { kind: "fraction", above: tree, below: next, sign };
      else if (tree.kind === "product") {
        tree.parts.push(next);
        tree.signs.push(sign);
      } else tree = { kind: "product", parts: [tree, next], signs: [sign] };
    }
    return tree;
  }

  unary() {
    if (this.is("-")) return { kind: "minus", sign: this.take("-"), of: this.unary() };
    if (this.is(SAMPLES)) return { kind: "samples", sign: this.take(SAMPLES), of: this.product() };
    return this.power();
  }

  power() {
    const base = this.primary();
    if (!this.is("**")) return base;
    this.take("**");
    return { kind: "power", base, exponent: this.unary() };
  }

  primary() {
    const piece = this.pieces[this.at];
    if (piece === undefined) throw new Error("no arithmetic");
    if (piece.word === "(") {
      const open = this.take("(");
      const of = this.sum();
      return { kind: "brackets", open, of, close: this.take(")") };
    }
    this.at += 1;
    if (piece.quantity !== undefined || piece.more || /^\d/.test(piece.word)) return { kind: "atom", piece };
    if (!/^[A-Za-z_]/.test(piece.word)) throw new Error("no arithmetic");
    if (this.is("(")) return this.call(piece);
    if (/^(if|else|is|the|for|of|in)$/.test(piece.word)) throw new Error("no arithmetic");
    return { kind: "atom", piece };
  }

  call(name) {
    this.take("(");
    const args = [this.sum()];
    while (this.is(",")) {
      this.take(",");
      args.push(this.sum());
    }
    this.take(")");
    return { kind: "call", name, args };
  }
}
