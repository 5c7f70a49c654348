import AdjointCore

extension Calls {
    mutating func addIndexing() {
        bind("__getitem__") { [try $0.tensor(0)[terms: $0.terms(1)]] }
        bind("argwhere") { [try $0.tensor(0).argwhere()] }
        bind("nonzero") { arguments in
            let x = try arguments.tensor(0)
            return try arguments.bool(nil, "as_tuple") ? Tensor.where(x) : [x.nonzero()]
        }
        bind("where") { arguments in
            // The input comes before the condition.
            let condition = try arguments.tensor(1)
            switch (try arguments.operand(0), try arguments.operand(2)) {
            case (.tensor(let a), .tensor(let b)): return [Tensor.where(condition, a, b)]
            case (.tensor(let a), .float(let b)): return [Tensor.where(condition, a, b)]
            case (.tensor(let a), .int(let b)): return [Tensor.where(condition, a, b)]
            case (.float(let a), .tensor(let b)): return [Tensor.where(condition, a, b)]
            case (.int(let a), .tensor(let b)): return [Tensor.where(condition, a, b)]
            case (let a, let b): throw Mismatch("a choice between \(a) and \(b)")
            }
        }
        bind("gather") { arguments in
            arguments.ignore("sparse_grad")
            return [
                try arguments.tensor(0).gather(
                    dim: arguments.int(1, "dim", or: 0), index: arguments.tensor(2, "index"))
            ]
        }
        bind("index_select") {
            [
                try $0.tensor(0).indexSelect(
                    dim: $0.int(1, "dim", or: 0), index: $0.tensor(2, "index"))
            ]
        }
        bind("take") { [try $0.tensor(0).take($0.tensor(1, "index"))] }
        bind("take_along_dim") {
            [try $0.tensor(0).takeAlongDim($0.tensor(1, "indices"), dim: $0.int(2, "dim"))]
        }
        bind("masked_select") { [try $0.tensor(0).maskedSelect($0.tensor(1, "mask"))] }
    }

    mutating func addWrites() {
        bind("masked_fill") { arguments in
            let (x, mask) = (try arguments.tensor(0), try arguments.tensor(1, "mask"))
            return switch try arguments.operand(2, "value") {
            case .tensor(let value): [x.maskedFill(mask, value)]
            case .int(let value): [x.maskedFill(mask, value)]
            case .float(let value): [x.maskedFill(mask, value)]
            case .bool(let value): [x.maskedFill(mask, value)]
            }
        }
        bind("masked_scatter") {
            [try $0.tensor(0).maskedScatter($0.tensor(1, "mask"), $0.tensor(2, "source"))]
        }
        bind("index_add") { arguments in
            let (x, dim) = (try arguments.tensor(0), try arguments.int(1, "dim", or: 0))
            let (index, src) = (try arguments.tensor(2, "index"), try arguments.tensor(3, "source"))
            if case .float(let alpha)? = arguments.argument(4, "alpha") {
                return [x.indexAdd(dim: dim, index: index, src: src, alpha: alpha)]
            }
            let alpha = try arguments.int(4, "alpha", or: 1)
            return [x.indexAdd(dim: dim, index: index, src: src, alpha: alpha)]
        }
        bind("index_copy") {
            [
                try $0.tensor(0).indexCopy(
                    dim: $0.int(1, "dim", or: 0), index: $0.tensor(2, "index"),
                    src: $0.tensor(3, "source"))
            ]
        }
        bind("index_fill") { arguments in
            let (x, dim) = (try arguments.tensor(0), try arguments.int(1, "dim", or: 0))
            let index = try arguments.tensor(2, "index")
            return switch try arguments.operand(3, "value") {
            case .tensor(let value): [x.indexFill(dim: dim, index: index, value: value)]
            case .int(let value): [x.indexFill(dim: dim, index: index, value: value)]
            case .float(let value): [x.indexFill(dim: dim, index: index, value: value)]
            case .bool(let value): [x.indexFill(dim: dim, index: index, value: value)]
            }
        }
        bind("index_put") {
            [
                try $0.tensor(0).indexPut(
                    $0.tensorList(1, "indices"), $0.tensor(2, "values"),
                    accumulate: $0.bool(3, "accumulate"))
            ]
        }
        bind("index_reduce") {
            [
                try $0.tensor(0).indexReduce(
                    dim: $0.int(1, "dim", or: 0), index: $0.tensor(2, "index"),
                    src: $0.tensor(3, "source"), reduce: $0.reduction(4),
                    includeSelf: $0.bool(5, "include_self", or: true))
            ]
        }
        bind("scatter_reduce") {
            [
                try $0.tensor(0).scatterReduce(
                    dim: $0.int(1, "dim", or: 0), index: $0.tensor(2, "index"),
                    src: $0.tensor(3, "src"), reduce: $0.reduction(4),
                    includeSelf: $0.bool(5, "include_self", or: true))
            ]
        }
        bind("scatter_add") {
            [
                try $0.tensor(0).scatterAdd(
                    dim: $0.int(1, "dim", or: 0), index: $0.tensor(2, "index"),
                    src: $0.tensor(3, "src"))
            ]
        }
        bind("scatter") { [try $0.scattered()] }
        bind("fill") { arguments in
            let x = try arguments.tensor(0)
            return switch try arguments.operand(1, "value") {
            case .tensor(let value): [x.fill(value)]
            case .int(let value): [x.fill(value)]
            case .float(let value): [x.fill(value)]
            case .bool(let value): [x.fill(value)]
            }
        }
        bind("zero_") { [try $0.tensor(0).clone().zero_()] }
    }
}

