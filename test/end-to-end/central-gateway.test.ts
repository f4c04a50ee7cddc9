import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCentralFiles, startCentralProgram } from '../support/central-program.ts';
import { createSiteFiles, startDaemon } from '../support/daemon.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { until } from '../support/program.ts';

let mosquitto: Mosquitto;
beforeAll(async () => {
	mosquitto = await startMosquitto();
});
afterAll(() => mosquitto.stop());

interface Command {
	readonly outcome: string | null;
	readonly because: string | null;
	readonly report: { readonly problems?: readonly { readonly line: number }[]; readonly version?: string } | null;
}

/** The built programs: a gateway, a central, a real Mosquitto between them. */
it('N11: central’s API proposes a configuration to a gateway, tries it until it is kept, restarts it and asks how it is', async () => {
	using files = createSiteFiles({ mqtt: { url: mosquitto.url } }, 'asked');
	using centralFiles = createCentralFiles({ mqtt: { url: mosquitto.url } });
	const { central } = await startCentralProgram(centralFiles);
	await using _central = central;
	await using daemon = await startDaemon({ configFile: files.configFile });
	const site = '/api/v1/sites/site-1';
	const online = () =>
		until(async () => expect((await central.ask('GET', site)).body).toMatchObject({ online: true }), 60_000);
	await online();

	async function ask(path: string, body: object): Promise<Command> {
		const begun = await central.ask('POST', `${site}/${path}`, { reason: 'a test', ...body });
		expect(begun.status).toBe(201);
		const { commandId } = begun.body as { commandId: string };
		return until(async () => {
			const { body: command } = await central.ask('GET', `${site}/commands/${commandId}`);
			expect(command).toMatchObject({ outcome: expect.any(String) });
			return command as Command;
		}, 180_000);
	}

	const text = readFileSync(files.configFile, 'utf8');
	const wrong = await ask('configuration/versions', { text: text.replace('"capacity": 50', '"capacity": "fifty"') });
	expect(wrong).toMatchObject({ outcome: 'refused', report: { problems: [{ line: expect.any(Number) }] } });
	const changed = text.replace('"capacity": 50', '"capacity": 60');
	expect(await ask('configuration/versions', { text: changed })).toMatchObject({
		outcome: 'done',
		because: expect.stringContaining('area A1 changed'),
	});
	const { body: known } = await central.ask('GET', `${site}/configuration`);
	const { proposals } = known as { proposals: readonly { version: string; outcome: string }[] };
	expect(proposals.map(({ outcome }) => outcome)).toEqual(['done', 'refused']);
	const version = proposals[0]?.version ?? '';
	const applied = await ask(`configuration/versions/${version}/apply`, { withinS: 60 });
	expect(applied).toMatchObject({ outcome: 'done' });
	await until(async () => {
		const { body } = await central.ask('GET', `${site}/configuration`);
		expect(body).toMatchObject({ runs: { version, source: 'version' } });
	}, 180_000);
	await online();
	expect(await ask('restart', { force: true })).toMatchObject({ outcome: 'done' });
	await online();
	// Its rows may still be on their way after so many starts.
	await until(async () => {
		const found = await ask('diagnostics', {});
		expect(found).toMatchObject({ outcome: 'done', report: { version: expect.any(String), unready: [] } });
	}, 180_000);
	expect(daemon.log().filter(({ level }) => level === 'fatal')).toEqual([]);
}, 300_000);
