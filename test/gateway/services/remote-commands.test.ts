import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GatewayHealth } from '../../../src/gateway/services/configuration/configuration-view.ts';
import { createConfigurationJournal } from '../../../src/gateway/services/configuration/journal-configuration.ts';
import {
	createRemoteCommands,
	type RemoteActs,
	type RemoteCommand,
} from '../../../src/gateway/services/remote-commands.ts';
import { createRemoteActs, settleTrials } from '../../../src/gateway/services/remote-gateway-commands.ts';
import { configurationVersion } from '../../../src/gateway/store/configuration-files.ts';
import { openSiteStore, type SiteStore } from '../../../src/gateway/store/site-store.ts';
import { createTestConfiguration, GATEWAY_YAML } from '../../support/configuration-bench.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts';

const WELL: GatewayHealth = { linkUp: true, unready: [], devices: [], disturbed: [], fire: [] };
const CHANGED = GATEWAY_YAML.replace('capacity: 80', 'capacity: 90');
const VERSION = configurationVersion(CHANGED);

let dir: string;
let clock: VirtualClock;
let store: SiteStore;
let ids = 0;
beforeEach(() => {
	dir = mkdtempSync(path.join(tmpdir(), 'parkgate-remote-'));
	clock = createVirtualClock();
	open();
});
afterEach(() => {
	store.close();
	rmSync(dir, { recursive: true, force: true });
});

const newId = () => `id-${ids++}`;
function open(): void {
	store = openSiteStore({ dir, nowMs: clock.nowMs, log: createMemoryLog() });
}

const asked = (command: Partial<RemoteCommand> & Pick<RemoteCommand, 'op'>): RemoteCommand =>
	({
		commandId: newId(),
		target: 'gateway',
		reason: 'nobody is there',
		by: 'Anna',
		force: false,
		...command,
	}) as RemoteCommand;

/** One life of the gateway, on the store as it is. */
function live(change: Partial<RemoteActs> = {}, health: () => GatewayHealth = () => WELL) {
	const log = createMemoryLog();
	const site = createTestConfiguration({ dir, clock, log });
	let restarts = 0;
	const acts = createRemoteActs({
		lanes: { get: () => undefined, vend: unasked, changeMode: unasked },
		configuration: site.configuration,
		health,
		restart() {
			restarts += 1;
		},
		diagnose: async () => '{}',
	});
	const commands = createRemoteCommands({
		...{ store, clock, newId, log, journalGrew() {} },
		acts: { ...acts, ...change },
	});
	const journal = createConfigurationJournal({ store, newId, log, journalGrew() {} });
	return {
		site,
		commands,
		restarts: () => restarts,
		run: (command: RemoteCommand) => commands.carryOut(command, clock.monotonicMs() + 3_000),
		/** The gateway is told of the configuration's history, as when it runs. */
		tell() {
			const history = site.configuration.view().history.toReversed();
			journal(history);
			settleTrials(commands, history);
		},
	};
}

const audit = () => store.journal.after(0, 200).flatMap(({ entry }) => (entry?.type === 'audit' ? [entry.action] : []));

describe('a command that ends the gateway', () => {
	it('N11: is done once the gateway is there again, and told once', async () => {
		const first = live();
		const command = asked({ op: 'restart' });
		expect(await first.run(command)).toBeNull();
		expect(first.restarts()).toBe(1);
		expect(first.commands.untold()).toEqual([]);
		store.close();
		open();
		const { commands } = live();
		expect(commands.isUsed(command.commandId)).toBe(true);
		const told = [{ commandId: command.commandId, outcome: 'done', because: null }];
		expect(commands.untold()).toEqual(told);
		expect(commands.untold()).toEqual(told);
		commands.told(command.commandId);
		expect(commands.untold()).toEqual([]);
		store.close();
		open();
		expect(live().commands.untold()).toEqual([]);
		expect(audit()).toEqual(['remoteCommand', 'remoteCommandResult']);
	});

	it.each([
		[
			'while a vehicle is under way',
			{ disturbed: ['a vehicle is under way at L1'] },
			false,
			'a vehicle is under way at L1',
		],
		['under fire, also by force', { fire: ['L1'] }, true, 'the fire input of L1 is active'],
	])('N11: is refused %s', async (_, change, force, because) => {
		const { run, restarts } = live({}, () => ({ ...WELL, ...change }));
		expect(await run(asked({ op: 'restart', force }))).toMatchObject({ outcome: 'refused', because });
		expect(restarts()).toBe(0);
	});

	it('N11: ends it by force though a vehicle is under way', async () => {
		const { run, restarts } = live({}, () => ({ ...WELL, disturbed: ['a vehicle is under way at L1'] }));
		expect(await run(asked({ op: 'restart', force: true }))).toBeNull();
		expect(restarts()).toBe(1);
	});
});

