import { maskText } from '../../core/directory/mask.ts';
import type { AuditEntry } from '../../core/journal.ts';
import type { Language } from '../../core/reason-texts/reason-text.ts';
import type { Campaign } from '../../store/campaigns.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { ExportedFile } from '../directory/export-directory.ts';
import type { ExportFormat } from '../directory/export-messages.ts';
import { instantText } from '../tables/instant-text.ts';
import { listFile, pagesOf, takenAlong } from '../tables/list-file.ts';
import { localDay } from '../tables/local-day.ts';
import type { Lead, Leads } from './leads.ts';
import { CAMPAIGN_HEADINGS, LEAD_HEADINGS } from './marketing-headings.ts';

interface Ask {
	readonly format: ExportFormat;
	readonly language: Language;
}

export type LeadFilter = Omit<Parameters<Leads['page']>[0], 'before' | 'limit'>;

/** Campaigns and leads to take along; journalled when it ends. */
export interface MarketingExports {
	campaigns(ask: Ask, operatorId: string): ExportedFile;
	/** Narrowed as the list; `seesAll`: names and contacts as they are. */
	leads(ask: Ask & { readonly filter: LeadFilter; readonly seesAll: boolean }, operatorId: string): ExportedFile;
}

export interface MarketingExportsDeps {
	readonly store: Pick<SiteStore, 'campaigns'>;
	readonly leads: Pick<Leads, 'page'>;
	readonly timeZone: string;
	readonly nowMs: () => number;
	readonly newId: () => string;
	/** Durably. */
	readonly audit: (entry: AuditEntry) => void;
}

export function createMarketingExports(deps: MarketingExportsDeps): MarketingExports {
	const { store, leads, timeZone, nowMs } = deps;
	const time = (atMs: number) => instantText(atMs, timeZone);
	const fileName = (name: string) => `${name}-${localDay(nowMs(), timeZone)}`;
	const ended = (action: string, operatorId: string, detail: AuditEntry['detail']) => (isWhole: boolean) =>
		deps.audit(takenAlong(deps, action, operatorId, { ...detail, isWhole }));
	return {
		campaigns({ format, language }, operatorId) {
			const { sheet, headings } = CAMPAIGN_HEADINGS[language];
			return listFile<Campaign>({
				...{ format, language, sheet, headings, fileName: fileName('campaigns') },
				batches: pagesOf((last: Campaign | null, limit) => store.campaigns.page(last, limit)),
				cells: ({ id, name, fromMs, toMs, rights, visits, came }) => [
					...[name, time(fromMs), time(toMs), rights, visits, came, id],
				],
				object: ({ id, name, fromMs, toMs, rights, visits, came }) => ({
					...{ id, name, from: time(fromMs), to: time(toMs), rights, visits, came },
				}),
				ended: ended('campaignsExported', operatorId, { format }),
			});
		},
		leads({ format, language, filter, seesAll }, operatorId) {
			const { sheet, headings, states, sources } = LEAD_HEADINGS[language];
			const seen = (text: string | null) => (text === null || seesAll ? text : maskText(text));
			return listFile<Lead>({
				...{ format, language, sheet, headings, fileName: fileName('leads') },
				batches: pagesOf((last: Lead | null, limit) =>
					leads.page({ ...filter, limit, ...(last && { before: { atMs: last.createdAtMs, id: last.id } }) }),
				),
				cells: (lead) => [
					...[time(lead.createdAtMs), states[lead.state], sources[lead.source], seen(lead.name), seen(lead.company)],
					...[seen(lead.email), seen(lead.phone), seen(lead.message), lead.hasAgreed ? 1 : 0, time(lead.expiresAtMs)],
					...[lead.sourceId, lead.campaignId, lead.id],
				],
				object: ({ createdAtMs, expiresAtMs, version: _, ...lead }) => ({
					...lead,
					...{ name: seen(lead.name), company: seen(lead.company), email: seen(lead.email) },
					...{ phone: seen(lead.phone), message: seen(lead.message) },
					...{ createdAt: time(createdAtMs), expiresAt: time(expiresAtMs) },
				}),
				ended: ended('leadsExported', operatorId, { format, isNarrowed: isNarrowed(filter), isMasked: !seesAll }),
			});
		},
	};
}

function isNarrowed({ q, ...filter }: LeadFilter): boolean {
	return q !== '' || Object.values(filter).some((value) => value !== undefined);
}
