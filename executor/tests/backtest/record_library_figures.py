# /// script
# requires-python = ">=3.11"
# dependencies = ["backtesting==0.6.6", "empyrical-reloaded==0.7.1", "numpy==2.4.6", "pandas==3.1.1"]
# ///
"""Record what two public libraries say about a moving average cross on the example series.

backtesting.py gives equity and trades, empyrical-reloaded the ratios of that equity. Nothing of ours
takes part. `test_figures_match_public_libraries.py` compares ours with the recorded file, so that the
tests need neither library. To record again: uv run record_library_figures.py
"""

import json
import warnings
from pathlib import Path

import empyrical
import pandas as pd
from backtesting import Backtest, Strategy

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[2] / "examples" / "market-data"
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


def figures(stats):
    equity = stats["_equity_curve"]["Equity"]
    returns = equity.pct_change().iloc[1:]
    trades = stats["_trades"]
    return {
        "equity_every_100": equity.iloc[::100].tolist(),
        "final_equity": float(equity.iloc[-1]),
        "total_return_pct": float(stats["Return [%]"]),
        "entry_bar": trades["EntryBar"].tolist(),
        "exit_bar": trades["ExitBar"].tolist(),
        "size": trades["Size"].tolist(),
        "pnl": trades["PnL"].tolist(),
        "total_trades": int(stats["# Trades"]),
        "win_rate_pct": float(stats["Win Rate [%]"]),
        "sqn": float(stats["SQN"]),
        "max_drawdown_pct": -100 * float(empyrical.max_drawdown(returns)),
        "volatility_pct": 100 * float(empyrical.annual_volatility(returns, annualization=252)),
        "sharpe": float(empyrical.sharpe_ratio(returns, RISK_FREE, annualization=252)),
        "sortino": float(empyrical.sortino_ratio(returns, RISK_FREE, annualization=252)),
    }


def main():
    recorded = {
        f"{path.stem} {direction}": figures(run(load(path.stem), direction))
        for path in sorted(EXAMPLES.glob("*.csv"))
        for direction in ("long", "long-short")
    }
    text = ",\n".join(f"{json.dumps(name)}: {json.dumps(values)}" for name, values in recorded.items())
    (HERE / "library_figures.json").write_text(f"{{\n{text}\n}}\n")


if __name__ == "__main__":
    main()
