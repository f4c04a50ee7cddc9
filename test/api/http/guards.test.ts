import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DIRECTORY_FACES, type DirectoryFace } from '../../../src/api/http/directory-faces.ts';
import { mountedRoutes } from '../../../src/api/http/guarded.ts';
import { type HttpEnv, passes, type RouteGuard, requirePermission } from '../../../src/api/http/login-context.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { accessOfRole } from '../../../src/gateway/core/permission/access.ts';
import { PERMISSIONS, ROLES } from '../../../src/gateway/core/permission.ts';
import { EVIDENCE_DIR, PHOTOS_DIR, writeEvidence } from '../../../src/gateway/store/evidence-files.ts';
import { GATEWAY_YAML } from '../../support/configuration-bench.ts';
import { fillWithSamples, type SampleIds, sampleBody, sampleRow } from '../../support/directory-samples.ts';
import { createHttpSite, type HttpSite, jsonPost, type SignedIn } from '../../support/http-site.ts';
import { solidJpeg } from '../../support/images.ts';
import { signLicence, signStatement } from '../../support/licensing-bench.ts';
import { createMemoryImports } from '../../support/memory-imports.ts';
import { PASSWORD } from '../../support/operators.ts';

const page = new Hono<HttpEnv>()
	.get('/', requirePermission('lanes:read'), (c) => c.html(`<p>${c.get('login')?.operator.roles[0]?.id}</p>`))
	.post('/lanes/:laneId/vend', requirePermission('lanes:vend'), async (c) =>
		c.text(String((await c.req.parseBody())['reason'])),
	)
	.get('*', requirePermission('public'), (c) => c.text('No such page', 404));

