import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import type { AuditEntry } from '../../core/journal.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Campaign } from '../../store/campaigns.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { countVisits } from './count-visits.ts';
import { notIncluded } from './leads.ts';

export type { Campaign };

export type CampaignFields = Pick<Campaign, 'name' | 'fromMs' | 'toMs'>;

export type CampaignAnswer =
	| { readonly result: 'done'; readonly campaign: Campaign }
	| { readonly result: 'refused'; readonly because: CampaignRefusal }
	| { readonly result: 'changedMeanwhile'; readonly campaign: Campaign };

export type CampaignRefusal =
	| 'notFound'
	/** Its end is not after its beginning. */
	| 'noPeriod'
	| 'tooManyRights'
	/** The directory has none of this id. */
	| 'noSuchRight';

/** Named groups of rights, visits among them, with a period, and the stays by them (FEATURES I13). Throws FORBIDDEN where the product licence has no reports. */
export interface Campaigns {
	/** The newest first, with their last counts. */
	page(before: Pick<Campaign, 'createdAtMs' | 'id'> | null, limit: number): readonly Campaign[];
	get(id: string): Campaign | undefined;
	/** As it is now: counted anew while its period goes on. */
	counted(id: string): Promise<Campaign | undefined>;
	/** Ids of its rights. */
	rightsOf(id: string): readonly string[];
	create(fields: CampaignFields, operatorId: string): CampaignAnswer;
	/** `version`: only while it still is that one. */
	change(
		id: string,
		fields: Partial<CampaignFields>,
		by: { readonly operatorId: string; readonly version?: number },
	): CampaignAnswer;
	/** All or none. */
	changeRights(
		id: string,
		change: { readonly add: readonly string[]; readonly remove: readonly string[] },
		operatorId: string,
	): CampaignAnswer;
	/** Its leads stay. @returns false: there was none. */
	remove(id: string, operatorId: string): boolean;
}

export interface CampaignsDeps {
	readonly store: Pick<SiteStore, 'campaigns' | 'journal' | 'transaction'>;
	readonly directory: Pick<DirectoryReader, 'read' | 'row'>;
	readonly clock: Pick<Clock, 'nowMs'>;
	readonly newId: () => string;
	readonly journalGrew: () => void;
	/** The product licence has what campaigns and leads are about. */
	readonly isIncluded: () => boolean;
}

export function createCampaigns(deps: CampaignsDeps): Campaigns {
	const { store, clock, directory } = deps;
	const { campaigns } = store;
	/** Counts under way: whoever asks meanwhile gets the same. */
	const counting = new Map<string, Promise<void>>();

	function audit(operatorId: string, action: string, target: string, detail: AuditEntry['detail']): void {
		const entry = { type: 'audit', class: 'audit', id: deps.newId(), atMs: clock.nowMs() } as const;
		store.journal.append({ ...entry, operatorId, action, target, detail });
	}

	/** One durable transaction; nothing of what is refused. */
	function write(
		id: string,
		operatorId: string,
		change: (present: Campaign) => CampaignRefusal | AuditEntry['detail'],
		action = 'campaignChanged',
	): CampaignAnswer {
		if (!deps.isIncluded()) throw notIncluded();
		const present = campaigns.byId(id);
		if (present === undefined) return { result: 'refused', because: 'notFound' };
		const refused = store.transaction(() => {
			const detail = change(present);
			if (typeof detail === 'string') return detail;
			campaigns.put({ ...(campaigns.byId(id) ?? present), version: present.version + 1 });
			audit(operatorId, action, id, detail);
			return undefined;
		});
		if (refused !== undefined) return { result: 'refused', because: refused };
		deps.journalGrew();
		return { result: 'done', campaign: campaigns.byId(id) ?? present };
	}

	/** A period that is over is counted once more, and never again. */
	function isCounted({ countedAtMs, toMs }: Campaign): boolean {
		if (countedAtMs === null) return false;
		return countedAtMs >= toMs || clock.nowMs() - countedAtMs < LIMITS.campaignCountedMs;
	}

	async function count(campaign: Campaign): Promise<void> {
		const countedAtMs = clock.nowMs();
		const counted = await countVisits(campaigns, campaign, new Set(campaigns.rightsOf(campaign.id)));
		// Somebody may have changed it meanwhile: then the count is of another.
		if (campaigns.byId(campaign.id)?.version === campaign.version) {
			campaigns.setCount(campaign.id, { ...counted, countedAtMs });
		}
	}

	return {
		page: campaigns.page,
		get: campaigns.byId,
		rightsOf: campaigns.rightsOf,
		async counted(id) {
			const present = campaigns.byId(id);
			if (present === undefined || isCounted(present)) return present;
			const key = `${id} ${present.version}`;
			const running = counting.get(key) ?? count(present).finally(() => counting.delete(key));
			counting.set(key, running);
			await running;
			return campaigns.byId(id);
		},
		create(fields, operatorId) {
			if (!deps.isIncluded()) throw notIncluded();
			if (fields.fromMs >= fields.toMs) return { result: 'refused', because: 'noPeriod' };
			if (campaigns.count() >= LIMITS.campaigns) throw tooMany();
			const id = deps.newId();
			store.transaction(() => {
				campaigns.put({ ...fields, id, createdAtMs: clock.nowMs(), operatorId, version: 1 });
				audit(operatorId, 'campaignCreated', id, { name: fields.name, from: fields.fromMs, to: fields.toMs });
			});
			deps.journalGrew();
			const campaign = campaigns.byId(id);
			return campaign === undefined ? { result: 'refused', because: 'notFound' } : { result: 'done', campaign };
		},
		change(id, fields, { operatorId, version }) {
			const present = campaigns.byId(id);
			if (present !== undefined && version !== undefined && version !== present.version) {
				return { result: 'changedMeanwhile', campaign: present };
			}
			return write(id, operatorId, (campaign) => {
				const changed = { ...campaign, ...fields };
				if (changed.fromMs >= changed.toMs) return 'noPeriod';
				campaigns.put(changed);
				return {
					...{ nameBefore: campaign.name, name: changed.name },
					...{ fromBefore: campaign.fromMs, from: changed.fromMs, toBefore: campaign.toMs, to: changed.toMs },
				};
			});
		},
		changeRights(id, { add, remove }, operatorId) {
			return write(id, operatorId, ({ rights }) => {
				const isHere = (rightId: string) =>
					directory.read(() => directory.row('assignedRights', rightId)) !== undefined;
				if (!add.every(isHere)) return 'noSuchRight';
				if (rights + add.length > LIMITS.campaignRights) return 'tooManyRights';
				for (const rightId of add) campaigns.addRight(id, rightId);
				for (const rightId of remove) campaigns.removeRight(id, rightId);
				return { added: add.length, removed: remove.length };
			});
		},
		remove(id, operatorId) {
			const isGone = store.transaction(() => {
				if (!campaigns.remove(id)) return false;
				audit(operatorId, 'campaignRemoved', id, {});
				return true;
			});
			if (isGone) deps.journalGrew();
			return isGone;
		},
	};
}

function tooMany(): GatewayError {
	return new GatewayError('CONFLICT', `There are ${LIMITS.campaigns} campaigns; remove old ones first.`);
}
