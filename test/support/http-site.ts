import { createHttpApp, type HttpApp, type HttpAppDeps } from '../../src/api/http/http-app.ts';
import type { DeviceStatus } from '../../src/gateway/core/device.ts';
import { GatewayError } from '../../src/gateway/core/gateway-error.ts';
import type { AccessLog, DecisionRecord, DecisionSummary } from '../../src/gateway/services/access-log.ts';
import { createFeed, type Feed } from '../../src/gateway/services/feed.ts';
import type { Lanes, LaneView, VendAnswer, VendRequest } from '../../src/gateway/services/lanes/lane-view.ts';
import { createMetrics } from '../../src/gateway/services/metrics.ts';
import { facts } from './access-facts.ts';
import { createOperatorsBench, type OperatorsBench, PASSWORD } from './operators.ts';

/** The HTTP face over real operators in a real store, and small lanes and logs in memory. */
export interface HttpSite {
	readonly http: HttpApp;
	readonly bench: OperatorsBench;
	readonly feed: Feed;
	readonly lanes: MemoryLanes;
	readonly accessLog: MemoryAccessLog;
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
}

export interface FakeSocket {
	readonly remoteAddress?: string;
	readonly encrypted?: boolean;
}

export function createHttpSite(changes: Partial<HttpAppDeps> = {}): HttpSite {
	const bench = createOperatorsBench();
	const feed = createFeed(() => {});
	const lanes = createMemoryLanes();
	const accessLog = createMemoryAccessLog();
	const causes: { part: string; problem: string }[] = [];
	const metrics = createMetrics();
	const http = createHttpApp({
		operators: bench.operators,
		lanes,
		accessLog,
		feed,
		metrics,
		clock: bench.clock,
		log: bench.log,
		timeZone: 'Europe/Brussels',
		version: '9.9.9',
		unreadiness: () => causes,
		devices: () => [DEVICE],
		occupancy: { list: () => [OCCUPANCY] },
		sync: () => SYNC,
		...changes,
	});
	const request = async (path: string, init: RequestInit = {}, socket: FakeSocket = { remoteAddress: '10.0.0.9' }) => {
		const headers = new Headers(init.headers);
		if (!headers.has('host')) headers.set('host', 'gate.example');
		// The app asks for the socket only.
		return http.app.request(`http://gate.example${path}`, { ...init, headers }, { incoming: { socket } } as never);
	};
	return {
		http,
		bench,
		feed,
		lanes,
		accessLog,
		causes,
		request,
		signIn: (role) => signIn({ bench, request }, role),
		close() {
			http.closeStreams();
			metrics.stop();
			bench.close();
		},
	};
}

async function signIn({ bench, request }: Pick<HttpSite, 'bench' | 'request'>, role: string): Promise<SignedIn> {
	const email = `${role}@example.org`;
	const operatorId = bench.store.operators.operatorByEmail(email)?.id ?? (await bench.addOperator({ email, role }));
	const answer = await request('/api/v1/login', jsonPost({ email, password: PASSWORD }));
	const { csrf } = (await answer.json()) as { csrf: string };
	const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
	return {
		cookie,
		csrf,
		operatorId,
		get: (path, headers = {}) => request(path, { headers: { cookie, ...headers } }),
		post: (path, body, headers = {}) => request(path, jsonPost(body, { cookie, 'x-csrf-token': csrf, ...headers })),
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

const OCCUPANCY = {
	areaId: 'A1',
	level: 'area',
	name: 'Ground floor',
	parkId: 'P1',
	parentId: null,
	capacity: 80,
	occupied: 12,
	reserved: 1,
} as const;

const SYNC = {
	configured: true,
	connected: true,
	problem: null,
	sinceMs: Date.UTC(2026, 0, 1),
	outboxDepth: 4,
	lastAckAtMs: null,
	streams: [{ stream: 'people', rev: 17, syncedAtMs: Date.UTC(2026, 0, 1) }],
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
	problems: [],
	lastDecision: DECISION,
};

/** One lane that opens for whoever asks, unless told otherwise. */
export interface MemoryLanes extends Lanes {
	readonly vends: VendRequest[];
	/** What the next vends answer. */
	answer: VendAnswer | undefined;
}

function createMemoryLanes(): MemoryLanes {
	const lanes: MemoryLanes = {
		vends: [],
		answer: undefined,
		list: () => [LANE],
		get: (laneId) => (laneId === LANE.id ? LANE : undefined),
		async vend(request) {
			if (request.laneId !== LANE.id) throw new GatewayError('NOT_FOUND', `no lane ${request.laneId}`);
			lanes.vends.push(request);
			return lanes.answer ?? { result: 'opened', vendId: `v-${lanes.vends.length}` };
		},
	};
	return lanes;
}

export interface MemoryAccessLog extends AccessLog {
	readonly asked: Parameters<AccessLog['list']>[0][];
}

function createMemoryAccessLog(): MemoryAccessLog {
	const asked: Parameters<AccessLog['list']>[0][] = [];
	return {
		asked,
		list(query) {
			asked.push(query);
			if (query.cursor !== undefined && query.cursor !== 'next') {
				throw new GatewayError('INVALID_REQUEST', 'This cursor is not ours; start from the first page.');
			}
			return { items: [DECISION], nextCursor: query.cursor === undefined ? 'next' : null };
		},
		get: (decisionId) => (decisionId === DECISION.id ? RECORD : undefined),
	};
}

const RECORD: DecisionRecord = {
	summary: DECISION,
	entry: {
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
	},
	sequel: [],
};
