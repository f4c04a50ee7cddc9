import { randomUUIDv7 } from 'node:crypto';
import type { ReportHandlers } from '../api/cli/report-handlers.ts';
import { createHandOvers, type HandOvers } from '../gateway/services/hand-over/hand-overs.ts';
import { createPdfMaker } from '../gateway/services/hand-over/pdf-maker.ts';
import { openSiteStore } from '../gateway/store/site-store.ts';
import { createLog } from '../log.ts';
import { createSystemClock } from '../system-clock.ts';
import { requireConfigWithoutSecrets } from './configuration.ts';

/** Reads beside the running gateway; nothing is written. */
export const reportCommands: ReportHandlers = {
	async listHandOvers({ configFile, limit }) {
		await using site = openBeside(configFile);
		return site.handOvers.page({ limit });
	},

	async printHandOver({ configFile, id, language }) {
		await using site = openBeside(configFile);
		return await site.handOvers.pdf(id, language);
	},

	async listCampaigns({ configFile, limit }) {
		await using site = openBeside(configFile);
		return site.store.campaigns.page(null, limit);
	},
};

function openBeside(configFile: string) {
	const { store: where, site } = requireConfigWithoutSecrets(configFile);
	const clock = createSystemClock();
	const log = createLog({ level: 'error', format: 'text', write: () => undefined });
	const opened = new AsyncDisposableStack();
	const store = openSiteStore({ dir: where.dir, nowMs: clock.nowMs, log, readOnly: true });
	opened.defer(() => store.close());
	const pdfMaker = createPdfMaker({ clock, log });
	opened.defer(() => pdfMaker.close());
	const handOvers: Pick<HandOvers, 'page' | 'pdf'> = createHandOvers({
		...{ site, store, clock, pdfMaker, newId: randomUUIDv7 },
		...{ devices: () => [], maySign: () => false, journalGrew: () => undefined },
	});
	return { store, handOvers, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}
