import AdjointCore

extension Calls {
    /// Creation, movement, indexing.
    mutating func addMovement() {
        addViews()
        addSplits()
        addJoins()
        addCopies()
        addIndexing()
        addWrites()
        addCreation()
    }

    private mutating func addViews() {
        bind("T") { [try $0.tensor(0).T] }
        bind("mT") { [try $0.tensor(0).mT] }
        bind("t") { [try $0.tensor(0).t()] }
        bind("atleast_1d") { try $0.several().map { $0.atleast1d() } }
        bind("atleast_2d") { try $0.several().map { $0.atleast2d() } }
        bind("atleast_3d") { try $0.several().map { $0.atleast3d() } }
        bind("broadcast_to") { [try $0.tensor(0).broadcastTo($0.ints(from: 1, "size"))] }
        bind("expand") { [try $0.tensor(0).expand($0.ints(from: 1, "size"))] }
        bind("expand_as") { [try $0.tensor(0).expandAs($0.tensor(1, "other"))] }
        bind("flatten") {
            [
                try $0.tensor(0).flatten(
                    startDim: $0.int(1, "start_dim", or: 0), endDim: $0.int(2, "end_dim", or: -1))
            ]
        }
        bind("unflatten") {
            [
                try $0.tensor(0).unflatten(
                    dim: $0.int(1, "dim", or: 0), sizes: $0.ints(2, "sizes") ?? [])
            ]
        }
        bind("movedim") {
            [
                try $0.tensor(0).movedim(
                    $0.ints(1, "source") ?? [], $0.ints(2, "destination") ?? [])
            ]
        }
        bind("narrow") { arguments in
            let (x, dim) = (try arguments.tensor(0), try arguments.int(1, "dim", or: 0))
            let length = try arguments.int(3, "length", or: 0)
            switch try arguments.operand(2, "start") {
            case .tensor(let start): return [x.narrow(dim: dim, start: start, length: length)]
            case .int(let start): return [x.narrow(dim: dim, start: start, length: length)]
            case let other: throw Mismatch("narrow starts at \(other)")
            }
        }
        bind("permute") { [try $0.tensor(0).permute($0.ints(from: 1, "dims"))] }
        bind("transpose") {
            [try $0.tensor(0).transpose($0.int(1, "dim0", or: 0), $0.int(2, "dim1", or: 1))]
        }
        bind("ravel") { [try $0.tensor(0).ravel()] }
        bind("reshape") { [try $0.tensor(0).reshape($0.ints(from: 1, "shape"))] }
        bind("reshape_as") { [try $0.tensor(0).reshapeAs($0.tensor(1, "other"))] }
        // What lies in memory otherwise has no view in every shape, and PyTorch refuses it too.
        bind("view") { [try $0.tensor(0).dense().view($0.ints(from: 1, "size"))] }
        bind("view_as") { [try $0.tensor(0).dense().viewAs($0.tensor(1, "other"))] }
        bind("select") {
            [
                try $0.tensor(0).select(
                    dim: $0.int(1, "dim", or: 0), index: $0.int(2, "index", or: 0))
            ]
        }
        bind("slice") {
            [
                try $0.tensor(0).slice(
                    dim: $0.int(1, "dim", or: 0), start: $0.int(2, "start"), end: $0.int(3, "end"),
                    step: $0.int(4, "step", or: 1))
            ]
        }
        bind("squeeze") { arguments in
            let x = try arguments.tensor(0)
            return [try arguments.ints(1, "dim").map { x.squeeze($0) } ?? x.squeeze()]
        }
        bind("unsqueeze") { [try $0.tensor(0).unsqueeze($0.int(1, "dim", or: 0))] }
        bind("unfold") {
            [
                try $0.tensor(0).unfold(
                    dim: $0.int(1, "dimension", or: 0), size: $0.int(2, "size", or: 1),
                    step: $0.int(3, "step", or: 1))
            ]
        }
    }

    private mutating func addSplits() {
        bind("chunk") {
            try $0.tensor(0).chunk($0.int(1, "chunks", or: 1), dim: $0.int(2, "dim", or: 0))
        }
        bind("split") { arguments in
            let (x, dim) = (try arguments.tensor(0), try arguments.int(2, "dim", or: 0))
            if case .int(let size) = arguments.argument(1, "split_size_or_sections") {
                return x.split(size, dim: dim)
            }
            return x.split(try arguments.ints(1, "split_size_or_sections") ?? [], dim: dim)
        }
        bind("split_with_sizes") {
            try $0.tensor(0).split($0.ints(1, "split_sizes") ?? [], dim: $0.int(2, "dim", or: 0))
        }
        bind("unbind") { try $0.tensor(0).unbind(dim: $0.int(1, "dim", or: 0)) }
        bind("tensor_split") { arguments in
            let (x, dim) = (try arguments.tensor(0), try arguments.int(2, "dim", or: 0))
            switch arguments.argument(1, "indices_or_sections") {
            case .int(let count): return x.tensorSplit(count, dim: dim)
            case .tensor:
                return x.tensorSplit(try arguments.tensor(1, "indices_or_sections"), dim: dim)
            default:
                return x.tensorSplit(try arguments.ints(1, "indices_or_sections") ?? [], dim: dim)
            }
        }
        bindSections("hsplit", { $0.hsplit($1) }, { $0.hsplit($1) })
        bindSections("vsplit", { $0.vsplit($1) }, { $0.vsplit($1) })
        bindSections("dsplit", { $0.dsplit($1) }, { $0.dsplit($1) })
    }

    private mutating func bindSections(
        _ name: String, _ equal: @escaping @Sendable (Tensor, Int) -> [Tensor],
        _ between: @escaping @Sendable (Tensor, [Int]) -> [Tensor]
    ) {
        bind(name) { arguments in
            let x = try arguments.tensor(0)
            if case .int(let count) = arguments.argument(1, "sections") { return equal(x, count) }
            return between(x, try arguments.ints(1, "indices") ?? [])
        }
    }
}

extension Tensor {
    /// The same tensor in row-major memory.
    fileprivate func dense() -> Tensor { contiguous() }
}
