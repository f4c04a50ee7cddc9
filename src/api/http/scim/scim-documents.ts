import { LIMITS } from '../../../gateway/core/limits.ts';
import { GROUP_MODEL } from '../../../gateway/core/scim/group-schema.ts';
import type { ScimModel, ScimSchema } from '../../../gateway/core/scim/scim-schema.ts';
import { USER_MODEL } from '../../../gateway/core/scim/user-schema.ts';

export const MODELS: readonly ScimModel[] = [USER_MODEL, GROUP_MODEL];

const SERVICE_PROVIDER_ID = 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig';
const RESOURCE_TYPE_ID = 'urn:ietf:params:scim:schemas:core:2.0:ResourceType';
const SCHEMA_ID = 'urn:ietf:params:scim:schemas:core:2.0:Schema';

/** RFC 7643, 5. */
export function serviceProviderConfig(base: string) {
	return {
		schemas: [SERVICE_PROVIDER_ID],
		patch: { supported: true },
		bulk: {
			...{ supported: true, maxOperations: LIMITS.scimBulkOperations, maxPayloadSize: LIMITS.requestBodyBytes },
		},
		filter: { supported: true, maxResults: LIMITS.scimPage },
		changePassword: { supported: true },
		sort: { supported: true },
		etag: { supported: true },
		authenticationSchemes: [
			{
				type: 'oauthbearertoken',
				name: 'API token',
				description: 'A token with the permission scim, lent by an administrator, as a bearer token (RFC 6750)',
				specUri: 'https://www.rfc-editor.org/info/rfc6750',
				primary: true,
			},
		],
		meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
	};
}

/** RFC 7643, 6. */
export function resourceType({ name, endpoint, description, core, extensions }: ScimModel, base: string) {
	return {
		schemas: [RESOURCE_TYPE_ID],
		...{ id: name, name, endpoint, description, schema: core.id },
		schemaExtensions: extensions.map(({ id }) => ({ schema: id, required: false })),
		meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${name}` },
	};
}

export const SCHEMAS: readonly ScimSchema[] = MODELS.flatMap(({ core, extensions }) => [core, ...extensions]);

/** RFC 7643, 7. */
export function schemaDocument({ id, name, description, attributes }: ScimSchema, base: string) {
	return {
		schemas: [SCHEMA_ID],
		...{ id, name, description, attributes },
		meta: { resourceType: 'Schema', location: `${base}/Schemas/${id}` },
	};
}
