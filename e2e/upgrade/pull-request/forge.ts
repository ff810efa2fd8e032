/** A comment on a pull request. */
export interface ForgeComment {
	readonly id: number;
	readonly body: string;
	readonly author: string;
	/** Whether the author is one that only programs write as. */
	readonly isBot: boolean;
}

/** A pull request of one forge, as its token sees it. Each method throws ForgeError or UnexpectedFormError. */
export interface PullRequestForge {
	/** Whom the token belongs to; undefined if it is that of an app or a job, which may not ask. */
	whoAmI(): Promise<string | undefined>;
	/** All comments, oldest first. */
	comments(): Promise<ForgeComment[]>;
	create(body: string): Promise<void>;
	edit(id: number, body: string): Promise<void>;
}
