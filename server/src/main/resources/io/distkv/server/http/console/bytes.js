// Keys and values are bytes: how they are shown, written and read back.

const strict = new TextDecoder("utf-8", { fatal: true });
const utf8 = new TextEncoder();

/** Bytes in the URL alphabet of base64, without padding. */
export function toBase64Url(bytes) {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Bytes in the usual alphabet of base64. */
export function toBase64(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) {
    text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  }
  return btoa(text);
}

/** The bytes of base64 in either alphabet; throws where it is none. */
export function fromBase64(text) {
  const plain = atob(text.replaceAll(/\s/g, "").replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (each) => each.charCodeAt(0));
}

/** The text that bytes are; null if they are none, or one that cannot be shown as it is. */
export function asText(bytes) {
  try {
    const text = strict.decode(bytes);
    // What the field for texts would change or hide: control characters, lone carriage returns.
    return /[\u0000-\u0008\u000b-\u001f\u007f]/.test(text) ? null : text;
  } catch {
    return null;
  }
}

/** The bytes of a text. */
export function ofText(text) {
  return utf8.encode(text);
}

/** Bytes as people read them: text, with what is none as \xHH. */
export function printable(bytes) {
  const text = asText(bytes);
  if (text !== null) {
    return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
  }
  let shown = "";
  for (const byte of bytes) {
    shown += byte >= 32 && byte < 127 && byte !== 92
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, "0")}`;
  }
  return shown;
}

/** The bytes that a person has typed, where \xHH, \n, \t and \\ stand for what they do there. */
export function parsePrintable(text) {
  const bytes = [];
  for (const part of text.matchAll(/\\x([0-9a-fA-F]{2})|\\n|\\t|\\\\|[^]/gu)) {
    if (part[1] !== undefined) {
      bytes.push(parseInt(part[1], 16));
    } else if (part[0].length > 1 && part[0].startsWith("\\")) {
      bytes.push({ "\\n": 10, "\\t": 9, "\\\\": 92 }[part[0]]);
    } else {
      bytes.push(...utf8.encode(part[0]));
    }
  }
  return Uint8Array.from(bytes);
}
