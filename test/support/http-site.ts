import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';
import type { HttpApp } from '../../src/api/http/app-frame.ts';
import { createHttpApp, type HttpAppDeps } from '../../src/api/http/http-app.ts';
import type { HttpEnv } from '../../src/api/http/login-context.ts';
import type { DeviceStatus, TakesKey } from '../../src/gateway/core/device.ts';
import { GatewayError } from '../../src/gateway/core/gateway-error.ts';
import type { DecisionEntry } from '../../src/gateway/core/journal.ts';
import { createPlaces } from '../../src/gateway/core/permission/scope.ts';
import type { Site } from '../../src/gateway/core/site.ts';
import { createAccessLog, type DecisionSummary } from '../../src/gateway/services/access-log.ts';
import { createKnownRecords } from '../../src/gateway/services/directory/known-records.ts';
import type { Enrolments } from '../../src/gateway/services/enrolment/enrolments.ts';
import { createFeed, type Feed } from '../../src/gateway/services/feed.ts';
import { createKeyWindows } from '../../src/gateway/services/key-windows.ts';
import type {
	Lanes,
	LaneView,
	ModeRequest,
	VendAnswer,
	VendRequest,
} from '../../src/gateway/services/lanes/lane-view.ts';
import { createMetrics } from '../../src/gateway/services/metrics.ts';
import { createOccupancy } from '../../src/gateway/services/occupancy.ts';
import { aLane, facts } from './access-facts.ts';
import { createScriptedTester } from './connection-tests.ts';
import { createTestEnrolments } from './enrolments-bench.ts';
import { createOperatorsBench, type OperatorsBench, PASSWORD } from './operators.ts';
import { createSiteServices } from './site-services.ts';

/** The HTTP face over a real store: operators, access log and counters are the real ones; the one lane is played. */
export interface HttpSite {
	readonly connectionTest: ReturnType<typeof createScriptedTester>;
	readonly http: HttpApp;
	readonly bench: OperatorsBench;
	readonly feed: Feed;
	readonly lanes: MemoryLanes;
	readonly enrolments: Enrolments;
	/** What was done to the key window of its one device. */
	readonly windows: readonly string[];
	readonly services: ReturnType<typeof createSiteServices>['services'];
	/** Its new starts are turns of the test's. */
	readonly configuration: ReturnType<typeof createSiteServices>['configuration'];
	/** Takes pictures as cameras bring them. */
	readonly evidence: ReturnType<typeof createSiteServices>['evidence'];
	/** As central sends it. */
	readonly fillDirectory: ReturnType<typeof createSiteServices>['fillDirectory'];
	/** Journals a decision. */
	decide(change?: Partial<DecisionEntry>): void;
	/** What `/readyz` finds wrong; tests write it. */
	readonly causes: { part: string; problem: string }[];
	/** Asks over a made-up socket. */
	request(path: string, init?: RequestInit, socket?: FakeSocket): Promise<Response>;
	/** Signs in; the answer asks with its cookie, and with its proof where the request changes something. */
	signIn(role: string): Promise<SignedIn>;
	close(): void;
}

export interface SignedIn {
	readonly cookie: string;
	readonly csrf: string;
	readonly operatorId: string;
	get(path: string, headers?: Record<string, string>): Promise<Response>;
	post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
	send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
}

export interface FakeSocket {
	readonly remoteAddress?: string;
	readonly encrypted?: boolean;
}

