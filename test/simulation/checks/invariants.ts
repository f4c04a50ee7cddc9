/** What must hold whatever happens at a site, by name; FEATURES ids where a row asks for it. */
export const INVARIANTS = {
	counted: 'every vehicle that went through is counted once, nobody else (N4)',
	counters: 'occupancy equals the vehicles that are really inside, but for what the gateway could not see (N4, X3)',
	bookkeeping: 'the counters follow from the journal alone, and decisions see them as they are (N1, X3)',
	lastPlace: 'a place is never given twice (X3)',
	oneVend: 'one vend lets at most one vehicle be counted; who follows is anonymous (N4)',
	identity: 'a passage is never recorded under the name of somebody else (N4)',
	stays: 'whoever is inside has one open stay, and nobody else (N4)',
	reservations: 'no reservation outlives its opening (N4)',
	pulseOnce: 'every pulse on the wire has its own decision or operator’s vend committed before it, and no second pulse',
	pulseInTime: 'no pulse leaves after its deadline, nor after a restart or a reconnection without a new decision',
	vendsEnd: 'every vend has one outcome in the journal',
	holds: 'the arm is held up only under fire or by an operator’s word given in this life of the gateway',
	exits: 'an exit in its default mode lets every vehicle out in bounded time while its barrier works',
	grants: 'a grant has no failing verdict, a refusal has one and opens nothing (N1)',
	replay: 'every decision comes out the same when it is decided again on its stored facts (N2)',
	reads: 'nothing is decided on what was not shown at that lane just now',
	revoked: 'what central took away opens no entry any more (N1)',
	closed: 'a closed or locked lane lets nobody in',
	journal: 'the journal verifies without a gap after every crash, and what was on the disk stays (N7)',
	settles: 'every lane comes to rest when nobody is there',
	alive: 'nothing throws where nobody catches it',
} as const;

export type Invariant = keyof typeof INVARIANTS;

export type Violate = (invariant: Invariant, problem: string) => void;
