// How figures are written for people.

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** Three digits are enough to see what a figure is about. */
function short(value) {
  if (value === 0) {
    return "0";
  }
  if (value >= 100) {
    return Math.round(value).toString();
  }
  return value >= 10 ? trim(value.toFixed(1)) : trim(value.toFixed(2));
}

function trim(text) {
  return text.replace(/\.?0+$/, "");
}

/** A count, or a count in a second. */
export function count(value) {
  if (value >= 999_500_000) {
    return `${short(value / 1e9)} G`;
  }
  if (value >= 999_500) {
    return `${short(value / 1e6)} M`;
  }
  if (value >= 10_000) {
    return `${short(value / 1e3)} k`;
  }
  return value >= 100 ? Math.round(value).toLocaleString("en-GB") : short(value);
}

export function bytes(value) {
  let unit = 0;
  let left = value;
  while (left >= 1023.5 && unit < UNITS.length - 1) {
    left /= 1024;
    unit++;
  }
  return `${unit === 0 ? Math.round(left) : short(left)} ${UNITS[unit]}`;
}

/** A time that something took, from seconds. */
export function duration(seconds) {
  if (seconds === null) {
    return "–";
  }
  if (seconds < 0.000_999_5) {
    return `${short(seconds * 1e6)} µs`;
  }
  return seconds < 0.999_5 ? `${short(seconds * 1e3)} ms` : `${short(seconds)} s`;
}

/** A length of time as people say it, from seconds. */
export function span(seconds) {
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  if (days > 0) {
    return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  }
  if (hours > 0) {
    return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`;
  }
  const rest = Math.floor(seconds % 60);
  if (minutes > 0) {
    return rest > 0 ? `${minutes} min ${rest} s` : `${minutes} min`;
  }
  return `${rest} s`;
}

export function percent(share) {
  return share === null ? "–" : `${trim((share * 100).toFixed(share > 0.0995 ? 0 : 1))} %`;
}

/** When a version was written, in milliseconds: its upper 48 bits. */
export function versionMillis(version) {
  return Number(BigInt(version) >> 16n);
}

/** A moment on this machine's clock, to the millisecond. */
export function moment(millis) {
  const date = new Date(millis);
  const two = (number) => String(number).padStart(2, "0");
  return (
    `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ` +
    `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}` +
    `.${String(date.getMilliseconds()).padStart(3, "0")}`
  );
}
