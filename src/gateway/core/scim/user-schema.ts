import { attribute, type ScimModel, type ScimSchema, valued } from './scim-schema.ts';

export const USER_SCHEMA_ID = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const ENTERPRISE_USER_ID = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** RFC 7643, 4.1 and 8.7.1. */
const USER: ScimSchema = {
	id: USER_SCHEMA_ID,
	name: 'User',
	description: 'Operator: a person who signs in to the console',
	attributes: [
		attribute('userName', 'Unique name of the user; where it is an e-mail address, they sign in with it.', {
			...{ required: true, uniqueness: 'server' },
		}),
		attribute('name', 'The parts of the name.', {
			subAttributes: [
				attribute('formatted', 'The whole name as it is shown.'),
				attribute('familyName', 'Family name.'),
				attribute('givenName', 'Given name.'),
				attribute('middleName', 'Middle names.'),
				attribute('honorificPrefix', 'Title before the name.'),
				attribute('honorificSuffix', 'Suffix after the name.'),
			],
		}),
		attribute('displayName', 'The name that the console shows.'),
		attribute('nickName', 'What they are called.'),
		attribute('profileUrl', 'A page about them.', { type: 'reference', referenceTypes: ['external'], caseExact: true }),
		attribute('title', 'Their title, such as Vice President.'),
		attribute('userType', 'How they belong to the organisation.'),
		attribute('preferredLanguage', 'In which the console speaks: en, fr or nl, with or without a region (RFC 9110).'),
		attribute('locale', 'How dates and numbers are written for them.'),
		attribute('timezone', 'IANA time zone.'),
		attribute('active', 'Whether they may sign in, or choose a password to.', { type: 'boolean' }),
		attribute('password', 'To sign in with; write-only, and hashed.', { mutability: 'writeOnly', returned: 'never' }),
		valued('emails', 'E-mail addresses.', ['work', 'home', 'other']),
		valued('phoneNumbers', 'Telephone numbers.', ['work', 'home', 'mobile', 'fax', 'pager', 'other']),
		valued('ims', 'Addresses for instant messages.', []),
		valued('photos', 'Addresses of pictures.', ['photo', 'thumbnail'], {
			...{ type: 'reference', referenceTypes: ['external'], caseExact: true },
		}),
		attribute('addresses', 'Postal addresses.', {
			multiValued: true,
			subAttributes: [
				...['formatted', 'streetAddress', 'locality', 'region', 'postalCode', 'country'].map((name) =>
					attribute(name, `Part of the address: ${name}.`),
				),
				attribute('type', 'What it is for.', { canonicalValues: ['work', 'home', 'other'] }),
				attribute('primary', 'Whether it is the preferred one.', { type: 'boolean' }),
			],
		}),
		attribute('groups', 'Groups of operators they are in; changed through the group.', {
			...{ multiValued: true, mutability: 'readOnly' },
			subAttributes: [
				attribute('value', 'The id of the group.', { mutability: 'readOnly', caseExact: true }),
				attribute('$ref', 'Its address.', {
					...{ type: 'reference', referenceTypes: ['Group'], mutability: 'readOnly', caseExact: true },
				}),
				attribute('display', 'Its name.', { mutability: 'readOnly' }),
				attribute('type', 'Always direct.', { mutability: 'readOnly', canonicalValues: ['direct'] }),
			],
		}),
		valued('entitlements', 'What they may do elsewhere; kept, and without effect here.', []),
		attribute('roles', 'Roles of the console. Left out, they stay as they are.', {
			multiValued: true,
			subAttributes: [
				attribute('value', 'The id of a built-in role or of one of the site’s own.', { caseExact: true }),
				attribute('type', 'For what: site, or a part of it such as park:P1.', { caseExact: true }),
			],
		}),
		valued('x509Certificates', 'Certificates.', [], { type: 'binary', caseExact: true }),
	],
};

/** RFC 7643, 4.3. */
const ENTERPRISE_USER: ScimSchema = {
	id: ENTERPRISE_USER_ID,
	name: 'EnterpriseUser',
	description: 'Enterprise user',
	attributes: [
		attribute('employeeNumber', 'Number within the organisation.'),
		attribute('costCenter', 'Cost centre.'),
		attribute('organization', 'Organisation.'),
		attribute('division', 'Division.'),
		attribute('department', 'Department.'),
		attribute('manager', 'Who leads them.', {
			subAttributes: [
				attribute('value', 'The id of that user.', { caseExact: true }),
				attribute('$ref', 'Their address.', {
					...{ type: 'reference', referenceTypes: ['User'], mutability: 'readOnly', caseExact: true },
				}),
				attribute('displayName', 'Their name.', { mutability: 'readOnly' }),
			],
		}),
	],
};

export const USER_MODEL: ScimModel = {
	...{ name: 'User', endpoint: '/Users', description: 'Operators', core: USER, extensions: [ENTERPRISE_USER] },
};
