/** The strategy that existing clients know from the documentation of `execute-code`; no single quote in it. */
export const EXAMPLE_SYMBOL = "AAPL";
export const EXAMPLE_CODE = [
  'df["sma"] = df["close"].rolling(20).mean()',
  'if df["close"].iloc[-1] > df["sma"].iloc[-1]: signal("buy", "SMA crossover")',
].join("\n");
