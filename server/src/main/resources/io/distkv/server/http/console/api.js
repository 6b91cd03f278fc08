// Talks to the node: one place for paths, for problems, and for what a failed connection means.

/** What the node, or the way to it, has against a request. */
export class Problem extends Error {
  constructor(status, code, detail) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

/** Sends a request; gives the response, or throws the problem that it is. */
export async function send(method, path, { headers = {}, body, json, signal } = {}) {
  const all = json === undefined ? headers : { ...headers, "Content-Type": "application/json" };
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: all,
      body: json === undefined ? body : JSON.stringify(json),
      cache: "no-store",
      signal,
    });
  } catch (e) {
    if (e.name === "AbortError") {
      throw e;
    }
    throw new Problem(0, "UNREACHABLE", "The node does not answer.");
  }
  if (!response.ok) {
    throw await problemOf(response);
  }
  return response;
}

async function problemOf(response) {
  try {
    const said = await response.json();
    return new Problem(response.status, said.code, said.detail);
  } catch {
    return new Problem(response.status, "UNKNOWN", `The node answered ${response.status}.`);
  }
}

/** Reads a JSON text. */
export async function getJson(path, options) {
  return (await send("GET", path, options)).json();
}

/** The path of a keyspace, or of all of them. */
export function keyspacePath(name) {
  return name === undefined ? "/v1/keyspaces" : `/v1/keyspaces/${encodeURIComponent(name)}`;
}

/** The path of a key, which is given in the URL alphabet of base64. */
export function keyPath(keyspace, key, query = {}) {
  const all = new URLSearchParams({ encoding: "base64url", ...query });
  return `${keyspacePath(keyspace)}/keys/${key}?${queryText(all)}`;
}

/** A query as the node reads it: a space is %20, never a plus. */
export function queryText(parameters) {
  return parameters.toString().replaceAll("+", "%20");
}
