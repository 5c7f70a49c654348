/// An index, resolved: a view of the tensor, and the positions that pick from it, if any.
struct IndexPlan {
    /// What integers, slices and new axes make of the tensor.
    private(set) var view: Tensor
    /// The first dimension of the view that positions index, how many they do, and the positions
    /// counted row-major through those.
    private(set) var picks: (dim: Int, span: Int, positions: Tensor)?

    init(_ tensor: Tensor, _ terms: [any TensorIndex]) throws(TensorError) {
        let terms = terms.map { $0.indexTerm }
        let taken = terms.reduce(0) { $0 + $1.dimensions }
        let open = terms.reduce(0) { if case .rest = $1 { $0 + 1 } else { $0 } }
        if taken > tensor.ndim {
            throw TensorError(
                .index,
                "too many indices: \(taken) for a tensor of \(tensor.ndim) dimensions "
                    + "(shape \(tensor.shape))")
        }
        if open > 1 {
            throw TensorError(.index, "an index can have one ellipsis, and this one has \(open)")
        }
        view = tensor
        var dim = 0
        var indices: [(dim: Int, tensor: Tensor)] = []
        for term in terms {
            if view.isPoisoned { return }
            switch term {
            case .position(let i): try select(dim, i)
            case .range(let start, let end, let step):
                let (first, length) = try IndexTerm.span(start, end, step, of: view.sizes[dim])
                if length != view.sizes[dim] || step != 1 {
                    view = apply(Slice(dim: dim, start: first, length: length, step: step), view)
                }
                dim += 1
            case .newDimension:
                view = view.unsqueeze(dim)
                dim += 1
            case .rest: dim += tensor.ndim - taken
            case .tensor(let index): try place(index, &dim, &indices)
            }
        }
        if !indices.isEmpty, !view.isPoisoned { gather(indices) }
    }

    private mutating func select(_ dim: Int, _ index: Int) throws(TensorError) {
        let size = view.sizes[dim]
        if index < -size || index >= size {
            throw TensorError(
                .index, "index \(index) is out of bounds for dimension \(dim) with size \(size)")
        }
        view = view.select(dim: dim, index: index)
    }

    /// Takes in one tensor of the index: a number selects, a mask becomes one tensor of positions
    /// for each dimension that it covers.
    private mutating func place(
        _ index: Tensor, _ dim: inout Int, _ indices: inout [(dim: Int, tensor: Tensor)]
    ) throws(TensorError) {
        if index.isPoisoned {
            view = apply(FlatPositions([1]), Operands(index))
            return
        }
        if index.ndim == 0, index.dtype.isInteger, index.dtype != .uint8,
            index.storage.memory != nil
        {
            return try select(dim, index.item(as: Int.self))
        }
        guard index.dtype == .bool else {
            indices.append((dim, index))
            dim += 1
            return
        }
        // A 0-dimensional mask keeps everything or nothing, along a dimension of its own.
        var mask = index
        if mask.ndim == 0 {
            view = view.unsqueeze(dim)
            mask = mask.reshape(1)
            if view.isPoisoned { return }
        }
        let covered = Dims(view.sizes[dim..<(dim + mask.ndim)])
        if covered != mask.sizes {
            throw TensorError(
                .shape,
                "a mask of shape \(mask.shape) does not fit the part that it indexes, of "
                    + "shape \(covered)")
        }
        indices.append((dim, mask))
        dim += mask.ndim
    }

    /// One tensor of positions for each dimension that a mask covers.
    private mutating func unmasked(_ indices: [(dim: Int, tensor: Tensor)])
        -> [(dim: Int, tensor: Tensor)]
    {
        indices.flatMap { dim, index in
            if index.dtype != .bool { return [(dim, index)] }
            let found = index.nonzero()
            return (0..<index.ndim).map { (dim + $0, found.select(dim: 1, index: $0)) }
        }
    }

    /// Positions in neighbouring dimensions stay where they are; others come to the front.
    private mutating func gather(_ indices: [(dim: Int, tensor: Tensor)]) {
        // A mask alone, as most are: its true places in the flat part that it covers.
        if indices.count == 1, indices[0].tensor.dtype == .bool {
            let mask = indices[0].tensor
            let found = mask.reshape(-1).nonzero()
            return pick(
                indices[0].dim, mask.ndim, found.isPoisoned ? found : found.select(dim: 1, index: 0)
            )
        }
        let indices = unmasked(indices)
        let dims = indices.map(\.dim)
        let sizes = dims.map { view.sizes[$0] }
        var first = dims[0]
        if dims != Array(first..<(first + dims.count)) {
            view = view.permute(dims + (0..<view.ndim).filter { !dims.contains($0) })
            first = 0
        }
        let positions = apply(FlatPositions(sizes), Operands(indices.map(\.tensor)))
        pick(first, dims.count, positions)
    }

    private mutating func pick(_ first: Int, _ span: Int, _ positions: Tensor) {
        if positions.isPoisoned {
            view = positions
        } else {
            // Positions on the processor serve every device.
            picks = (first, span, positions.to(view.device))
        }
    }
}

extension IndexTerm {
    /// How many of the tensor's dimensions the term stands for.
    fileprivate var dimensions: Int {
        switch self {
        case .position, .range: 1
        case .newDimension, .rest: 0
        case .tensor(let index): index.dtype == .bool ? index.ndim : 1
        }
    }
}
