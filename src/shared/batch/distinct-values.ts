/** Values numbered in the order in which they came; equal ones (as JSON) have one number. */
export class DistinctValues<Value> {
  readonly values: Value[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(value: Value): number {
    const known = this.find(value);
    if (known !== undefined) return known;
    this.#numbers.set(JSON.stringify(value), this.values.length);
    return this.values.push(value) - 1;
  }

  find(value: Value): number | undefined {
    return this.#numbers.get(JSON.stringify(value));
  }
}