extension Arguments {
    fileprivate func reduction(_ position: Int?) throws -> ScatterReduction {
        let name = try text(position, "reduce") ?? ""
        guard let reduction = ScatterReduction(rawValue: name) else {
            throw Mismatch("elements are not combined by '\(name)'")
        }
        return reduction
    }

    /// `scatter` of a tensor or a number, perhaps with one of its old words for how.
    fileprivate func scattered() throws -> Tensor {
        let (x, dim) = (try tensor(0), try int(1, "dim", or: 0))
        let index = try tensor(2, "index")
        let reduce: ScatterReduction? =
            switch try text(nil, "reduce") {
            case nil: nil
            case "add": .sum
            case "multiply": .prod
            case let name?: throw Mismatch("elements are not combined by '\(name)'")
            }
        let source = argument(3, "src") == nil ? try operand(nil, "value") : try operand(3, "src")
        switch (source, reduce) {
        case (.tensor(let src), nil): return x.scatter(dim: dim, index: index, src: src)
        case (.tensor(let src), let reduce?):
            return x.scatterReduce(dim: dim, index: index, src: src, reduce: reduce)
        case (.int(let value), nil): return x.scatter(dim: dim, index: index, value: value)
        case (.float(let value), nil): return x.scatter(dim: dim, index: index, value: value)
        case (.bool(let value), nil): return x.scatter(dim: dim, index: index, value: value)
        case (.int(let value), let reduce?):
            return x.scatter(dim: dim, index: index, value: value, reduce: reduce)
        case (.float(let value), let reduce?):
            return x.scatter(dim: dim, index: index, value: value, reduce: reduce)
        case (.bool(let value), let reduce?):
            return x.scatter(dim: dim, index: index, value: value, reduce: reduce)
        }
    }

    /// The terms of an index. A list of integers alone is one term.
    fileprivate func terms(_ position: Int) throws -> [any TensorIndex] {
        guard let index = argument(position) else { throw Mismatch("there is no index") }
        guard case .list(let list) = index else { return [try term(index)] }
        let isOne = list.allSatisfy {
            if case .int = $0 { true } else { false }
        }
        return isOne ? [try term(index)] : try list.map(term)
    }

    private func term(_ index: RecordedArgument) throws -> any TensorIndex {
        switch index {
        case .null: return .newAxis
        case .int(let i): return i
        case .bool(let flag): return Tensor(flag)
        case .tensor(let i): return tensors[i]
        case .slice(let start, let end, let step): return .slice(start, end, step: step ?? 1)
        case .ellipsis: return .ellipsis
        case .list: return try nested(index)
        default: throw Mismatch("\(index) in an index")
        }
    }

    /// A list of integers or truth values, to any depth, as a tensor.
    private func nested(_ index: RecordedArgument) throws -> Tensor {
        switch index {
        case .int(let value): Tensor(value)
        case .bool(let value): Tensor(value)
        case .list(let list) where !list.isEmpty: Tensor.stack(try list.map(nested))
        case .list: Tensor.zeros([0], dtype: .int64)
        default: throw Mismatch("\(index) in a list of positions")
        }
    }
}
