import type { CentralSqlite } from './central-database.ts';

/** A site as central knows it. */
export interface KnownSite {
	readonly site: string;
	readonly gatewayEpoch: string;
	/** The link it was born with has not sent its will: a late will of an older link changes nothing. */
	readonly online: boolean;
	readonly version: string | null;
	readonly seenAtMs: number;
}

export interface SiteRegister {
	born(site: string, birth: { gatewayEpoch: string; link: string; version: string }, nowMs: number): void;
	left(site: string, link: string): void;
	/** Any sign of life; kept in memory. */
	seen(site: string, nowMs: number): void;
	/** The connection of a site that is online. */
	connection(site: string): { readonly gatewayEpoch: string; readonly link: string } | undefined;
	list(): readonly KnownSite[];
}

export function createSiteRegister(db: CentralSqlite): SiteRegister {
	const upsertBirth = db.prepare<[string, string, string, string, number]>(
		`INSERT INTO sites (site, gateway_epoch, birth_link, version, seen_at_ms) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (site) DO UPDATE SET gateway_epoch = excluded.gateway_epoch, birth_link = excluded.birth_link,
			version = excluded.version, seen_at_ms = excluded.seen_at_ms`,
	);
	const setWill = db.prepare<[string, string]>('UPDATE sites SET will_link = ? WHERE site = ?');
	const selectSites = db.prepare<[], Omit<KnownSite, 'online'> & { birthLink: string | null; willLink: string | null }>(
		`SELECT site, gateway_epoch AS gatewayEpoch, birth_link AS birthLink, will_link AS willLink, version,
			seen_at_ms AS seenAtMs FROM sites ORDER BY site`,
	);
	const selectConnection = db.prepare<[string], { gatewayEpoch: string; link: string }>(
		`SELECT gateway_epoch AS gatewayEpoch, birth_link AS link FROM sites
		WHERE site = ? AND birth_link IS NOT NULL AND birth_link IS NOT will_link`,
	);
	const seenAtMs = new Map<string, number>();
	return {
		born(site, { gatewayEpoch, link, version }, nowMs) {
			upsertBirth.run(site, gatewayEpoch, link, version, nowMs);
		},
		left(site, link) {
			setWill.run(link, site);
		},
		seen(site, nowMs) {
			seenAtMs.set(site, nowMs);
		},
		connection: (site) => selectConnection.get(site),
		list: () =>
			selectSites.all().map(({ birthLink, willLink, ...site }) => ({
				...site,
				online: birthLink !== null && birthLink !== willLink,
				seenAtMs: Math.max(site.seenAtMs, seenAtMs.get(site.site) ?? 0),
			})),
	};
}
