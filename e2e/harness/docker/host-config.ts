/** Docker's HostConfig of every container of a run. A node logs some megabytes in ten minutes, and a kept cluster stays for days. */
export const runHostConfig = {
	LogConfig: {
		Type: "json-file",
		Config: { "max-size": "64m", "max-file": "2" },
	},
};
