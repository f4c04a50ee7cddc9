import { randomUUIDv7 } from 'node:crypto';
import path from 'node:path';
import type { ExportHandlers } from '../api/cli/export-handlers.ts';
import { momentMs } from '../api/cli/moment.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import type { JournalEntry } from '../gateway/core/journal.ts';
import { isLicenceKind, LICENCE_KIND_NAMES } from '../gateway/core/licence/licence-kinds.ts';
import { REASONS } from '../gateway/core/reason.ts';
import { type AccessLogQuery, createAccessLog } from '../gateway/services/access-log.ts';
import { createCharges } from '../gateway/services/charges/charges.ts';
import { createDecisionExports } from '../gateway/services/decisions/decision-exports.ts';
import { createDirectoryExports } from '../gateway/services/directory/export-directory.ts';
import { createLicenceExports } from '../gateway/services/licensing/licence-exports.ts';
import { createLicenceGrants } from '../gateway/services/licensing/licence-grants.ts';
import { standingBeside } from '../gateway/services/licensing/standing-beside.ts';
import { openDirectory } from '../gateway/store/directory.ts';
import { openSiteStore, SITE_FILE } from '../gateway/store/site-store.ts';
import { createLog } from '../log.ts';
import { createSystemClock } from '../system-clock.ts';
import { requireConfigWithoutSecrets } from './configuration.ts';

/** Reads beside the running gateway; only that it was done is written. */
export const exportCommand: ExportHandlers = {
	async exportTable({ configFile, write, onProgress, signal, ...ask }) {
		await using site = openBeside(configFile);
		const { directory, log, nowMs, timeZone, audit } = site;
		const exports = createDirectoryExports({
			...{ directory, log, nowMs, newId: randomUUIDv7, timeZone, audit },
			siteFile: path.join(site.dir, SITE_FILE),
		});
		let rows = 0;
		const { bytes } = exports.export(
			{ ...ask, sight: { personal: true, codes: false } },
			{
				...{ operatorId: null, signal },
				onProgress(done, total) {
					rows = done;
					onProgress(done, total);
				},
			},
		);
		await write(bytes);
		return rows;
	},

	async exportDecisions({ configFile, write, where, q, from, to, ...ask }) {
		await using site = openBeside(configFile);
		const { store, directory, nowMs, timeZone, audit, config } = site;
		const accessLog = createAccessLog({ store, directory: directory.reader, lanes: config.site.lanes });
		const exports = createDecisionExports({ store, accessLog, timeZone, nowMs, newId: randomUUIDv7, audit });
		const filter = {
			...decisionFilterOf(where),
			...(q !== undefined && { q }),
			...(from !== undefined && { fromMs: momentMs(from, nowMs()) }),
			...(to !== undefined && { toMs: momentMs(to, nowMs()) }),
		};
		await write(exports.export({ ...ask, filter, shown: (line) => line, isPersonal: true }, null).bytes);
	},

	async exportCharges({ configFile, write, from, to, ...ask }) {
		await using site = openBeside(configFile);
		const { store, directory, nowMs, timeZone, audit } = site;
		const span = { fromMs: momentMs(from, nowMs()), toMs: to === undefined ? nowMs() : momentMs(to, nowMs()) };
		if (span.fromMs >= span.toMs)
			throw new GatewayError('INVALID_REQUEST', '--to is not after --from; charges are those of a span of time');
		const nameOf = (id: string) => directory.reader.holder(id)?.name;
		const charges = createCharges({
			...{ store, nowMs, newId: randomUUIDv7, timeZone, audit },
			lists: {
				titles: (_, ids) => Promise.resolve(new Map(ids.map((id) => [id, nameOf(id) ?? id]))),
			},
		});
		await write(charges.export({ ...span, ...ask, sight: { personal: true } }, null).bytes);
	},

	async exportLicences({ configFile, write, list, q = '', kind = null, from, to, ...ask }) {
		if (kind !== null && !isLicenceKind(kind))
			throw new GatewayError('INVALID_REQUEST', `${kind} is no kind of licence: ${LICENCE_KIND_NAMES.join(', ')}`);
		await using site = openBeside(configFile);
		const { store, nowMs, timeZone, audit, log, config } = site;
		const standing = await standingBeside({
			...{ site: config.site, keys: config.licence ?? {}, store, log, nowMs: nowMs() },
		});
		const clock = { nowMs };
		const grants = createLicenceGrants({
			...{ store, clock, timeZone, newId: randomUUIDv7, journalGrew: () => undefined },
			licensing: { standing: () => standing },
		});
		const exports = createLicenceExports({ store, grants, timeZone, nowMs, newId: randomUUIDv7, audit });
		if (list === 'licences') {
			await write(exports.licences({ ...ask, q, kind }, null).bytes);
			return;
		}
		const filter = {
			...(from !== undefined && { fromMs: momentMs(from, nowMs()) }),
			...(to !== undefined && { toMs: momentMs(to, nowMs()) }),
			...(kind !== null && { kind }),
		};
		await write(exports.history({ ...ask, filter }, null).bytes);
	},
};

/** Of `--where lane=L1`. Throws INVALID_REQUEST. */
function decisionFilterOf(where: Readonly<Record<string, readonly string[]>>): AccessLogQuery {
	const { lane, outcome, reason, holder, ...others } = where;
	const one = (name: string, values: readonly string[] = []) => {
		if (values.length > 1) throw new GatewayError('INVALID_REQUEST', `--where ${name} can be given once`);
		return values[0];
	};
	const oneOf = <T extends string>(name: string, values: readonly string[] | undefined, known: readonly T[]) => {
		const given = one(name, values);
		const found = known.find((value) => value === given);
		if (given === undefined || found !== undefined) return found;
		throw new GatewayError('INVALID_REQUEST', `--where ${name}=${given} is none of ${known.join(', ')}`);
	};
	const [unknown] = Object.keys(others);
	if (unknown !== undefined)
		throw new GatewayError(
			'INVALID_REQUEST',
			`decisions have no ${unknown}: narrow them by lane, outcome, reason, holder`,
		);
	const [laneId, holderId] = [one('lane', lane), one('holder', holder)];
	const outcomeIs = oneOf('outcome', outcome, ['granted', 'refused']);
	const reasonIs = oneOf('reason', reason, REASONS);
	return {
		...(laneId !== undefined && { laneId }),
		...(holderId !== undefined && { holderId }),
		...(outcomeIs !== undefined && { outcome: outcomeIs }),
		...(reasonIs !== undefined && { reason: reasonIs }),
	};
}

function openBeside(configFile: string) {
	const config = requireConfigWithoutSecrets(configFile);
	const { nowMs } = createSystemClock();
	const log = createLog({ level: 'error', format: 'text', write: () => undefined });
	const { dir } = config.store;
	const opened = new AsyncDisposableStack();
	const store = openSiteStore({ dir, nowMs, log, readOnly: true });
	opened.defer(() => store.close());
	const directory = openDirectory({ dir, store, log, readOnly: true });
	opened.defer(() => directory.close());
	return {
		...{ config, store, directory, log, nowMs, dir, timeZone: config.site.timeZone },
		audit(entry: JournalEntry): void {
			const journalled = openSiteStore({ dir, nowMs, log });
			try {
				journalled.journal.append(entry);
			} finally {
				journalled.close();
			}
		},
		[Symbol.asyncDispose]: () => opened.disposeAsync(),
	};
}
