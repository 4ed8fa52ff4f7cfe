"""What public libraries say about a moving average cross on the example series, as JSON on standard output.

backtesting.py gives equity and trades, empyrical-reloaded the ratios of that equity, scipy the shape of its
returns. Nothing of ours takes part. It runs in .venv-libraries, which `npm test` makes:

    .venv-libraries/bin/python executor/tests/backtest/public_library_figures.py
"""

import json
import warnings
from pathlib import Path

import empyrical
import pandas as pd
from backtesting import Backtest, Strategy
from scipy import stats

EXAMPLES = Path(__file__).parents[3] / "examples" / "market-data"
CASH, COMMISSION, FAST, SLOW, RISK_FREE = 1_000_000, 0.001, 10, 30, 0.0001


def load(symbol):
    frame = pd.read_csv(EXAMPLES / f"{symbol}.csv", parse_dates=["date"], index_col="date")
    return frame.rename(columns=str.capitalize)


def words(close):
    fast, slow = close.rolling(FAST).mean(), close.rolling(SLOW).mean()
    state = ((fast > slow).astype(int) - (fast < slow).astype(int)).replace(0, float("nan")).ffill().fillna(0)
    return state.where(state != state.shift(fill_value=0), 0).astype(int).tolist()


def run(frame, direction):
    signals = words(frame["Close"])

    class Cross(Strategy):
        def init(self):
            pass

        def next(self):
            word = signals[len(self.data) - 1]
            if word:
                self.position.close()
            if word > 0:
                self.buy()
            elif word < 0 and direction == "long-short":
                self.sell()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Backtest(frame, Cross, cash=CASH, commission=COMMISSION, spread=0).run()


def figures(outcome):
    equity = outcome["_equity_curve"]["Equity"]
    returns = equity.pct_change().iloc[1:]
    trades = outcome["_trades"]
    return {
        "equity": equity.tolist(),
        "trades": {name: trades[name].tolist() for name in ("EntryBar", "ExitBar", "Size", "PnL")},
        "metrics": {
            "final_equity": float(equity.iloc[-1]),
            "total_return_pct": float(outcome["Return [%]"]),
            "total_trades": int(outcome["# Trades"]),
            "win_rate_pct": float(outcome["Win Rate [%]"]),
            "sqn": float(outcome["SQN"]),
            "max_drawdown_pct": -100 * float(empyrical.max_drawdown(returns)),
            "volatility_pct": 100 * float(empyrical.annual_volatility(returns, annualization=252)),
            "sharpe": float(empyrical.sharpe_ratio(returns, RISK_FREE, annualization=252)),
            "sortino": float(empyrical.sortino_ratio(returns, RISK_FREE, annualization=252)),
        },
        "moments": {
            "returns": len(returns),
            "mean": float(returns.mean()),
            "deviation": float(returns.std()),
            "skewness": float(stats.skew(returns)),
            "kurtosis": float(stats.kurtosis(returns, fisher=False)),
        },
    }


def main():
    """Prints the figures of each series in both directions."""
    found = {
        f"{path.stem} {direction}": figures(run(load(path.stem), direction))
        for path in sorted(EXAMPLES.glob("*.csv"))
        for direction in ("long", "long-short")
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
