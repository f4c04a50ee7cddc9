import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EquipmentFacts } from '../../../../src/gateway/core/access/facts.ts';
import { NORMAL } from '../../../../src/gateway/core/lane/lane-mode.ts';
import { EVERYTHING_LICENSED } from '../../../../src/gateway/core/licence/licence-facts.ts';
import { createWhatIf, type WhatIf } from '../../../../src/gateway/services/decisions/what-if.ts';
import { createFactsLoader } from '../../../../src/gateway/services/lanes/load-facts.ts';
import { aLane } from '../../../support/access-facts.ts';
import { aPerson, STAFF } from '../../../support/directory-seed.ts';
import { createSiteBench, usualSite } from '../../../support/site-bench.ts';

const lane = aLane({ identify: 'either', readers: ['reader-1'], cameras: ['cam-1', 'cam-2'] });
const site = { ...usualSite, lanes: [lane] };

let bench: Awaited<ReturnType<typeof createSiteBench>>;
let equipment: EquipmentFacts;
let whatIf: WhatIf;
beforeEach(async () => {
	bench = await createSiteBench({ site });
	equipment = EVERYTHING_LICENSED;
	const { store } = bench;
	const directory = bench.directory.reader;
	const loadFacts = createFactsLoader({
		...{ site, store, directory },
		equipment: () => equipment,
		lastUse: () => undefined,
		clockTrust: () => 'synced',
	});
	whatIf = createWhatIf({ site, directory, loadFacts, modeOf: () => NORMAL });
	await bench.give([STAFF, ...aPerson({ id: 'anna', name: 'Anna Peeters', tag: 'A1', plate: '1ABC234' })]);
});
afterEach(() => bench.close());

describe('N2: what would be decided knows the licences of the lane', () => {
	const ask = (who: Parameters<WhatIf['check']>[0]['who']) =>
		whatIf.check({ laneId: lane.id, who, atMs: bench.clock.nowMs() }).decision;
	const plate = { kind: 'plate', value: '1ABC234' } as const;

	test('a plate is read by a camera that has a licence, where the lane has one', () => {
		equipment = { ...EVERYTHING_LICENSED, unlicensedCameras: ['cam-1'] };
		expect(ask(plate)).toMatchObject({ outcome: 'granted' });
	});

	test('a plate opens nothing where no camera has one; a tag does', () => {
		equipment = { ...EVERYTHING_LICENSED, unlicensedCameras: ['cam-1', 'cam-2'] };
		expect(ask(plate)).toMatchObject({ outcome: 'refused', headline: 'CAMERA_UNLICENSED' });
		expect(ask({ kind: 'holder', holderId: 'anna' })).toMatchObject({ outcome: 'granted', credentialId: 'anna-tag' });
	});

	test('a tag opens nothing without RFID; the plate of the same holder does', () => {
		equipment = { ...EVERYTHING_LICENSED, rfidEnabled: false };
		expect(ask({ kind: 'tag', value: 'A1' })).toMatchObject({ outcome: 'refused', headline: 'RFID_NOT_ENABLED' });
		expect(ask({ kind: 'holder', holderId: 'anna' })).toMatchObject({ outcome: 'granted', credentialId: 'anna-plate' });
	});
});
