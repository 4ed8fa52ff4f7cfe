/** Strategies to begin with, two of which show what their authors get. */
export interface Example {
  name: string;
  code: string;
}

export const EXAMPLES: readonly Example[] = [
  {
    name: "Moving averages",
    code: `fast = param('fast', 10, min=2)
slow = param('slow', 30, min=3)

def strategy(data):
    close = data['close']
    if close.rolling(fast).mean().iloc[-1] > close.rolling(slow).mean().iloc[-1]:
        return 'BUY'
    return 'SELL'
`,
  },
  {
    name: "A broken one",
    code: `def strategy(data):
    fast = data['Close'].rolling(10).mean()
    return 'BUY' if fast.iloc[-1] > data['close'].iloc[-1] else 'SELL'
`,
  },
  {
    name: "One that never ends",
    code: `def strategy(data):
    while True:
        pass
`,
  },
];
