/// The same elements in another shape, as a view.
public struct View: ViewOperator, Hashable {
    public static let info = OpInfo(
        "view", family: .movement, formula: "x", derivative: "the gradient in the old shape",
        torch: "torch.Tensor.view")
    let sizes: [Int]

    init(_ sizes: [Int]) { self.sizes = sizes }

    public func view(_ input: Layout) throws(TensorError) -> Layout {
        let target = try View.inferred(sizes, input)
        if let layout = input.viewed(as: target) { return layout }
        throw TensorError(
            .shape,
            "a tensor of shape \(input.sizes) and strides \(input.strides) cannot be viewed as "
                + "\(target) without copying; use reshape")
    }

    /// The shape with -1 replaced by what is left.
    static func inferred(_ sizes: [Int], _ input: Layout) throws(TensorError) -> Dims {
        var target = Dims(sizes)
        if sizes.count > Dims.capacity { throw Door.uncountable(target) }
        let open = sizes.indices.filter { sizes[$0] == -1 }
        let refusal = TensorError(
            .shape,
            "shape \(sizes) is invalid for input of size \(input.count) (shape \(input.sizes))")
        if open.count > 1 || sizes.contains(where: { $0 < -1 }) { throw refusal }
        if let i = open.first {
            target[i] = 1
            guard let known = target.checkedProduct, known != 0, input.count % known == 0 else {
                throw refusal
            }
            target[i] = input.count / known
        }
        if target.checkedProduct != input.count { throw refusal }
        return target
    }

    public func transpose(_ cotangent: Tensor, _ saved: Saved) -> Tensor {
        cotangent.reshape(saved.sizes(0).array)
    }

    public static var samples: [Sample] {
        [
            Sample(View([3, 2]), .init([2, 3])), Sample(View([-1]), .init([2, 3])),
            Sample(View([1, 1]), .init([])), Sample(View([0, 5]), .init([5, 0])),
        ]
    }
}

extension Layout {
    /// The strides at which `target` reads these elements in order, or nil where none do.
    func viewed(as target: Dims) -> Layout? {
        if isContiguous {
            let layout = Layout(contiguous: target)
            return Layout(sizes: target, strides: layout.strides, offset: offset)
        }
        // Runs of old dimensions that are crossed evenly, each split among new dimensions.
        var strides = Dims(repeating: 0, count: target.count)
        var j = target.count - 1
        var run = 1
        var i = rank - 1
        var base = rank > 0 ? self.strides[rank - 1] : 1
        while i >= 0 {
            run *= sizes[i]
            let ends = i == 0 || (sizes[i - 1] != 1 && self.strides[i - 1] != run &* base)
            if ends {
                var taken = 1
                while j >= 0, taken < run || target[j] == 1 {
                    strides[j] = taken &* base
                    taken *= target[j]
                    j -= 1
                }
                if taken != run { return nil }
                if i > 0 {
                    base = self.strides[i - 1]
                    run = 1
                }
            }
            i -= 1
        }
        return j < 0 ? Layout(sizes: target, strides: strides, offset: offset) : nil
    }
}

extension Tensor {
    /// The same elements, row-major, in another shape; one size may be -1. A view where the
    /// memory allows it, else a copy.
    public func reshape(_ sizes: [Int]) -> Tensor {
        if layout.isContiguous { return apply(View(sizes), self) }
        guard let target = try? View.inferred(sizes, layout) else {
            return apply(View(sizes), self)
        }
        if layout.viewed(as: target) != nil { return apply(View(sizes), self) }
        return apply(View(sizes), clone())
    }
    /// The elements in the shape `reshape(2, -1)`, where -1 is what the others leave. Same as
    /// `torch.reshape`.
    public func reshape(_ sizes: Int...) -> Tensor { reshape(sizes) }

    /// A view of the same elements in another shape; one size may be -1.
    ///
    /// - Errors: `.shape` where the sizes do not fit, or the memory would have to be copied.
    public func view(_ sizes: [Int]) -> Tensor { apply(View(sizes), self) }
    /// The memory in the shape `view(2, -1)`, never a copy. Same as `torch.Tensor.view`.
    public func view(_ sizes: Int...) -> Tensor { view(sizes) }

    /// The same elements in the shape of `other`, in order.
    public func reshapeAs(_ other: Tensor) -> Tensor { reshape(other.shape) }
    /// A view of the same elements in the shape of `other`.
    public func viewAs(_ other: Tensor) -> Tensor { view(other.shape) }
    /// The elements in order, as a vector; a view where the memory allows it. Same as
    /// `torch.ravel`.
    public func ravel() -> Tensor { reshape([numel]) }
}
