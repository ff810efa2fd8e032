/** Values that the test adds because of what others say. */
export interface Addition {
	/** YAML */
	readonly content: string;
	/** What they change, e.g. `grafana.env.GF_AUTH_DISABLE_LOGIN_FORM=false`. */
	readonly changed: readonly string[];
	readonly reason: string;
}
