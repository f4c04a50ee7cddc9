import { defineAggregate, type Face } from './aggregate.ts';
import { choice, key, text } from './field.ts';

/** Room for the claims of any licence in base64, and a signature; within a message of every broker. */
const DOCUMENT_LENGTH = 16_384;

/**
 * Signed licences and statements on their way to the site they are for. No face: a row is worth what its signature is,
 * and the site decides by that alone.
 */
export const licenceDocuments = defineAggregate({
	name: 'licenceDocuments',
	sqlName: 'sent_licences',
	stream: 'licences',
	fields: {
		id: key(),
		/** For whom; the others leave it alone. */
		siteId: text(64),
		kind: choice(['productLicence', 'parkStatement'], 'productLicence'),
		/** JWS in compact form. */
		document: text(DOCUMENT_LENGTH),
	},
	title: 'id',
	order: 'id',
	indexes: [{ name: 'sent_licences_by_site', columns: ['site_id', 'id'] }],
	faces: [] as readonly Face<'id', never, never>[],
});
