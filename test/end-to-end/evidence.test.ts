import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeSolidJpeg } from '../../src/drivers/push-camera/solid-jpeg.ts';
import {
	type ApiClient,
	claimAndSignIn,
	createSiteFiles,
	type Daemon,
	signIn,
	startDaemon,
} from '../support/daemon.ts';
import { aPerson, STAFF, seedDirectory } from '../support/directory-seed.ts';
import { until } from '../support/program.ts';
import { hikvisionFixture } from '../support/push-camera.ts';

interface Told {
	readonly id: string;
	readonly reads: readonly { readonly decision: { readonly subject: string } | null }[];
}

const files = createSiteFiles(
	{
		ingest: { listen: '127.0.0.1:0', allow: ['127.0.0.0/8'] },
		devices: [{ id: 'cam-1', driver: 'hikvision-push', path: 'gate-north' }],
		lanes: [{ id: 'L1', kind: 'entry', from: 'outside', to: 'A1', identify: 'plateOnly', cameras: ['cam-1'] }],
	},
	'evidence',
);
let daemon: Daemon;
let api: ApiClient;

beforeAll(async () => {
	await seedDirectory(files.storeDir, [STAFF, ...aPerson({ id: 'walid', name: 'Walid Maes', plate: 'WX1234A' })]);
	daemon = await startDaemon({ configFile: files.configFile });
	api = await claimAndSignIn(daemon);
});

afterAll(async () => {
	await daemon?.kill();
	files[Symbol.dispose]();
});

const pictures = async () => (await api.get<{ items: readonly Told[] }>('evidence')).items;

/** As a camera does: the text and the plate's picture in one form. */
async function push(name: string): Promise<void> {
	const xml = hikvisionFixture('deepinview-v5.8.xml')
		.replace('<UUID>x</UUID>', `<UUID>${randomUUID()}</UUID>`)
		.replace('2026-07-05T20:44:40+01:00', new Date().toISOString());
	const form = new FormData();
	form.append('anpr.xml', new Blob([xml], { type: 'text/xml' }), 'anpr.xml');
	const picture = Buffer.from(encodeSolidJpeg(320, 240, 90, name));
	form.append('licensePlatePicture.jpg', new Blob([picture], { type: 'image/jpeg' }), 'licensePlatePicture.jpg');
	const answer = await fetch(`${daemon.ingestUrl}/gate-north`, { method: 'POST', body: form });
	expect(answer.status).toBe(200);
}

it('I15: the picture of a push stands with the decision it led to, and over a kill; what a kill left over is swept', async () => {
	await push('first');
	await until(
		async () => expect(await pictures()).toMatchObject([{ reads: [{ decision: { subject: 'WX1234A' } }] }]),
		90_000,
	);
	const [kept] = await pictures();
	const folder = path.join(files.storeDir, 'evidence', 'ab');
	mkdirSync(folder, { recursive: true });
	const left = path.join(folder, `${'ab'.repeat(32)}-0.jpg.part`);
	writeFileSync(left, 'half a picture');
	// In the middle of looking at another one.
	await push('second');
	await daemon.kill();
	daemon = await startDaemon({ configFile: files.configFile });
	api = await signIn(daemon.url);
	await until(() => expect(existsSync(left)).toBe(false), 20_000);
	expect((await pictures()).map(({ id }) => id)).toContain(kept?.id);
	const deleted = await api.send('DELETE', `evidence/${kept?.id}`, { reason: 'asked for' });
	expect(deleted).toMatchObject({ status: 200, body: { state: 'deleted' } });
	expect(existsSync(path.join(files.storeDir, 'evidence', `${kept?.id}`.slice(0, 2), `${kept?.id}-0.jpg`))).toBe(false);
});
