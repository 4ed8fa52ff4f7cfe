/** What must be true of the machine and is not; the message is one line that says what to install or set. */
export class UnfitMachineError extends Error {
  override name = "UnfitMachineError";
}
