import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { createCentralApp } from '../../src/api/central/central-app.ts';
import { createCentralPages } from '../../src/api/central/central-pages.tsx';
import { createTokenLogins } from '../../src/api/central/token-logins.ts';
import type { Assets } from '../../src/api/http/assets.ts';
import type { HttpEnv } from '../../src/api/http/login-context.ts';
import { fleetOf } from '../../src/compose/central-service.ts';
import type { Role } from '../../src/gateway/core/permission.ts';
import { createSeededRandom } from '../../src/gateway/core/seeded-random.ts';
import { createCentral } from '../../src/sync/central/central.ts';
import { composeMessage } from '../../src/sync/compose-message.ts';
import type { Body, MessageType } from '../../src/sync/envelope.ts';
import { EVENT_DATA } from '../../src/sync/event-data.ts';
import type { Link } from '../../src/sync/link.ts';
import { decodeMessage } from '../../src/sync/message-codec.ts';
import { type SiteChannel, siteTopic } from '../../src/sync/topics.ts';
import { createMemoryLog } from './memory-log.ts';
import { createSimulatedBroker } from './simulated-broker.ts';
import { createVirtualClock } from './virtual-clock.ts';

const TENANT = 'acme';

/** A real central on a virtual clock with its API and pages, and sites that say what a test has them say. */
export function createCentralBench({ assets }: { readonly assets?: Assets } = {}) {
	const dir = mkdtempSync(join(tmpdir(), 'parkgate-central-bench-'));
	const clock = createVirtualClock();
	const log = createMemoryLog();
	const wire = createSimulatedBroker(clock, createSeededRandom(1));
	let ids = 0;
	const newId = () => {
		ids += 1;
		return `id-${ids}`;
	};
	const central = createCentral({
		...{ dir, tenant: TENANT, clock, log, newId },
		broker: () => ({ url: 'mqtt://simulated' }),
		openLink: wire.openLink,
		random: () => 0,
	});
	const logins = createTokenLogins({ tokens: central.tokens, clock });
	const fleet = fleetOf(central);
	const changed: string[] = [];
	const onChange = (by: string, where: string, rows: number) => void changed.push(`${by} ${where} ${rows}`);
	const pages: Hono<HttpEnv> = createCentralPages({
		...{ fleet, logins, log, newId, onChange, name: 'Acme parking', timeZone: 'Europe/Brussels' },
		eventTypes: Object.keys(EVENT_DATA),
		assetUrl: assets?.url ?? ((name) => `/assets/1/${name}`),
		nowMs: clock.nowMs,
	});
	const http = createCentralApp({
		...{ fleet, logins, clock, log, pages, onChange, version: '9.9.9', timeZone: 'Europe/Brussels' },
		...(assets && { assets }),
	});
	const tokens = new Map<Role, string>();

	function tokenOf(role: Role): string {
		const known = tokens.get(role) ?? central.tokens.add({ name: role, role, expiresAtMs: null }).text;
		tokens.set(role, known);
		return known;
	}

	async function request(path: string, init: RequestInit = {}): Promise<Response> {
		const headers = new Headers(init.headers);
		if (!headers.has('host')) headers.set('host', 'central.example');
		const socket = { remoteAddress: '10.0.0.9' };
		return http.app.request(`http://central.example${path}`, { ...init, headers }, { incoming: { socket } } as never);
	}

	return {
		...{ dir, clock, log, wire, central, http, changed, request, tokenOf },
		/** Time for what is on its way to arrive. */
		settle: () => clock.advanceAsync(200),
		/** Asks the API with the token of a role. */
		async api(role: Role, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
			const answer = await request(path, {
				method,
				headers: { authorization: `Bearer ${tokenOf(role)}`, 'content-type': 'application/json', ...headers },
				...(body !== undefined && { body: JSON.stringify(body) }),
			});
			const text = await answer.text();
			return { status: answer.status, headers: answer.headers, body: text === '' ? null : JSON.parse(text) };
		},
		/** Signs a browser in. */
		async browser(role: Role) {
			const answer = await request('/login', { method: 'POST', body: new URLSearchParams({ token: tokenOf(role) }) });
			const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
			const get = (path: string) => request(path, { headers: { cookie } });
			const page = await (await get('/')).text();
			const csrf = /name="_csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
			return {
				cookie,
				get,
				post: (path: string, fields: Record<string, string>) =>
					request(path, { method: 'POST', headers: { cookie }, body: new URLSearchParams({ _csrf: csrf, ...fields }) }),
			};
		},
		/** One that is connected. */
		async site(site: string, gatewayEpoch = 'e1') {
			const played = createPlayedSite({ site, gatewayEpoch, newId, clock, wire });
			await clock.advanceAsync(200);
			return played;
		},
		async end() {
			await central.stop();
			rmSync(dir, { recursive: true, force: true });
		},
	};
}

