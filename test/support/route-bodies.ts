import { GATEWAY_YAML } from './configuration-bench.ts';
import { signLicence, signStatement } from './licensing-bench.ts';
import { PASSWORD } from './operators.ts';

export const VISIT_KIND = 'walk-visitors';
/** Takes others' seats. */
export const SPARE = 'walk-spare';

const MARCH = '?from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z';

/** What a path is asked with, of the routes that need it. */
export const ROUTE_QUERIES: Readonly<Record<string, string>> = {
	'/api/v1/me/access/check': '?lane=L1',
	'/api/v1/me/access/spaces': '?from=2026-08-01T08:00:00Z&to=2026-08-01T10:00:00Z',
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

const A_MAPPING = { kind: 'people', name: 'Walk', columns: [{ column: 'Name', field: 'name' }] };

/** What is sent, of the routes that need more than a reason. */
export const ROUTE_BODIES: Readonly<Record<string, object>> = {
	'/api/v1/me/access/bookings': { areaId: 'A1', start: '2026-01-06T08:00:00Z', end: '2026-01-06T09:00:00Z' },
	'/api/v1/me/access/bookings/:bookingId/release': {},
	'/api/v1/me/access/bookings/:bookingId/move': { end: '2026-01-06T10:00:00Z' },
	'/api/v1/me/access/give-ups': { rightId: 'r1', start: '2026-01-06T08:00:00Z', end: '2026-01-06T09:00:00Z' },
	'/api/v1/me/access/visits': {
		...{ name: 'Walker', credential: { kind: 'qr' } },
		...{ validFrom: '2026-01-06T08:00:00Z', validTo: '2026-01-06T09:00:00Z' },
	},
	'/api/v1/me/access/visits/:visitId/end': {},
	'/api/v1/holders/:id/login': {},
	'/api/v1/settings/own-access': {},
	'/api/v1/me/account': {},
	'/api/v1/me/account/address': { email: 'another@example.org', password: PASSWORD },
	'/api/v1/me/account/address/confirm': { code: '000000' },
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
