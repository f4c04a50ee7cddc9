import type { EquipmentFacts } from '../../core/access/facts.ts';
import { parkOfLane } from '../../core/area-chain.ts';
import type { Cancel, Clock, ClockTrust } from '../../core/clock.ts';
import { type DocumentSubject, judgeParkStatement, judgeProductLicence } from '../../core/licence/judge-document.ts';
import {
	cameraPool,
	camerasOfLanes,
	isParkActive,
	type LicensedSite,
	licenceFacts,
} from '../../core/licence/licence-facts.ts';
import { type LicenceTerm, type LicensedFunction, licenceTerm } from '../../core/licence/licence-term.ts';
import type { ParkStatement, ProductLicence } from '../../core/licence/product-licence.ts';
import type { Log } from '../../core/log.ts';
import type { Lane, Site } from '../../core/site.ts';
import type { LicenceChange, LicenceChangeFilter, LicenceChangePlace, LicenceDocument } from '../../store/licences.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { countLicenceDay } from './licence-days.ts';
import type { CameraChange, CameraLicence, Installed, LicenceStanding, ParkState } from './licence-standing.ts';
import { createLicenceTime } from './licence-time.ts';
import { type LicenceKeys, type ReadDocuments, readDocuments } from './read-documents.ts';
import { openDocument } from './signed-document.ts';

export interface LicensingDeps {
	readonly site: Site;
	readonly keys: LicenceKeys;
	/** RFC 7638 thumbprint of the gateway's own key. */
	readonly gatewayKey: string;
	readonly store: Pick<SiteStore, 'licences' | 'licenceGrants' | 'journal' | 'settings' | 'transaction'>;
	readonly clock: Clock;
	readonly clockTrust: () => ClockTrust;
	readonly log: Log;
	readonly newId: () => string;
	readonly journalGrew: () => void;
}

/** What this gateway may do, by signed documents; asked by every decision, from memory. */
export interface Licensing {
	equipment(lane: Lane): EquipmentFacts;
	standing(): LicenceStanding;
	/** Whether it has stopped for want of a licence. */
	isStopped(what: LicensedFunction): boolean;
	cameras(): readonly CameraLicence[];
	parks(): readonly ParkState[];
	/** Without RFID nobody here manages parks (FEATURES I17); what support said of them counts all the same. */
	managesParks(): boolean;
	/** One durable transaction; acts on the next decision. */
	setCamera(cameraId: string, active: boolean, operatorId: string): CameraChange;
	/** Checks and takes the place of the one that counts; one refused leaves everything as it is. */
	installLicence(text: string, operatorId: string | null): Promise<Installed<ProductLicence>>;
	installStatement(text: string, operatorId: string | null): Promise<Installed<ParkStatement>>;
	/** The newest first, before a place; null: from the newest on. */
	history(filter: LicenceChangeFilter, before: LicenceChangePlace | null, limit: number): readonly LicenceChange[];
	stop(): void;
}

/** A command beside the gateway may have installed one, and terms pass. */
const LOOK_EVERY_MS = 60_000;
const DAY_MS = 86_400_000;
const NOTICED = 'licenceNoticeDay';

/** Reads and checks what is stored; afterwards everything is in memory. */
export async function openLicensing(deps: LicensingDeps): Promise<Licensing> {
	return createLicensing(deps, await readDocuments(deps.store.licences.present(), deps.keys, deps.log));
}

