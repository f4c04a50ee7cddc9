import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { LicenceHandlers } from '../api/cli/licence-handlers.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import { cameraPool, isParkActive, operatorCap } from '../gateway/core/licence/licence-facts.ts';
import { parkStatementClaims, productLicenceClaims } from '../gateway/core/licence/product-licence.ts';
import { createLicenceGrants, type LicenceGrants } from '../gateway/services/licensing/licence-grants.ts';
import { signDocument, thumbprintOf } from '../gateway/services/licensing/signed-document.ts';
import { standingBeside } from '../gateway/services/licensing/standing-beside.ts';
import { gatewayKeyFile, openGatewayKey } from '../gateway/store/gateway-key.ts';
import { openSiteStore, type SiteStore } from '../gateway/store/site-store.ts';
import { createLog } from '../log.ts';
import { createSystemClock } from '../system-clock.ts';
import { requireConfigWithoutSecrets } from './configuration.ts';
import { wireLicensing } from './licensing-of-site.ts';
import { createSynchronisationCheck } from './time-synchronisation.ts';

const YEAR_S = 31_536_000;

/** Licences beside the running gateway, which looks at what was installed once a minute. */
export const licenceCommands = (version: string): LicenceHandlers => ({
	showLicence: ({ configFile }) =>
		beside(configFile, async ({ config, store, standing }) => {
			const { licence, problem, term, cameras, activeCameras } = standing;
			const { dir } = config.store;
			return {
				...{ licence, problem, term, cameraPool: cameraPool(standing) },
				operators: { used: store.operators.seatsTaken(), available: operatorCap(standing) },
				cameras: cameras.map((cameraId) => ({ cameraId, active: activeCameras.has(cameraId) })),
				parks: config.site.parks.map(({ id }) => ({ parkId: id, active: isParkActive(standing, id) })),
				gatewayKey: existsSync(gatewayKeyFile(dir)) ? await thumbprintOf(openGatewayKey(dir).publicPem) : null,
			};
		}),

	licenceKinds: ({ configFile }) => beside(configFile, async ({ grants }) => grants.kinds()),

	licensedOperators: ({ configFile, ...query }) =>
		beside(configFile, async ({ grants }) => grants.page({ ...query, after: null })),

	changeLicenceKinds: ({ configFile, email, give, take }) =>
		withLicensing(configFile, version, async ({ store, licenceGrants }) => {
			const operatorId = store.operators.operatorByEmail(email)?.id;
			const present = operatorId === undefined ? undefined : licenceGrants.operator(operatorId);
			if (present === undefined) return { result: 'unknown' };
			const kept = present.grants.map(({ kind }) => kind).filter((kind) => !take.includes(kind));
			return licenceGrants.set(present.id, [...kept, ...give], { operatorId: null });
		}),

	installLicence: ({ configFile, text }) =>
		withLicensing(configFile, version, ({ licensing }) => licensing.installLicence(text, null)),

	installParkStatement: ({ configFile, text }) =>
		withLicensing(configFile, version, ({ licensing }) => licensing.installStatement(text, null)),

	licenceRequest: ({ configFile }) =>
		withLicensing(configFile, version, ({ licenceOverview }) => licenceOverview.request()),

	async issueDocument({ kind, privateKeyPem, claims }) {
		const now = Math.floor(createSystemClock().nowMs() / 1_000);
		const given = claimsOf(claims);
		const times = kind === 'productLicence' ? { nbf: now, exp: now + YEAR_S } : {};
		const schema = kind === 'productLicence' ? productLicenceClaims : parkStatementClaims;
		const parsed = schema.safeParse({ jti: randomUUID(), iat: now, ...times, ...given }, { reportInput: true });
		if (!parsed.success) {
			const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
			throw new GatewayError('INVALID_REQUEST', `The claims do not fit (docs/licences.md lists them): ${wrong}`);
		}
		return signDocument(parsed.data, kind, privateKeyPem).catch((error: unknown) => {
			throw new GatewayError('INVALID_REQUEST', 'The key is no Ed25519 private key (PEM, PKCS #8)', { cause: error });
		});
	},
});

interface Beside {
	readonly config: GatewayConfig;
	readonly store: SiteStore;
	readonly standing: Awaited<ReturnType<typeof standingBeside>>;
	readonly grants: LicenceGrants;
}

/** Reads what the running gateway wrote, and writes nothing. */
async function beside<T>(configFile: string, use: (read: Beside) => Promise<T>): Promise<T> {
	const config = requireConfigWithoutSecrets(configFile);
	const { site } = config;
	const clock = createSystemClock();
	const log = silent();
	const store = openSiteStore({ dir: config.store.dir, nowMs: clock.nowMs, log, readOnly: true });
	try {
		const standing = await standingBeside({
			...{ site, store, log, keys: config.licence ?? {}, nowMs: clock.nowMs() },
		});
		const grants = createLicenceGrants({
			...{ store, clock, timeZone: site.timeZone, newId: randomUUID, journalGrew: () => undefined },
			licensing: { standing: () => standing },
		});
		return await use({ config, store, standing, grants });
	} finally {
		store.close();
	}
}

async function withLicensing<T>(
	configFile: string,
	version: string,
	use: (wired: Awaited<ReturnType<typeof wireLicensing>> & { readonly store: SiteStore }) => Promise<T>,
): Promise<T> {
	const config: GatewayConfig = requireConfigWithoutSecrets(configFile);
	const clock = createSystemClock();
	const log = silent();
	await using stack = new AsyncDisposableStack();
	const store = openSiteStore({ dir: config.store.dir, nowMs: clock.nowMs, log });
	stack.defer(() => store.close());
	const isSynchronised = createSynchronisationCheck(clock);
	const isBehind = clock.nowMs() < store.settings.highestTimeMs();
	const wired = await wireLicensing(
		{
			...{ config, clock, log, version, store, newId: randomUUID },
			clockTrust: () => (isSynchronised() ? 'synced' : isBehind ? 'untrusted' : 'held'),
			// The gateway that runs looks for new rows by itself.
			journalGrew: () => undefined,
		},
		stack,
	);
	return await use({ ...wired, store });
}

function claimsOf(text: string): object {
	const claims = parsed(text);
	if (typeof claims === 'object' && claims !== null && !Array.isArray(claims)) return claims;
	throw new GatewayError('INVALID_REQUEST', 'The claims are no JSON object; docs/licences.md shows one');
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function silent() {
	return createLog({ level: 'error', format: 'text', write: () => undefined });
}
