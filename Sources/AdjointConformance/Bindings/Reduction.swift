import AdjointCore

extension Calls {
    /// Reductions, scans, sorting, statistics.
    mutating func addReductions() {
        addSums()
        addTruths()
        addExtremes()
        addScans()
        addSpreads()
        addOrders()
        addDifferences()
        addCounts()
    }

    private mutating func addSums() {
        bind("sum") { call in
            let (x, dims, keep) = try call.reduction()
            return [x.sum(dim: dims, keepDim: keep, dtype: try call.dtype(nil, "dtype"))]
        }
        bind("nansum") { call in
            let (x, dims, keep) = try call.reduction()
            return [x.nansum(dim: dims, keepDim: keep, dtype: try call.dtype(nil, "dtype"))]
        }
        bind("mean") { call in
            let (x, dims, keep) = try call.reduction()
            return [x.mean(dim: dims, keepDim: keep, dtype: try call.dtype(nil, "dtype"))]
        }
        bind("nanmean") { call in
            let (x, dims, keep) = try call.reduction()
            return [x.nanmean(dim: dims, keepDim: keep, dtype: try call.dtype(nil, "dtype"))]
        }
        bind("prod") { call in
            let (x, dtype) = (try call.tensor(0), try call.dtype(nil, "dtype"))
            guard let dim = try call.int(1, "dim") else { return [x.prod(dtype: dtype)] }
            return [x.prod(dim: dim, keepDim: try call.bool(2, "keepdim"), dtype: dtype)]
        }
        bind("sum_to_size") { call in
            [try call.tensor(0).sumToSize(try call.ints(from: 1, "size"))]
        }
        bind("logsumexp") { call in
            let (x, dims, keep) = try call.reduction()
            return [x.logSumExp(dim: dims, keepDim: keep)]
        }
        bind("softmax") { call in
            [
                try call.tensor(0).softmax(
                    dim: try call.int(1, "dim", or: -1), dtype: try call.dtype(2, "dtype"))
            ]
        }
        bind("log_softmax") { call in
            [
                try call.tensor(0).logSoftmax(
                    dim: try call.int(1, "dim", or: -1), dtype: try call.dtype(2, "dtype"))
            ]
        }
    }

    private mutating func addTruths() {
        bind("all") { call in
            let (x, dims, keep) = try call.reduction()
            return [dims.isEmpty && !keep ? x.all() : x.all(dim: dims, keepDim: keep)]
        }
        bind("any") { call in
            let (x, dims, keep) = try call.reduction()
            return [dims.isEmpty && !keep ? x.any() : x.any(dim: dims, keepDim: keep)]
        }
        bind("count_nonzero") { call in
            let (x, dims, _) = try call.reduction()
            return [x.countNonzero(dim: dims)]
        }
    }

    private mutating func addExtremes() {
        bind("amax") { call in
            let (x, dims, keep) = try call.reduction()
            return [x.amax(dim: dims, keepDim: keep)]
        }
        bind("amin") { call in
            let (x, dims, keep) = try call.reduction()
            return [x.amin(dim: dims, keepDim: keep)]
        }
        bind("aminmax") { call in
            let found = try call.tensor(0).aminmax(
                dim: try call.int(nil, "dim"), keepDim: try call.bool(nil, "keepdim"))
            return [found.min, found.max]
        }
        bind("argmax") { call in
            [
                try call.tensor(0).argmax(
                    dim: try call.int(1, "dim"), keepDim: try call.bool(2, "keepdim"))
            ]
        }
        bind("argmin") { call in
            [
                try call.tensor(0).argmin(
                    dim: try call.int(1, "dim"), keepDim: try call.bool(2, "keepdim"))
            ]
        }
        bind("max") { call in
            let x = try call.tensor(0)
            if case .tensor? = call.argument(1, "other") { return try call.pair { $0.maximum($1) } }
            guard let dim = try call.int(1, "dim") else { return [x.max()] }
            let found = x.max(dim: dim, keepDim: try call.bool(2, "keepdim"))
            return [found.values, found.indices]
        }
        bind("min") { call in
            let x = try call.tensor(0)
            if case .tensor? = call.argument(1, "other") { return try call.pair { $0.minimum($1) } }
            guard let dim = try call.int(1, "dim") else { return [x.min()] }
            let found = x.min(dim: dim, keepDim: try call.bool(2, "keepdim"))
            return [found.values, found.indices]
        }
    }

    private mutating func addScans() {
        bind("cumsum") { call in
            [
                try call.tensor(0).cumsum(
                    dim: try call.int(1, "dim", or: 0), dtype: try call.dtype(2, "dtype"))
            ]
        }
        bind("cumprod") { call in
            [
                try call.tensor(0).cumprod(
                    dim: try call.int(1, "dim", or: 0), dtype: try call.dtype(2, "dtype"))
            ]
        }
        bind("logcumsumexp") { call in
            [try call.tensor(0).logcumsumexp(dim: try call.int(1, "dim", or: 0))]
        }
        bind("cummax") { call in
            let found = try call.tensor(0).cummax(dim: try call.int(1, "dim", or: 0))
            return [found.values, found.indices]
        }
        bind("cummin") { call in
            let found = try call.tensor(0).cummin(dim: try call.int(1, "dim", or: 0))
            return [found.values, found.indices]
        }
    }

    private mutating func addSpreads() {
        bind("var") { call in
            let (x, dims, correction, keep) = try call.spread()
            return [x.var(dim: dims, correction: correction, keepDim: keep)]
        }
        bind("std") { call in
            let (x, dims, correction, keep) = try call.spread()
            return [x.std(dim: dims, correction: correction, keepDim: keep)]
        }
        bind("var_mean") { call in
            let (x, dims, correction, keep) = try call.spread()
            let found = x.varMean(dim: dims, correction: correction, keepDim: keep)
            return [found.variance, found.mean]
        }
        bind("std_mean") { call in
            let (x, dims, correction, keep) = try call.spread()
            let found = x.stdMean(dim: dims, correction: correction, keepDim: keep)
            return [found.std, found.mean]
        }
    }
}
