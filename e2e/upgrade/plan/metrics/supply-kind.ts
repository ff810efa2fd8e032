/** Whether a target has series of a metric. */
export type SupplyKind = "has" | "may have" | "has not";
