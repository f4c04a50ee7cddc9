import type { Cancel, Clock } from '../../core/clock.ts';
import { foldText } from '../../core/fold-text.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import type { AuditEntry } from '../../core/journal.ts';
import type { Lead } from '../../core/lead.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import type { LeadQuery } from '../../store/leads.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { Visitors } from '../visitors/visitors.ts';

export type { Lead };

/** What people say of a lead; the rest is the gateway's. */
export type LeadFields = Pick<
	Lead,
	'state' | 'name' | 'email' | 'phone' | 'company' | 'message' | 'hasAgreed' | 'campaignId'
>;

export interface NewLead extends Partial<Omit<LeadFields, 'state'>> {
	readonly source: Lead['source'];
	/** Of a visit: what is not said of them is taken from it. */
	readonly sourceId?: string | null;
	/** Absent: LIMITS.leadKeptMs from now. */
	readonly expiresAtMs?: number;
}

export type LeadAnswer =
	| { readonly result: 'done'; readonly lead: Lead }
	| { readonly result: 'refused'; readonly because: LeadRefusal }
	| { readonly result: 'changedMeanwhile'; readonly lead: Lead };

export type LeadRefusal =
	| 'notFound'
	/** Operations and Maintenance name visits and interventions: there is no such visit. */
	| 'noSuchVisit'
	| 'noSuchCampaign'
	| 'noName'
	/** Neither an e-mail address nor a telephone number. */
	| 'noContact'
	/** Longer than without their agreement, or longer than at all. */
	| 'keptTooLong';

/** Contact requests of visitors and of customers of the service (FEATURES I13). Throws FORBIDDEN where the product licence has no reports. */
export interface Leads {
	/** The newest first. `q`: words of name, company and contacts. */
	page(query: Omit<LeadQuery, 'words'> & { readonly q: string }): readonly Lead[];
	get(id: string): Lead | undefined;
	/** Those that an intervention led to, the newest first; at most LIMITS.leadsOfIntervention. */
	ofIntervention(number: number): readonly Lead[];
	create(asked: NewLead, operatorId: string): LeadAnswer;
	/** `version`: only while it still is that one. */
	change(
		id: string,
		fields: Partial<LeadFields & Pick<Lead, 'expiresAtMs'>>,
		by: { readonly operatorId: string; readonly version?: number },
	): LeadAnswer;
	/** @returns false: there was none. */
	remove(id: string, operatorId: string): boolean;
	stop(): void;
}

export interface LeadsDeps {
	readonly store: Pick<SiteStore, 'leads' | 'campaigns' | 'journal' | 'transaction'>;
	readonly visitors: Pick<Visitors, 'get'>;
	readonly clock: Clock;
	readonly log: Log;
	readonly newId: () => string;
	readonly journalGrew: () => void;
	/** The product licence has what campaigns and leads are about. */
	readonly isIncluded: () => boolean;
}

/** Between two looks at what has passed its time. */
const ENDS_EVERY_MS = 3_600_000;

