import type { Clock } from '../../core/clock.ts';
import type { DeviceStatus } from '../../core/device.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import type { HandOverContent, HandOverSubject, SignatureContent, SignatureStroke } from '../../core/hand-over.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Language } from '../../core/reason-texts/reason-text.ts';
import type { Lane, Site } from '../../core/site.ts';
import type { HandOverQuery, HandOverRow, SealedText } from '../../store/hand-overs.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { PdfMaker } from './pdf-maker.ts';
import { isIntact, sealOf } from './seal.ts';

/** One report, with who signed it. */
export interface HandOver {
	readonly content: HandOverContent;
	/** Of the content, hex. */
	readonly sha256: string;
	readonly signatures: readonly (SignatureContent & { readonly sha256: string })[];
	/** Report and signatures are those that the journal names; false: somebody changed the store by hand. */
	readonly isIntact: boolean;
}

export interface NewHandOver {
	readonly subject: Pick<HandOverSubject, 'kind' | 'id'>;
	readonly checks: readonly string[];
	readonly remarks: string;
}

export interface NewSignature {
	readonly name: string;
	/** None: the typed name stands for the signature. */
	readonly strokes: readonly SignatureStroke[];
}

export type SignAnswer =
	| { readonly result: 'signed'; readonly handOver: HandOver }
	| { readonly result: 'refused'; readonly because: 'notFound' | 'full' | 'notIntact' };

/** Hand-over reports of lanes and devices, and their signatures (FEATURES I14). What is written never changes. */
export interface HandOvers {
	/** The newest first. */
	page(query: HandOverQuery): readonly HandOver[];
	get(id: string): HandOver | undefined;
	/** undefined: the site has no such lane or device. Throws CONFLICT when there are too many. */
	create(asked: NewHandOver, operatorId: string): HandOver | undefined;
	/** Throws FORBIDDEN for who has no licence of the kind Signature. */
	sign(id: string, signature: NewSignature, operatorId: string): SignAnswer;
	maySign(operatorId: string): boolean;
	/** @returns false: there was none. */
	remove(id: string, operatorId: string): boolean;
	/** The same bytes for the same report. Throws NOT_FOUND; CONFLICT for one that is not intact. */
	pdf(id: string, language: Language): Promise<Uint8Array<ArrayBuffer>>;
}

export interface HandOversDeps {
	readonly site: Pick<Site, 'name' | 'lanes' | 'timeZone'>;
	readonly store: Pick<SiteStore, 'handOvers' | 'journal' | 'transaction' | 'operators'>;
	readonly devices: () => readonly DeviceStatus[];
	readonly clock: Pick<Clock, 'nowMs'>;
	readonly newId: () => string;
	readonly pdfMaker: Pick<PdfMaker, 'make'>;
	readonly journalGrew: () => void;
	/** Whether an operator has a licence of the kind Signature that counts. */
	readonly maySign: (operatorId: string) => boolean;
}

