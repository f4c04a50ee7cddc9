import type { Lead } from '../../core/lead.ts';
import { LIMITS } from '../../core/limits.ts';
import { FORGOTTEN_REASON } from '../../store/lane-modes.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { PersonTrace } from './person.ts';

interface LeadsDeps {
	readonly store: Pick<SiteStore, 'leads' | 'campaigns' | 'transaction'>;
	rest(): Promise<void>;
}

type Trace = Pick<PersonTrace, 'rightIds'>;

/** Leads that are about a person: of a visit of theirs, or by a name or contact of theirs. Some at a time. */
export async function* leadsOfPerson(
	{ store, rest }: LeadsDeps,
	{ rightIds }: Trace,
	names: (text: string) => boolean,
): AsyncGenerator<readonly Lead[]> {
	for await (const leads of allLeads({ store, rest })) {
		const own = leads.filter((lead) => isAbout(lead, rightIds, names));
		if (own.length > 0) yield own;
	}
}

/** Ends those leads, takes words that name somebody out of others', and their rights out of campaigns. Done again it finds nothing. */
export async function forgetInLeads(
	{ store, rest }: LeadsDeps,
	{ rightIds }: Trace,
	names: (text: string) => boolean,
): Promise<void> {
	store.transaction(() => store.campaigns.forgetRights(rightIds));
	for await (const leads of allLeads({ store, rest })) {
		store.transaction(() => {
			for (const lead of leads) {
				if (isAbout(lead, rightIds, names)) store.leads.remove(lead.id);
				else if (names(lead.message)) store.leads.setMessage(lead.id, FORGOTTEN_REASON);
			}
		});
	}
}

function isAbout(
	{ sourceId, name, email, phone, company }: Lead,
	rightIds: readonly string[],
	names: (text: string) => boolean,
): boolean {
	return (
		(sourceId !== null && rightIds.includes(sourceId)) ||
		[name, email, phone, company].some((text) => names(text ?? ''))
	);
}

async function* allLeads({ store, rest }: LeadsDeps): AsyncGenerator<readonly Lead[]> {
	for (let last: Lead | undefined; ; ) {
		const before = last && { atMs: last.createdAtMs, id: last.id };
		const leads = store.leads.page({ words: [], limit: LIMITS.listedTogether, ...(before && { before }) });
		yield leads;
		last = leads.at(-1);
		if (last === undefined || leads.length < LIMITS.listedTogether) return;
		await rest();
	}
}
