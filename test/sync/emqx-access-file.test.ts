import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type BrokerUser, mayPublish, maySubscribe } from '../../src/sync/broker-access-rules.ts';
import { CHANNELS, centralSubscriptions, gatewaySubscriptions } from '../../src/sync/topics.ts';

type Action = 'publish' | 'subscribe';

interface Rule {
	readonly permission: string;
	readonly who: (username: string) => boolean;
	readonly action: string;
	readonly topics: readonly string[];
}

const RULES = readRules(readFileSync(join(import.meta.dirname, '../../config/emqx/acl.conf'), 'utf8'));

const SITES = ['north', 'south'];
const USERS: readonly (readonly [string, BrokerUser])[] = [
	['north', { role: 'site', site: 'north' }],
	['south', { role: 'site', site: 'south' }],
	['central', { role: 'central' }],
];
const TOPICS = ['acme', 'other'].flatMap((tenant) => {
	const at = (tail: string) => `parkgate/1/${tenant}/${tail}`;
	const channels = Object.keys(CHANNELS).filter((channel) => channel.includes('/'));
	const ofSites = SITES.flatMap((site) => channels.map((channel) => at(`site/${site}/${channel}`)));
	return [...ofSites, at('stream/people/head'), at('stream/access/delta'), at('central/state')];
});

/** EMQX itself is no part of the tests: the file is read by the rules of its own documentation. */
describe('D: config/emqx/acl.conf', () => {
	it.each(USERS)('lets %s publish exactly what the access rules let it', (username, user) => {
		for (const topic of TOPICS)
			expect(isAllowed(username, 'publish', topic), topic).toBe(mayPublish('acme', user, topic));
	});

	it('lets each subscribe to what it needs', () => {
		for (const filter of gatewaySubscriptions('acme', 'north', ['people', 'access']))
			expect(isAllowed('north', 'subscribe', filter), filter).toBe(true);
		for (const filter of centralSubscriptions('acme', true))
			expect(isAllowed('central', 'subscribe', filter.replace(/^\$share\/[^/]+\//, '')), filter).toBe(true);
	});

	it.each(USERS)('lets %s hear no other than the access rules let it', (username, user) => {
		for (const topic of TOPICS)
			if (user.role === 'site') expect(isAllowed(username, 'subscribe', topic)).toBe(maySubscribe('acme', user, topic));
		const wide = ['#', '+/#', 'parkgate/#', 'parkgate/1/acme/#', 'parkgate/1/acme/site/+/down/#', '$SYS/#'];
		for (const filter of wide) expect(isAllowed(username, 'subscribe', filter), filter).toBe(false);
	});

	it('lets nobody in whose name is a wildcard', () => {
		for (const username of ['+', '#', 'north/up', 'NORTH'])
			for (const topic of TOPICS) {
				expect(isAllowed(username, 'publish', topic)).toBe(false);
				expect(isAllowed(username, 'subscribe', topic)).toBe(false);
			}
	});
});

/** The first rule that fits decides; the last one is for everybody. */
function isAllowed(username: string, action: Action, topic: string): boolean {
	const rule = RULES.find(
		(one) =>
			(one.action === 'all' || one.action === action) &&
			one.who(username) &&
			one.topics.some((filter) => covers(filter.replace(/\$\{username\}/g, username).split('/'), topic.split('/'))),
	);
	return rule?.permission === 'allow';
}

function covers([part, ...filter]: readonly string[], topic: readonly string[]): boolean {
	if (part === '#') return true;
	const [level, ...rest] = topic;
	if (part === undefined || level === undefined) return part === level;
	return (part === '+' || part === level) && covers(filter, rest);
}

function readRules(text: string): readonly Rule[] {
	const terms = text
		.split('\n')
		.filter((line) => line !== '' && !line.startsWith('%%'))
		.map((line) => /^\{(allow|deny), (.+)\}\.$/.exec(line) ?? fail(line));
	return terms.map(([, permission = '', rest = '']): Rule => {
		if (rest === 'all') return { permission, who: () => true, action: 'all', topics: ['#'] };
		const parts = /^\{username, (?:"([^"]+)"|\{re, "([^"]+)"\})\}, (publish|subscribe), \[(.+)\]$/.exec(rest);
		const [, name, expression, action = '', topics = ''] = parts ?? fail(rest);
		const who = (username: string) =>
			expression === undefined ? username === name : new RegExp(expression).test(username);
		return { permission, who, action, topics: [...topics.matchAll(/"([^"]+)"/g)].map(([, topic = '']) => topic) };
	});
}

function fail(line: string): never {
	throw new Error(`not a rule that this test can read: ${line}`);
}
