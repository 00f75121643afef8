"""The kit that registers are made of: versions, states, history, lists, forms and files. It holds no register."""
