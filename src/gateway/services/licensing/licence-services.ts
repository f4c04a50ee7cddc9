import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import { LIMITS } from '../../core/limits.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { localDay } from '../tables/local-day.ts';
import { type LicenceStatistics, type LicenceStatisticsQuery, licenceStatistics } from './licence-days.ts';
import { createLicenceExports } from './licence-exports.ts';
import { createLicenceGrants, type LicenceGrantsDeps } from './licence-grants.ts';
import type { LicenceStanding } from './licence-standing.ts';

export interface LicenceServicesDeps {
	readonly store: Pick<
		SiteStore,
		'licenceGrants' | 'licences' | 'operators' | 'operatorSearch' | 'journal' | 'transaction'
	>;
	readonly licensing: { standing(): Pick<LicenceStanding, 'licence' | 'term'> };
	readonly clock: Pick<Clock, 'nowMs'>;
	readonly timeZone: string;
	readonly newId: () => string;
	readonly journalGrew: () => void;
	/** Looks operators up on another thread; here unless given. */
	readonly findOperators?: NonNullable<LicenceGrantsDeps['findOperators']>;
}

export type AskedStatistics = Partial<LicenceStatisticsQuery> & Pick<LicenceStatisticsQuery, 'kinds'>;

/** What is done with licences besides what they allow: kinds for operators, figures, files. */
export function createLicenceServices(deps: LicenceServicesDeps) {
	const { store, licensing, clock, timeZone } = deps;
	const licenceGrants = createLicenceGrants(deps);
	return {
		licenceGrants,
		/** A year until today unless asked otherwise. Throws CONFLICT after they stopped, INVALID_REQUEST for too long. */
		licenceStatistics({ fromDay, toDay, kinds }: AskedStatistics): LicenceStatistics {
			if (licensing.standing().term.stopped.includes('statistics')) throw stopped();
			const last = Temporal.PlainDate.from(toDay ?? localDay(clock.nowMs(), timeZone));
			const first = fromDay === undefined ? last.subtract({ years: 1 }) : Temporal.PlainDate.from(fromDay);
			if (first.until(last).days > LIMITS.licenceStatisticsDays) throw tooLong();
			return licenceStatistics(store.licenceGrants, { fromDay: first.toString(), toDay: last.toString(), kinds });
		},
		licenceExports: createLicenceExports({
			...{ store, timeZone, grants: licenceGrants, newId: deps.newId, nowMs: clock.nowMs },
			audit(entry) {
				store.transaction(() => store.journal.append(entry));
				deps.journalGrew();
			},
		}),
	};
}

function stopped(): GatewayError {
	return new GatewayError(
		'CONFLICT',
		'The product licence has run out, and statistics have stopped: install a new one. What was counted is kept.',
	);
}

function tooLong(): GatewayError {
	const text = `That is longer than ${LIMITS.licenceStatisticsDays} days; ask for less at once.`;
	return new GatewayError('INVALID_REQUEST', text);
}
