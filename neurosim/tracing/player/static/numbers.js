// Numbers as text, rounded as Python rounds them.

const MINUS = "−";

/** A number of the page's data, which has words for what JSON cannot hold. */
function numberOf(x) {
  return typeof x === "number" ? x : { inf: Infinity, "-inf": -Infinity, nan: NaN }[x];
}

/** The digits of a positive number and its exponent, half to even as in Python's "%e". */
function digitsOf(x, digits) {
  const rounded = x.toExponential(digits - 1);
  const exact = x.toExponential(Math.min(100, digits + 40));
  const [mantissa] = exact.split("e");
  const plain = mantissa.replace(".", "");
  const tie = /^50*$/.test(plain.slice(digits));
  const even = (plain.charCodeAt(digits - 1) - 48) % 2 === 0;
  if (!tie || !even) return rounded.split("e");
  const kept = plain.slice(0, digits);
  return [kept.length > 1 ? `${kept[0]}.${kept.slice(1)}` : kept, exact.split("e")[1]];
}

/** A number as Python writes f"{x:.{digits}g}". */
function general(x, digits) {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  const sign = x < 0 || Object.is(x, -0) ? "-" : "";
  if (x === 0) return `${sign}0`;
  const [mantissa, power] = digitsOf(Math.abs(x), digits);
  const exponent = Number(power);
  const plain = mantissa.replace(".", "").replace(/0+$/, "") || "0";
  if (exponent < -4 || exponent >= digits) {
    const tail = plain.length > 1 ? `.${plain.slice(1)}` : "";
    const size = String(Math.abs(exponent)).padStart(2, "0");
    return `${sign}${plain[0]}${tail}e${exponent < 0 ? "-" : "+"}${size}`;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${plain}`;
  const whole = plain.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const rest = plain.slice(exponent + 1);
  return `${sign}${whole}${rest ? `.${rest}` : ""}`;
}

/** The same with a minus sign as long as the plus sign. */
function shown(x, digits) {
  return general(x, digits).replaceAll("-", MINUS);
}

/** Numbers within a text, rounded; whole ones such as the 2 of a square stay. */
function roundedText(text, digits) {
  return text.replace(/(?<![\w.])\d+(?:\.\d+(?:e[+-]?\d+)?|e[+-]?\d+)/g, (found) =>
    general(Number(found), digits),
  );
}
