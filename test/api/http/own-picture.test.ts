import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createHttpSite } from '../../support/http-site.ts';
import { noise, noiseJpeg, pixelsOf, solidJpeg } from '../../support/images.ts';
import { makeLogin } from '../../support/logins-without-passwords.ts';

const site = createHttpSite();
const { bench } = site;
const OWN = '/api/v1/me/picture';

function asOperator(role: string) {
	const login = makeLogin(bench, { role });
	const headers = { cookie: login.cookie, 'x-csrf-token': login.csrf };
	return {
		...login,
		get: (path: string, more: Record<string, string> = {}) => site.request(path, { headers: { ...headers, ...more } }),
		send: (bytes: Uint8Array, more: Record<string, string> = {}) => {
			const type = { 'content-type': 'application/octet-stream' };
			return site.request(OWN, { method: 'POST', headers: { ...headers, ...type, ...more }, body: Buffer.from(bytes) });
		},
		remove: () => site.request(OWN, { method: 'DELETE', headers }),
	};
}

let ann: ReturnType<typeof asOperator>;
let admin: ReturnType<typeof asOperator>;
beforeAll(() => {
	ann = asOperator('user');
	admin = asOperator('administrator');
});
afterAll(() => site.close());

describe('Z12 one’s own picture', () => {
	test('is kept as a small square, upright, with nothing of the file but its pixels', async () => {
		const secret = 'GPS 50.8466 4.3528';
		const exif = { IFD0: { ImageDescription: secret, Orientation: '6' } };
		const sent = await noise(600, 300).withExif(exif).jpeg().toBuffer();
		expect(sent.toString('latin1')).toContain(secret);
		expect((await ann.send(Buffer.concat([sent, Buffer.from('<script>appended</script>')]))).status).toBe(200);
		const answer = await ann.get(OWN);
		const kept = Buffer.from(await answer.arrayBuffer());
		const { info } = await pixelsOf(kept);
		expect([info.width, info.height]).toEqual([LIMITS.portraitSidePx, LIMITS.portraitSidePx]);
		expect(kept.length).toBeLessThan(LIMITS.portraitStoredBytes);
		expect(kept.toString('latin1')).not.toMatch(/GPS|Exif|script/);
		expect(Object.fromEntries(answer.headers)).toMatchObject({
			...{ 'content-type': 'image/jpeg', 'x-content-type-options': 'nosniff', 'cache-control': 'private, no-cache' },
			'content-security-policy': expect.stringContaining('sandbox'),
		});
		const etag = answer.headers.get('etag') ?? '';
		expect((await ann.get(OWN, { 'if-none-match': etag })).status).toBe(304);
	});

	test('is shown to who sees operators, and to nobody else', async () => {
		const path = `/api/v1/operators/${ann.operatorId}/picture`;
		expect((await admin.get(path)).status).toBe(200);
		expect(await (await admin.get(`/api/v1/operators/${ann.operatorId}`)).json()).toMatchObject({ hasPicture: true });
		expect((await asOperator('reception').get(path)).status).toBe(403);
		expect((await admin.get(OWN)).status, 'they gave none').toBe(404);
	});

	test('what is no picture, too large or a bomb of pixels is refused, and the one there was stays', async () => {
		const html = Buffer.from('<html><script>alert(1)</script></html>');
		const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>');
		const cut = (await noiseJpeg(300, 300)).subarray(0, 2_000);
		for (const bytes of [html, svg, cut, Buffer.alloc(0)]) expect((await ann.send(bytes)).status).toBe(422);
		expect((await ann.send(Buffer.alloc(LIMITS.portraitBytes + 1, 0xff))).status).toBe(413);
		const bomb = Buffer.from(solidJpeg('bomb'));
		// The frame header says how large it is (T.81, B.2.2): nothing of it is decoded.
		const frame = bomb.indexOf(Buffer.from([0xff, 0xc0]));
		bomb.writeUInt16BE(65_500, frame + 5);
		bomb.writeUInt16BE(65_500, frame + 7);
		expect((await ann.send(bomb)).status).toBe(422);
		expect((await ann.get(OWN)).status).toBe(200);
	});

	test('is journalled, taken away by its owner, and gone with the account', async () => {
		expect((await ann.remove()).status).toBe(200);
		expect((await ann.remove()).status).toBe(404);
		const told = bench.audits().filter(({ target }) => target === ann.operatorId);
		expect(told.map(({ action, operatorId }) => [action, operatorId])).toEqual([
			['ownPictureSet', ann.operatorId],
			['ownPictureRemoved', ann.operatorId],
		]);
		expect((await ann.send(solidJpeg('again'))).status).toBe(200);
		bench.operators.administration.remove(ann.operatorId, { operatorId: null, access: null });
		expect(bench.store.operators.pictureCount()).toBe(0);
	});

	test('who looks as somebody else sends no file either, nor does a page of another login', async () => {
		const viewer = asOperator('administrator');
		expect((await viewer.send(solidJpeg('x'), { 'x-csrf-token': admin.csrf })).status).toBe(403);
		const other = asOperator('reception');
		const headers = { cookie: viewer.cookie, 'x-csrf-token': viewer.csrf, 'content-type': 'application/json' };
		const path = `/api/v1/operators/${other.operatorId}/view-as`;
		expect((await site.request(path, { method: 'POST', headers, body: '{}' })).status).toBe(200);
		expect((await viewer.send(solidJpeg('x'))).status).toBe(403);
	});
});
