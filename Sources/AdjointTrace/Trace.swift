public import AdjointCore
