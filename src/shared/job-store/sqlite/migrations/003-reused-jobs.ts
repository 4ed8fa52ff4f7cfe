/** The identical job whose end a job took over. */
export const addReusedJobs = `
ALTER TABLE jobs ADD COLUMN of_job TEXT;
`;