describe('a walk over every route', () => {
	const walked = createHttpSite({ console: page, imports: createMemoryImports('import-1') });
	const logins = new Map<string, SignedIn>();
	let ids: SampleIds = {};
	let made = 0;
	beforeAll(async () => {
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
		for (const role of ROLES) logins.set(role, await walked.signIn(role));
		newOperator(SPARE);
		for (const role of ['administrator', 'technician']) {
			walked.services.licenceGrants.set(logins.get(role)?.operatorId ?? '', ['signature'], { operatorId: null });
		}
		// What cameras and phones send is looked at elsewhere.
		const photo = {
			id: 'f'.repeat(64),
			number: 1,
			contentType: 'image/jpeg',
			widthPx: 1,
			heightPx: 1,
			bytes: 1,
		} as const;
		const add = () => Promise.resolve({ result: 'done', photo: { ...photo, atMs: 0, operatorId: 'walker' } } as const);
		Object.assign(walked.services.maintenance.photos, { add });
		Object.assign(walked.bench.operators.ownPicture, { set: () => Promise.resolve({ result: 'done' }) });
	});
	afterAll(() => walked.close());
	const mounted = mountedRoutes(walked.http.app).filter(({ method }) => method !== 'ALL');

	test('finds the routes of the contract', () => {
		const names = mounted.map(({ method, path }) => `${method} ${path}`);
		for (const name of [
			'GET /healthz',
			'GET /readyz',
			'GET /metrics',
			'GET /api/openapi.json',
			'GET /api/docs',
			'POST /api/v1/claim',
			'POST /api/v1/login',
			'POST /api/v1/login/passkey',
			'POST /api/v1/login/passkey/options',
			'POST /api/v1/logout',
			'GET /api/v1/me',
			'GET /api/v1/lanes',
			'GET /api/v1/lanes/:laneId',
			'POST /api/v1/lanes/:laneId/vend',
			'POST /api/v1/lanes/:laneId/hold',
			'POST /api/v1/lanes/:laneId/release',
			'POST /api/v1/lanes/:laneId/close',
			'POST /api/v1/lanes/:laneId/lockdown',
			'POST /api/v1/lanes/:laneId/confirm-hold',
			'GET /api/v1/devices',
			'GET /api/v1/devices/:deviceId',
			'GET /api/v1/decisions',
			'GET /api/v1/decisions/:decisionId',
			'POST /api/v1/decisions/check',
			'POST /api/v1/decisions/replay',
			'GET /api/v1/passages',
			'GET /api/v1/parking-sessions',
			'GET /api/v1/occupancy',
			'GET /api/v1/occupancy/:areaId/history',
			'POST /api/v1/occupancy/:areaId/adjust',
			'POST /api/v1/presence/reset',
			'GET /api/v1/events',
			'GET /api/v1/imports',
			'POST /api/v1/imports',
			'GET /api/v1/imports/:importId',
			'DELETE /api/v1/imports/:importId',
			'GET /api/v1/imports/:importId/changes',
			'PUT /api/v1/imports/:importId/mapping',
			'POST /api/v1/imports/:importId/apply',
			'POST /api/v1/imports/:importId/undo',
			'GET /api/v1/licences/overview',
			'GET /api/v1/licences/request',
			'POST /api/v1/licences/product',
			'POST /api/v1/licences/park-statements',
			'GET /api/v1/licences/equipment',
			'PUT /api/v1/licences/equipment/:cameraId',
			'GET /api/v1/licences/parks',
			'GET /api/v1/licences/kinds',
			'GET /api/v1/licences/grants',
			'PUT /api/v1/licences/grants/:operatorId',
			'GET /api/v1/licences/statistics',
			'GET /api/v1/licences/history',
			'GET /api/v1/operators',
			'POST /api/v1/operators',
			'PATCH /api/v1/operators/:operatorId',
			'GET /api/v1/operators/:operatorId/access',
			'GET /api/v1/operator-groups',
			'PATCH /api/v1/operator-groups/:groupId',
			'PUT /api/v1/operator-groups/:groupId/members/:operatorId',
			'GET /api/v1/roles',
			'POST /api/v1/roles',
			'GET /api/v1/login-sessions',
			'POST /api/v1/login-sessions/:sessionId/close',
			'GET /api/v1/settings',
			'GET /api/v1/sync',
			'GET /api/v1/configuration',
			'POST /api/v1/configuration/versions',
			'POST /api/v1/configuration/versions/:version/apply',
			'GET /api/v1/clock',
			'POST /api/v1/clock/confirm',
			'GET /api/v1/parks',
			'GET /api/v1/visitors',
			'POST /api/v1/visitors',
			'GET /api/v1/enrolments',
			'POST /api/v1/enrolments',
			'GET /api/v1/areas',
			'GET /api/v1/scan',
			'POST /api/v1/parking-sessions/:stayId/move',
			'GET /api/v1/parking-sessions/:stayId/duration',
			'POST /api/v1/parking-sessions/:stayId/duration',
			'GET /api/v1/review-queue',
			'POST /api/v1/review-queue/:decisionId',
			'GET /api/v1/interventions',
			'POST /api/v1/interventions',
			'PATCH /api/v1/interventions/:number',
			'POST /api/v1/interventions/:number/status',
			'POST /api/v1/interventions/:number/photos',
			'GET /api/v1/roster',
			'GET /api/v1/evidence',
			'GET /api/v1/evidence/:imageId',
			'GET /api/v1/evidence/:imageId/image',
			'GET /api/v1/evidence/:imageId/thumbnail',
			'POST /api/v1/evidence/:imageId/blur',
			'POST /api/v1/evidence/:imageId/hold',
			'POST /api/v1/evidence/:imageId/release',
			'DELETE /api/v1/evidence/:imageId',
			...['holders', 'vehicles', 'credentials', 'right-specifications', 'rights', 'pools', 'bundles', 'planned-uses']
				.concat('groups', 'schedules')
				.flatMap((path) => [
					`GET /api/v1/${path}`,
					`POST /api/v1/${path}`,
					`POST /api/v1/${path}/batch`,
					`GET /api/v1/${path}/:id`,
					`PATCH /api/v1/${path}/:id`,
					`DELETE /api/v1/${path}/:id`,
					`GET /api/v1/${path}/:id/history`,
					`GET /api/v1/${path}/export`,
				]),
			'POST /api/v1/edits/:batchId/undo',
			'GET /api/v1/rights/:id/standing',
			'GET /api/v1/rights/:id/ledger',
			'POST /api/v1/rights/:id/ledger',
			'GET /api/v1/areas/:areaId/availability',
			'GET /api/v1/availability',
			'GET /api/v1/charges',
			'GET /api/v1/vehicles/:id/availability',
			'GET /',
			'POST /lanes/:laneId/vend',
		]) {
			expect(names).toContain(name);
		}
	});

	test('public are only those that must be', () => {
		const open = mounted.filter(({ guard }) => guard === 'public').map(({ method, path }) => `${method} ${path}`);
		expect(open.sort()).toEqual([
			'GET /*',
			'GET /api/docs',
			'GET /api/docs.css',
			'GET /api/openapi.json',
			'GET /healthz',
			'GET /readyz',
			'POST /api/v1/activate',
			'POST /api/v1/claim',
			'POST /api/v1/login',
			'POST /api/v1/login/passkey',
			'POST /api/v1/login/passkey/options',
			'POST /api/v1/login/second-factor',
			'POST /api/v1/login/second-factor/enrol',
		]);
	});

	/** A row of its own for each request about one, so that none meets what another left. */
	function newRow(collection: DirectoryFace) {
		const id = `walk-${made++}`;
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
		const visit = { name: 'Walker', credential: { kind: 'qr' }, specificationId: VISIT_KIND, ...times } as const;
		const answer = walked.services.visitors.create(visit, { operatorId: null });
		if (answer.result === 'refused') throw new Error(JSON.stringify(answer.problems));
		return answer.visit.id;
	}

	/** A vehicle inside, and the move that brought it into its space. */
	function newStay(): { stayId: string; moveId: string } {
		const stayId = `walk-${made++}`;
		const openedAtMs = walked.bench.clock.nowMs();
		const nobody = { holderId: null, credentialId: null, decisionId: null, laneInId: 'L1', openedAtMs };
		const rightIds = [ON_THE_FLY];
		walked.bench.store.parkingSessions.open({ id: stayId, areaId: 'A1', counted: false, rightIds, ...nobody });
		const to = { areaId: 'A1', spaceId: 'S1', evenIfTaken: true, operatorId: 'walker' };
		const answer = walked.services.fieldWork.logistic('walker').move({ stayId, ...to });
		if (answer.result !== 'moved') throw new Error(answer.result);
		return { stayId, moveId: answer.move.id };
	}

	/** A read in doubt, that somebody said of already what it was or not. */
	function newDoubt(isReviewed: boolean): string {
		const decisionId = `walk-${made++}`;
		const nobody = { holderId: null, credentialId: null, rightId: null, reserve: [], counted: true };
		walked.decide({
			id: decisionId,
			decision: { outcome: 'refused', headline: 'LOW_CONFIDENCE', verdicts: [], ...nobody },
		});
		const said = { decisionId, verdict: 'dismissed', operatorId: 'walker' } as const;
		if (isReviewed) walked.services.fieldWork.review('walker').review(said);
		return decisionId;
	}

	/** A report of its own, unsigned. */
	function newHandOver(): string {
		const subject = { kind: 'lane', id: 'L1' } as const;
		const made = walked.services.handOvers.create({ subject, checks: [], remarks: '' }, 'walker');
		if (made === undefined) throw new Error('no lane L1');
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
		for (const { id } of walked.enrolments.list()) walked.enrolments.cancel(id);
		if (!waits) return '';
		const asked = { deviceId: 'reader-1', operatorId: 'walker', stands: () => true };
		const answer = walked.enrolments.open(asked);
		if (answer.result !== 'opened') throw new Error(answer.result);
		return answer.enrolment.id;
	}

	/** A kept picture, held where a hold is to be ended. */
	function newImage(isHeld: boolean): string {
		const { store, dir } = walked.bench;
		const bytes = solidJpeg(`walk ${made++}`);
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
			target: { kind: 'site' },
			title: 'Walk',
			description: '',
			priority: 'low',
		} as const;
		const { interventions } = walked.services.maintenance;
		const answer = interventions.report({ ...about, plan: null, people: [] }, 'walker');
		if (answer.result === 'refused') throw new Error(answer.because);
		const { number } = answer.intervention;
		interventions.addPart(number, { name: 'Belt', reference: '', quantity: 1 }, 'walker');
		const bytes = solidJpeg(`walk ${made++}`);
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
		const id = `walk-${made++}`;
		const nowMs = walked.bench.clock.nowMs();
		const times = { createdAtMs: nowMs, endsAtMs: nowMs + 1, lastUsedMs: null, lastUsedFrom: null };
		walked.bench.store.operators.addApiToken({
			...{ id, operatorId, name: 'Walker', tokenHash: id, permissions: [] },
			...times,
		});
		return id;
	}

	function newRole(): string {
		const id = `walk-${made++}`;
		walked.bench.store.operators.addOwnRole({ id, name: id, permissions: ['lanes:read'] });
		return id;
	}

	function newGroup(): string {
		const id = `walk-${made++}`;
		walked.bench.store.operators.addGroup({ id, kind: 'role', name: id, tags: [], parentId: null });
		return id;
	}

	/** A list of nobody, applied where it is to be undone. */
	function newOperatorImport(path: string): string {
		const id = `walk-${made++}`;
		const stage = path.endsWith('/undo') ? 'applied' : 'previewed';
		const problems = { shown: [], counts: {}, errors: 0, notes: 0 };
		const nothing = { columns: [], mapping: [], rows: [], wishes: [], made: [], seatsFree: null, kept: 0 };
		const body = JSON.stringify({ fileName: 'walk.csv', operatorId: null, stage, problems, ...nothing });
		walked.bench.store.operatorImports.put({ id, createdAtMs: 0, body });
		return id;
	}

	/** Somebody's login whose page is closed. */
	function newLogin(operatorId = newOperator(`walk-${made++}`)): string {
		const tokenHash = `walk-${made++}`.padEnd(64, '-');
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
		const operatorId = newOperator(`walk-${made++}`);
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

	/** Makes what a request needs, then says how to ask; the same request may be sent again only where nobody takes it. */
	function prepare(method: string, path: string, asking?: string) {
		const collection = DIRECTORY_FACES.find((face) => path === face.path || path.startsWith(`${face.path}/`));
		const isUndo = path === '/api/v1/edits/:batchId/undo';
		const needsRow = isUndo || path.includes('/:id');
		const row = needsRow ? newRow(collection ?? HOLDERS) : undefined;
		const operatorId = whomOf(path, asking);
		if (path.endsWith('/picture') && operatorId !== '') {
			walked.bench.store.operators.setPicture(operatorId, { version: 'walk', jpeg: new Uint8Array([1]) });
		}
		const parameters = {
			...{ ...PARAMETERS, bookingId: 'walk-none', ...row },
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
		const url = path.replaceAll(/:(\w+)/g, (_all, parameter: keyof typeof parameters) => parameters[parameter] ?? '');
		const create = collection && sampleBody(collection, made++, ids);
		const ofCollection: Readonly<Record<string, unknown>> = {
			POST: path.endsWith('/batch') ? { changes: [{ op: 'create', row: create }] } : create,
			PATCH: {},
		};
		const body = bodyOf(path) ?? (collection === undefined ? { reason: 'walk' } : ofCollection[method]);
		return (headers: Record<string, string>) =>
			walked.request(
				`${url}${QUERIES[path] ?? ''}`,
				method === 'GET' ? { headers } : { ...jsonPost(body, headers), method },
			);
	}

	/** Of the routes that need more than a reason. */
	function bodyOf(path: string): object | undefined {
		if (path !== '/api/v1/record-grants') return BODIES[path];
		const to = { kind: 'operator', id: newOperator(`walk-${made++}`) };
		return { record: 'lanes/L1', to, level: 'read' };
	}

	for (const { method, path, guard } of mounted) {
		const name = `${method} ${path}`;
		const changing = method !== 'GET';

		test(`${name} carries the security headers, also when it refuses`, async () => {
			const ask = prepare(method, path);
			for (const headers of [{}, { cookie: logins.get('reception')?.cookie ?? '' }]) {
				const answer = await ask(headers);
				const isPicture = answer.ok && method === 'GET' && /\/(image|thumbnail|picture)$/.test(path);
				expect(answer.headers.get('content-security-policy')).toBe(
					isPicture
						? "default-src 'none'; sandbox; frame-ancestors 'none'"
						: "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
				);
				expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
				expect(answer.headers.get('x-frame-options')).toBe('DENY');
				expect(answer.headers.get('referrer-policy')).toBe('same-origin');
				expect(answer.headers.get('cross-origin-opener-policy')).toBe('same-origin');
				expect(answer.headers.get('cache-control')).toBe(isPicture ? 'private, no-cache' : 'no-store');
				expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
				expect(answer.headers.get('strict-transport-security'), 'only over TLS').toBeNull();
				await answer.body?.cancel();
			}
		});

		if (guard === 'public') continue;

		test(`${name} without a login is 401, whatever is sent`, async () => {
			const ask = prepare(method, path);
			for (const cookie of [
				'',
				'parkgate=',
				'parkgate=forged',
				'__Host-parkgate=forged',
				`other=${'x'.repeat(4_000)}`,
			]) {
				const answer = await ask({ cookie });
				expect(answer.status).toBe(401);
				expect(await answer.json()).toMatchObject(
					path.startsWith('/scim/') ? { status: '401' } : { code: 'UNAUTHENTICATED' },
				);
			}
		});

		test.each(ROLES)(`${name} answers the role %s as the table of roles says`, async (role) => {
			const login = logins.get(role);
			const ask = prepare(method, path, login?.operatorId);
			if (NOT_SET_UP.has(path)) setUpNone(login?.operatorId ?? '');
			const answer = await ask({ cookie: login?.cookie ?? '', 'x-csrf-token': login?.csrf ?? '' });
			if (mayPass(guard, role)) {
				if (isNotSetUp(method, path)) expect(answer.status).toBe(409);
				else expect(answer.ok, `${answer.status}`).toBe(true);
				await answer.body?.cancel();
			} else {
				const told = path.startsWith('/scim/') ? { status: '403' } : { status: 403, code: 'FORBIDDEN' };
				expect(await answer.json()).toMatchObject(told);
			}
			if (path === '/api/v1/logout' || path.endsWith('/view-as')) logins.set(role, await walked.signIn(role));
		});

		if (!changing) continue;

		test.each([
			['no proof', undefined],
			['an empty proof', ''],
			['another login’s proof', 'other'],
		])(`${name} with %s is 403 and changes nothing`, async (_what, proof) => {
			const login = logins.get('administrator');
			const other = logins.get('technician')?.csrf ?? '';
			const sent = proof === 'other' ? other : proof;
			const ask = prepare(method, path);
			const before = walked.bench.store.journal.lastSeq() + walked.lanes.vends.length + walked.lanes.changes.length;
			const answer = await ask({ cookie: login?.cookie ?? '', ...(sent !== undefined && { 'x-csrf-token': sent }) });
			expect(answer.status).toBe(403);
			const after = walked.bench.store.journal.lastSeq() + walked.lanes.vends.length + walked.lanes.changes.length;
			expect(after).toBe(before);
			expect((await login?.get('/api/v1/me'))?.status, 'still signed in').toBe(200);
		});
	}
});

const HOLDERS = DIRECTORY_FACES.find(({ face }) => face.path === 'holders') as DirectoryFace;

const VISIT_KIND = 'walk-visitors';
/** Takes others' seats. */
const SPARE = 'walk-spare';
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

const MARCH = '?from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z';

const QUERIES: Readonly<Record<string, string>> = {
	'/api/v1/me/access/check': '?lane=L1',
	'/api/v1/charges': MARCH,
	'/api/v1/charges/export': MARCH,
	'/api/v1/roster': '?from=2026-01-05T00:00:00Z&to=2026-01-06T00:00:00Z',
	'/api/v1/operators/:operatorId/access': '?permission=lanes:vend&lane=L1',
	'/api/v1/imports': '?kind=people',
	'/api/v1/record-grants': '?record=lanes/L1',
	'/api/v1/scan': '?text=1ABC234',
	'/api/v1/scan/presented': '?device=reader-1',
	'/api/v1/areas/:areaId/availability': '?from=2026-08-01T08:00:00Z&to=2026-08-01T10:00:00Z',
	'/api/v1/availability': '?area=A1&from=2026-08-01T08:00:00Z&to=2026-08-01T10:00:00Z',
	'/api/v1/vehicles/:id/availability': '?from=2026-08-01T08:00:00Z&to=2026-08-01T10:00:00Z',
};

const isNotSetUp = (method: string, path: string) =>
	NOT_SET_UP.has(path) && (method === 'POST' || !READ_BY_ANYBODY.has(path));

const READ_BY_ANYBODY: ReadonlySet<string> = new Set(['/api/v1/holders/:id/login', '/api/v1/me/passkeys']);

/** Nobody who walks has a second factor to change, or is a person of the directory. */
const NOT_SET_UP: ReadonlySet<string> = new Set([
	...['log', 'charges', 'check', 'bookings', 'give-ups', 'visits'].map((path) => `/api/v1/me/access/${path}`),
	...['bookings/:bookingId/release', 'visits/:visitId/end'].map((path) => `/api/v1/me/access/${path}`),
	// Whom the walk makes has no e-mail address to sign in by.
	'/api/v1/holders/:id/login',
	'/api/v1/me/second-factor/confirm',
	'/api/v1/me/second-factor/recovery-codes',
	'/api/v1/me/second-factor/remove',
	'/api/v1/me/passkeys',
	'/api/v1/me/passkeys/:id/remove',
]);

const A_MAPPING = { kind: 'people', name: 'Walk', columns: [{ column: 'Name', field: 'name' }] };

/** Of the routes that need more than a reason. */
const BODIES: Readonly<Record<string, object>> = {
	'/api/v1/me/access/bookings': { areaId: 'A1', start: '2026-01-06T08:00:00Z', end: '2026-01-06T09:00:00Z' },
	'/api/v1/me/access/bookings/:bookingId/release': {},
	'/api/v1/me/access/give-ups': { rightId: 'r1', start: '2026-01-06T08:00:00Z', end: '2026-01-06T09:00:00Z' },
	'/api/v1/me/access/visits': {
		...{ name: 'Walker', credential: { kind: 'qr' } },
		...{ validFrom: '2026-01-06T08:00:00Z', validTo: '2026-01-06T09:00:00Z' },
	},
	'/api/v1/me/access/visits/:visitId/end': {},
	'/api/v1/holders/:id/login': {},
	'/api/v1/settings/own-access': {},
	'/api/v1/me/account': {},
	'/api/v1/me/login-sessions/end-others': {},
	'/api/v1/me/tokens': { name: 'Walker', permissions: [], password: PASSWORD },
	'/api/v1/me/dashboard': { widgets: [] },
	'/api/v1/me/second-factor': { password: PASSWORD },
	'/api/v1/me/second-factor/confirm': { code: '000000' },
	'/api/v1/me/second-factor/recovery-codes': { password: PASSWORD },
	'/api/v1/me/second-factor/remove': { password: PASSWORD },
	'/api/v1/me/passkeys/options': { password: PASSWORD },
	'/api/v1/me/passkeys/:id/remove': { password: PASSWORD },
	'/api/v1/me/passkeys': {
		name: 'Phone',
		response: {
			id: 'AAAA',
			rawId: 'AAAA',
			type: 'public-key',
			response: { clientDataJSON: 'AAAA', attestationObject: 'AAAA' },
		},
	},
	'/api/v1/me/password': { present: PASSWORD, password: PASSWORD },
	'/api/v1/operators': { email: 'walker@example.org', name: 'Walker' },
	'/api/v1/interventions': { title: 'Walk' },
	'/api/v1/interventions/:number': {},
	'/api/v1/interventions/:number/status': { status: 'inProgress' },
	'/api/v1/interventions/:number/comments': { text: 'walk' },
	'/api/v1/interventions/:number/parts': { name: 'Belt' },
	'/api/v1/operators/:operatorId': {},
	'/api/v1/operators/:operatorId/activate': {},
	'/api/v1/operators/:operatorId/deactivate': {},
	'/api/v1/operators/:operatorId/swap': { to: SPARE },
	'/api/v1/operators/:operatorId/code': {},
	'/api/v1/operators/:operatorId/generate-password': {},
	'/api/v1/operators/:operatorId/reset-second-factor': {},
	'/api/v1/operators/:operatorId/end-logins': {},
	'/api/v1/operator-groups': { kind: 'role', name: 'Walkers' },
	'/api/v1/operator-groups/:groupId': {},
	'/api/v1/operator-groups/:groupId/clone': { name: 'Walkers too' },
	'/api/v1/operators/bulk': { action: 'deactivate', operatorIds: ['nobody'] },
	'/api/v1/operators/:operatorId/holder': { holderId: null },
	'/api/v1/operators/:operatorId/view-as': {},
	'/api/v1/view-as/end': {},
	'/api/v1/operators/:operatorId/offboard': {},
	'/api/v1/operators/:operatorId/offboard/undo': {},
	'/api/v1/operators/:operatorId/clone': { email: 'clone@example.org', name: 'Clone' },
	'/api/v1/roles': { name: 'Walkers', permissions: [] },
	'/api/v1/roles/:roleId': { name: 'Walkers again', permissions: [] },
	'/api/v1/login-sessions/:sessionId/close': {},
	'/api/v1/settings': { logins: {} },
	'/api/v1/licences/product': { document: await signLicence() },
	'/api/v1/licences/park-statements': { document: await signStatement() },
	'/api/v1/licences/equipment/:cameraId': { active: true },
	'/api/v1/licences/grants/:operatorId': { kinds: ['salesStandard'] },
	'/api/v1/parking-sessions/:stayId/duration': { until: '2026-01-06T00:00:00Z' },
	'/api/v1/configuration/versions': { text: GATEWAY_YAML, reason: 'walk' },
	'/api/v1/imports/:importId/mapping': {},
	'/api/v1/central-accounts/rules': { administrators: false },
	'/api/v1/import-mappings': A_MAPPING,
	'/api/v1/import-mappings/:mappingId': A_MAPPING,
	'/api/v1/decisions/check': { lane: 'L1', credential: { kind: 'tag', value: '0F0368568B' } },
	'/api/v1/decisions/replay': { since: '2026-01-01T00:00:00Z' },
	'/api/v1/occupancy/:areaId/adjust': { occupied: 3, reason: 'walk' },
	'/api/v1/holders/:id/personal-data/erase': { reason: 'walk', confirm: 'erase' },
	'/api/v1/retention/holds': {
		...{ from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z', reason: 'walk' },
		until: '2026-03-01T00:00:00Z',
	},
	'/api/v1/rights/:id/ledger': { amount: 1, reason: 'walk' },
	'/api/v1/bundles/:id/apply': {},
	'/api/v1/presence/reset': { all: true, reason: 'walk' },
	'/api/v1/visitors': {
		...{ name: 'Walker', credential: { kind: 'qr' }, specificationId: VISIT_KIND },
		validTo: '2026-12-01T00:00:00Z',
	},
	'/api/v1/visitors/:visitId/extend': { validTo: '2026-12-01T00:00:00Z' },
	'/api/v1/visitors/:visitId/block': {},
	'/api/v1/visitors/:visitId/unblock': {},
	'/api/v1/visitors/:visitId/end': {},
	'/api/v1/parking-sessions/:stayId/move': { areaId: 'A1' },
	'/api/v1/moves/:moveId/undo': {},
	'/api/v1/evidence/:imageId/blur': {},
	'/api/v1/evidence/:imageId/hold': { until: '2026-03-01T00:00:00Z', reason: 'walk' },
	'/api/v1/evidence/:imageId/release': {},
	'/api/v1/hand-overs': { subject: { kind: 'lane', id: 'L1' } },
	'/api/v1/hand-overs/:handOverId/signatures': { name: 'Walker' },
	'/api/v1/campaigns': { name: 'Walk', from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' },
	'/api/v1/campaigns/:campaignId': { name: 'Walk on' },
	'/api/v1/campaigns/:campaignId/rights': {},
	'/api/v1/leads': { source: 'operations', name: 'Walker', email: 'walker@example.org' },
	'/api/v1/leads/:leadId': { state: 'contacted' },
	'/api/v1/review-queue/:decisionId': { verdict: 'dismissed' },
	'/api/v1/review-queue/:decisionId/reopen': {},
	'/api/v1/enrolments': { device: 'reader-1' },
	'/api/v1/devices/:deviceId/key-window': { minutes: 5 },
	'/api/v1/devices/:deviceId/key-window/close': {},
	'/api/v1/enrolments/:enrolmentId/cancel': {},
	...scimBodies(),
};

/** A body does for PUT and PATCH. */
function scimBodies(): Readonly<Record<string, object>> {
	const [core, api] = ['urn:ietf:params:scim:schemas:core:2.0:', 'urn:ietf:params:scim:api:messages:2.0:'];
	const schemas = [`${core}User`, `${core}Group`, `${api}PatchOp`, `${api}SearchRequest`, `${api}BulkRequest`];
	const rename = [{ op: 'replace', path: 'displayName', value: 'Walkers patched' }];
	return {
		'/scim/v2/Bulk': { schemas, Operations: [] },
		...Object.fromEntries(['', '/Users', '/Groups'].map((of) => [`/scim/v2${of}/.search`, { schemas }])),
		'/scim/v2/Users': { schemas, userName: 'scim-made@example.org' },
		'/scim/v2/Users/:operatorId': { schemas, userName: 'scim-put@example.org', Operations: rename },
		'/scim/v2/Groups': { schemas, displayName: 'Walkers made' },
		'/scim/v2/Groups/:groupId': { schemas, displayName: 'Walkers put', Operations: rename },
	};
}

function mayPass(guard: RouteGuard | undefined, role: (typeof ROLES)[number]): boolean {
	if (guard === undefined) return false;
	// What is undone in the walk is a holder's making.
	if (typeof guard === 'object' && 'anyOf' in guard) return accessOfRole(role).may('holders:write');
	return guard === 'public' || guard === 'signedIn' || passes(guard, accessOfRole(role), () => '');
}

describe('roles', () => {
	test('X11 the administrator may do everything, reception works the lanes and reads the log', () => {
		expect(accessOfRole('administrator').everywhere()).toEqual(PERMISSIONS);
		const reception = accessOfRole('reception').everywhere();
		expect(reception).toEqual(expect.arrayContaining(['lanes:vend', 'decisions:read', 'occupancy:adjust']));
		expect(reception).not.toContain('lanes:close');
		expect(accessOfRole('security').may('lanes:close')).toBe(true);
		expect(ROLES.filter((role) => accessOfRole(role).may('exits:close'))).toEqual(['administrator']);
		expect(accessOfRole('technician').may('devices:test')).toBe(true);
		expect(accessOfRole('reception').may('devices:read')).toBe(false);
	});
});

describe('requests that change something', () => {
	let site: HttpSite;
	beforeEach(() => {
		site = createHttpSite({ console: page });
	});
	afterEach(() => site.close());

	test.each([
		[{ origin: 'https://evil.example' }],
		[{ origin: 'null' }],
		[{ origin: 'http://gate.example.evil.example' }],
		[{ 'sec-fetch-site': 'cross-site' }],
		[{ 'sec-fetch-site': 'same-site' }],
	])('from a page of another origin (%o) are refused, also sign-in and claim', async (headers) => {
		const admin = await site.signIn('administrator');
		expect((await admin.post('/api/v1/lanes/L1/vend', { reason: 'test' }, headers)).status).toBe(403);
		const code = 'XXXX-XXXX-XXXX';
		const claim = { code, email: 'ada@example.org', name: 'Ada', password: PASSWORD };
		expect((await site.request('/api/v1/claim', jsonPost(claim, headers))).status).toBe(403);
		expect(
			(await site.request('/api/v1/login', jsonPost({ email: 'a@example.org', password: 'x' }, headers))).status,
		).toBe(403);
		expect(site.lanes.vends).toEqual([]);
	});

	test('from our own pages are taken', async () => {
		const admin = await site.signIn('administrator');
		const headers = { origin: 'http://gate.example', 'sec-fetch-site': 'same-origin' };
		expect((await admin.post('/api/v1/lanes/L1/vend', { reason: 'test' }, headers)).status).toBe(200);
	});

	test('a form of the console proves itself by its hidden field, and its handler still reads the form', async () => {
		const admin = await site.signIn('administrator');
		const send = (form: Record<string, string>) =>
			site.request('/lanes/L1/vend', {
				method: 'POST',
				body: new URLSearchParams(form),
				headers: { cookie: admin.cookie },
			});
		const answer = await send({ reason: 'visitor', _csrf: admin.csrf });
		expect(await answer.text()).toBe('visitor');
		expect((await send({ reason: 'visitor' })).status).toBe(403);
		expect((await send({ reason: 'visitor', _csrf: `${admin.csrf}x` })).status).toBe(403);
	});
});

describe('the login cookie', () => {
	let site: HttpSite;
	beforeEach(async () => {
		site = createHttpSite({ console: page });
		await site.bench.addOperator({ email: 'ada@example.org', role: 'administrator' });
	});
	afterEach(() => site.close());
	const good = jsonPost({ email: 'ada@example.org', password: PASSWORD });

	test('over TLS is pinned to this host and secure', async () => {
		const answer = await site.request('/api/v1/login', good, { remoteAddress: '10.0.0.9', encrypted: true });
		expect(answer.headers.get('set-cookie')).toMatch(
			/^__Host-parkgate=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
		);
		expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
	});

	test('over plain http on this machine has a plain name', async () => {
		const answer = await site.request('/api/v1/login', good);
		expect(answer.headers.get('set-cookie')).toMatch(/^parkgate=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
	});

	test('a plain cookie is not taken over TLS', async () => {
		const admin = await site.signIn('administrator');
		const answer = await site.request('/api/v1/me', { headers: { cookie: admin.cookie } }, { encrypted: true });
		expect(answer.status).toBe(401);
	});

	test('the console finds who is signed in', async () => {
		const admin = await site.signIn('administrator');
		expect(await (await admin.get('/')).text()).toBe('<p>administrator</p>');
	});
});

describe('a route that says nothing about who may use it', () => {
	test.each([
		['has no guard', new Hono<HttpEnv>().get('/open', (c) => c.text('x'))],
		[
			'has its guard after the handler',
			new Hono<HttpEnv>().get('/open', (c) => c.text('x'), requirePermission('lanes:read')),
		],
		['answers every method', new Hono<HttpEnv>().all('/open', (c) => c.text('x'))],
		['looks like a middleware', new Hono<HttpEnv>().get('/open', async (c, next) => next().then(() => c.text('x')))],
		[
			'stands beside a guarded one',
			new Hono<HttpEnv>()
				.get('/open', requirePermission('lanes:read'), (c) => c.text('x'))
				.post('/open', (c) => c.text('x')),
		],
	])('keeps the program from starting: it %s', (_how, open) => {
		expect(() => createHttpSite({ console: open })).toThrow(/say nothing about who may use them.*\/open/);
	});
});

describe('what does not fit', () => {
	let site: HttpSite;
	beforeEach(() => {
		site = createHttpSite({ console: page });
	});
	afterEach(() => site.close());

	test('unknown paths are 404 problems, known ones with another method 405 with Allow', async () => {
		const missing = await site.request('/api/v1/nothing');
		expect(missing.status).toBe(404);
		expect(missing.headers.get('content-type')).toBe('application/problem+json');
		expect(await missing.json()).toMatchObject({
			type: 'about:blank',
			status: 404,
			title: 'Not Found',
			code: 'NOT_FOUND',
		});
		expect((await site.request('/api/v1/nothing', { method: 'POST' })).status).toBe(404);
		const wrong = await site.request('/api/v1/lanes', { method: 'DELETE' });
		expect(wrong.status).toBe(405);
		expect(wrong.headers.get('allow')).toContain('GET');
		expect(wrong.headers.get('content-security-policy')).toContain("default-src 'self'");
	});

	test('a body that is no JSON or another type, and one too large, are refused with what to send', async () => {
		const post = (body: string, type: string) =>
			site.request('/api/v1/login', { method: 'POST', body, headers: { 'content-type': type } });
		const broken = await post('{"email": "secret-password', 'application/json');
		expect(broken.status).toBe(400);
		expect(await broken.text()).not.toContain('secret-password');
		expect((await post('email=a', 'application/x-www-form-urlencoded')).status).toBe(415);
		expect((await post('', 'application/json')).status).toBe(400);
		const large = await post(JSON.stringify({ email: 'x'.repeat(LIMITS.requestBodyBytes) }), 'application/json');
		expect(large.status).toBe(413);
		expect(await large.json()).toMatchObject({ status: 413 });
	});

	test('what breaks inside is in the log under the request’s id, and told to nobody', async () => {
		const broken = createHttpSite({
			sync: () => {
				throw new Error('secret detail of /var/lib');
			},
		});
		const admin = await broken.signIn('administrator');
		const answer = await admin.get('/api/v1/sync');
		expect(answer.status).toBe(500);
		const text = await answer.text();
		expect(text).not.toContain('secret detail');
		const { requestId, code } = JSON.parse(text);
		expect(code).toBe('INTERNAL');
		const logged = broken.bench.log.lines.find(({ level }) => level === 'error');
		expect(logged?.fields).toMatchObject({
			requestId,
			path: '/api/v1/sync',
			err: { message: 'secret detail of /var/lib' },
		});
		broken.close();
	});

	test('untrusted text in a path stays in a field of the log, never in its message', async () => {
		await site.request('/api/v1/%0aERROR%20forged');
		for (const { message } of site.bench.log.lines) expect(message).not.toContain('forged');
	});
});
