import AdjointCore

extension Calls {
    /// What sorts.
    mutating func addOrders() {
        bind("sort") { call in
            let found = try call.tensor(0).sort(
                dim: try call.int(1, "dim", or: -1), descending: try call.bool(2, "descending"))
            _ = try call.bool(nil, "stable")
            return [found.values, found.indices]
        }
        bind("argsort") { call in
            _ = try call.bool(nil, "stable")
            return [
                try call.tensor(0).argsort(
                    dim: try call.int(1, "dim", or: -1), descending: try call.bool(2, "descending"))
            ]
        }
        bind("msort") { [try $0.tensor(0).msort()] }
        bind("topk") { call in
            let found = try call.tensor(0).topk(
                try call.int(1, "k", or: 1), dim: try call.int(2, "dim", or: -1),
                largest: try call.bool(3, "largest", or: true))
            _ = try call.bool(4, "sorted")
            return [found.values, found.indices]
        }
        bind("kthvalue") { call in
            let found = try call.tensor(0).kthValue(
                try call.int(1, "k", or: 1), dim: try call.int(2, "dim", or: -1),
                keepDim: try call.bool(3, "keepdim"))
            return [found.values, found.indices]
        }
        bind("mode") { call in
            let found = try call.tensor(0).mode(
                dim: try call.int(1, "dim", or: -1), keepDim: try call.bool(2, "keepdim"))
            return [found.values, found.indices]
        }
        bind("median") { call in
            let x = try call.tensor(0)
            guard let dim = try call.int(1, "dim") else { return [x.median()] }
            let found = x.median(dim: dim, keepDim: try call.bool(2, "keepdim"))
            return [found.values, found.indices]
        }
        bind("nanmedian") { call in
            let x = try call.tensor(0)
            guard let dim = try call.int(1, "dim") else { return [x.nanmedian()] }
            let found = x.nanmedian(dim: dim, keepDim: try call.bool(2, "keepdim"))
            return [found.values, found.indices]
        }
        bind("quantile") { try $0.quantile(ignoresNaN: false) }
        bind("nanquantile") { try $0.quantile(ignoresNaN: true) }
        bind("searchsorted") { call in
            let right = try call.bool(nil, "right") || call.text(nil, "side") == "right"
            let int32 = try call.bool(nil, "out_int32")
            return [
                try call.tensor(0).searchsorted(
                    try call.tensorOrNumber(1, "input"), right: right, outInt32: int32,
                    sorter: try call.optionalTensor(nil, "sorter"))
            ]
        }
        bind("bucketize") { call in
            [
                try call.tensorOrNumber(0).bucketize(
                    try call.tensor(1, "boundaries"), right: try call.bool(nil, "right"),
                    outInt32: try call.bool(nil, "out_int32"))
            ]
        }
    }

    /// Differences, slopes, integrals.
    mutating func addDifferences() {
        bind("diff") { call in
            [
                try call.tensor(0).diff(
                    n: try call.int(1, "n", or: 1), dim: try call.int(2, "dim", or: -1),
                    prepend: try call.optionalTensor(3, "prepend"),
                    append: try call.optionalTensor(4, "append"))
            ]
        }
        bind("gradient") { call in
            let (x, dims) = (try call.tensor(0), try call.ints(nil, "dim"))
            let order = try call.int(nil, "edge_order", or: 1)
            switch call.argument(nil, "spacing") {
            case nil, .null: return x.gradient(dim: dims, edgeOrder: order)
            case .list(let list):
                if case .tensor? = list.first {
                    let places = try call.tensorList(nil, "spacing")
                    return x.gradient(coordinates: places, dim: dims, edgeOrder: order)
                }
                let steps = try list.map { step -> Double in
                    switch step {
                    case .int(let value): Double(value)
                    case .float(let value): value
                    default: throw Mismatch("a spacing is \(step)")
                    }
                }
                return x.gradient(spacing: steps, dim: dims, edgeOrder: order)
            default:
                let step = try call.double(nil, "spacing", or: 1)
                return x.gradient(spacing: step, dim: dims, edgeOrder: order)
            }
        }
        bind("trapezoid", "trapz") { call in
            let (y, dim) = (try call.tensor(0), try call.int(nil, "dim", or: -1))
            if let x = try call.optionalTensor(1, "x") { return [y.trapezoid(x, dim: dim)] }
            return [y.trapezoid(dx: try call.double(nil, "dx", or: 1), dim: dim)]
        }
        bind("cumulative_trapezoid") { call in
            let (y, dim) = (try call.tensor(0), try call.int(nil, "dim", or: -1))
            if let x = try call.optionalTensor(1, "x") {
                return [y.cumulativeTrapezoid(x, dim: dim)]
            }
            return [y.cumulativeTrapezoid(dx: try call.double(nil, "dx", or: 1), dim: dim)]
        }
    }

