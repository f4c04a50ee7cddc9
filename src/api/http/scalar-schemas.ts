import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../gateway/core/limits.ts';
import { REASONS } from '../../gateway/core/reason.ts';

/** A moment in an answer. */
export const time = z.string().openapi({ format: 'date-time', example: '2026-08-01T09:30:00.000+02:00' });
/** A moment in a request: RFC 3339 with its offset, read as UTC epoch ms. */
export const moment = z.iso
	.datetime({ offset: true })
	// Not by Temporal, which takes no more than nine digits of a second.
	.transform((text) => Date.parse(text))
	.openapi({ type: 'string', format: 'date-time' });
export const reasonSchema = z.enum(REASONS).openapi('Reason');
/** Why, in the operator's words. */
export const whySchema = z.string().trim().min(1).max(LIMITS.reasonLength);
/** An id in an answer, and in a request. */
export const id = z.string().openapi({ example: 'L1' });
export const givenId = z.string().min(1).max(64);
/** Which page of a list that grows without end. */
export const pageQuery = {
	cursor: z.string().max(400).optional(),
	limit: z.coerce.number().int().min(1).max(LIMITS.pageSize).default(50),
};
