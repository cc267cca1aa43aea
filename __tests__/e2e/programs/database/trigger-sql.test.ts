// biome-ignore-all lint/suspicious/noTemplateCurlyInString: names that Terraform must not take for templates

import { setTimeout as sleep } from 'node:timers/promises';
import type { SqlSettings } from '../../../../stacks/parts/trigger-sql';
import { type Database, isThere } from '../../../support/databases/database';
import { MARIADB } from '../../../support/databases/mariadb';
import { POSTGRESQL } from '../../../support/databases/postgresql';
import { type TriggerSql, triggerSql } from '../../../support/databases/trigger-sql';
import { eventually } from '../../../support/eventually';

jest.setTimeout(600_000);

const ROUTER = 'arn:aws:lambda:eu-west-1:111122223333:function:overtime-router';

const HOSTILE = {
  schema: 'sh"op`s; DROP TABLE x; --',
  table: "o'rders $overtime$ ${x}",
  columns: ['id', 'wor"d`s', "$$'); DELETE FROM x; --", 'naïve ☕'],
};

/** The functions of pg_cron that the SQL calls: https://github.com/citusdata/pg_cron */
const PG_CRON = `
CREATE SCHEMA cron;
CREATE TABLE cron.job (jobname text, schedule text, command text, database text);
CREATE FUNCTION cron.schedule_in_database(job_name text, schedule text, command text, database text) RETURNS text LANGUAGE sql AS $$
INSERT INTO cron.job VALUES (job_name, schedule, command, database) RETURNING jobname || '|' || schedule || '|' || database $$;
`;

function settingsFor(engine: string, mode: 'direct' | 'outbox'): SqlSettings {
  const wide = Array.from({ length: 90 }, (_, index) => `c${index}`);
  const all = ['INSERT', 'UPDATE', 'DELETE'];
  return {
    engine,
    function_arn: ROUTER,
    region: 'eu-west-1',
    mode,
    triggers: {
      purchases: { schema: 'shop', table: 'purchases', operations: all, columns: ['id', 'task', 'note', 'price'] },
      inserts: { schema: 'shop', table: 'only_inserts', operations: ['INSERT'], columns: ['id'] },
      hostile: { ...HOSTILE, operations: all },
      wide: { schema: 'shop', table: 'wide', operations: ['INSERT'], columns: wide },
    },
    users: [],
    outbox_schema: 'overtime',
    outbox_seconds: 1,
    database: 'postgres',
  };
}

