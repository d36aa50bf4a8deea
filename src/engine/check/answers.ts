/** What stands in a table where nothing was computed yet, and where a machine refuses. Everything known is not negative. */
export const UNKNOWN = -1;
export const REFUSED = -2;
