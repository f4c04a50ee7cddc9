import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DIRECTORY_FACES, type DirectoryFace } from '../../src/api/http/directory-faces.ts';
import { LIMITS } from '../../src/gateway/core/limits.ts';
import { EVIDENCE_DIR, PHOTOS_DIR, writeEvidence } from '../../src/gateway/store/evidence-files.ts';
import { GATEWAY_YAML } from './configuration-bench.ts';
import { fillWithSamples, type SampleIds, sampleBody, sampleRow } from './directory-samples.ts';
import { type HttpSite, jsonPost } from './http-site.ts';
import { solidJpeg } from './images.ts';
import { ROUTE_BODIES, ROUTE_QUERIES, SPARE, VISIT_KIND } from './route-bodies.ts';

const collectionAt = (path: string) =>
	DIRECTORY_FACES.find((face) => path === face.path || path.startsWith(`${face.path}/`));
const HOLDERS = DIRECTORY_FACES.find(({ face }) => face.path === 'holders') as DirectoryFace;

/** A kind of right, and a right of it. */
const ON_THE_FLY = 'walk-on-the-fly';

const PARAMETERS = {
	importId: 'import-1',
	mappingId: 'import-1',
	operatorId: '',
	id: '',
	batchId: '',
	holdId: '',
	visitId: '',
	enrolmentId: '',
	stayId: '',
	moveId: '',
	imageId: '',
	number: '',
	partId: '',
	photoId: '',
	roleId: '',
	groupId: '',
	sessionId: '',
	tokenId: 'none',
	laneId: 'L1',
	deviceId: 'reader-1',
	decisionId: 'd-1',
	areaId: 'A1',
	parkId: 'P1',
	cameraId: 'cam-1',
	schemaId: 'urn:ietf:params:scim:schemas:core:2.0:User',
	typeId: 'User',
};

/** A part of the site, and a kind of visit that opens only there. */
export interface PartOfSite {
	readonly parkId: string;
	readonly areaId: string;
	readonly spaceId: string;
	readonly laneId: string;
	readonly deviceId: string;
	readonly visitKindId: string;
	/** Of a stay that lasts as long as is chosen; absent: the one that `directory` makes. */
	readonly flyRightId?: string;
}

/** The site's own, where it has one park. */
const WHOLE: PartOfSite = {
	...{ parkId: 'P1', areaId: 'A1', spaceId: 'S1', laneId: 'L1', deviceId: 'reader-1', visitKindId: VISIT_KIND },
};

export type RouteSamples = ReturnType<typeof createRouteSamples>;