/** @param stored What of the store counts. */
export function createLicensing(deps: LicensingDeps, stored: ReadDocuments): Licensing {
	const { site, store, clock, log } = deps;
	const time = createLicenceTime(clock, store.settings, deps.clockTrust);
	const cameraIds = camerasOfLanes(site);
	const subject = (): DocumentSubject => ({
		...{ tenant: site.tenant, site: site.id, gatewayKey: deps.gatewayKey },
		parkIds: site.parks.map(({ id }) => id),
	});
	const parkOf = new Map(site.lanes.map((lane) => [lane.id, parkOfLane(site, lane)]));
	const readStored = () => readDocuments(store.licences.present(), deps.keys, log);
	let read = stored;
	let term = termNow();
	let facts = new Map<string | null, EquipmentFacts>();
	let activeCameras: ReadonlySet<string> = new Set();
	/** One document after the other. */
	let installing: Promise<unknown> = Promise.resolve();
	let seenVersion = store.licences.version();
	let cancel: Cancel = () => undefined;
	let stopped = false;

	function termNow(): LicenceTerm {
		return licenceTerm(read.licence, time.commissionedAtMs(), time.nowMs());
	}

	function licensed(): LicensedSite {
		const { licence, statements } = read;
		return { licence, statements, term, activeCameras, cameras: cameraIds };
	}

	/** At the start and with a new licence: cameras nobody said anything of take what is free of the pool. */
	function giveFreeLicences(): void {
		const known = store.licences.cameras();
		const isKnown = new Set(known.map(({ cameraId }) => cameraId));
		const used = known.filter(({ cameraId, active }) => active && cameraIds.includes(cameraId)).length;
		const room = term.stopped.includes('activations') ? 0 : cameraPool(licensed()) - used;
		const fresh = cameraIds.filter((cameraId) => !isKnown.has(cameraId)).slice(0, Math.max(0, room));
		if (fresh.length === 0) return;
		store.transaction(() => {
			for (const cameraId of fresh) writeCamera(cameraId, true, null);
		});
	}

	function writeCamera(cameraId: string, active: boolean, operatorId: string | null): void {
		const atMs = clock.nowMs();
		store.licences.setCamera({ cameraId, active, sinceMs: atMs });
		const used = store.licences.cameras().filter((camera) => camera.active).length;
		countLicenceDay(store.licenceGrants, site.timeZone, { kind: 'camera', atMs, isGiven: active, used });
		note(active ? 'cameraActivated' : 'cameraDeactivated', cameraId, operatorId);
	}

	/** A line of the history, and of the audit. */
	function note(what: LicenceChange['what'], subject: string, operatorId: string | null): void {
		const atMs = clock.nowMs();
		store.licences.addChange({ atMs, what, subject, kind: null, operatorId });
		const entry = { type: 'audit', class: 'audit', id: deps.newId(), atMs, operatorId } as const;
		store.journal.append({ ...entry, action: what, target: subject, detail: {} });
	}

	function refresh(): void {
		term = termNow();
		activeCameras = new Set(store.licences.cameras().flatMap(({ cameraId, active }) => (active ? cameraId : [])));
		const parkIds = new Set<string | null>([null, ...parkOf.values()]);
		facts = new Map([...parkIds].map((parkId) => [parkId, licenceFacts(licensed(), parkId)]));
		seenVersion = store.licences.version();
	}

	/** Once a day, while it has to be mended. */
	function notice(): void {
		const behindMs = time.behindMs();
		if (term.phase === 'valid' && behindMs === null) return;
		const day = String(Math.floor(time.nowMs() / DAY_MS));
		if (store.settings.get(NOTICED) === day) return;
		const detail = {
			phase: term.phase,
			...(term.endsAtMs !== null && { endsAt: term.endsAtMs }),
			...(term.next !== null && { nextStops: term.next.stops, nextAt: term.next.atMs }),
			...(behindMs !== null && { clockBehindMs: behindMs }),
		};
		store.transaction(() => {
			store.settings.set(NOTICED, day);
			const entry = { type: 'audit', class: 'audit', id: deps.newId(), atMs: clock.nowMs(), operatorId: null } as const;
			store.journal.append({ ...entry, action: 'licenceNotice', target: read.licence?.jti ?? null, detail });
		});
		log.warn({ licence: detail }, 'the product licence needs attention');
		deps.journalGrew();
	}

	async function look(): Promise<void> {
		cancel();
		try {
			await inTurn(async () => {
				if (store.licences.version() !== seenVersion) {
					read = await readStored();
					time.reread();
				}
				refresh();
				notice();
			});
		} catch (error) {
			// A disk that takes nothing for now; what is in memory counts on.
			log.warn({ err: error }, 'the licences could not be looked at');
		}
		if (!stopped) cancel = clock.after(LOOK_EVERY_MS, () => void look());
	}

	function inTurn<T>(run: () => Promise<T>): Promise<T> {
		const turn = installing.then(run, run);
		installing = turn;
		return turn;
	}

	async function taken(
		document: LicenceDocument,
		operatorId: string | null,
		what: LicenceChange['what'],
	): Promise<void> {
		store.transaction(() => {
			store.licences.addDocument(document);
			note(what, document.parkId ?? document.serial, operatorId);
		});
		read = await readStored();
		term = termNow();
		giveFreeLicences();
		refresh();
		deps.journalGrew();
	}

	giveFreeLicences();
	// Who is told that the journal grew may not be there yet; what is written now goes with what is written next.
	refresh();
	cancel = clock.after(LOOK_EVERY_MS, () => void look());
	return {
		equipment: (lane) => facts.get(parkOf.get(lane.id) ?? null) ?? licenceFacts(licensed(), null),
		standing() {
			const used = cameraIds.filter((cameraId) => activeCameras.has(cameraId)).length;
			const available = cameraPool(licensed());
			return { ...licensed(), problem: read.problem, clockBehindMs: time.behindMs(), pool: { used, available } };
		},
		isStopped: (what) => term.stopped.includes(what),
		cameras() {
			const stored = new Map(store.licences.cameras().map((camera) => [camera.cameraId, camera]));
			return cameraIds.map((cameraId) => stored.get(cameraId) ?? { cameraId, active: false, sinceMs: null });
		},
		parks: () =>
			site.parks.map(({ id, name }) => ({
				...{ parkId: id, name, active: isParkActive(read, id) },
				statement: read.statements.get(id) ?? null,
			})),
		managesParks: () => licenceFacts(licensed(), null).rfidEnabled,
		setCamera(cameraId, active, operatorId) {
			if (!cameraIds.includes(cameraId)) return { result: 'unknown' };
			const change = store.transaction((): CameraChange => {
				const stored = store.licences.cameras();
				const present = stored.find((camera) => camera.cameraId === cameraId);
				if (present?.active === active) return { result: 'same', camera: present };
				const used = stored.filter((camera) => camera.active && cameraIds.includes(camera.cameraId)).length;
				const available = cameraPool(licensed());
				if (active && term.stopped.includes('activations')) return { result: 'stopped' };
				if (active && used >= available) return { result: 'full', used, available };
				writeCamera(cameraId, active, operatorId);
				return { result: 'changed', camera: { cameraId, active, sinceMs: clock.nowMs() } };
			});
			if (change.result !== 'changed') return change;
			refresh();
			deps.journalGrew();
			return change;
		},
		installLicence: (text, operatorId) =>
			inTurn(async () => {
				if (read.licence?.text === text.trim()) return { result: 'same', claims: read.licence };
				const opened = await openDocument(text, 'productLicence', deps.keys.vendorKey);
				if ('refusal' in opened) return opened;
				const judged = judgeProductLicence(opened.claims, subject(), read.licence, time.trustedMs());
				if ('refusal' in judged) return judged;
				const { jti, iat } = judged.claims;
				time.reset(iat * 1_000);
				const document = {
					kind: 'productLicence',
					parkId: null,
					issuedAtS: iat,
					serial: jti,
					text: text.trim(),
				} as const;
				await taken(document, operatorId, 'licenceInstalled');
				return { result: 'installed', claims: judged.claims };
			}),
		installStatement: (text, operatorId) =>
			inTurn(async () => {
				const known = [...read.statements.values()].find(({ text: present }) => present === text.trim());
				if (known !== undefined) return { result: 'same', claims: known };
				const opened = await openDocument(text, 'parkStatement', deps.keys.supportKey);
				if ('refusal' in opened) return opened;
				const judged = judgeParkStatement(opened.claims, subject(), (park) => read.statements.get(park) ?? null);
				if ('refusal' in judged) return judged;
				const { jti, iat, park, active } = judged.claims;
				const document = {
					kind: 'parkStatement',
					parkId: park,
					issuedAtS: iat,
					serial: jti,
					text: text.trim(),
				} as const;
				await taken(document, operatorId, active ? 'parkActivated' : 'parkDeactivated');
				return { result: 'installed', claims: judged.claims };
			}),
		history: store.licences.changes,
		stop() {
			stopped = true;
			cancel();
		},
	};
}
