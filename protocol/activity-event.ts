/** The name of the event with which `hub.watch_activity` reports, for readers that bring no schemas along. */

/** The event that carries a report: its data are an `ActivityReport`. */
export const ACTIVITY_EVENT = "hub.activity";
