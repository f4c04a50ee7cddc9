/** Where one vehicle is in its way through a lane; DOMAIN words. */
export type LanePhase =
	| 'idle'
	| 'arrived'
	| 'identifying'
	| 'deciding'
	| 'refused'
	| 'opening'
	| 'openWait'
	| 'passing'
	| 'passed'
	| 'closing'
	| 'backedOut'
	| 'tailgate'
	| 'faulted'
	| 'heldOpen'
	| 'closedToAll';