    /// What counts.
    mutating func addCounts() {
        bind("bincount") { call in
            [
                try call.tensor(0).bincount(
                    weights: try call.optionalTensor(1, "weights"),
                    minLength: try call.int(2, "minlength", or: 0))
            ]
        }
        bind("histc") { call in
            [
                try call.tensor(0).histc(
                    bins: try call.int(1, "bins", or: 100), min: try call.double(2, "min", or: 0),
                    max: try call.double(3, "max", or: 0))
            ]
        }
        bind("histogram") { call in
            let x = try call.tensor(0)
            let (weight, density) = (
                try call.optionalTensor(nil, "weight"), try call.bool(nil, "density")
            )
            if case .tensor? = call.argument(1, "bins") {
                let found = x.histogram(
                    edges: try call.tensor(1, "bins"), weight: weight, density: density)
                return [found.hist, found.binEdges]
            }
            var range: (min: Double, max: Double)?
            if case .list(let ends)? = call.argument(nil, "range"), ends.count == 2 {
                range = (try ends[0].double, try ends[1].double)
            }
            let found = x.histogram(
                bins: try call.int(1, "bins", or: 100), range: range, weight: weight,
                density: density)
            return [found.hist, found.binEdges]
        }
        bind("unique") { call in
            let (inverse, counts) = (
                try call.bool(2, "return_inverse"), try call.bool(3, "return_counts")
            )
            let found = try call.tensor(0).unique(
                sorted: try call.bool(1, "sorted", or: true), returnInverse: inverse,
                returnCounts: counts, dim: try call.int(4, "dim"))
            return found.results
        }
        bind("unique_consecutive") { call in
            let (inverse, counts) = (
                try call.bool(1, "return_inverse"), try call.bool(2, "return_counts")
            )
            let found = try call.tensor(0).uniqueConsecutive(
                returnInverse: inverse, returnCounts: counts, dim: try call.int(3, "dim"))
            return found.results
        }
    }
}

extension UniqueElements {
    fileprivate var results: [any CallResult] { [values, inverse, counts].compactMap { $0 } }
}

extension RecordedArgument {
    fileprivate var double: Double {
        get throws {
            switch self {
            case .int(let value): Double(value)
            case .float(let value): value
            default: throw Mismatch("a number was expected, not \(self)")
            }
        }
    }
}

extension Arguments {
    /// The input, the dimensions of `dim` (none for all of them), and `keepdim`.
    func reduction() throws -> (x: Tensor, dims: [Int], keeps: Bool) {
        (try tensor(0), try ints(1, "dim") ?? [], try bool(2, "keepdim"))
    }

    /// What variances take: `dim` first, or `unbiased` alone.
    func spread() throws -> (x: Tensor, dims: [Int], correction: Double, keeps: Bool) {
        let x = try tensor(0)
        if count == 2, case .bool(let unbiased) = argument(1) {
            return (x, [], unbiased ? 1 : 0, false)
        }
        let dims = try ints(1, "dim") ?? []
        let unbiased = try bool(2, "unbiased", or: true)
        let correction = try double(nil, "correction") ?? (unbiased ? 1 : 0)
        return (x, dims, correction, try bool(3, "keepdim"))
    }

    fileprivate func quantile(ignoresNaN: Bool) throws -> [any CallResult] {
        let (x, dim, keep) = (try tensor(0), try int(2, "dim"), try bool(3, "keepdim"))
        let word = try text(nil, "interpolation") ?? "linear"
        guard let between = QuantileInterpolation(rawValue: word) else {
            throw Mismatch("there is no interpolation '\(word)'")
        }
        if let q = try number(1, "q")?.scalar.double {
            return [
                ignoresNaN
                    ? x.nanquantile(q, dim: dim, keepDim: keep, interpolation: between)
                    : x.quantile(q, dim: dim, keepDim: keep, interpolation: between)
            ]
        }
        let q = try tensor(1, "q")
        return [
            ignoresNaN
                ? x.nanquantile(q, dim: dim, keepDim: keep, interpolation: between)
                : x.quantile(q, dim: dim, keepDim: keep, interpolation: between)
        ]
    }
}
