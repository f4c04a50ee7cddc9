import { randomUUIDv7 } from 'node:crypto';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { operatorCap } from '../gateway/core/licence/licence-facts.ts';
import { maySignIn, permissionsOfKinds } from '../gateway/core/licence/licence-kinds.ts';
import { createPlaces, WHOLE_SITE } from '../gateway/core/permission/scope.ts';
import { createKnownRecords } from '../gateway/services/directory/known-records.ts';
import type { EvidenceParts } from '../gateway/services/evidence/create-evidence.ts';
import type { LicenceGrants } from '../gateway/services/licensing/licence-grants.ts';
import type { LicenceStanding } from '../gateway/services/licensing/licence-standing.ts';
import type { LicenceKindsPort, OperatorsDeps } from '../gateway/services/operators/operators-deps.ts';
import { createPasswordHasher } from '../gateway/services/operators/password-hash.ts';
import { createPasswordThread } from '../gateway/services/operators/password-thread.ts';
import { createOperators, type Operators } from '../gateway/services/operators.ts';
import type { DirectoryListThread } from '../gateway/store/directory-lists.ts';
import type { DirectoryReader } from '../gateway/store/directory-reader.ts';
import { startCountingActivity } from './activity-of-site.ts';
import type { MailOfSite } from './mail-of-site.ts';

/** Operators of a site: as many as its product licence lets in, with what their kinds of licence allow. */
export function wireOperators(
	{
		config,
		directory,
		licences,
		evidence,
		lists,
		mail,
		...deps
	}: Omit<
		OperatorsDeps,
		| 'newId'
		| 'places'
		| 'knowsRecord'
		| 'seats'
		| 'licenceKinds'
		| 'codeMails'
		| 'issuer'
		| 'consoleAddress'
		| 'portrait'
		| 'findScim'
	> & {
		readonly config: Pick<GatewayConfig, 'site' | 'http' | 'devices'>;
		readonly directory: { readonly reader: DirectoryReader };
		/** Where pictures are looked at; absent: none is taken. */
		readonly evidence?: () => Pick<EvidenceParts, 'portrait'>;
		readonly licences: () => {
			readonly licensing: { standing(): Pick<LicenceStanding, 'licence' | 'term'> };
			readonly licenceGrants: LicenceGrants;
		};
		readonly mail: Pick<MailOfSite, 'codeMails'>;
		/** Where long lists are looked through. */
		readonly lists: () => Pick<DirectoryListThread, 'ask'>;
	},
	stack: AsyncDisposableStack,
): Operators {
	const { site } = config;
	const { address } = config.http;
	const thread = createPasswordThread(deps);
	stack.defer(thread.close);
	const operators = createOperators({
		hasher: createPasswordHasher(thread),
		...(mail.codeMails && { codeMails: mail.codeMails }),
		...(address !== undefined && { consoleAddress: address }),
		knowsRecord: createKnownRecords(directory.reader, (id) => config.devices.some((device) => device.id === id)),
		...(evidence && { portrait: (bytes) => evidence().portrait(bytes) }),
		...{ ...deps, newId: randomUUIDv7, places: createPlaces(site), issuer: `Parkgate ${site.name}` },
		timeZone: site.timeZone,
		findScim: (query) => lists().ask('scim', query),
		seats() {
			const standing = licences().licensing.standing();
			return { available: operatorCap(standing), stopped: standing.term.stopped.includes('activations') };
		},
		licenceKinds: licenceKindsOf(() => licences().licenceGrants),
	});
	const counting = startCountingActivity({ activity: operators.activity, clock: deps.clock, log: deps.log });
	stack.defer(() => counting.stop());
	return operators;
}

/** Kinds of licence as permissions. Who has one for people who never sign in does not, whether it counts now or not. */
export function licenceKindsOf(grants: () => LicenceGrants): LicenceKindsPort {
	return {
		grantsOf: (operatorId) =>
			grants()
				.kindsOf(operatorId)
				.map((kind) => ({
					permissions: permissionsOfKinds([kind]),
					scope: WHOLE_SITE,
					source: { kind: 'licenceKind', id: kind, name: kind },
				})),
		maySignIn: (operatorId) =>
			maySignIn(
				grants()
					.operator(operatorId)
					?.grants.map(({ kind }) => kind) ?? [],
			),
		takeAll: (operatorId, by) => void grants().set(operatorId, [], { operatorId: by }),
	};
}
