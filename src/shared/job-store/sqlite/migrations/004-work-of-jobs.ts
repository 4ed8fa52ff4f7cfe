/** What a job did, by content, so that an identical one finds its end. */
export const addWorkOfJobs = `
ALTER TABLE jobs ADD COLUMN work TEXT;
CREATE INDEX jobs_by_work ON jobs (work) WHERE work IS NOT NULL;
`;
