/// The arithmetic on gradients that the engine does itself: add, fill, fit to a shape. The only
/// place where the engine's needs meet operators.
enum Tangents {
    /// A placeholder that costs nothing.
    static let none = Tensor.poisoned([], .float32)

    static func zeros(_ spec: TensorSpec, _ device: Device) -> Tensor { filled(spec, device, 0) }
    static func ones(_ spec: TensorSpec, _ device: Device) -> Tensor { filled(spec, device, 1) }

    /// Zeros and ones are made for tensors that may be huge without taking any room: repeated ones.
    private static func filled(_ spec: TensorSpec, _ device: Device, _ value: Double) -> Tensor {
        if let error = Door.lackOfRoom(spec.sizes, spec.dtype, device) {
            return Failure.poison(error, like: spec.sizes, spec.dtype)
        }
        let tensor = Tensor(empty: spec.sizes, spec.dtype, device)
        if device == .cpu { CPU.fill(tensor, .float(value)) }
        return tensor
    }

    static func sum(_ a: Tensor, _ b: Tensor) -> Tensor { a + b }

    static func cast(_ tensor: Tensor, to dtype: DType) -> Tensor { tensor.to(dtype) }

    /// target += gradient, as a write that nothing records. The gradient may be a view of the target.
    static func add(_ gradient: Tensor, into target: Tensor) {
        let isShared = gradient.storage === target.storage
        noGrad { _ = target.add_(isShared ? gradient.clone() : gradient) }
    }

    /// Adds to a sum that only the pass holds: in place where nobody else sees the sum.
    @inline(__always)
    static func accumulate(_ gradient: Tensor, into sum: inout Tensor?, _ recording: Bool) {
        if sum == nil {
            sum = gradient
            return
        }
        if !recording, isKnownUniquelyReferenced(&sum), let target = sum,
            target.producer == nil, target.base == nil, target.state == nil, target.device == .cpu,
            target.sizes == gradient.sizes, target.dtype == gradient.dtype,
            target.layout.isContiguous, target.storage.memory != nil,
            gradient.storage.memory != nil,
            gradient.flags.isDisjoint(with: [.dual, .batched, .poisoned]),
            isKnownUniquelyReferenced(&target.storage)
        {
            do throws(TensorError) {
                try CPU.zip(Add(), target, gradient, as: target.dtype.computeType, into: target)
            } catch {
                Failure.raise(Door.named(error, Add.info))
            }
            return
        }
        sum = Chain.joined(sum!, gradient)
    }

    /// A gradient that nobody else can write to: itself where it is held here alone, else a copy. It
    /// is moved out: an argument that is passed on would be a second reference to it.
    static func owned(_ gradient: inout Tensor?, recording: Bool) -> Tensor {
        if gradient?.state != nil { gradient = gradient?.unmarked }
        if isKnownUniquelyReferenced(&gradient), gradient!.isFresh(recording) {
            return gradient.take()!
        }
        return copied(gradient.take()!, recording: recording)
    }

    /// A gradient for somebody beside those who hold it.
    static func copied(_ gradient: Tensor, recording: Bool) -> Tensor {
        let tensor = gradient.state == nil ? gradient : gradient.unmarked
        // What lies outside this vmap is recorded, or not, as the mode has it.
        if tensor.isBatched { return tensor.clone() }
        return recording ? tensor.clone() : noGrad { tensor.clone() }
    }

    /// A gradient as the next node's output wants it: summed over what was broadcast, cast to its
    /// dtype. Anything else is a mistake of the derivative for input `i` of `node`.
    @inline(never)
    static func reduced(_ gradient: Tensor, to spec: TensorSpec, from node: Node, _ i: Int)
        throws(TensorError) -> Tensor
    {
        if gradient.isPoisoned {
            throw TensorError(
                .argument,
                "\(node.name) returned, as the gradient at index \(i), the result of an operation "
                    + "that failed inside catchingTensorErrors", operation: node.operationName)
        }
        guard Layout.broadcastSizes(gradient.sizes, spec.sizes) == gradient.sizes else {
            throw TensorError(
                .shape,
                "\(node.name) returned an invalid gradient at index \(i): got "
                    + "\(gradient.shape) but expected shape compatible with \(spec.sizes)",
                operation: node.operationName)
        }
        return Chain.carried(gradient) {
            let summed = $0.sizes == spec.sizes ? $0 : $0.sum(to: spec.sizes)
            return summed.dtype == spec.dtype ? summed : summed.to(spec.dtype)
        }
    }

    /// A tangent with the shape and dtype of what it is the tangent of.
    static func fitted(_ tangent: Tensor, to output: Tensor) -> Tensor {
        let cast = tangent.dtype == output.dtype ? tangent : tangent.to(output.dtype)
        return cast.sizes == output.sizes ? cast : cast.expand(output.shape)
    }

    /// The same tangent, row-major without gaps.
    static func dense(_ tangent: Tensor) -> Tensor { tangent.contiguous() }

    /// A gradient through a view, with the marks that it carries.
    @inline(__always)
    static func carried(_ gradient: Tensor, _ transpose: (Tensor) -> Tensor) -> Tensor {
        Chain.carried(gradient, transpose)
    }

    /// The gradients through several views of one tensor, with the marks that they carry.
    static func carried(_ gradients: [Tensor?], _ transpose: ([Tensor?]) -> Tensor) -> Tensor {
        Chain.carried(gradients, transpose)
    }

    /// What `view` reads of its base's tangent.
    static func part(_ view: Tensor, of base: Tensor, _ tangent: Tensor) -> Tensor {
        apply(StridedRead(view.layout, of: base.layout), Operands(tangent))
    }

    /// The tangent of `base` after a write to `view`.
    static func scattered(
        _ tangent: Tensor?, at view: Tensor, over old: Tensor?, of base: Tensor
    ) -> Tensor {
        apply(
            StridedScatter(view.layout, of: base.layout),
            Operands(
                old ?? zeros(base.spec, base.device), tangent ?? zeros(view.spec, view.device)))
    }

    static func copyElements(of source: Tensor, to target: Tensor) throws(TensorError) {
        try CPU.copy(source, into: target)
    }

    /// The history of `view` as seen from its base.
    static func viewNode(_ view: Tensor, of base: Tensor, _ edge: Edge) -> Node {
        ViewNode(AsStrided(view.layout, of: base.layout), from: edge, view.spec)
    }

    /// The history of `base` after `view` was written: the old base with the view's elements
    /// replaced by what `node` computed.
    static func scatterNode(_ view: Tensor, of base: Tensor, _ edge: Edge, _ node: Node) -> Node {
        let scatter = StridedScatter(view.layout, of: base.layout)
        let made = OpNode(
            scatter, Operands(base, base), saving: Operands(base, base), spec: base.spec)
        made.edges[0] = edge
        made.edges[1] = Edge(node: node, index: 0)
        made.wanted = edge.node == nil ? InputSet(bits: 2) : InputSet(bits: 3)
        return made
    }
}

extension Tensor {
    /// True for what an operation has just made, plain, dense and alone in its memory: with the only
    /// reference to it in hand, nobody can tell it from a copy.
    fileprivate func isFresh(_ recording: Bool) -> Bool {
        flags.isEmpty && base == nil && state == nil && (recording || producer == nil)
            && layout.isContiguous && layout.offset == 0 && storage.ownsMemory
            && storage.byteCount == layout.count * dtype.itemSize && type(of: self) == Tensor.self
            && isKnownUniquelyReferenced(&storage)
    }
}
