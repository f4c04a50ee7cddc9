import { randomUUID } from 'node:crypto';
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { createConsole } from '../../src/api/console/console.tsx';
import type { HttpApp } from '../../src/api/http/app-frame.ts';
import { type Assets, createAssets } from '../../src/api/http/assets.ts';
import { createHttpApp } from '../../src/api/http/http-app.ts';
import { CSRF_FIELD } from '../../src/api/http/login-context.ts';
import type { DeviceStatus, TakesKey } from '../../src/gateway/core/device.ts';
import { GatewayError } from '../../src/gateway/core/gateway-error.ts';
import type { LaneMode } from '../../src/gateway/core/lane/lane-mode.ts';
import { createPlaces } from '../../src/gateway/core/permission/scope.ts';
import type { Role } from '../../src/gateway/core/permission.ts';
import type { Lane, Site } from '../../src/gateway/core/site.ts';
import { type AccessLogService, createAccessLog } from '../../src/gateway/services/access-log.ts';
import { createKnownRecords } from '../../src/gateway/services/directory/known-records.ts';
import type { Enrolments } from '../../src/gateway/services/enrolment/enrolments.ts';
import { createFeed, type Feed } from '../../src/gateway/services/feed.ts';
import { createKeyWindows } from '../../src/gateway/services/key-windows.ts';
import type {
	LaneView,
	ModeAnswer,
	ModeRequest,
	VendAnswer,
	VendRequest,
} from '../../src/gateway/services/lanes/lane-view.ts';
import { createMetrics } from '../../src/gateway/services/metrics.ts';
import { type AreaOccupancy, createOccupancy } from '../../src/gateway/services/occupancy.ts';
import type { SyncStatus } from '../../src/gateway/services/sync-status.ts';
import { aLane } from './access-facts.ts';
import { createScriptedTester } from './connection-tests.ts';
import { type DecidedAtLane, journalDecision } from './decided-at-lane.ts';
import { createTestEnrolments } from './enrolments-bench.ts';
import { createOperatorsBench, type OperatorsBench, PASSWORD } from './operators.ts';
import { createSiteServices } from './site-services.ts';

/** The console on the real HTTP app, with real operators and a real access log in a store; lanes, devices and counters are tables that tests write. */
export interface ConsoleSite {
	readonly http: HttpApp;
	readonly bench: OperatorsBench;
	readonly feed: Feed;
	readonly accessLog: AccessLogService;
	readonly enrolments: Enrolments;
	readonly lanes: Map<string, LaneView>;
	readonly devices: DeviceStatus[];
	/** Those of them that take a key, by id. */
	readonly takesKeys: Map<string, TakesKey>;
	/** What is counted; the store's own counters while it is empty. */
	readonly counters: AreaOccupancy[];
	readonly modeChanges: ModeRequest[];
	/** What the next changes of a lane's mode answer; undefined: the lane takes them. */
	answerMode: ModeAnswer | undefined;
	readonly vends: VendRequest[];
	/** What the next vends answer; a throw is thrown. */
	answerVend: () => Promise<VendAnswer>;
	sync: SyncStatus;
	readonly connectionTest: ReturnType<typeof createScriptedTester>;
	readonly services: ReturnType<typeof createSiteServices>;
	/** Decides these facts as a lane would, journals it with what followed, and shows it. */
	decide(decision: DecidedAtLane): string;
	request(path: string, init?: RequestInit): Promise<Response>;
	signIn(role: Role): Promise<Visitor>;
	close(): Promise<void>;
}

