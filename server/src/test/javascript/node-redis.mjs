// What an application does with the client node-redis, against the node at the port given:
// node node-redis.mjs PORT RESP LARGEST, with the protocol's version and the most bytes that the node takes as a value.
// Prints one line for each part that went well; a part that does not ends the process with what was expected.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createClient, ErrorReply, RESP_TYPES, WatchError } from 'redis';

const [port, resp, largestBytes] = process.argv.slice(2).map(Number);
const key = (name) => `node-redis-${resp}:${name}`;
const connect = () =>
  createClient({
    socket: { host: '127.0.0.1', port, reconnectStrategy: (tries) => Math.min(10 * 2 ** tries, 1000) },
    RESP: resp,
    name: `node-redis-${resp}`,
  });

const client = connect();
let reconnects = 0;
client.on('error', () => {}); // A lost connection is told here; without a listener it would end the process.
client.on('reconnecting', () => reconnects++);
await client.connect();

const parts = {
  async strings() {
    assert.equal(await client.ping(), 'PONG');
    assert.equal(await client.set(key('a'), 'grüße'), 'OK');
    assert.equal(await client.get(key('a')), 'grüße');
    assert.equal(await client.get(key('none')), null);
    assert.equal(await client.set(key('a'), 'other', { condition: 'NX' }), null);
    assert.equal(await client.append(key('a'), '!'), Buffer.byteLength('grüße!'));
    assert.equal(await client.incrBy(key('n'), 41), 41);
    assert.equal(Number(await client.incrByFloat(key('n'), 1.5)), 42.5);
    assert.deepEqual(await client.mGet([key('a'), key('none'), key('n')]), ['grüße!', null, '42.5']);
    await assert.rejects(client.incr(key('a')), (e) => e instanceof ErrorReply && /not an integer/.test(e.message));
    await assert.rejects(client.hSet(key('h'), 'f', 'v'), /unknown command/);
    assert.equal(await client.del([key('a'), key('n'), key('none')]), 2);
  },

  async expiry() {
    await client.set(key('ttl'), 'x', { expiration: { type: 'EX', value: 100 } });
    const left = await client.ttl(key('ttl'));
    assert.ok(left > 90 && left <= 100, `ttl ${left}`);
    assert.equal(await client.persist(key('ttl')), 1);
    assert.equal(await client.ttl(key('ttl')), -1);
    assert.equal(await client.pExpireAt(key('ttl'), Date.now() - 1000), 1);
    assert.equal(await client.exists(key('ttl')), 0);
    assert.equal(await client.ttl(key('ttl')), -2);
  },

  async transactions() {
    const replies = await client.multi().set(key('t'), '1').incr(key('t')).get(key('t')).exec();
    assert.deepEqual(replies, ['OK', 2, '2']);
    const other = client.duplicate();
    other.on('error', () => {});
    await other.connect();
    await client.watch(key('t'));
    await other.set(key('t'), 'changed');
    await assert.rejects(client.multi().set(key('t'), 'lost').exec(), WatchError);
    assert.equal(await client.get(key('t')), 'changed');
    await other.close();
  },

  async pipelining() {
    const count = 20_000;
    const replies = await Promise.all(
      Array.from({ length: count }, (_, i) =>
        i % 2 === 0 ? client.set(key(`p${i}`), `v${i}`) : client.get(key(`p${i - 1}`))));
    replies.forEach((reply, i) => assert.equal(reply, i % 2 === 0 ? 'OK' : `v${i - 1}`));
    const found = new Set();
    for await (const keys of client.scanIterator({ MATCH: key('p*'), COUNT: 500 })) {
      keys.forEach((each) => found.add(each));
    }
    assert.equal(found.size, count / 2);
  },

  async binary() {
    const raw = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
    const every = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const name = Buffer.concat([Buffer.from(key('b')), every]);
    await client.set(name, every);
    assert.deepEqual(await raw.get(name), every);
    assert.deepEqual(await raw.getRange(name, 250, -1), every.subarray(250));
  },

  async bigValues() {
    const raw = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
    const largest = randomBytes(largestBytes);
    await client.set(key('big'), largest);
    assert.ok(largest.equals(await raw.get(key('big'))));
    await assert.rejects(client.set(key('big'), Buffer.alloc(largestBytes + 1)), /TOOLARGE/);
    assert.equal(await client.strLen(key('big')), largestBytes);
  },

  async reconnect() {
    const killer = client.duplicate();
    killer.on('error', () => {});
    await killer.connect();
    const id = await client.sendCommand(['CLIENT', 'ID']);
    const back = new Promise((resolve) => client.once('ready', resolve));
    assert.equal(await killer.sendCommand(['CLIENT', 'KILL', 'ID', String(id)]), 1);
    await back;
    assert.ok(reconnects >= 1);
    assert.notEqual(await client.sendCommand(['CLIENT', 'ID']), id);
    assert.equal(await client.sendCommand(['CLIENT', 'GETNAME']), `node-redis-${resp}`);
    assert.equal(await client.get(key('t')), 'changed');
    await killer.close();
  },
};

for (const [name, part] of Object.entries(parts)) {
  await part();
  console.log(`ok ${name}`);
}
await client.close();
