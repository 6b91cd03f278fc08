// What an application does with the client ioredis, against the node at the port given:
// node ioredis.mjs PORT LARGEST, with the most bytes that the node takes as a value.
// Prints one line for each part that went well; a part that does not ends the process with what was expected.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import Redis from 'ioredis';

const [port, largestBytes] = process.argv.slice(2).map(Number);
const options = { host: '127.0.0.1', port, keyPrefix: 'ioredis:', connectionName: 'ioredis' };
const client = new Redis(options);
client.on('error', () => {}); // A lost connection is told here, too.

const parts = {
  async strings() {
    assert.equal(await client.set('a', 'grüße'), 'OK');
    assert.equal(await client.get('a'), 'grüße');
    assert.equal(await client.get('none'), null);
    assert.equal(await client.set('a', 'other', 'NX'), null);
    assert.equal(await client.set('a', 'new', 'GET'), 'grüße');
    assert.equal(await client.decrby('n', 8), -8);
    assert.deepEqual(await client.mget('a', 'none', 'n'), ['new', null, '-8']);
    await assert.rejects(client.incr('a'), { name: 'ReplyError', message: /not an integer/ });
    await assert.rejects(client.lpush('l', 'v'), { name: 'ReplyError', message: /unknown command/ });
    assert.equal(await client.del('a', 'n', 'none'), 2);
  },

  async expiry() {
    await client.set('ttl', 'x', 'PX', 100_000);
    const left = await client.pttl('ttl');
    assert.ok(left > 90_000 && left <= 100_000, `pttl ${left}`);
    assert.equal(await client.expire('ttl', 0), 1);
    assert.equal(await client.get('ttl'), null);
  },

  async transactions() {
    assert.deepEqual(await client.multi().set('t', '1').incr('t').get('t').exec(), [[null, 'OK'], [null, 2], [null, '2']]);
    assert.deepEqual(await client.multi().set('t', 'text').exec(), [[null, 'OK']]);
    const [[error]] = await client.multi().incr('t').exec();
    assert.match(error.message, /not an integer/);
    const other = client.duplicate();
    await client.watch('t');
    await other.set('t', 'changed');
    assert.equal(await client.multi().set('t', 'lost').exec(), null);
    assert.equal(await client.get('t'), 'changed');
    await other.quit();
  },

  async pipelining() {
    const count = 10_000;
    const pipeline = client.pipeline();
    for (let i = 0; i < count; i++) {
      pipeline.set(`p${i}`, `v${i}`).get(`p${i}`);
    }
    const replies = await pipeline.exec();
    assert.equal(replies.length, 2 * count);
    replies.forEach(([error, reply], i) => {
      assert.equal(error, null);
      assert.equal(reply, i % 2 === 0 ? 'OK' : `v${(i - 1) / 2}`);
    });
    const found = new Set();
    for await (const keys of client.scanStream({ match: 'ioredis:p*', count: 500 })) {
      keys.forEach((each) => found.add(each));
    }
    assert.equal(found.size, count);
  },

  async binary() {
    const every = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    await client.set(every, every);
    assert.deepEqual(await client.getBuffer(every), every);
    assert.equal(await client.bitcount(every), 1024);
  },

  async bigValues() {
    const largest = randomBytes(largestBytes);
    await client.set('big', largest);
    assert.ok(largest.equals(await client.getBuffer('big')));
    await assert.rejects(client.set('big', Buffer.alloc(largestBytes + 1)), /TOOLARGE/);
    assert.equal(await client.strlen('big'), largestBytes);
  },

  async reconnect() {
    const killer = new Redis(options);
    const id = await client.client('ID');
    const back = once(client, 'ready');
    assert.equal(await killer.client('KILL', 'ID', id), 1);
    await back;
    assert.notEqual(await client.client('ID'), id);
    assert.equal(await client.client('GETNAME'), 'ioredis');
    assert.equal(await client.get('t'), 'changed');
    await killer.quit();
  },
};

for (const [name, part] of Object.entries(parts)) {
  await part();
  console.log(`ok ${name}`);
}
await client.quit();
