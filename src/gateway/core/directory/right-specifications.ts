import { z } from 'zod';
import { foldText } from '../fold-text.ts';
import { defineAggregate } from './aggregate.ts';
import {
	asJson,
	centrals,
	choice,
	count,
	flag,
	key,
	nullable,
	optional,
	otherwise,
	reference,
	text,
	wiredList,
} from './field.ts';

export const STRATEGIES = [
	'preferential',
	'booking',
	'firstCome',
	'onTheFly',
	'visitor',
	'freePass',
	'credits',
	'vehicle',
] as const;

const USE_PERIODS = ['day', 'week', 'month', 'year', 'validity'] as const;
export const REFILL_PERIODS = ['week', 'month', 'year'] as const;

const YEAR_MINUTES = 527_040;

const minutes = (minimum = 1) => optional(count(minimum, YEAR_MINUTES, 'minutes'));

/** What may be granted ("access policy"): the strategy, where and when it opens, and what it costs. */
export const rightSpecifications = defineAggregate({
	name: 'rightSpecifications',
	sqlName: 'right_specifications',
	stream: 'access',
	fields: {
		id: key(),
		name: text(200),
		strategy: centrals(choice(STRATEGIES, 'booking')),
		/** Areas it opens; entering an area needs its id or an enclosing area's here. Empty: every area. */
		areaIds: wiredList('area', 500),
		scheduleId: nullable(reference('schedules', 'refuse')),
		/** Stays of one right at the same time. */
		staysAtOnce: otherwise(count(1, 1_000), 1),
		/** Preferential: when its place is kept; null: always. */
		guaranteedScheduleId: optional(reference('schedules', 'refuse')),
		/** Entries in one period; null: any number. */
		useLimit: optional(count(1, 100_000)),
		usePeriod: otherwise(choice(USE_PERIODS, 'validity'), 'validity'),
		/** Before a booking begins. */
		graceMin: otherwise(count(0, 1_440, 'minutes'), 15),
		/** After a booking's beginning; null: its place is kept until its end. */
		noShowMin: minutes(),
		/** Of a stay whose length nobody chose. */
		defaultStayMin: minutes(),
		maxStayMin: minutes(),
		onOverstay: otherwise(choice(['event', 'segment', 'debit'], 'event'), 'event'),
		/** A stay open for longer has been forgotten; null: as the site has it, and never of a vehicle. */
		forgottenExitMin: minutes(),
		forgottenExitCounts: otherwise(choice(['frees', 'keeps'], 'keeps'), 'frees'),
		/** Free pass: told when a vehicle stays for longer. */
		dwellAlarmMin: minutes(),
		/** Of one stay, in minor units of `currency`. */
		priceMinor: centrals(optional(count(0, 100_000_000, 'minor'))),
		currency: centrals(
			optional(
				asJson(z.string().regex(/^[A-Z]{3}$/, 'a currency such as EUR (ISO 4217)'), { kind: 'text', maxLength: 3 }),
			),
		),
		/** Units of the wallet that one stay costs. */
		creditCost: centrals(otherwise(count(0, 1_000_000), 0)),
		refillAmount: centrals(otherwise(count(0, 1_000_000), 0)),
		refillPeriod: centrals(optional(choice(REFILL_PERIODS, 'year'))),
		mayOverdraw: centrals(otherwise(flag(), false)),
	},
	title: 'name',
	order: 'name_key',
	derived: { name_key: ({ name }) => foldText(name) },
	indexes: [{ name: 'right_specifications_by_name', columns: ['name_key', 'id'] }],
	words: ['name'],
	check: ({ priceMinor, currency, refillAmount, refillPeriod }) => {
		if ((priceMinor === null) !== (currency === null)) return 'currency: goes with a price, and a price with it';
		return refillAmount > 0 && refillPeriod === null ? 'refillPeriod: says how often it is refilled' : undefined;
	},
	faces: [
		{
			path: 'right-specifications',
			columns: ['name', 'strategy', 'areaIds', 'scheduleId', 'useLimit', 'creditCost'],
			filters: ['strategy', 'areaIds', 'scheduleId'],
			form: [
				{ group: 'identity', fields: ['name', 'strategy', 'areaIds', 'scheduleId', 'staysAtOnce'] },
				{ group: 'uses', fields: ['useLimit', 'usePeriod'] },
				{ group: 'booking', fields: ['graceMin', 'noShowMin', 'guaranteedScheduleId'] },
				{
					group: 'stay',
					fields: [
						'defaultStayMin',
						'maxStayMin',
						'onOverstay',
						'forgottenExitMin',
						'forgottenExitCounts',
						'dwellAlarmMin',
					],
				},
				{
					group: 'payment',
					fields: ['priceMinor', 'currency', 'creditCost', 'refillAmount', 'refillPeriod', 'mayOverdraw'],
				},
			],
		},
	],
});
