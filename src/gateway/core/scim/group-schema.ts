import { OPERATOR_GROUP_KINDS } from '../permission/operator-group.ts';
import { attribute, type ScimModel, type ScimSchema } from './scim-schema.ts';

export const GROUP_SCHEMA_ID = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const OPERATOR_GROUP_ID = 'urn:parkgate:params:scim:schemas:extension:2.0:OperatorGroup';

/** RFC 7643, 4.2. */
const GROUP: ScimSchema = {
	id: GROUP_SCHEMA_ID,
	name: 'Group',
	description: 'Group of operators',
	attributes: [
		attribute('displayName', 'Its name, unique beside its neighbours.', { required: true }),
		attribute('members', 'Operators in the group itself.', {
			multiValued: true,
			subAttributes: [
				attribute('value', 'The id of the user.', { mutability: 'immutable', caseExact: true }),
				attribute('$ref', 'Their address.', {
					...{ type: 'reference', referenceTypes: ['User'], mutability: 'immutable', caseExact: true },
				}),
				attribute('display', 'Their name.', { mutability: 'readOnly' }),
				attribute('type', 'Always User.', { mutability: 'immutable', canonicalValues: ['User'] }),
			],
		}),
	],
};

const OPERATOR_GROUP: ScimSchema = {
	id: OPERATOR_GROUP_ID,
	name: 'OperatorGroup',
	description: 'What Parkgate knows of a group besides. Left out, it stays as it is.',
	attributes: [
		attribute('kind', 'What the group stands for; role unless said.', { canonicalValues: OPERATOR_GROUP_KINDS }),
		attribute('tags', 'Words to find it by.', { multiValued: true, caseExact: true }),
		attribute('parent', 'The group it stands in: what that gives and denies holds in it too.', {
			subAttributes: [
				attribute('value', 'The id of that group.', { caseExact: true }),
				attribute('$ref', 'Its address.', {
					...{ type: 'reference', referenceTypes: ['Group'], mutability: 'readOnly', caseExact: true },
				}),
				attribute('display', 'Its name.', { mutability: 'readOnly' }),
			],
		}),
	],
};

export const GROUP_MODEL: ScimModel = {
	...{ name: 'Group', endpoint: '/Groups', description: 'Groups of operators', core: GROUP },
	extensions: [OPERATOR_GROUP],
};