export function createLeads(deps: LeadsDeps): Leads {
	const { store, clock } = deps;
	const { leads } = store;
	let cancel: Cancel = clock.after(ENDS_EVERY_MS, endOld);

	/** Without a word of who it was. */
	function audit(operatorId: string | null, action: string, target: string | null, detail: AuditEntry['detail']) {
		const entry = { type: 'audit', class: 'audit', id: deps.newId(), atMs: clock.nowMs() } as const;
		store.journal.append({ ...entry, operatorId, action, target, detail });
	}

	function endOld(): void {
		cancel = clock.after(ENDS_EVERY_MS, endOld);
		try {
			const count = store.transaction(() => {
				const ended = leads.removeExpired(clock.nowMs(), LIMITS.retentionSlice);
				if (ended > 0) audit(null, 'leadsEnded', null, { count: ended });
				return ended;
			});
			if (count > 0) deps.journalGrew();
			if (count < LIMITS.retentionSlice) return;
			cancel();
			cancel = clock.after(0, endOld);
		} catch (error) {
			deps.log.warn({ err: error }, 'leads whose time has passed could not be ended; tried again in an hour');
		}
	}

	function requireIncluded(): void {
		if (!deps.isIncluded()) throw notIncluded();
	}

	function refusal(lead: Lead): LeadRefusal | undefined {
		const { name, email, phone, campaignId, hasAgreed, expiresAtMs } = lead;
		if (name === '') return 'noName';
		if (email === null && phone === null) return 'noContact';
		if (campaignId !== null && store.campaigns.byId(campaignId) === undefined) return 'noSuchCampaign';
		const longest = hasAgreed ? LIMITS.leadKeptAgreedMs : LIMITS.leadKeptMs;
		return expiresAtMs > Math.max(clock.nowMs(), lead.createdAtMs) + longest ? 'keptTooLong' : undefined;
	}

	function write(lead: Lead, action: string, operatorId: string, before?: Lead): LeadAnswer {
		const because = refusal(lead);
		if (because !== undefined) return { result: 'refused', because };
		const { name, company, email, phone, source, state } = lead;
		store.transaction(() => {
			leads.put(lead, [name, company, email, phone].map((text) => foldText(text ?? '')).join(' '));
			audit(operatorId, action, lead.id, { source, ...(before && { stateBefore: before.state }), state });
		});
		deps.journalGrew();
		return { result: 'done', lead };
	}

	return {
		page: ({ q, ...query }) =>
			leads.page({
				...query,
				words: q
					.split(/\s+/)
					.map(foldText)
					.filter((word) => word !== ''),
			}),
		get: leads.byId,
		ofIntervention: (number) => leads.ofSource('maintenance', String(number), LIMITS.leadsOfIntervention),
		create({ source, sourceId = null, expiresAtMs, ...said }, operatorId) {
			requireIncluded();
			const visit = source === 'operations' && sourceId !== null ? deps.visitors.get(sourceId) : undefined;
			if (source === 'operations' && sourceId !== null && visit === undefined) {
				return { result: 'refused', because: 'noSuchVisit' };
			}
			if (leads.count() >= LIMITS.leads) throw tooMany();
			const createdAtMs = clock.nowMs();
			const lead: Lead = {
				...{ id: deps.newId(), source, sourceId, state: 'new', createdAtMs, operatorId, version: 1 },
				name: said.name ?? visit?.name ?? '',
				email: said.email ?? visit?.email ?? null,
				phone: said.phone ?? visit?.phone ?? null,
				...{ company: said.company ?? null, message: said.message ?? '', campaignId: said.campaignId ?? null },
				...{ hasAgreed: said.hasAgreed ?? false, expiresAtMs: expiresAtMs ?? createdAtMs + LIMITS.leadKeptMs },
			};
			return write(lead, 'leadCreated', operatorId);
		},
		change(id, fields, { operatorId, version }) {
			const present = leads.byId(id);
			if (present === undefined) return { result: 'refused', because: 'notFound' };
			requireIncluded();
			if (version !== undefined && version !== present.version) return { result: 'changedMeanwhile', lead: present };
			return write({ ...present, ...fields, version: present.version + 1 }, 'leadChanged', operatorId, present);
		},
		remove(id, operatorId) {
			const isGone = store.transaction(() => {
				if (!leads.remove(id)) return false;
				audit(operatorId, 'leadRemoved', id, {});
				return true;
			});
			if (isGone) deps.journalGrew();
			return isGone;
		},
		stop: () => cancel(),
	};
}

export function notIncluded(): GatewayError {
	return new GatewayError(
		'FORBIDDEN',
		'The product licence of this site does not include reports: no campaigns and leads are made or changed. Ask the vendor.',
	);
}

function tooMany(): GatewayError {
	return new GatewayError('CONFLICT', `There are ${LIMITS.leads} leads; remove old ones first.`);
}
