import CAdjoint

/// A view at any strides: element `(i, ...)` is element `offset + i * stride + ...` of the storage.
/// The gradient adds up where positions share an element.
public struct AsStrided: ViewOperator {
    public static let info = OpInfo(
        "asStrided", family: .movement, formula: "x[offset + Σ iₖ strideₖ]",
        derivative: "the gradient added at the same places", torch: "torch.as_strided")
    public static let readsStrides = true
    let target: Layout
    let source: Layout

    init(_ target: Layout, of source: Layout) {
        self.target = target
        self.source = source
    }

    public func view(_ input: Layout) throws(TensorError) -> Layout {
        // Whether the storage holds the view was asked for these sizes.
        if input.sizes != source.sizes {
            throw TensorError(
                .shape, "a view of shape \(source.sizes) was made, and not of \(input.sizes)")
        }
        return target
    }

    public func transpose(_ cotangent: Tensor, _ saved: Saved) -> Tensor {
        apply(StridedGather(target, of: source), Operands(cotangent))
    }

    public static var samples: [Sample] {
        let source = Layout(contiguous: [2, 3])
        return [
            Layout(sizes: [2, 2], strides: [1, 2], offset: 1),
            Layout(sizes: [4, 2], strides: [1, 1], offset: 0),
        ].map { Sample(AsStrided($0, of: source), .init([2, 3])) }
    }
}

extension Tensor {
    /// A view of this tensor's storage with the given sizes, strides and offset in elements.
    ///
    /// - Errors: `.index` where an element would lie outside the storage.
    public func asStrided(_ size: [Int], _ stride: [Int], storageOffset: Int? = nil) -> Tensor {
        let layout = Layout(
            sizes: Dims(size), strides: Dims(stride), offset: storageOffset ?? self.layout.offset)
        let last = device == .cpu && !isPoisoned ? reach : Int.max
        if size.count != stride.count || size.contains(where: { $0 < 0 })
            || stride.contains(where: { $0 < 0 }) || layout.offset < 0 || layout.extent > last
        {
            return Failure.poison(
                TensorError(
                    .index,
                    "sizes \(size) with strides \(stride) and offset \(layout.offset) do not lie "
                        + "in a storage of \(last) elements", operation: "asStrided"), like: sizes,
                dtype)
        }
        return apply(AsStrided(layout, of: self.layout), self)
    }

    /// How many elements of the storage a view may lie in. Under `vmap` the samples follow each
    /// other, and the view of the last one must fit too.
    private var reach: Int {
        var (tensor, beyond) = (self, 0)
        while let batch = tensor.batch {
            tensor = batch.value
            let (step, far) = Swift.max(tensor.sizes[0] - 1, 0)
                .multipliedReportingOverflow(by: tensor.layout.strides[0])
            if far || step > Int.max - beyond { return 0 }
            beyond += step
        }
        return tensor.storage.byteCount / dtype.itemSize - beyond
    }
}

/// The transpose of `AsStrided`: adds a view-shaped tensor up at the places that the view reads,
/// as a tensor of the shape of what was viewed.
struct StridedGather: LinearOp {
    static let info = OpInfo(
        "stridedGather", family: .movement, formula: "the transpose of asStrided",
        derivative: "asStrided", torch: "")
    let view: Layout
    let base: Layout

    init(_ view: Layout, of base: Layout) {
        self.view = view
        self.base = base
    }

    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        try inputs[0].check(sizes: view.sizes)
        return TensorSpec(base.sizes, inputs.first.dtype)
    }

    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let dtype: DType = output.dtype == .float64 ? .float64 : .float32
        let source = try CPU.dense(inputs.first, dtype)
        // The storage that both layouts lie in, from its first element.
        let memory = try Block(scratch: [Swift.max(view.extent, base.extent)], dtype)
        CPU.fill(memory, .float(0))
        let (shape, steps) = (view.sizes.array, view.strides.array)
        if dtype == .float64 {
            adj_strided_add_f64(
                view.rank, shape, source.elements(), source.strides,
                memory.elements(Double.self) + view.offset, steps)
        } else {
            adj_strided_add_f32(
                view.rank, shape, source.elements(), source.strides,
                memory.elements(Float.self) + view.offset, steps)
        }
        let read = Block(memory.storage, base, dtype, .cpu)
        try CPU.copy(read, into: output)
    }

    func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        apply(StridedRead(view, of: base), Operands(cotangent))
    }

    func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        let (view, base) = inputs.stacked(view, base)
        return apply(StridedGather(view, of: base), Operands(inputs[0]))
    }

    static var samples: [Sample] {
        [
            Sample(
                StridedGather(
                    Layout(sizes: [4, 2], strides: [1, 1], offset: 0),
                    of: Layout(contiguous: [2, 3])),
                .init([4, 2]))
        ]
    }
}