/** Someone signed in, asking as a browser does. */
export interface Visitor {
	readonly operatorId: string;
	readonly cookie: string;
	get(path: string, headers?: Record<string, string>): Promise<Response>;
	/** The text of a page, which must be there. */
	page(path: string, headers?: Record<string, string>): Promise<string>;
	/** Sends a form, with its proof. */
	post(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
}

export const LANES: readonly Lane[] = [
	aLane({ id: 'L1', name: 'North entry' }),
	aLane({ id: 'L2', name: 'South entry', readers: ['reader-2'], cameras: ['cam-2'] }),
	aLane({ id: 'L3', name: 'Exit', kind: 'exit', from: 'A1', to: 'outside', readers: [], cameras: ['cam-3'] }),
];

export const SITE: Site = {
	id: 'site-1',
	tenant: 'acme',
	name: 'North car park',
	timeZone: 'Europe/Brussels',
	staleAfterMs: {},
	forgottenExits: { autoCloseAfterMs: null, autoCloseFreesPlace: true },
	parks: [{ id: 'P1', name: 'North car park', capacity: 120 }],
	areas: [
		{ id: 'A1', name: 'Deck', parkId: 'P1', capacity: 80 },
		{ id: 'A1-vip', name: 'Visitors', parkId: 'P1', parentId: 'A1', capacity: 10 },
	],
	lanes: LANES,
};

export const IDLE_SYNC: SyncStatus = {
	configured: false,
	connected: false,
	problem: null,
	sinceMs: Date.UTC(2026, 0, 5, 8),
	outboxDepth: 0,
	lastAckAtMs: null,
	refused: {},
	history: { gatewayEpoch: 'epoch-1', reason: 'new', sinceMs: 0 },
	deadLetters: { count: 0, newest: [] },
	disk: { room: 'ample', freeBytes: null },
	streams: [],
	repairs: { rows: 0, atMs: null },
};

export function aLaneView(lane: Lane, change: Partial<LaneView> = {}): LaneView {
	const { id, name, kind, from, to } = lane;
	return {
		id,
		name,
		kind,
		from,
		to,
		phase: 'idle',
		phaseSinceMs: Date.UTC(2026, 0, 5, 8),
		vehiclePresent: false,
		barrier: 'closed',
		mode: { kind: 'normal' },
		fire: false,
		canHold: false,
		problems: [],
		lastDecision: null,
		...change,
	};
}

export function aDevice(change: Partial<DeviceStatus> = {}): DeviceStatus {
	return {
		id: 'reader-1',
		driver: 'osdp',
		address: 'sim:reader-1',
		state: 'online',
		sinceMs: Date.UTC(2026, 0, 5, 8),
		identity: {},
		capabilities: ['reads tags', 'shows'],
		statistics: {},
		inputs: {},
		...change,
	};
}

export interface ConsoleSiteOptions {
	/** Without them pages name assets that nobody serves. */
	readonly assets?: Assets;
	readonly site?: Site;
	/** The bench's operators live on its clock, which stands still: a browser needs a real one. */
	readonly bench?: OperatorsBench;
	/** As people reach the console; passkeys are for it. */
	readonly consoleAddress?: string;
	/** Whether logins read names, plates and contacts as they are; all do when left out. */
	readonly seesPersonalData?: () => boolean;
}

export function createConsoleSite({
	assets,
	site = SITE,
	consoleAddress,
	bench: given,
	seesPersonalData = () => true,
}: ConsoleSiteOptions = {}): ConsoleSite {
	const bench =
		given ??
		createOperatorsBench({
			places: createPlaces(site),
			knowsRecord: (scope) => createKnownRecords(siteServices.directory, () => true)(scope),
			...(consoleAddress !== undefined && { consoleAddress }),
		});
	const { store, operators, clock, log } = bench;
	const feed = createFeed((error) => {
		throw error;
	});
	const metrics = createMetrics();
	const siteServices = createSiteServices(bench, site);
	const lanes = new Map<string, LaneView>(site.lanes.map((lane) => [lane.id, aLaneView(lane)]));
	const devices: DeviceStatus[] = [];
	const counters: AreaOccupancy[] = [];
	const vends: VendRequest[] = [];
	const modeChanges: ModeRequest[] = [];
	const counted = createOccupancy({ store, site });
	const { directory } = siteServices;
	const accessLog = createAccessLog({ store, directory, lanes: site.lanes });
	const enrolments = createTestEnrolments({ store, clock, log, directory, site, lanes, devices: () => devices });
	const takesKeys = new Map<string, TakesKey>();
	const keyWindows = createKeyWindows({
		...{ clock, log, store, newId: randomUUID, journalGrew: () => undefined },
		deviceStatus: (deviceId) => devices.find(({ id }) => id === deviceId),
		takesKey: (deviceId) => takesKeys.get(deviceId),
	});
	const connectionTest = createScriptedTester();
	const services = {
		lanes: {
			list: () => [...lanes.values()],
			get: (laneId: string) => lanes.get(laneId),
			async vend(request: VendRequest) {
				if (!lanes.has(request.laneId)) throw new GatewayError('NOT_FOUND', 'There is no such lane.');
				vends.push(request);
				return self.answerVend();
			},
			async changeMode(request: ModeRequest) {
				if (!lanes.has(request.laneId)) throw new GatewayError('NOT_FOUND', 'There is no such lane.');
				modeChanges.push(request);
				return self.answerMode ?? take(request);
			},
		},
		devices: () => devices,
		occupancy: { list: () => (counters.length > 0 ? counters : counted.list()) },
		sync: () => self.sync,
		connectionTest,
		enrolments,
		keyWindows,
	};
	/** As the service would: the lane has that mode from now on. */
	function take({ laneId, change, operatorId: ownerId, reason, untilMs }: ModeRequest): ModeAnswer {
		const view = lanes.get(laneId);
		const kind = { hold: 'heldOpen', confirmHold: 'heldOpen', close: 'closedToAll', lockdown: 'lockdown' } as const;
		const mode: LaneMode =
			change === 'release'
				? { kind: 'normal' }
				: { kind: kind[change], ownerId, reason, sinceMs: clock.nowMs(), untilMs, confirmed: true };
		if (view !== undefined) {
			const changed: LaneView = { ...view, mode, phase: mode.kind === 'normal' ? 'idle' : 'heldOpen' };
			lanes.set(laneId, changed);
			feed.publish({ type: 'lane', lane: changed });
		}
		return { result: 'changed', mode };
	}
	const assetUrl = assets?.url ?? ((name: string) => `/assets/test/${name}`);
	const http = createHttpApp({
		...siteServices.services,
		...siteServices.pages,
		...services,
		operators,
		accessLog,
		feed,
		metrics,
		clock,
		log,
		site,
		version: '9.9.9',
		unreadiness: () => [],
		seesPersonalData,
		console: createConsole({
			...{ ...siteServices.services, ...siteServices.pages, ...services },
			...{ site, clock, log, accessLog, operators, assetUrl, seesPersonalData },
		}),
		...(assets !== undefined && { assets }),
	});
	const self: ConsoleSite = {
		http,
		connectionTest,
		bench,
		feed,
		accessLog,
		enrolments,
		lanes,
		devices,
		takesKeys,
		counters,
		services: siteServices,
		modeChanges,
		answerMode: undefined,
		vends,
		answerVend: async () => ({ result: 'opened', vendId: 'v-1' }),
		sync: IDLE_SYNC,
		decide: (decision) => journalDecision(self, decision),
		async request(requestPath, init = {}) {
			const headers = new Headers(init.headers);
			if (!headers.has('host')) headers.set('host', 'gate.example');
			const incoming = { socket: { remoteAddress: '10.0.0.9' } };
			// The app asks for the socket only.
			return http.app.request(`http://gate.example${requestPath}`, { ...init, headers }, { incoming } as never);
		},
		signIn: (role) => signIn(self, role),
		async close() {
			http.closeStreams();
			metrics.stop();
			await siteServices.close();
			bench.close();
		},
	};
	return self;
}

async function signIn({ bench, request }: ConsoleSite, role: string): Promise<Visitor> {
	const email = `${role}@example.org`;
	const operatorId = bench.store.operators.operatorByEmail(email)?.id ?? (await bench.addOperator({ email, role }));
	const answer = await request('/login', form({ email, password: PASSWORD }));
	const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
	const get = (page: string, headers: Record<string, string> = {}) =>
		request(page, { headers: { cookie, ...headers } });
	const csrf = async () => {
		const me = (await (await get('/api/v1/me')).json()) as { csrf: string };
		return me.csrf;
	};
	return {
		operatorId,
		cookie,
		get,
		async page(asked, headers) {
			const found = await get(asked, headers);
			if (found.status !== 200) throw new Error(`${asked} answered ${found.status}`);
			return found.text();
		},
		async post(page, fields, headers = {}) {
			return request(page, form({ [CSRF_FIELD]: await csrf(), ...fields }, { cookie, ...headers }));
		},
	};
}

/** As a browser sends a plain form. */
export function form(fields: Record<string, string>, headers: Record<string, string> = {}): RequestInit {
	return {
		method: 'POST',
		body: new URLSearchParams(fields).toString(),
		headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://gate.example', ...headers },
	};
}

/** The console's real files, its scripts built as for a release. */
export function buildAssets(): { readonly assets: Assets; remove(): void } {
	const root = path.join(import.meta.dirname, '../..');
	const outdir = mkdtempSync(path.join(tmpdir(), 'parkgate-assets-'));
	const entryPoints = globSync('src/api/console/islands/*.ts', { cwd: root }).map((file) => path.join(root, file));
	buildSync({ entryPoints, outdir, bundle: true, format: 'esm', platform: 'browser', target: 'chrome120' });
	const { resolve } = createRequire(import.meta.url);
	const assets = createAssets({
		dirs: [outdir, path.join(root, 'src/api/console/assets')],
		files: {
			'htmx.min.js': resolve('htmx.org/dist/htmx.min.js'),
			'uPlot.min.css': resolve('uplot/dist/uPlot.min.css'),
		},
	});
	return { assets, remove: () => rmSync(outdir, { recursive: true }) };
}
