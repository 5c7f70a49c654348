import AdjointCore
import AdjointNN

extension Draw {
    /// The result of an operation that failed in a scope that caught it.
    private static let poisoned: Tensor = {
        var result = Tensor.zeros(2)
        _ = try? catchingTensorErrors { result = Tensor.zeros(2) + Tensor.zeros(3) }
        return result
    }()

    /// Any tensor: shapes, types, layouts, devices, values and histories at random.
    func tensor() -> Tensor {
        switch below(60) {
        case 0: return Self.poisoned
        case 1: return Tensor.zeros(hugeShape(), dtype: dtype(), device: .meta)
        case 2..<4: return Tensor.zeros(shape(), dtype: dtype(), device: .meta)
        case 4..<10: if !held.isEmpty { return pick(held) }
        case 10: return positions()
        case 11: return withHistory(Tensor([0.5]).expand([1 << 9, 3]))
        case 12: return inferenceMode { numbers(shape(), dtype()) }
        default: break
        }
        let made = withHistory(laidOut(numbers(shape(), dtype())))
        if once(in: 8) { held.append(made) }
        return made
    }

    func tensorOrNil() -> Tensor? { once(in: 2) ? nil : tensor() }
    func tensors() -> [Tensor] { (0..<pick([0, 1, 1, 2, 2, 2, 3, 4])).map { _ in tensor() } }
    func tensorsOrNil() -> [Tensor?] { tensors().map { once(in: 4) ? nil : $0 } }
    func named() -> [(name: String, tensor: Tensor)] { tensors().map { (string(), $0) } }
    func parameter() -> Parameter { Parameter(numbers(shape(), once(in: 5) ? dtype() : .float32)) }
    func parameters() -> [Parameter] { (0..<below(3)).map { _ in parameter() } }
    func examples() -> [(Tensor, Tensor)] { (0..<below(4)).map { _ in (tensor(), tensor()) } }
    func state() -> [String: Tensor] {
        switch below(8) {
        case 0: [:]
        case 1: [string(): tensor()]
        default: ["a": tensor(), "b": tensor()]
        }
    }

    /// Leaves that want gradients, as an optimiser is given; some have one.
    func leaves() -> [Tensor] {
        if !isSane, once(in: 6) { return tensors() }
        let leaves = (0..<1 + below(2)).map { _ in
            numbers(shape(), .float32).requiresGrad_()
        }
        held += leaves
        return leaves
    }

    /// Positions, now and then beyond the end.
    func positions() -> Tensor {
        if once(in: 5) { return tensor() }
        let shape = once(in: 2) ? self.shape() : usualShape
        let count = shape.reduce(1, *)
        let values = (0..<count).map { _ in
            once(in: 40)
                ? pick([Int.max, Int.min, -1, 1 << 32]) : once(in: 12) ? below(9) - 4 : below(3)
        }
        return Tensor(values, shape: shape, dtype: once(in: 4) ? dtype() : .int64)
    }

    func mask() -> Tensor { once(in: 4) ? tensor() : numbers(shape(), .bool) }

    func shape() -> [Int] {
        switch below(12) {
        case 0..<6:
            return usualShape
        case 6..<8:
            var shape = usualShape
            if !shape.isEmpty { shape[below(shape.count)] = size() }
            return shape
        case 8:
            return Array(usualShape.dropFirst())
        case 9:
            return [size()] + usualShape.prefix(6)
        default:
            return (0..<pick([0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 8])).map { _ in size() }
        }
    }

    private func hugeShape() -> [Int] {
        pick([
            [1 << 31], [1 << 40, 2], [3, 1 << 20, 5], [1 << 62], [0, 1 << 62], [1 << 20, 1 << 20],
            [1 << 31, 1 << 31], [2, 3, 1 << 30],
        ])
    }

    func numbers(_ shape: [Int], _ dtype: DType) -> Tensor {
        let count = shape.reduce(1, *)
        let wild = once(in: 12)
        let values = (0..<count).map { _ in
            wild && once(in: 3) ? double() : Double(below(800)) / 100 - 4
        }
        if dtype.isFloatingPoint { return Tensor(values, shape: shape, dtype: dtype) }
        let whole = values.map { $0.isFinite && abs($0) < 9e18 ? Int($0) : wild ? Int.min : 0 }
        return Tensor(whole, shape: shape, dtype: dtype)
    }

    /// The same sizes where the elements lie elsewhere.
    private func laidOut(_ t: Tensor) -> Tensor {
        switch below(12) {
        case 0 where t.ndim >= 2: t.transpose(0, -1).contiguous().transpose(0, -1)
        case 1 where t.ndim >= 1:
            Tensor.cat([t, t], dim: 0).narrow(dim: 0, start: 0, length: t.shape[0])
        case 2 where t.ndim >= 1: Tensor.stack([t, t], dim: t.ndim).select(dim: -1, index: 1)
        case 3 where t.ndim >= 1 && t.shape[0] > 0:
            t.narrow(dim: 0, start: 0, length: 1).expand(t.shape)
        case 4: t.ndim == 0 ? t : t.flip(0)
        default: t
        }
    }

    private func withHistory(_ t: Tensor) -> Tensor {
        guard t.dtype.isFloatingPoint else { return t }
        switch below(6) {
        case 0, 1: return t.detach().requiresGrad_()
        case 2:
            let leaf = t.detach().requiresGrad_()
            held.append(leaf)
            let made = leaf * 1
            if once(in: 3) { made.retainGrad() }
            return made
        default: return t
        }
    }

    func literal() -> TensorLiteral {
        once(in: 3)
            ? [[1, 2], [3]]
            : once(in: 3) ? [] : once(in: 2) ? [[1.5, 2], [3, 4]] : [true, false]
    }

    // What belongs to tensors

    func index() -> any TensorIndex {
        switch below(10) {
        case 0: return int()
        case 1: return range()
        case 2: return positions()
        case 3: return mask()
        case 4: return IndexTerm.range(start: intOrNil(), end: intOrNil(), step: int())
        case 5: return IndexTerm.newAxis
        case 6: return IndexTerm.ellipsis
        case 7: return IndexTerm.all
        case 8: return ints()
        default: return below(3)
        }
    }

    func indices() -> [any TensorIndex] { (0..<below(5)).map { _ in index() } }
    func edges() -> [GradientEdge] { tensors().compactMap { gradientEdge(of: $0) } }
    func graph() -> Graph { (tensor() * tensor()).sum().graph() }
    func generatorState() -> Generator.State { Generator.State(seed: uint64(), offset: uint64()) }

    /// A node of a graph.
    ///
    /// - Throws: Where the tensor has none.
    func node() throws -> Node {
        guard let node = (tensor() * tensor()).gradFn else {
            throw TensorError(.autograd, "no node was drawn")
        }
        return node
    }

    func hookHandle() -> HookHandle {
        numbers([2], .float32).requiresGrad_().registerHook { $0 * 2 }
    }
}