describe('a command that a stop interrupts', () => {
	it('N11: is unknown where nobody can say what became of it, and never tried again', async () => {
		const acted: string[] = [];
		const act: RemoteActs['act'] = ({ commandId }) => {
			acted.push(commandId);
			return new Promise(() => undefined);
		};
		const command = asked({ op: 'diagnostics' });
		void live({ act }).run(command);
		store.close();
		open();
		const { commands } = live({ act });
		expect(commands.untold()).toEqual([
			{ commandId: command.commandId, outcome: 'unknown', because: 'the gateway stopped while it acted' },
		]);
		expect(acted).toEqual([command.commandId]);
	});

	it('N11: that came too late does not act, and says so', async () => {
		const { commands, restarts } = live();
		const command = asked({ op: 'restart' });
		expect(await commands.carryOut(command, clock.monotonicMs() - 1)).toMatchObject({ outcome: 'expired' });
		expect(restarts()).toBe(0);
	});
});

describe('a configuration of central', () => {
	it('N10: is kept as a version when its text is what it says, with what it would change', async () => {
		const { run, site } = live();
		const wrong = await run(asked({ op: 'configPropose', target: VERSION, text: GATEWAY_YAML }));
		expect(wrong).toMatchObject({ outcome: 'refused', because: 'the text is not the one of this version' });
		const right = await run(asked({ op: 'configPropose', target: VERSION, text: CHANGED }));
		expect(right).toMatchObject({ outcome: 'done', because: 'area A1 changed (capacity)' });
		expect(site.configuration.view().versions).toMatchObject([{ version: VERSION, source: 'central', by: 'Anna' }]);
		const broken = CHANGED.replace('driver: osdp', 'driver: osdq');
		const mistaken = await run(asked({ op: 'configPropose', target: configurationVersion(broken), text: broken }));
		expect(mistaken).toMatchObject({
			outcome: 'refused',
			because: expect.stringMatching(/^gateway\.yaml:6:29: devices\[0\]\.driver/),
		});
	});

	/** Puts the version on trial. */
	async function tried() {
		const life = live();
		await life.run(asked({ op: 'configPropose', target: VERSION, text: CHANGED }));
		const apply = asked({ op: 'configApply', target: VERSION, withinS: 60 });
		expect(await life.run(apply)).toBeNull();
		life.site.turn();
		life.tell();
		expect(life.commands.untold().filter(({ commandId }) => commandId === apply.commandId)).toEqual([]);
		return { ...life, apply };
	}

	it('N10: its command is answered when the trial is over: kept', async () => {
		const { run, commands, apply, tell } = await tried();
		const kept = await run(asked({ op: 'configKeep', target: VERSION }));
		expect(kept).toMatchObject({ outcome: 'done', because: null });
		tell();
		expect(commands.untold()).toContainEqual({ commandId: apply.commandId, outcome: 'done', because: null });
		const actions = ['configurationProposed', 'configurationTried', 'configurationKept'];
		expect(audit().filter((action) => action.startsWith('configuration'))).toEqual(actions);
		tell();
		expect(audit().filter((action) => action.startsWith('configuration'))).toEqual(actions);
	});

	it('N10: its command is answered when the trial is over: reverted, in time or by a stop', async () => {
		const { commands, apply, tell, site } = await tried();
		clock.advance(61_000);
		site.turn();
		tell();
		const because = 'reverted: within the time given nobody said that it may stay';
		expect(commands.untold()).toContainEqual({ commandId: apply.commandId, outcome: 'failed', because });
		store.close();
		open();
		const stopped = await tried();
		store.close();
		open();
		expect(live().commands.untold()).toContainEqual({
			commandId: stopped.apply.commandId,
			outcome: 'failed',
			because: 'reverted: the gateway stopped before it was kept',
		});
	});

	it('N10: one that was stopped before its trial began is told as such, and nothing else runs', async () => {
		const act: RemoteActs['act'] = () => new Promise(() => undefined);
		const apply = asked({ op: 'configApply', target: VERSION, withinS: 60 });
		void live({ act }).run(apply);
		store.close();
		open();
		const { commands, site } = live();
		expect(commands.untold()).toEqual([
			{ commandId: apply.commandId, outcome: 'failed', because: 'the gateway stopped before it was tried' },
		]);
		expect(site.configuration.target()).toBeNull();
	});
});

const unasked = () => Promise.reject(new Error('this site has no lanes'));
