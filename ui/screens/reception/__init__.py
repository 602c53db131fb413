"""The chief's reception day in the window: plan and notice, the counter's docket, the board, what was promised."""
