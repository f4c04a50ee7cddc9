import { describe, expect, it } from 'vitest';
import { type BrokerUser, mayPublish, maySubscribe, mayUseClientId } from '../../src/sync/broker-access-rules.ts';
import { centralSubscriptions, gatewaySubscriptions } from '../../src/sync/topics.ts';

const site: BrokerUser = { role: 'site', site: 'site-1' };
const central: BrokerUser = { role: 'central' };
const at = (tail: string) => `parkgate/1/acme/${tail}`;

describe('who may do what at the broker', () => {
	it('a site hears what it needs and nothing of another', () => {
		for (const filter of gatewaySubscriptions('acme', 'site-1', ['people', 'access']))
			expect(maySubscribe('acme', site, filter)).toBe(true);
		for (const filter of [
			'#',
			'+/1/acme/site/site-1/down/ack',
			at('site/+/down/ack'),
			at('site/site-2/down/ack'),
			at('site/site-1/up/events'),
			at('site/site-2/up/events'),
			'parkgate/1/other/site/site-1/down/ack',
			'$share/central/parkgate/1/acme/site/+/up/events',
			'$SYS/#',
		])
			expect(maySubscribe('acme', site, filter)).toBe(false);
	});

	it('a site writes its own up topics only', () => {
		expect(mayPublish('acme', site, at('site/site-1/up/events'))).toBe(true);
		expect(mayPublish('acme', site, at('site/site-1/up/will'))).toBe(true);
		for (const topic of [
			at('site/site-2/up/events'),
			at('site/site-1/down/ack'),
			at('stream/people/delta'),
			at('central/state'),
			'parkgate/1/other/site/site-1/up/events',
			'$SYS/broker',
		])
			expect(mayPublish('acme', site, topic)).toBe(false);
	});

	it('central hears what sites send and writes what goes down, never for a site', () => {
		for (const shared of [true, false])
			for (const filter of centralSubscriptions('acme', shared))
				expect(maySubscribe('acme', central, filter)).toBe(true);
		expect(maySubscribe('acme', central, '#')).toBe(false);
		expect(mayPublish('acme', central, at('site/site-1/down/data'))).toBe(true);
		expect(mayPublish('acme', central, at('central/state'))).toBe(true);
		expect(mayPublish('acme', central, at('site/site-1/up/events'))).toBe(false);
		expect(mayPublish('acme', central, 'parkgate/1/other/central/state')).toBe(false);
	});

	it('a client id belongs to its user: its session holds what others were sent', () => {
		expect(mayUseClientId('acme', site, 'parkgate-acme-site-1')).toBe(true);
		expect(mayUseClientId('acme', site, 'parkgate-acme-site-2')).toBe(false);
		expect(mayUseClientId('acme', site, 'parkgate-central-acme-1')).toBe(false);
		expect(mayUseClientId('acme', central, 'parkgate-central-acme-1')).toBe(true);
		expect(mayUseClientId('acme', central, 'parkgate-acme-site-1')).toBe(false);
	});
});