export type CentralBench = ReturnType<typeof createCentralBench>;

/** A site in as many words as a test needs; answers challenges by itself when `answers` says how. */
function createPlayedSite(deps: {
	readonly site: string;
	readonly gatewayEpoch: string;
	readonly newId: () => string;
	readonly clock: ReturnType<typeof createVirtualClock>;
	readonly wire: ReturnType<typeof createSimulatedBroker>;
}) {
	const { site, gatewayEpoch, newId, clock, wire } = deps;
	const link = newId();
	const heard: { readonly type: MessageType; readonly body: unknown }[] = [];
	let answer: { readonly outcome: Body<'commandResult'>['outcome']; readonly report: string | undefined } | undefined;

	function say<T extends MessageType>(channel: SiteChannel, type: T, body: Body<T>): void {
		const head = { id: newId(), site, gatewayEpoch, link, ts: clock.nowMs(), clock: 'synced' } as const;
		void connection.publish(composeMessage({ topic: siteTopic(TENANT, site, channel), channel }, type, body, head));
	}

	const connection: Link = wire.openLink(
		{
			broker: { url: 'mqtt://simulated' },
			clientId: `parkgate-${TENANT}-${site}`,
			will: composeMessage(
				{ topic: siteTopic(TENANT, site, 'up/will'), channel: 'up/will' },
				'will',
				{},
				{
					...{ id: newId(), site, gatewayEpoch, link, ts: clock.nowMs(), clock: 'synced' },
				},
			),
			willDelayS: 0,
			sessionExpiryS: 0,
			subscriptions: () =>
				(['down/ack', 'down/data', 'down/command', 'down/confirm'] as const).map((channel) =>
					siteTopic(TENANT, site, channel),
				),
		},
		{
			onUp: () => undefined,
			onDown: () => undefined,
			onMessage({ topic, payload, contentType }) {
				const decoded = decodeMessage(topic, payload, contentType);
				if (!decoded.ok) throw new Error(decoded.detail);
				const { message } = decoded;
				heard.push({ type: message.type, body: message.body });
				if (answer === undefined) return;
				if (message.type === 'command') {
					say('up/challenge', 'challenge', { commandId: message.body.commandId, nonce: 'n1' });
				}
				if (message.type === 'confirm') {
					const { outcome, report: part } = answer;
					const { commandId } = message.body;
					const because = outcome === 'done' ? null : 'the lane said no';
					if (part !== undefined) say('up/result', 'commandReport', { commandId, index: 0, count: 1, part });
					say('up/result', 'commandResult', { commandId, outcome, because });
				}
			},
		},
	);
	let seq = 0;
	return {
		heard,
		/** How it answers commands from now on. */
		answers(outcome: Body<'commandResult'>['outcome'], report?: string) {
			answer = { outcome, report };
		},
		born(streams: readonly Position[] = [], lastSeq = 0, configuration: Body<'birth'>['configuration'] = null) {
			const protocol = { min: 1, max: 1 };
			say('up/birth', 'birth', {
				...{
					bootId: 'b1',
					version: '1.0.0',
					protocol,
					streams: streams.map(positionOf),
					lastSeq,
					ackedSeq: 0,
					configuration,
				},
			});
		},
		beats(streams: readonly Position[], lastSeq: number, problem: string | null = null) {
			say('up/heartbeat', 'heartbeat', { streams: streams.map(positionOf), lastSeq, ackedSeq: 0, problem });
		},
		/** One batch; `skip` leaves so many out before it. `first`: the name it was first written under. */
		tells(events: readonly TaleEvent[], skip = 0) {
			seq += skip;
			const batch = events.map(({ type, data, id = newId(), first }) => {
				seq += 1;
				const time = new Date(clock.nowMs()).toISOString();
				const named = first && { firstepoch: first.epoch, firstseq: first.seq };
				const source = `/parkgate/${TENANT}/${site}`;
				return { specversion: '1.0' as const, source, type, id, seq, time, data, ...named };
			});
			const first = batch[0]?.seq ?? 1;
			say('up/events', 'events', { before: `h${first - 1}`, after: `h${seq}`, events: batch });
		},
		asks<T extends 'snapshotRequest' | 'chunkRequest'>(type: T, body: Body<T>) {
			say('up/request', type, body);
		},
		/** As when the line breaks. */
		lost: () => wire.cut(`parkgate-${TENANT}-${site}`),
	};
}

interface TaleEvent {
	readonly type: string;
	readonly data: Record<string, unknown>;
	readonly id?: string;
	readonly first?: { readonly epoch: string; readonly seq: number };
}

interface Position {
	readonly stream: string;
	readonly centralEpoch: string | null;
	readonly rev: number;
}

function positionOf(at: Position): Body<'birth'>['streams'][number] {
	return { ...at, root: null, parked: 0 };
}