/** @param mount makes the console to mount, from what the API was given. @param wired the site, as gateway.yaml has it. */
export function createHttpSite(
	changes: Partial<HttpAppDeps> = {},
	mount?: (deps: HttpAppDeps) => Hono<HttpEnv>,
	wired: Site = SITE,
): HttpSite {
	const bench = createOperatorsBench({
		places: createPlaces(wired),
		consoleAddress: 'http://gate.example',
		knowsRecord: (scope) => createKnownRecords(directory, (id) => id === DEVICE.id)(scope),
		portrait: (bytes) => evidence.portrait(bytes),
	});
	const feed = createFeed(() => {});
	const lanes = createMemoryLanes();
	const { store } = bench;
	store.occupancy.adjust('A1', 12);
	const causes: { part: string; problem: string }[] = [];
	const metrics = createMetrics();
	const {
		services,
		pages,
		directory,
		configuration,
		evidence,
		fillDirectory,
		close: closeServices,
	} = createSiteServices(bench, wired);
	const devices = changes.devices ?? (() => [DEVICE]);
	const enrolments = createTestEnrolments({ ...bench, directory, site: wired, lanes, devices });
	const windows: string[] = [];
	const takesKey: TakesKey = {
		openKeyWindow: (forMs) => void windows.push(`open ${forMs}`),
		closeKeyWindow: () => void windows.push('close'),
	};
	const connectionTest = createScriptedTester();
	const deps: HttpAppDeps = {
		operators: bench.operators,
		lanes,
		accessLog: createAccessLog({ store, directory, lanes: wired.lanes }),
		feed,
		metrics,
		clock: bench.clock,
		log: bench.log,
		site: wired,
		version: '9.9.9',
		unreadiness: () => causes,
		devices,
		enrolments,
		keyWindows: createKeyWindows({
			...{ ...bench, store, newId: randomUUID, journalGrew: () => undefined },
			deviceStatus: (deviceId) => devices().find(({ id }) => id === deviceId),
			takesKey: (deviceId) => (deviceId === DEVICE.id ? takesKey : undefined),
		}),
		occupancy: createOccupancy({ store, site: wired }),
		sync: () => SYNC,
		connectionTest,
		...services,
		...pages,
		...changes,
	};
	const http = createHttpApp(mount === undefined ? deps : { ...deps, console: mount(deps) });
	const request = requestOf(http);
	return {
		http,
		bench,
		feed,
		lanes,
		enrolments,
		windows,
		connectionTest,
		services,
		configuration,
		evidence,
		fillDirectory,
		decide: (change) => {
			store.journal.append({ ...ENTRY, ...change });
		},
		causes,
		request,
		signIn: (role) => signIn({ bench, request }, role),
		close() {
			http.closeStreams();
			metrics.stop();
			// A directory that nobody filled has nothing left to wait for.
			void closeServices();
			bench.close();
		},
	};
}

/** Asks the app without a socket. */
export function requestOf({ app }: HttpApp): HttpSite['request'] {
	return async (path, init = {}, socket = { remoteAddress: '10.0.0.9' }) => {
		const headers = new Headers(init.headers);
		if (!headers.has('host')) headers.set('host', 'gate.example');
		// The app asks for the socket only.
		return app.request(`http://gate.example${path}`, { ...init, headers }, { incoming: { socket } } as never);
	};
}

/** Signs in as the operator of that role, who is made when missing. */
export async function signIn(
	{
		bench,
		request,
	}: { readonly bench: Pick<OperatorsBench, 'store' | 'addOperator'>; readonly request: HttpSite['request'] },
	role: string,
): Promise<SignedIn> {
	const email = `${role}@example.org`;
	const operatorId = bench.store.operators.operatorByEmail(email)?.id ?? (await bench.addOperator({ email, role }));
	const answer = await request('/api/v1/login', jsonPost({ email, password: PASSWORD }));
	const { csrf } = (await answer.json()) as { csrf: string };
	const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
	const send: SignedIn['send'] = (method, path, body, headers = {}) =>
		request(path, { ...jsonPost(body, { cookie, 'x-csrf-token': csrf, ...headers }), method });
	return {
		cookie,
		csrf,
		operatorId,
		send,
		get: (path, headers = {}) => request(path, { headers: { cookie, ...headers } }),
		post: (path, body, headers) => send('POST', path, body, headers),
	};
}

export function jsonPost(body?: unknown, headers: Record<string, string> = {}): RequestInit {
	if (body === undefined) return { method: 'POST', headers };
	return { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } };
}

export const DECISION: DecisionSummary = {
	id: 'd-1',
	seq: 1,
	atMs: Date.UTC(2026, 6, 1, 8),
	laneId: 'L1',
	laneName: 'North entry',
	direction: 'entry',
	outcome: 'refused',
	headline: 'NO_RIGHT',
	subject: '<b>1-ABC-123</b>',
	holderId: 'h-1',
	holderName: 'Zoë',
	sequel: 'none',
};

