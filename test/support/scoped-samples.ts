import type { HttpSite } from './http-site.ts';
import type { PartOfSite } from './route-samples.ts';
import { createRouteSamples } from './route-samples.ts';

/** Ids of one part of the site, by the kinds of `kindOfParameter`. */
export type IdsByKind = Readonly<Record<string, string>>;

const DAY_MS = 86_400_000;

/** What parameters are no ids of anything, and what they say instead. */
export const NO_IDS: Readonly<Record<string, string>> = {
	...{ field: 'holderId', kind: 'people', list: 'equipment', path: 'holders', widget: 'tasks', intention: 'x' },
	...{ schemaId: 'urn:ietf:params:scim:schemas:core:2.0:User', typeId: 'User' },
};

/** Ids that are nothing's, of kinds that have a form of their own. */
const UNKNOWN: IdsByKind = { number: '987654', imageId: 'e'.repeat(64), photoId: 'e'.repeat(64) };

export const unknownOf = (kind: string): string => UNKNOWN[kind] ?? 'nothing-1';

/** What a parameter of a path names: its own name, but where one name stands for several kinds. */
export function kindOfParameter(path: string, name: string): string {
	const [first = '', second = ''] = path
		.replace(/^\/(api\/v1|live)\//, '/')
		.split('/')
		.slice(1);
	switch (name) {
		case 'id':
		case 'key':
			return first === 'me' ? second : first === 'bookings' ? 'planned-uses' : first;
		case 'bookingId':
			return 'planned-uses';
		case 'holderId':
			return 'holders';
		case 'importId':
			return first === 'operator-imports' || second === 'operators' ? 'operatorImportId' : name;
		case 'decisionId':
			return first === 'review-queue' || first === 'review' ? 'doubtId' : name;
		default:
			return name;
	}
}

/** Puts something of each kind into a part of the site. */
export async function fillPart(site: HttpSite, name: string, place: Omit<PartOfSite, 'visitKindId'>) {
	const batchId = fillDirectory(site, name, place);
	const part = { ...place, visitKindId: `${name}-visitors`, flyRightId: `${name}-fly` };
	const { parametersOf } = createRouteSamples(site, part, name);
	const [first, work, doubt, version, imported, enrolment] = [
		'/:holdId/:visitId/:handOverId/:campaignId/:leadId/:stayId/:imageId/:groupId/:roleId/:operatorId/tokens/:tokenId/:sessionId',
		'/interventions/:number/parts/:partId/photos/:photoId',
		'/review-queue/:decisionId',
		'/configuration/versions/:version',
		'/operator-imports/:importId',
		'/enrolments/:enrolmentId',
	].map((path) => parametersOf(path));
	const decisionId = `${name}-decision`;
	site.decide({ id: decisionId, laneId: place.laneId });
	const seen = { laneId: place.laneId, role: 'scene', deviceId: place.deviceId, plate: '1ABC123' } as const;
	const imageId = String(first?.imageId);
	site.bench.store.evidence.link({ ...seen, imageId, observationId: `${name}-read`, decisionId, atMs: 1 });
	const operatorId = String(first?.operatorId);
	site.bench.store.operators.addPasskey({
		...{ id: `${name}-passkey`, operatorId, credentialId: name, rpId: 'gate.example', name, counter: 0 },
		...{ publicKey: new Uint8Array([1]), transports: [], createdAtMs: 0, lastUsedMs: null },
	});
	return {
		...{ passkeys: `${name}-passkey`, passkeyId: `${name}-passkey` },
		...directoryIds(name),
		...{ ...first, ...{ number: work?.number, partId: work?.partId, photoId: work?.photoId } },
		...{ decisionId, doubtId: doubt?.decisionId, version: version?.version, batchId },
		...{
			tag: name,
			observation: `${name}-read`,
			operatorImportId: imported?.importId,
			enrolmentId: enrolment?.enrolmentId,
		},
		...{ ...place, loginId: first?.sessionId, importId: 'import-1', mappingId: 'import-1' },
	};
}

const directoryIds = (name: string): IdsByKind => ({
	...{ holders: `${name}-person`, vehicles: `${name}-car`, groups: `${name}-group`, credentials: `${name}-card` },
	...{ 'right-specifications': `${name}-kind`, rights: `${name}-right`, pools: `${name}-pool` },
	...{ bundles: `${name}-bundle`, 'planned-uses': `${name}-booking`, schedules: `${name}-schedule` },
});

/** Scopes that hold all of a part that `fillPart` filled. */
export const scopesOf = (
	name: string,
	{ parkId, laneId }: Pick<PartOfSite, 'parkId' | 'laneId'>,
): readonly string[] => [
	...[`park:${parkId}`, `group:${name}-group`, `bundle:${name}-bundle`],
	...[`record:holders/${name}-person`, `record:schedules/${name}-schedule`, `record:lanes/${laneId}`],
];

/** Rows that open nothing outside the part. @returns the batch that made them. */
function fillDirectory(site: HttpSite, name: string, { areaId }: Pick<PartOfSite, 'areaId'>): string {
	const ids = directoryIds(name);
	const person = ids['holders'];
	const always = { validFromMs: null, validToMs: null };
	const startMs = site.bench.clock.nowMs() + DAY_MS;
	const opens = { areaIds: [areaId], scheduleId: null };
	const right = { specificationId: ids['right-specifications'], state: 'active', ...always };
	const rows: readonly (readonly [string, object])[] = [
		['groups', { id: ids['groups'], name, kind: 'tenant' }],
		['schedules', { id: ids['schedules'], name, periods: [], specialDays: [] }],
		['rightSpecifications', { id: ids['right-specifications'], name, strategy: 'booking', creditCost: 1, ...opens }],
		['rightSpecifications', { id: `${name}-visitors`, name: `${name} guests`, strategy: 'visitor', ...opens }],
		['rightSpecifications', { id: `${name}-fly`, name: `${name} fly`, strategy: 'onTheFly', ...opens }],
		['bundles', { id: ids['bundles'], name, tag: name, specificationIds: [ids['right-specifications']] }],
		['holders', { id: person, kind: 'person', name, email: null, status: 'active', groupIds: [ids['groups']] }],
		['holders', { id: ids['vehicles'], kind: 'vehicle', name: 'Car', email: null, status: 'active' }],
		['assignedRights', { id: ids['rights'], holderId: person, ...right }],
		['assignedRights', { ...right, id: `${name}-fly`, holderId: person, specificationId: `${name}-fly` }],
		['assignedRights', { id: `${name}-car-right`, holderId: ids['vehicles'], ...right }],
		[
			'credentials',
			{
				id: ids['credentials'],
				holderId: person,
				kind: 'plate',
				value: `1${name.toUpperCase()}`,
				label: null,
				state: 'active',
				...always,
			},
		],
		['pools', { id: ids['pools'], name, capacity: 2, areaId, holderId: person }],
		[
			'plannedUses',
			{
				...{ id: ids['planned-uses'], kind: 'booking', holderId: person, rightId: ids['rights'], areaId },
				...{ startMs, endMs: startMs + 3_600_000, state: 'planned' },
			},
		],
	];
	const changes = rows.map(([table, row]) => ({ op: 'create', table, row }) as Change);
	const answer = site.services.edits.edit(changes, { operatorId: null });
	if (answer.result === 'refused') throw new Error(JSON.stringify(answer.problems));
	return answer.batchId;
}

type Change = Parameters<HttpSite['services']['edits']['edit']>[0][number];