const KINDS = [POSTGRESQL, MARIADB].map((kind) => ({
  ...kind,
  title: `the trigger's SQL on ${kind.name}${kind.missing === undefined ? '' : `: ${kind.missing}`}`,
  quote: (name: string) =>
    kind.engine === 'aurora-mysql3' ? `\`${name.replaceAll('`', '``')}\`` : `"${name.replaceAll('"', '""')}"`,
}));

const RUN = KINDS.filter(({ missing }) => missing === undefined);
const hasTerraform = isThere('terraform');

for (const { title } of KINDS.filter(({ missing }) => missing !== undefined)) {
  describe.skip(title, () => {
    test('is run', () => undefined);
  });
}

const describeHere = hasTerraform ? describe : describe.skip;

describeHere.each(RUN)('$title', ({ engine, start, quote }) => {
  let database: Database;
  let direct: TriggerSql;
  let outbox: TriggerSql;
  let seen = 0;

  const table = (schema: string, name: string) => `${quote(schema)}.${quote(name)}`;

  /** The events of the calls since the last time. */
  const events = async () => {
    const fresh = await database.calls(seen);
    seen += fresh.length;
    return fresh.map(({ event }) => event);
  };

  const installAll = (sql: TriggerSql) => database.run(Object.values(sql.install).join('\n'));

  beforeAll(async () => {
    database = await start();
    direct = await triggerSql(settingsFor(engine, 'direct'));
    outbox = await triggerSql(settingsFor(engine, 'outbox'));
    await database.schema('shop');
    await database.schema('overtime');
    await database.schema(HOSTILE.schema);
    const text = engine === 'aurora-mysql3' ? 'TEXT CHARACTER SET utf8mb4' : 'text';
    const columns = HOSTILE.columns.map((name) => `${quote(name)} ${name === 'id' ? 'INT PRIMARY KEY' : text}`);
    const wide = Array.from({ length: 90 }, (_, index) => `c${index} INT DEFAULT ${index}`);
    await database.run(`
CREATE TABLE shop.purchases (id INT PRIMARY KEY, task ${text}, note ${text}, price DECIMAL(10,2), secret ${text});
CREATE TABLE shop.only_inserts (id INT PRIMARY KEY);
CREATE TABLE shop.wide (${wide.join(', ')});
CREATE TABLE ${table(HOSTILE.schema, HOSTILE.table)} (${columns.join(', ')});
`);
  });

  afterAll(() => database?.stop());

  describe('direct', () => {
    beforeAll(() => installAll(direct));

    test('an insert, an update and a delete call the router with the columns that are named, and no other', async () => {
      await database.run(`
INSERT INTO shop.purchases VALUES (1, 'BUY', 'tea', 2.5, 'hidden');
UPDATE shop.purchases SET task = 'SELL' WHERE id = 1;
DELETE FROM shop.purchases WHERE id = 1;
`);
      const bought = { id: 1, task: 'BUY', note: 'tea', price: 2.5 };
      const sold = { ...bought, task: 'SELL' };
      const common = { overtimeId: expect.stringMatching(/^[0-9a-f-]{36}$/), schema: 'shop', table: 'purchases' };

      const found = await events();

      expect(found).toEqual([
        { ...common, operation: 'INSERT', new: bought, old: null },
        { ...common, operation: 'UPDATE', new: sold, old: bought },
        { ...common, operation: 'DELETE', new: null, old: sold },
      ]);
      expect(new Set(found.map(({ overtimeId }) => overtimeId)).size).toBe(3);
      expect((await database.calls()).map(({ functionArn }) => functionArn)).toEqual([ROUTER, ROUTER, ROUTER]);
    });

    test('a trigger for inserts alone says nothing of a delete', async () => {
      await database.run('INSERT INTO shop.only_inserts VALUES (1); DELETE FROM shop.only_inserts;');

      expect((await events()).map(({ operation }) => operation)).toEqual(['INSERT']);
    });

    test.each([
      ['quotes', `it's "quoted", \`ticked\` and $$dollared$$`],
      ['backslashes and line breaks', 'C:\\temp\\new\\\nnext\ttab\r\n'],
      ['unicode', 'naïve ☕ 漢字 🙂 \u202e'],
      ['what would be a field of its own', 'x", "task": "BUY'],
      ['what would end a statement', "'); DROP TABLE shop.purchases; --"],
      ['an empty text', ''],
    ])('a row with %s comes through as it is', async (_, note) => {
      const hex = Buffer.from(note, 'utf8').toString('hex');
      const value =
        engine === 'aurora-mysql3'
          ? `CONVERT(X'${hex}' USING utf8mb4)`
          : `convert_from(decode('${hex}', 'hex'), 'UTF8')`;
      await database.run(
        `DELETE FROM shop.purchases; INSERT INTO shop.purchases VALUES (2, 'SELL', ${value}, 1, NULL);`,
      );

      expect((await events()).at(-1)).toMatchObject({ new: { id: 2, task: 'SELL', note } });
    });

    test('NULL is null, and not left out', async () => {
      await database.run('DELETE FROM shop.purchases; INSERT INTO shop.purchases VALUES (3, NULL, NULL, NULL, NULL);');

      expect((await events()).at(-1)?.['new']).toEqual({ id: 3, task: null, note: null, price: null });
    });

    test('names with quotes, statements and templates in them are names', async () => {
      const values = HOSTILE.columns.map((_, index) => (index === 0 ? '7' : `'v${index}'`));
      await database.run(`INSERT INTO ${table(HOSTILE.schema, HOSTILE.table)} VALUES (${values.join(', ')});`);

      expect(await events()).toEqual([
        {
          overtimeId: expect.any(String),
          operation: 'INSERT',
          schema: HOSTILE.schema,
          table: HOSTILE.table,
          new: Object.fromEntries(HOSTILE.columns.map((name, index) => [name, index === 0 ? 7 : `v${index}`])),
          old: null,
        },
      ]);
    });

    test('a table may have more columns than a function takes arguments', async () => {
      await database.run('INSERT INTO shop.wide (c0) VALUES (0);');

      const [event] = await events();

      expect(event?.['new']).toEqual(
        Object.fromEntries(Array.from({ length: 90 }, (_, index) => [`c${index}`, index])),
      );
    });

    test('1,000 rows of one statement are 1,000 calls, each with an id of its own', async () => {
      const rows = Array.from({ length: 1000 }, (_, index) => `(${index + 10}, 'BUY', NULL, 1, NULL)`);
      await database.run(`INSERT INTO shop.purchases VALUES ${rows.join(', ')};`);

      const found = await events();

      expect(found).toHaveLength(1000);
      expect(new Set(found.map(({ overtimeId }) => overtimeId)).size).toBe(1000);
    });

    test('a call has left before a rollback undoes its row', async () => {
      await database.run(
        "START TRANSACTION; INSERT INTO shop.purchases VALUES (5000, 'BUY', NULL, 1, NULL); ROLLBACK;",
      );

      expect((await events()).map((event) => event['new'])).toEqual([expect.objectContaining({ id: 5000 })]);
      expect(await database.run('SELECT COUNT(*) FROM shop.purchases WHERE id = 5000;')).toBe('0\n');
    });

    const testPostgresql = engine === 'aurora-postgresql' ? test : test.skip;

    testPostgresql('nobody else may put the function, which calls as its owner, on a table of his own', async () => {
      await database.run('CREATE ROLE mallory; GRANT ALL ON SCHEMA shop TO mallory;');

      await expect(
        database.run(`
SET ROLE mallory;
CREATE TABLE shop.forged (id INT PRIMARY KEY);
CREATE TRIGGER forged AFTER INSERT ON shop.forged FOR EACH ROW EXECUTE FUNCTION shop.overtime_inserts();
`),
      ).rejects.toThrow('permission denied for function shop.overtime_inserts');
    });

    test('a call that Lambda refuses fails the statement, so that no row is without its call', async () => {
      await database.fails(true);

      await expect(database.run('INSERT INTO shop.only_inserts VALUES (90);')).rejects.toThrow(
        'Lambda does not answer',
      );
      await database.fails(false);

      expect(await database.run('SELECT COUNT(*) FROM shop.only_inserts WHERE id = 90;')).toBe('0\n');
      expect(await events()).toEqual([]);
    });

    test('installed twice there is one trigger, and dropped there is none', async () => {
      await installAll(direct);
      await database.run('INSERT INTO shop.only_inserts VALUES (2);');
      expect(await events()).toHaveLength(1);

      await database.run(Object.values(direct.drop).join('\n'));
      await database.run(Object.values(direct.drop).join('\n'));
      await database.run('INSERT INTO shop.only_inserts VALUES (3); DELETE FROM shop.purchases;');
      expect(await events()).toEqual([]);
    });
  });

  describe('outbox', () => {
    const handOver = () =>
      database.run(engine === 'aurora-mysql3' ? 'CALL overtime.hand_over(1000);' : 'SELECT overtime.hand_over();');
    const waiting = async () => Number(await database.run('SELECT COUNT(*) FROM overtime.outbox;'));
    const stopEvents = () =>
      engine === 'aurora-mysql3' ? database.run('SET GLOBAL event_scheduler = OFF;') : Promise.resolve('');

    beforeAll(async () => {
      await stopEvents();
      await database.run(outbox.outboxInstall);
      await installAll(outbox);
    });

    test('a row is handed over after its commit, once', async () => {
      await database.run("INSERT INTO shop.purchases VALUES (1, 'BUY', 'tea ☕', 2, NULL);");
      expect(await events()).toEqual([]);

      await handOver();
      await handOver();

      expect((await events()).map((event) => event['new'])).toEqual([{ id: 1, task: 'BUY', note: 'tea ☕', price: 2 }]);
      expect(await waiting()).toBe(0);
    });

    test('a rollback starts nothing', async () => {
      await database.run("START TRANSACTION; INSERT INTO shop.purchases VALUES (2, 'BUY', NULL, 1, NULL); ROLLBACK;");

      await handOver();

      expect(await events()).toEqual([]);
    });

    test('rows come in their order', async () => {
      const rows = Array.from({ length: 50 }, (_, index) => `(${index + 100}, 'BUY', NULL, 1, NULL)`);
      await database.run(`INSERT INTO shop.purchases VALUES ${rows.join(', ')};`);

      await handOver();

      const ids = (await events()).map((event) => (event['new'] as { readonly id: number }).id);
      expect(ids).toEqual(Array.from({ length: 50 }, (_, index) => index + 100));
    });

    test('a transaction that is open is left alone, and no other row waits for it', async () => {
      const end = await database.open('START TRANSACTION; INSERT INTO shop.only_inserts VALUES (50);');
      await database.run('INSERT INTO shop.only_inserts VALUES (51);');

      await handOver();
      expect((await events()).map((event) => event['new'])).toEqual([{ id: 51 }]);
      await end('COMMIT;');
      await handOver();
      expect((await events()).map((event) => event['new'])).toEqual([{ id: 50 }]);
    });

    test('two pollers at once hand over each row once', async () => {
      const rows = Array.from({ length: 400 }, (_, index) => `(${index + 1000}, 'BUY', NULL, 1, NULL)`);
      await database.run(`INSERT INTO shop.purchases VALUES ${rows.join(', ')};`);

      await Promise.all([handOver(), handOver()]);

      const found = await events();
      expect(found).toHaveLength(400);
      expect(new Set(found.map(({ overtimeId }) => overtimeId)).size).toBe(400);
      expect(await waiting()).toBe(0);
    });

    test('where Lambda does not answer, the rows stay, and keep their ids', async () => {
      await database.run('INSERT INTO shop.only_inserts VALUES (60);');
      await database.fails(true);

      await handOver();
      expect(await events()).toEqual([]);
      expect(await database.run('SELECT id > 0, failures, failure FROM overtime.outbox;')).toMatch(
        /^(1\t1\t|t\|1\|)Lambda does not answer\n$/,
      );

      await database.fails(false);
      await handOver();
      expect((await events()).map((event) => event['new'])).toEqual([{ id: 60 }]);
    });

    test('rows that Lambda refuses for ever hold up no other, and none is lost', async () => {
      const bad = Array.from({ length: 12 }, (_, index) => `(${index + 3000}, 'BUY', 'far too large', 1, NULL)`);
      await database.run(`INSERT INTO shop.purchases VALUES ${bad.join(', ')};`);
      await database.run("INSERT INTO shop.purchases VALUES (3100, 'BUY', 'tea', 1, NULL);");
      await database.fails('far too large');

      await handOver();
      expect(await events()).toEqual([]);
      await handOver();
      expect((await events()).map((event) => event['new'])).toEqual([expect.objectContaining({ id: 3100 })]);
      expect(await waiting()).toBe(12);

      await database.fails(false);
      await handOver();
      expect(await events()).toHaveLength(12);
      expect(await waiting()).toBe(0);
    });

    test('a hand-over that takes long holds up no insert', async () => {
      await database.run('INSERT INTO shop.only_inserts VALUES (61);');
      // Longer than it takes a busy machine to start the database's client.
      await database.delays(8);
      const handing = handOver();
      await sleep(500);

      await Promise.race([
        database.run('INSERT INTO shop.only_inserts VALUES (62);'),
        handing.then(() => {
          throw new Error('The insert waited for the hand-over.');
        }),
      ]);

      await handing;
      await database.delays(0);
      await handOver();
      expect((await events()).map((event) => event['new'])).toEqual([{ id: 61 }, { id: 62 }]);
    });

    test(
      engine === 'aurora-mysql3'
        ? 'the event of the database hands over by itself'
        : 'the job of pg_cron has a command that hands over, under a stand-in for pg_cron',
      async () => {
        await database.run('INSERT INTO shop.only_inserts VALUES (70);');
        if (engine === 'aurora-mysql3') {
          await database.run('SET GLOBAL event_scheduler = ON;');
        } else {
          await database.run(PG_CRON);
          const scheduled = await database.run(outbox.outboxSchedule);
          expect(scheduled).toBe('overtime_outbox|1 seconds|postgres\n');
          await database.run(await database.run('SELECT command FROM cron.job;'));
        }

        const found = await eventually('the hand-over', async () => {
          const fresh = await events();
          return fresh.length === 0 ? undefined : fresh;
        });
        await stopEvents();

        expect(found.map((event) => event['new'])).toEqual([{ id: 70 }]);
      },
    );

    test('dropped, nothing of it is left', async () => {
      await database.run(Object.values(outbox.drop).join('\n'));
      await database.run(outbox.outboxDrop);

      await database.run('INSERT INTO shop.only_inserts VALUES (80);');
      await expect(waiting()).rejects.toThrow(/exist/);
    });
  });
});
