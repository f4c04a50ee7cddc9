import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { LicenceHandlers } from '../api/cli/licence-handlers.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import { cameraPool, isParkActive } from '../gateway/core/licence/licence-facts.ts';
import { COMMISSIONING_CAPS, licenceTerm } from '../gateway/core/licence/licence-term.ts';
import { parkStatementClaims, productLicenceClaims } from '../gateway/core/licence/product-licence.ts';
import { storedLicenceTimes } from '../gateway/services/licensing/licence-time.ts';
import { readDocuments } from '../gateway/services/licensing/read-documents.ts';
import { signDocument, thumbprintOf } from '../gateway/services/licensing/signed-document.ts';
import { gatewayKeyFile, openGatewayKey } from '../gateway/store/gateway-key.ts';
import { openSiteStore } from '../gateway/store/site-store.ts';
import { createLog } from '../log.ts';
import { createSystemClock } from '../system-clock.ts';
import { requireConfigWithoutSecrets } from './configuration.ts';
import { wireLicensing } from './licensing-of-site.ts';
import { createSynchronisationCheck } from './time-synchronisation.ts';

const YEAR_S = 31_536_000;

/** Licences beside the running gateway, which looks at what was installed once a minute. */
export const licenceCommands = (version: string): LicenceHandlers => ({
	async showLicence({ configFile }) {
		const config = requireConfigWithoutSecrets(configFile);
		const { site, store: settings } = config;
		const clock = createSystemClock();
		const log = silent();
		const store = openSiteStore({ dir: settings.dir, nowMs: clock.nowMs, log, readOnly: true });
		try {
			const read = await readDocuments(store.licences.present(), config.licence ?? {}, log);
			const { commissionedAtMs, markMs } = storedLicenceTimes(store.settings);
			const nowMs = clock.nowMs();
			const stored = new Map(store.licences.cameras().map((camera) => [camera.cameraId, camera.active]));
			const cameraIds = new Set(site.lanes.flatMap((lane) => [...lane.cameras, ...lane.back.cameras]));
			return {
				...{ licence: read.licence, problem: read.problem, cameraPool: cameraPool(read) },
				term: licenceTerm(read.licence, commissionedAtMs ?? nowMs, Math.max(markMs, nowMs)),
				operators: {
					used: store.operators.operatorCount(),
					available: read.licence?.operators ?? COMMISSIONING_CAPS.operators,
				},
				cameras: [...cameraIds].map((cameraId) => ({ cameraId, active: stored.get(cameraId) ?? false })),
				parks: site.parks.map(({ id }) => ({ parkId: id, active: isParkActive(read, id) })),
				gatewayKey: existsSync(gatewayKeyFile(settings.dir))
					? await thumbprintOf(openGatewayKey(settings.dir).publicPem)
					: null,
			};
		} finally {
			store.close();
		}
	},

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

async function withLicensing<T>(
	configFile: string,
	version: string,
	use: (wired: Awaited<ReturnType<typeof wireLicensing>>) => Promise<T>,
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
	return await use(wired);
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