/** Something of everything that a path can name, and the request that each route of the API answers with success. */
export function createRouteSamples(walked: HttpSite, part: PartOfSite = WHOLE, called = 'walk') {
	let ids: SampleIds = {};
	// The rows that `fill` makes are number 0.
	let made = 1;

	/** Once, before anything is asked. */
	async function fill(): Promise<void> {
		walked.decide({ id: 'd-1' });
		await walked.connectionTest.run();
		ids = fillWithSamples(walked.services.edits);
		const kind = { id: VISIT_KIND, name: 'Visitors', strategy: 'visitor', areaIds: [], scheduleId: null };
		const fly = { ...kind, id: ON_THE_FLY, name: 'Short stay', strategy: 'onTheFly' };
		const right = { id: ON_THE_FLY, holderId: ids['holders'], specificationId: ON_THE_FLY, state: 'active' };
		walked.services.edits.edit(
			[
				{ op: 'create', table: 'rightSpecifications', row: kind },
				{ op: 'create', table: 'rightSpecifications', row: fly },
				{ op: 'create', table: 'assignedRights', row: { ...right, validFromMs: null, validToMs: null } },
			],
			{ operatorId: null },
		);
		newOperator(SPARE);
		playPictures(walked);
	}

	/** A row of its own for each request about one, so that none meets what another left. */
	function newRow(collection: DirectoryFace) {
		const id = `${called}-${made++}`;
		const row = { ...sampleRow(collection, made, ids), id };
		const change = { op: 'create', table: collection.table, row } as const;
		const answer = walked.services.edits.edit([change], { operatorId: null });
		if (answer.result === 'refused') throw new Error(JSON.stringify(answer.problems));
		return { id, batchId: answer.batchId };
	}

	function newHold(): string {
		const of = { kind: 'period', fromMs: 1, toMs: 2 } as const;
		const untilMs = walked.bench.clock.nowMs() + 86_400_000;
		return walked.services.retention.holds.hold({ of, reason: 'walk', operatorId: 'walker', untilMs }).id;
	}

	function newVisit(): string {
		const nowMs = walked.bench.clock.nowMs();
		const times = { validFromMs: nowMs - 1, validToMs: nowMs + 3_600_000 };
		const visit = { name: 'Walker', credential: { kind: 'qr' }, specificationId: part.visitKindId, ...times } as const;
		const answer = walked.services.visitors.create(visit, { operatorId: null });
		if (answer.result === 'refused') throw new Error(JSON.stringify(answer.problems));
		return answer.visit.id;
	}

	/** A vehicle inside, and the move that brought it into its space. */
	function newStay(): { stayId: string; moveId: string } {
		const stayId = `${called}-${made++}`;
		const openedAtMs = walked.bench.clock.nowMs();
		const nobody = { holderId: null, credentialId: null, decisionId: null, laneInId: part.laneId, openedAtMs };
		const rightIds = [part.flyRightId ?? ON_THE_FLY];
		const { areaId, spaceId } = part;
		walked.bench.store.parkingSessions.open({ id: stayId, areaId, counted: false, rightIds, ...nobody });
		const to = { areaId, spaceId, evenIfTaken: true, operatorId: 'walker' };
		const answer = walked.services.fieldWork.logistic('walker').move({ stayId, ...to });
		if (answer.result !== 'moved') throw new Error(answer.result);
		return { stayId, moveId: answer.move.id };
	}

	/** A read in doubt, that somebody said of already what it was or not. */
	function newDoubt(isReviewed: boolean): string {
		const decisionId = `${called}-${made++}`;
		const nobody = { holderId: null, credentialId: null, rightId: null, reserve: [], counted: true };
		walked.decide({
			...{ id: decisionId, laneId: part.laneId },
			decision: { outcome: 'refused', headline: 'LOW_CONFIDENCE', verdicts: [], ...nobody },
		});
		const said = { decisionId, verdict: 'dismissed', operatorId: 'walker' } as const;
		if (isReviewed) walked.services.fieldWork.review('walker').review(said);
		return decisionId;
	}

	/** A report of its own, unsigned. */
	function newHandOver(): string {
		const subject = { kind: 'lane', id: part.laneId } as const;
		const made = walked.services.handOvers.create({ subject, checks: [], remarks: '' }, 'walker');
		if (made === undefined) throw new Error(`no lane ${part.laneId}`);
		return made.content.id;
	}

	function newCampaign(): string {
		const made = walked.services.campaigns.create({ name: 'Walk', fromMs: 1, toMs: 2 }, 'walker');
		if (made.result !== 'done') throw new Error(made.result);
		return made.campaign.id;
	}

	function newLead(): string {
		const made = walked.services.leads.create({ source: 'maintenance', name: 'Walker', phone: '1' }, 'walker');
		if (made.result !== 'done') throw new Error(made.result);
		return made.lead.id;
	}

	/** What reports are about, where the path names one. */
	const reportNamed = (path: string) => ({
		...(path.includes(':handOverId') && { handOverId: newHandOver() }),
		...(path.includes(':campaignId') && { campaignId: newCampaign() }),
		...(path.includes(':leadId') && { leadId: newLead() }),
	});

	/** The one reader is free for who asks next, or waits for the walker. */
	function newEnrolment(waits: boolean): string {
		for (const { id, deviceId } of walked.enrolments.list())
			if (deviceId === part.deviceId) walked.enrolments.cancel(id);
		if (!waits) return '';
		const asked = { deviceId: part.deviceId, operatorId: 'walker', stands: () => true };
		const answer = walked.enrolments.open(asked);
		if (answer.result !== 'opened') throw new Error(answer.result);
		return answer.enrolment.id;
	}

	/** A kept picture, held where a hold is to be ended. */
	function newImage(isHeld: boolean): string {
		const { store, dir } = walked.bench;
		const bytes = solidJpeg(`${called} ${made++}`);
		const imageId = createHash('sha256').update(bytes).digest('hex');
		const of = { id: imageId, revision: 0, contentType: 'image/jpeg' as const };
		writeEvidence(join(dir, EVIDENCE_DIR), of, { bytes, thumbnail: bytes });
		const size = { widthPx: 64, heightPx: 48, bytes: bytes.length * 2 };
		store.evidence.add({ ...of, ...size, sha256: imageId, storedAtMs: walked.bench.clock.nowMs() });
		if (isHeld) store.evidence.hold(imageId, { untilMs: Number.MAX_SAFE_INTEGER, by: 'walker', reason: 'walk' });
		return imageId;
	}

	/** An intervention of its own, with a part and a photo. */
	function newIntervention(): { number: string; partId: string; photoId: string } {
		const { store, dir, clock } = walked.bench;
		const about = {
			kind: 'repair',
			target: { kind: 'lane', id: part.laneId },
			title: 'Walk',
			description: '',
			priority: 'low',
		} as const;
		const { interventions } = walked.services.maintenance;
		const answer = interventions.report({ ...about, plan: null, people: [] }, 'walker');
		if (answer.result === 'refused') throw new Error(answer.because);
		const { number } = answer.intervention;
		interventions.addPart(number, { name: 'Belt', reference: '', quantity: 1 }, 'walker');
		const bytes = solidJpeg(`${called} ${made++}`);
		const id = createHash('sha256').update(bytes).digest('hex');
		const contentType = 'image/jpeg' as const;
		writeEvidence(join(dir, PHOTOS_DIR), { id, revision: 0, contentType }, { bytes, thumbnail: bytes });
		const size = { widthPx: 64, heightPx: 48, bytes: bytes.length * 2 };
		store.interventions.addPhoto({ ...size, id, number, contentType, atMs: clock.nowMs(), operatorId: 'walker' });
		return { number: String(number), partId: interventions.parts(number)[0]?.id ?? '', photoId: id };
	}

	/** A version of its own, on trial where it is to be kept or ended. */
	function newVersion(path: string): string {
		const { configuration, turn } = walked.configuration;
		const asked = { source: 'console', by: 'walker', operatorId: null, reason: 'walk', commandId: null } as const;
		const proposed = configuration.propose({
			text: GATEWAY_YAML.replace('capacity: 80', `capacity: ${made++}`),
			asked,
		});
		if (proposed.result === 'invalid') throw new Error(proposed.problems[0]?.text);
		const { version } = proposed;
		const { trial } = configuration.view();
		if (trial !== null) configuration.giveUp(trial.version, 'walker');
		turn();
		if (/keep|revert/.test(path))
			configuration.apply({ version, withinMs: LIMITS.trialMaximumMs, force: false, asked });
		turn();
		return version;
	}

	/** An operator without a login, who was active once. */
	function newOperator(id: string): string {
		const { operators } = walked.bench.store;
		const dates = { createdAtMs: 0, lastLoginAtMs: null, version: 1 };
		const row = { id, email: `${id}@example.org`, name: 'Walker', language: null, ...dates };
		operators.addOperator({ ...row, state: 'active', passwordHash: 'none', passwordOnce: false });
		operators.setRoles(id, [{ roleId: 'reception', scope: 'site' }]);
		return id;
	}

	/** Of whom the path names, or of whoever asks. */
	function newToken(path: string, operatorId: string): string {
		if (!path.includes(':tokenId') || operatorId === '') return 'none';
		const id = `${called}-${made++}`;
		const nowMs = walked.bench.clock.nowMs();
		const times = { createdAtMs: nowMs, endsAtMs: nowMs + 1, lastUsedMs: null, lastUsedFrom: null };
		walked.bench.store.operators.addApiToken({
			...{ id, operatorId, name: 'Walker', tokenHash: id, permissions: [] },
			...times,
		});
		return id;
	}

	function newRole(): string {
		const id = `${called}-${made++}`;
		walked.bench.store.operators.addOwnRole({ id, name: id, permissions: ['lanes:read'] });
		return id;
	}

	function newGroup(): string {
		const id = `${called}-${made++}`;
		walked.bench.store.operators.addGroup({ id, kind: 'role', name: id, tags: [], parentId: null });
		return id;
	}

	/** A list of nobody, applied where it is to be undone. */
	function newOperatorImport(path: string): string {
		const id = `${called}-${made++}`;
		const stage = path.endsWith('/undo') ? 'applied' : 'previewed';
		const problems = { shown: [], counts: {}, errors: 0, notes: 0 };
		const nothing = { columns: [], mapping: [], rows: [], wishes: [], made: [], seatsFree: null, kept: 0 };
		const body = JSON.stringify({ fileName: 'walk.csv', operatorId: null, stage, problems, ...nothing });
		walked.bench.store.operatorImports.put({ id, createdAtMs: 0, body });
		return id;
	}

	/** Somebody's login whose page is closed. */
	function newLogin(operatorId = newOperator(`${called}-${made++}`)): string {
		const tokenHash = `${called}-${made++}`.padEnd(64, '-');
		const nowMs = walked.bench.clock.nowMs();
		const seen = { createdAtMs: nowMs, lastSeenAtMs: nowMs };
		walked.bench.store.operators.addLoginSession({ tokenHash, operatorId, csrf: '', remoteAddress: '', ...seen });
		return tokenHash.slice(0, 16);
	}

	/** Wrong codes would make the walker wait. */
	const setUpNone = (operatorId: string) =>
		walked.bench.operators.secondFactors.reset(operatorId, { operatorId: null, access: null });

	/** Whom the path names; if nobody, who asks. */
	function whomOf(path: string, asking: string | undefined): string {
		if (!path.includes(':operatorId')) return asking ?? '';
		const operatorId = newOperator(`${called}-${made++}`);
		if (path.endsWith('/offboard/undo')) {
			const left = { atMs: 0, byOperatorId: null, stateBefore: 'active', batchId: operatorId } as const;
			walked.bench.store.offboardings.putOffboarding({ operatorId, ...left });
		}
		return operatorId;
	}

	function workOnTheGround(path: string) {
		return {
			...(path.includes('/interventions/:number') && newIntervention()),
			...(/:(stayId|moveId)/.test(path) && newStay()),
		};
	}

	function operatorParameters(path: string, asking: string | undefined) {
		return {
			...(path.includes(':groupId') && { groupId: newGroup() }),
			...(path.includes(':roleId') && { roleId: newRole() }),
			...(path.includes('/operator-imports/:') && { importId: newOperatorImport(path) }),
			...(path.includes(':sessionId') && { sessionId: newLogin(path.includes('/me/') ? asking : undefined) }),
		};
	}

	/** Makes what the path names. @param asking whose own it is, where it is somebody's. */
	function parametersOf(path: string, asking?: string) {
		const isUndo = path === '/api/v1/edits/:batchId/undo';
		const needsRow = isUndo || path.includes('/:id');
		const row = needsRow ? newRow(collectionAt(path) ?? HOLDERS) : undefined;
		const operatorId = whomOf(path, asking);
		if (path.endsWith('/picture') && operatorId !== '') {
			walked.bench.store.operators.setPicture(operatorId, { version: 'walk', jpeg: new Uint8Array([1]) });
		}
		return {
			...{ ...PARAMETERS, ...part, bookingId: 'walk-none', ...row },
			...(path.includes(':holdId') && { holdId: newHold() }),
			...(path.includes(':visitId') && { visitId: newVisit() }),
			...reportNamed(path),
			...workOnTheGround(path),
			...(path.includes(':imageId') && { imageId: newImage(path.endsWith('/release')) }),
			...(path.includes('/review-queue/:') && { decisionId: newDoubt(path.endsWith('/reopen')) }),
			...(path.includes('/configuration/versions/:') && { version: newVersion(path) }),
			...operatorParameters(path, asking),
			...{ operatorId, tokenId: newToken(path, operatorId) },
			...(path.includes('/enrolments') && { enrolmentId: newEnrolment(path.includes(':enrolmentId')) }),
		};
	}

	/** Makes what a request needs. */
	function requestOf(method: string, path: string, asking?: string): { readonly url: string; readonly body: unknown } {
		const collection = collectionAt(path);
		const parameters = parametersOf(path, asking);
		const url = path.replaceAll(/:(\w+)/g, (_all, parameter: keyof typeof parameters) => parameters[parameter] ?? '');
		const create = collection && sampleBody(collection, made++, ids);
		const ofCollection: Readonly<Record<string, unknown>> = {
			POST: path.endsWith('/batch') ? { changes: [{ op: 'create', row: create }] } : create,
			PATCH: {},
		};
		const body = bodyOf(path) ?? (collection === undefined ? { reason: 'walk' } : ofCollection[method]);
		return { url: `${url}${ROUTE_QUERIES[path] ?? ''}`, body };
	}

	/** How to ask; the same request may be sent again only where nobody takes it. */
	function prepare(method: string, path: string, asking?: string) {
		const { url, body } = requestOf(method, path, asking);
		return (headers: Record<string, string>) =>
			walked.request(url, method === 'GET' ? { headers } : { ...jsonPost(body, headers), method });
	}

	/** Of the routes that need more than a reason. */
	function bodyOf(path: string): object | undefined {
		if (path !== '/api/v1/record-grants') return ROUTE_BODIES[path];
		const to = { kind: 'operator', id: newOperator(`${called}-${made++}`) };
		return { record: 'lanes/L1', to, level: 'read' };
	}

	return { fill, parametersOf, requestOf, prepare, setUpNone };
}

/** What cameras and phones send is looked at elsewhere. */
function playPictures(walked: HttpSite): void {
	const photo = {
		...{ id: 'f'.repeat(64), number: 1, contentType: 'image/jpeg', widthPx: 1, heightPx: 1, bytes: 1 },
		...{ atMs: 0, operatorId: 'walker' },
	};
	Object.assign(walked.services.maintenance.photos, { add: () => Promise.resolve({ result: 'done', photo }) });
	Object.assign(walked.bench.operators.ownPicture, { set: () => Promise.resolve({ result: 'done' }) });
}