export const DEVICE: DeviceStatus = {
	id: 'reader-1',
	driver: 'osdp',
	address: 'sim:reader-1',
	state: 'online',
	sinceMs: Date.UTC(2026, 0, 1),
	lastSeenMs: Date.UTC(2026, 0, 2),
	identity: { vendor: 'Example' },
	capabilities: ['reads tags', 'shows'],
	statistics: { reads: 3 },
	inputs: {},
};

/** One park with one area of 80 places, one lane into it. */
export const SITE: Site = {
	id: 'site-1',
	tenant: 'acme',
	name: 'North car park',
	timeZone: 'Europe/Brussels',
	staleAfterMs: {},
	forgottenExits: { autoCloseAfterMs: null, autoCloseFreesPlace: true },
	parks: [{ id: 'P1', name: 'North' }],
	areas: [{ id: 'A1', name: 'Ground floor', parkId: 'P1', capacity: 80, spaces: [{ id: 'S1', name: 'Space 1' }] }],
	lanes: [aLane()],
};

const SYNC = {
	configured: true,
	connected: true,
	problem: null,
	sinceMs: Date.UTC(2026, 0, 1),
	outboxDepth: 4,
	lastAckAtMs: null,
	refused: {},
	history: { gatewayEpoch: 'epoch-2', reason: 'restored' as const, sinceMs: Date.UTC(2026, 0, 1) },
	deadLetters: {
		count: 1,
		newest: [
			{ gatewayEpoch: 'epoch-1', seq: 7, code: 'invalidData', atMs: Date.UTC(2026, 0, 1), type: 'audit', id: 'a7' },
		],
	},
	disk: { room: 'low' as const, freeBytes: 200_000_000 },
	streams: [{ stream: 'people', rev: 17, syncedAtMs: Date.UTC(2026, 0, 1), digest: 'same' as const, parked: 0 }],
	repairs: { rows: 0, atMs: null },
};

export const LANE: LaneView = {
	id: 'L1',
	name: 'North entry',
	kind: 'entry',
	from: 'outside',
	to: 'A1',
	phase: 'idle',
	phaseSinceMs: Date.UTC(2026, 0, 1),
	vehiclePresent: true,
	barrier: 'closed',
	mode: { kind: 'normal' },
	fire: false,
	canHold: false,
	problems: [],
	lastDecision: DECISION,
};

/** One lane that opens for whoever asks, unless told otherwise. */
export interface MemoryLanes extends Lanes {
	readonly vends: VendRequest[];
	/** What the next vends answer. */
	answer: VendAnswer | undefined;
	readonly changes: ModeRequest[];
}

function createMemoryLanes(): MemoryLanes {
	const lanes: MemoryLanes = {
		vends: [],
		answer: undefined,
		changes: [],
		list: () => [LANE],
		get: (laneId) => (laneId === LANE.id ? LANE : undefined),
		async vend(request) {
			if (request.laneId !== LANE.id) throw new GatewayError('NOT_FOUND', `no lane ${request.laneId}`);
			lanes.vends.push(request);
			return lanes.answer ?? { result: 'opened', vendId: `v-${lanes.vends.length}` };
		},
		async changeMode(request) {
			lanes.changes.push(request);
			return { result: 'changed', mode: { kind: 'normal' } };
		},
	};
	return lanes;
}

const ENTRY: DecisionEntry = {
	type: 'decision',
	class: 'decision',
	id: DECISION.id,
	atMs: DECISION.atMs,
	laneId: DECISION.laneId,
	vendId: null,
	decision: {
		outcome: 'refused',
		headline: 'NO_RIGHT',
		verdicts: [
			{ rule: 'UNKNOWN_CREDENTIAL', verdict: { result: 'pass' } },
			{ rule: 'NO_RIGHT', verdict: { result: 'fail', detail: { rights: 0 } } },
		],
		holderId: 'h-1',
		credentialId: 'c-1',
		rightId: null,
		reserve: [],
		counted: true,
	},
	facts: facts(),
	subject: DECISION.subject,
	holderName: DECISION.holderName,
};
