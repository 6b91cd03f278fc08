// Reads the past changes of one key from a watch that begins so long ago, and ends when it has come to now.

import { keyspacePath, queryText, send } from "./api.js";

const MOST_CHANGES = 200;
/** A watch tells nothing of what is older than the node keeps; so shorter times are tried. */
const SHORTER = [3_600_000, 600_000, 60_000, 10_000];

/**
 * The changes of a key, oldest first, up to a version that it has, or up to about now; and since when
 * they are known, in milliseconds.
 */
export async function pastOf(keyspace, key, version, historyMillis, signal) {
  const tries = [...new Set([historyMillis, ...SHORTER])].filter((each) => each > 0);
  for (const millis of tries.sort((a, b) => b - a)) {
    try {
      return { sinceMillis: Date.now() - millis, changes: await changes(keyspace, key, version, millis, signal) };
    } catch (problem) {
      if (problem.status !== 410) {
        throw problem;
      }
    }
  }
  return { sinceMillis: null, changes: [] };
}

async function changes(keyspace, key, version, millis, signal) {
  const query = new URLSearchParams({ key, encoding: "base64url", after: `-${millis}ms`, progress: "100ms" });
  const end = new AbortController();
  const stop = () => end.abort();
  signal.addEventListener("abort", stop);
  try {
    const path = `${keyspacePath(keyspace)}/watch?${queryText(query)}`;
    const response = await send("GET", path, { signal: end.signal });
    const until = version === null ? versionOf(Date.parse(response.headers.get("Date"))) : BigInt(version);
    return await read(response.body.pipeThrough(new TextDecoderStream()).getReader(), until);
  } finally {
    signal.removeEventListener("abort", stop);
    end.abort();
  }
}

/** The first version of a millisecond. */
function versionOf(millis) {
  return BigInt(millis) << 16n;
}

/** Reads until everything up to a version was told. */
async function read(reader, until) {
  const found = [];
  let rest = "";
  while (found.length < MOST_CHANGES) {
    const { value, done } = await reader.read();
    if (done) {
      return found;
    }
    const events = (rest + value).split("\n\n");
    rest = events.pop();
    for (const event of events) {
      const name = /^event: (.*)$/m.exec(event)?.[1];
      if (name === "end") {
        return found;
      }
      if (name === undefined) {
        continue;
      }
      const said = JSON.parse(/^data: (.*)$/m.exec(event)[1]);
      if (name === "change") {
        found.push(said);
      }
      if (BigInt(said.version) >= until) {
        return found;
      }
    }
  }
  return found;
}
