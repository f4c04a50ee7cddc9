import { z } from 'zod';
import { defineAggregate, type Face } from './aggregate.ts';
import { asJson, choice, key, optional, otherwise, text } from './field.ts';

/** `reception`, `security@park:P1`: a role by its id or name, and what it is for. */
const ROLE_LENGTH = 264;
const MOST_ROLES = 100;
const GROUP_LENGTH = 200;
const MOST_GROUPS = 50;

const texts = (length: number, most: number) => asJson(z.array(z.string().trim().min(1).max(length)).max(most));

/**
 * Who central wants to sign in at a site. No face: a row gives nobody anything by itself; the site makes of it what its
 * own rules let central give (`services/operators/central-accounts.ts`). Passwords and second factors never leave the site.
 */
export const operatorAccounts = defineAggregate({
	name: 'operatorAccounts',
	sqlName: 'operator_accounts',
	stream: 'operators',
	fields: {
		id: key(),
		/** For which site; null: every one of the stream. */
		siteId: optional(text(64)),
		email: text(254, { personal: true }),
		name: text(200, { personal: true }),
		/** ISO 639-1, of what is written to them. */
		language: optional(choice(['en', 'fr', 'nl'], 'en')),
		/** Simple users where none is named. */
		roles: otherwise(texts(ROLE_LENGTH, MOST_ROLES), []),
		/** Groups of operators at the site, by id or name. */
		groups: otherwise(texts(GROUP_LENGTH, MOST_GROUPS), []),
		/** `ended`: they leave, as when the row goes. */
		state: otherwise(choice(['active', 'ended'], 'ended'), 'active'),
	},
	title: 'name',
	order: 'id',
	indexes: [{ name: 'operator_accounts_by_site', columns: ['site_id', 'id'] }],
	check: ({ email }) => (/^[^\s@]+@[^\s@]+$/.test(email) ? undefined : 'email: is no address'),
	faces: [] as readonly Face<'id', never, never>[],
});
