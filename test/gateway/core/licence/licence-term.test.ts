import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { licenceFacts } from '../../../../src/gateway/core/licence/licence-facts.ts';
import { licenceTerm, STOPS } from '../../../../src/gateway/core/licence/licence-term.ts';
import { A_LICENCE } from '../../../support/licensing-bench.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 0, 1);
const END_MS = A_LICENCE.exp * 1_000;
const at = (days: number, fromMs = START_MS) => fromMs + days * DAY_MS;

describe('B2: what a product licence allows as time goes by', () => {
	test.each([
		['commissioning, on the first day', null, at(0), 'commissioning', []],
		['commissioning, on the last day', null, at(30) - 1, 'commissioning', []],
		['commissioning is over: first nothing is activated any more', null, at(30), 'ended', ['activations']],
		['a week later statistics stop', null, at(37), 'ended', ['activations', 'statistics']],
		['valid, whenever the gateway was first started', A_LICENCE, END_MS - 1, 'valid', []],
		['grace from the last second on', A_LICENCE, END_MS, 'grace', []],
		['grace for 30 days', A_LICENCE, at(30, END_MS) - 1, 'grace', []],
		['after the grace activations stop', A_LICENCE, at(30, END_MS), 'ended', ['activations']],
		['then visitors', A_LICENCE, at(44, END_MS), 'ended', ['activations', 'statistics', 'visitors']],
		['then cameras', A_LICENCE, at(51, END_MS), 'ended', ['activations', 'statistics', 'visitors', 'cameras']],
		['entries last', A_LICENCE, at(60, END_MS), 'ended', STOPS.map(({ stops }) => stops)],
	])('%s', (_, licence, nowMs, phase, stopped) => {
		expect(licenceTerm(licence, START_MS, nowMs)).toMatchObject({ phase, stopped });
	});

	test('what stops next is always told, until all has stopped', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 200 * DAY_MS }), fc.boolean(), (passedMs, hasLicence) => {
				const nowMs = (hasLicence ? END_MS : START_MS) + passedMs;
				const { stopped, next, endsAtMs, phase } = licenceTerm(hasLicence ? A_LICENCE : null, START_MS, nowMs);
				expect(stopped).toEqual(STOPS.slice(0, stopped.length).map(({ stops }) => stops));
				expect(next?.stops).toBe(STOPS[stopped.length]?.stops);
				if (next !== null) expect(next.atMs).toBeGreaterThan(nowMs);
				expect(endsAtMs === null).toBe(phase === 'ended');
			}),
		);
	});
});

describe('I16, I17: what decisions are told', () => {
	const site = {
		licence: A_LICENCE,
		term: licenceTerm(A_LICENCE, START_MS, START_MS),
		cameras: ['cam-1', 'cam-2'],
		activeCameras: new Set(['cam-1']),
		statements: new Map<string, { active: boolean }>(),
	};

	test('a camera without a licence is named', () => {
		expect(licenceFacts(site, 'P1')).toEqual({
			...{ productLicence: 'valid', rfidEnabled: true, parkActive: true },
			unlicensedCameras: ['cam-2'],
		});
	});

	test.each([
		['no camera counts without anpr', { capabilities: ['rfid'] }, { unlicensedCameras: ['cam-1', 'cam-2'] }],
		['no tag counts without rfid', { capabilities: ['anpr'] }, { rfidEnabled: false }],
		['a park that the licence does not name is inactive', { parks: ['P2'] }, { parkActive: false }],
		['a park that it names is active', { parks: ['P1'] }, { parkActive: true }],
	])('%s', (_, change, expected) => {
		expect(licenceFacts({ ...site, licence: { ...A_LICENCE, ...change } }, 'P1')).toMatchObject(expected);
	});

	test('I18: support’s word outranks the licence, both ways', () => {
		const said = (active: boolean) => new Map([['P1', { active }]]);
		expect(licenceFacts({ ...site, statements: said(false) }, 'P1').parkActive).toBe(false);
		const elsewhere = { ...A_LICENCE, parks: ['P2'] };
		expect(licenceFacts({ ...site, licence: elsewhere, statements: said(true) }, 'P1').parkActive).toBe(true);
	});

	test('entries stop last: before that drivers notice nothing of the product licence itself', () => {
		const told = (days: number) =>
			licenceFacts({ ...site, term: licenceTerm(A_LICENCE, START_MS, at(days, END_MS)) }, 'P1').productLicence;
		expect([-1, 0, 29, 30, 59, 60].map(told)).toEqual(['valid', 'grace', 'grace', 'grace', 'grace', 'expired']);
	});
});
