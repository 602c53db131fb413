"""Reports: figures of a month, stage or year with the lists behind them, units by duties done, ledgers; no persons."""
