import { z } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { operatorOf } from '../login-context.ts';
import { noSuch } from '../problem.ts';
import { takeUpload } from '../upload.ts';
import { answerPicture } from './evidence-routes.ts';
import { photoRefused } from './intervention-problems.ts';
import {
	type InterventionRoutesDeps,
	interventionParams,
	interventionsPath,
	maintenanceOf,
	interventionTag as tag,
} from './intervention-routes.ts';
import { photoSchema, shownPhoto } from './intervention-schemas.ts';

const path = `${interventionsPath}/{number}/photos` as const;
const onePhoto = interventionParams.extend({ photoId: z.string().regex(/^[0-9a-f]{64}$/) });

/** Photos of an intervention. */
export function interventionPhotoRoutes(deps: InterventionRoutesDeps): readonly Route[] {
	const { presenter } = deps;
	return [
		defineRoute({
			...{ method: 'post', path, permission: { inParts: 'interventions:work' }, tag, upload: true, status: 201 },
			summary: `Add a photo: the file itself, or a form; JPEG or PNG, up to ${LIMITS.photoBytes / 1_048_576} MB, kept within ${LIMITS.photoSidePx} pixels`,
			params: interventionParams,
			query: z.strictObject({ fileName: z.string().max(1_000).optional() }),
			answer: photoSchema,
			problems: [404, 409, 413, 422, 429, 503],
			async handle({ params: { number } }, c) {
				const bytes = await bytesOf(takeUpload(c).chunks, LIMITS.photoBytes);
				const answer = await maintenanceOf(deps, c).photos.add(number, bytes, operatorOf(c));
				return answer.result === 'done' ? shownPhoto(presenter, answer.photo) : photoRefused(c, answer);
			},
		}),
		defineRoute({
			...{ method: 'delete', path: `${path}/{photoId}`, permission: { inParts: 'interventions:work' }, tag },
			summary: 'Delete a photo for good; that it was there stays in the history',
			...{ params: onePhoto, answer: photoSchema, problems: [404, 409] },
			async handle({ params: { number, photoId } }, c) {
				const answer = await maintenanceOf(deps, c).photos.remove(number, photoId, operatorOf(c));
				return answer.result === 'done' ? shownPhoto(presenter, answer.photo) : photoRefused(c, answer);
			},
		}),
		...(['image', 'thumbnail'] as const).map((form) =>
			defineRoute({
				...{ method: 'get', path: `${path}/{photoId}/${form}`, permission: { inParts: 'interventions:read' }, tag },
				summary: form === 'image' ? 'The photo' : 'A small JPEG of it',
				...{ params: onePhoto, answer: 'image/jpeg', problems: [404], etag: true },
				async handle({ params: { number, photoId } }, c) {
					const file = (await maintenanceOf(deps, c).photos.file(number, photoId, form)) ?? noSuch('photo', photoId);
					return answerPicture(c, file);
				},
			}),
		),
	];
}

/** A file that fits into memory. Throws HTTPException 413. */
export async function bytesOf(chunks: AsyncIterable<Uint8Array>, maximum: number): Promise<Uint8Array> {
	const parts: Uint8Array[] = [];
	let length = 0;
	for await (const chunk of chunks) {
		length += chunk.length;
		if (length > maximum) throw new HTTPException(413);
		parts.push(chunk);
	}
	return Buffer.concat(parts);
}