export function createHandOvers(deps: HandOversDeps): HandOvers {
	const { store, clock } = deps;
	const { handOvers, journal } = store;

	function shown(row: HandOverRow): HandOver {
		const sealed = handOvers.signaturesOf(row.id);
		const content = JSON.parse(row.content) as HandOverContent;
		const signatures = sealed.map((one) => ({ ...(JSON.parse(one.content) as SignatureContent), sha256: one.sha256 }));
		const areOfIt = signatures.every(({ report }) => report === row.sha256);
		return {
			...{ content, sha256: row.sha256, signatures },
			isIntact: areOfIt && [row, ...sealed].every((one) => isIntact(journal, one)),
		};
	}

	/** The hash, and no name: what the journal says stays for ever. @returns its row. */
	function audit(action: string, target: string, sha256: string, operatorId: string): number {
		const entry = { type: 'audit', class: 'audit', id: deps.newId(), atMs: clock.nowMs() } as const;
		return journal.append({ ...entry, operatorId, action, target, detail: { sha256 } });
	}

	function seal(action: string, target: string, content: object, operatorId: string): SealedText {
		const sealed = sealOf(content);
		const seq = audit(action, target, sealed.sha256, operatorId);
		return { ...sealed, gatewayEpoch: journal.gatewayEpoch(), seq };
	}

	const get = (id: string) => {
		const row = handOvers.byId(id);
		return row && shown(row);
	};

	return {
		page: (query) => handOvers.page(query).map(shown),
		get,
		maySign: deps.maySign,
		create({ subject, checks, remarks }, operatorId) {
			const known = describe(deps, subject);
			if (known === undefined) return undefined;
			const handOver = store.transaction(() => {
				if (handOvers.count() >= LIMITS.handOvers) throw tooMany();
				const [id, atMs] = [deps.newId(), clock.nowMs()];
				const content: HandOverContent = {
					...{ id, site: deps.site.name, ...known, checks, remarks, atMs, operatorId },
				};
				const sealed = seal('handOverWritten', id, content, operatorId);
				const row = { id, atMs, subjectKind: subject.kind, subjectId: subject.id, ...sealed };
				handOvers.add(row);
				return shown(row);
			});
			deps.journalGrew();
			return handOver;
		},
		sign(id, { name, strokes }, operatorId) {
			const present = get(id);
			if (present === undefined) return { result: 'refused', because: 'notFound' };
			if (!deps.maySign(operatorId)) throw unlicensed();
			if (!present.isIntact) return { result: 'refused', because: 'notIntact' };
			if (present.signatures.length >= LIMITS.handOverSignatures) return { result: 'refused', because: 'full' };
			const content: SignatureContent = { report: present.sha256, name, strokes, atMs: clock.nowMs(), operatorId };
			store.transaction(() => handOvers.addSignature(id, seal('handOverSigned', id, content, operatorId)));
			deps.journalGrew();
			return { result: 'signed', handOver: get(id) ?? present };
		},
		remove(id, operatorId) {
			const present = handOvers.byId(id);
			if (present === undefined) return false;
			store.transaction(() => {
				handOvers.remove(id);
				audit('handOverRemoved', id, present.sha256, operatorId);
			});
			deps.journalGrew();
			return true;
		},
		async pdf(id, language) {
			const handOver = get(id);
			if (handOver === undefined) throw new GatewayError('NOT_FOUND', 'There is no such hand-over report.');
			if (!handOver.isIntact) throw notIntact();
			const { timeZone } = deps.site;
			const nameOf = (operatorId: string) => store.operators.operatorById(operatorId)?.name ?? operatorId;
			const by = [handOver.content, ...handOver.signatures].map(({ operatorId }) => nameOf(operatorId));
			const { content, sha256, signatures } = handOver;
			return deps.pdfMaker.make({ content, sha256, signatures, by, language, timeZone });
		},
	};
}

/** Of what a device tells of itself. */
const MOST_TOLD = 30;

/** What the gateway knows of it now, as a reader of the report wants it. */
function describe({ site, devices }: Pick<HandOversDeps, 'site' | 'devices'>, { kind, id }: NewHandOver['subject']) {
	if (kind === 'lane') {
		const lane = site.lanes.find((one) => one.id === id);
		return lane && { subject: { kind, id, name: lane.name }, facts: factsOfLane(lane) };
	}
	const device = devices().find((one) => one.id === id);
	if (device === undefined) return undefined;
	const facts = [
		...[fact('driver', device.driver), fact('address', device.address), fact('state', device.state)],
		...(device.problem === undefined ? [] : [fact('problem', device.problem)]),
		...Object.entries(device.identity)
			.slice(0, MOST_TOLD)
			.map(([name, value]) => fact(name, value)),
	];
	return { subject: { kind, id, name: id }, facts };
}

function factsOfLane({ kind, from, to, readers, cameras, barrier }: Lane) {
	return [
		...[fact('kind', kind), fact('from', from), fact('to', to), fact('readers', readers.join(', '))],
		...[fact('cameras', cameras.join(', ')), fact('barrier', barrier?.deviceId ?? '')],
	].filter(({ value }) => value !== '');
}

function fact(name: string, value: string) {
	return { name, value: value.slice(0, LIMITS.handOverCheckLength) };
}

function unlicensed(): GatewayError {
	return new GatewayError('FORBIDDEN', 'Signing needs a licence of the kind Signature; an administrator can give it.');
}

function notIntact(): GatewayError {
	return new GatewayError(
		'CONFLICT',
		'This report is not what the journal says was written and signed: the store was changed by hand. It is no longer printed or signed.',
	);
}

function tooMany(): GatewayError {
	return new GatewayError('CONFLICT', `There are ${LIMITS.handOvers} hand-over reports; remove old ones first.`);
}
