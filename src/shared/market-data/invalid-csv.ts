/** A file of bars that cannot be used: the row (from 1, the header not counted) where there is one, and why. */
export class InvalidCsv extends Error {
  override name = "InvalidCsv";
  readonly row: number | undefined;

  constructor(reason: string, row?: number) {
    super(row === undefined ? reason : `row ${row}: ${reason}`);
    this.row = row;
  }
}
