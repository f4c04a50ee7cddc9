/** One counter: an area, or a park as a whole. */
export interface AreaOccupancy {
	readonly areaId: string;
	readonly level: 'area' | 'park';
	readonly name: string;
	readonly parkId: string;
	readonly parentId: string | null;
	readonly capacity: number | null;
	readonly occupied: number;
	/** Held for vehicles let in whose passage has not happened yet. */
	readonly reserved: number;
}

export interface Occupancy {
	list(): readonly AreaOccupancy[];
}
