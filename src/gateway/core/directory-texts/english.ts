import type { DirectoryTexts } from './directory-texts.ts';
import { tablesEnglish } from './english-tables.ts';

export const directoryEnglish: DirectoryTexts = {
	faces: {
		holders: {
			title: 'People',
			one: 'Person',
			add: 'New person',
			about: 'Everybody who may park here: people, organisations and vehicles. Add one, or import a list.',
		},
		vehicles: {
			title: 'Vehicles',
			one: 'Vehicle',
			add: 'New vehicle',
			count: { one: '{count} vehicle', other: '{count} vehicles' },
			about: 'Vehicles of a fleet: they hold rights themselves, and people of their sharing group book them.',
		},
		groups: {
			title: 'Groups',
			one: 'Group',
			add: 'New group',
			about: 'People who belong together: a company, a tenant with places of its own, a circle that shares vehicles.',
		},
		credentials: {
			title: 'Credentials',
			one: 'Credential',
			add: 'New credential',
			about: 'What people are known by at a lane: tags, plates, PINs and QR codes. Best added from the person’s page.',
		},
		'right-specifications': {
			title: 'Kinds of right',
			one: 'Kind of right',
			add: 'New kind of right',
			about: 'What can be granted: where, when and how somebody may park. Make one, then give it to people.',
		},
		rights: {
			title: 'Rights',
			one: 'Right',
			add: 'Give a right',
			about: 'Who was granted what. A profile alone opens nothing: give people a right here, or by a bundle.',
		},
		pools: {
			title: 'Pools',
			one: 'Pool',
			add: 'New pool',
			about: 'A number of places that a tenant or another circle shares.',
		},
		bundles: {
			title: 'Bundles',
			one: 'Bundle',
			add: 'New bundle',
			about: 'Rights that everybody with a tag word gets together, so that they need not be given one by one.',
		},
		'planned-uses': {
			title: 'Bookings',
			one: 'Booking',
			add: 'New booking',
			about: 'Places and vehicles booked for a time. Book one from a person’s page or here.',
		},
		schedules: {
			title: 'Schedules',
			one: 'Schedule',
			add: 'New schedule',
			about: 'Hours of the week and special days in which rights are good. Without one a right is good at any time.',
		},
	},
	groups: {
		identity: 'Basics',
		contact: 'Contact',
		belonging: 'Belongs to',
		more: 'Notes',
		sharing: 'Places and sharing',
		validity: 'Validity',
		uses: 'How often',
		booking: 'Booking and kept places',
		stay: 'Length of stay',
		payment: 'Price and credits',
		place: 'Where',
	},
	tables: tablesEnglish,
};
