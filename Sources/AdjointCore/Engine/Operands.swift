/// The tensors that an operation works on: up to three without an allocation.
public struct Operands: RandomAccessCollection {
    var first: Tensor
    var second: Tensor?
    var third: Tensor?
    let rest: [Tensor]
    /// How many tensors there are.
    public let count: Int

    /// One tensor, two or three, which are held without an allocation.
    @inline(__always)
    public init(
        _ first: consuming Tensor, _ second: consuming Tensor? = nil,
        _ third: consuming Tensor? = nil
    ) {
        let held = second == nil ? 1 : third == nil ? 2 : 3
        self.first = first
        self.second = second
        self.third = third
        rest = []
        count = held
    }

    /// At least one tensor.
    public init(_ tensors: [Tensor]) {
        first = tensors.first ?? Operands.missing()
        second = tensors.count > 1 ? tensors[1] : nil
        third = tensors.count > 2 ? tensors[2] : nil
        rest = tensors.count > 3 ? Array(tensors[3...]) : []
        count = Swift.max(tensors.count, 1)
    }

    @inline(never)
    private static func missing() -> Tensor {
        Failure.poison(
            TensorError(.argument, "an operation takes at least one tensor, and none was given"))
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { count }

    @inline(__always)
    public subscript(i: Int) -> Tensor {
        switch i {
        case 0: first
        case 1: second.unsafelyUnwrapped
        case 2: third.unsafelyUnwrapped
        default: rest[i - 3]
        }
    }

    /// The flags that any of them carries.
    @inline(__always)
    var flags: Tensor.Flags {
        var all = first.flags
        if let second { all.formUnion(second.flags) }
        if let third { all.formUnion(third.flags) }
        for tensor in rest { all.formUnion(tensor.flags) }
        return all
    }

    @inline(__always)
    var anyRequiresGrad: Bool {
        if first.needsGrad { return true }
        if let second, second.needsGrad { return true }
        if let third, third.needsGrad { return true }
        return rest.contains { $0.needsGrad }
    }

    func replacing(_ i: Int, with tensor: Tensor) -> Operands {
        var all = Array(self)
        all[i] = tensor
        return Operands(all)
    }
}
