/** Rows that one statement of the housekeeping deletes at most, so that none takes long. */
export const batch = 5000
