/** The cells of an owner's batches that have not ended are summed in an index alone. */
export const addOpenCells = `
ALTER TABLE batches ADD COLUMN cells INTEGER;
UPDATE batches SET cells = json_extract(record, '$.cells');
CREATE INDEX batches_open_of_owner ON batches (owner, status, cells) WHERE status IN ('queued', 'running');
`;
