let ahead = 0;

/**
 * Says how the clock of the engine's machine, which is the cluster's, differs from this process'. The clock of a virtual
 * machine lags after a sleep.
 *
 * @param milliseconds by which it is ahead; below 0, behind
 */
export function setClusterClock(milliseconds: number): void {
	ahead = milliseconds;
}

/** Milliseconds by which the cluster's clock is ahead of this process'. */
export function clusterClockAhead(): number {
	return ahead;
}

/** The cluster's time, in milliseconds: what is sent to the stack, and what is compared with what it answers. */
export function clusterNow(): number {
	return Date.now() + ahead;
}