/// What a view reads of a tensor that lies in memory as `base` says: `AsStrided` as a copy, for
/// gradients, which lie otherwise.
struct StridedRead: LinearOp {
    static let info = OpInfo(
        "stridedRead", family: .movement, formula: "asStrided, as a copy",
        derivative: "the gradient added at the same places", torch: "torch.as_strided_copy")
    let view: Layout
    let base: Layout

    init(_ view: Layout, of base: Layout) {
        self.view = view
        self.base = base
    }

    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        try inputs[0].check(sizes: base.sizes)
        return TensorSpec(view.sizes, inputs.first.dtype)
    }

    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let memory = try Block(scratch: [Swift.max(view.extent, base.extent)], output.dtype)
        CPU.fill(memory, .float(0))
        try CPU.copy(inputs.first, into: Block(memory.storage, base, output.dtype, .cpu))
        try CPU.copy(Block(memory.storage, view, output.dtype, .cpu), into: output)
    }

    func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        apply(StridedGather(view, of: base), Operands(cotangent))
    }

    func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        let (view, base) = inputs.stacked(view, base)
        return apply(StridedRead(view, of: base), Operands(inputs[0]))
    }

    static var samples: [Sample] {
        [
            Sample(
                StridedRead(
                    Layout(sizes: [4, 2], strides: [1, 1], offset: 0),
                    of: Layout(contiguous: [2, 3])),
                .init([2, 3]))
        ]
    }
}

/// A tensor in which the elements of one view of it are replaced by another tensor's.
struct StridedScatter: LinearOp {
    static let info = OpInfo(
        "copySlices", family: .movement, formula: "x with x[view] = y",
        derivative: "for x the gradient with zeros there, for y the gradient there", torch: "")
    let view: Layout
    let base: Layout

    init(_ view: Layout, of base: Layout) {
        self.view = view
        self.base = base
    }

    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        try inputs[0].check(sizes: base.sizes)
        try inputs[1].check(sizes: view.sizes)
        return TensorSpec(base.sizes, inputs.first.dtype)
    }

    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let memory = try Block(scratch: [Swift.max(view.extent, base.extent)], output.dtype)
        try CPU.copy(inputs.first, into: Block(memory.storage, base, output.dtype, .cpu))
        try CPU.copy(inputs.second!, into: Block(memory.storage, view, output.dtype, .cpu))
        try CPU.copy(Block(memory.storage, base, output.dtype, .cpu), into: output)
    }

    func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        if i == 1 { return apply(StridedRead(view, of: base), Operands(cotangent)) }
        let zeros = Tensor.zeros(view.sizes.array, dtype: cotangent.dtype, device: cotangent.device)
        return apply(self, Operands(cotangent, zeros))
    }

    func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        let (view, base) = inputs.stacked(view, base)
        return apply(StridedScatter(view, of: base), Operands(inputs.wholes))
    }

    static var samples: [Sample] {
        let view = Layout(sizes: [2, 2], strides: [3, 1], offset: 1)
        return [
            Sample(
                StridedScatter(view, of: Layout(contiguous: [2, 3])), .init([2, 3]), .init([2, 2]))
        ]
    }
}

extension Batch {
    /// The layouts of a view and of what it views, for all samples one after another in memory.
    fileprivate func stacked(_ view: Layout, _ base: Layout) -> (view: Layout, base: Layout) {
        let step = Swift.max(view.extent, base.extent)
        return (view.withFirst(size, stride: step), base.withFirst(size, stride: step))
    }
}

extension Tensor {
    /// What the transposes of views are given has the one shape that the view has.
    func check(sizes expected: Dims) throws(TensorError) {
        if sizes == expected { return }
        throw TensorError(.shape, "a tensor of shape \(expected) was expected, not \(sizes)")
    }
}
