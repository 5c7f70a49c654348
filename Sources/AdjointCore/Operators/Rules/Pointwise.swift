/// What the dtype of a pointwise result is.
public enum ResultKind: Sendable {
    /// That of the operands together.
    case promoted
    /// The same, but float32 where they are whole numbers or booleans.
    case floating
    case bool
}

/// A function of one number, applied to each element. The author writes its derivative at a point;
/// pull and push follow.
public protocol UnaryPointwiseOp: Operator, UnaryFunction {
    static var resultKind: ResultKind { get }
    /// What the derivative reads.
    static var saves: SavedSet { get }
    func derivative(_ saved: Saved) -> Tensor
}

extension UnaryPointwiseOp {
    public static var resultKind: ResultKind { .floating }
    public static var saves: SavedSet { .input }
    public static var worksInPlace: Bool { true }
    public func saves(for wanted: InputSet) -> SavedSet { Self.saves }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let x = inputs.first
        if !x.dtype.isFloatingPoint { try check(x.dtype) }
        switch Self.resultKind {
        case .promoted: return TensorSpec(x.sizes, x.dtype)
        case .floating: return TensorSpec(x.sizes, x.dtype.isFloatingPoint ? x.dtype : .float32)
        case .bool: return TensorSpec(x.sizes, .bool)
        }
    }

    public func compute(_ inputs: Operands, into output: Tensor) {
        CPU.map(self, inputs.first, into: output)
    }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        Chain.product(cotangent, derivative(saved))
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        tangents.a.map { Chain.product($0, derivative(saved)) }
    }
}

/// A function of two numbers, applied to pairs of elements, broadcast.
public protocol BinaryPointwiseOp: Operator, BinaryFunction {
    static var resultKind: ResultKind { get }
    /// The partial derivative by operand `i`.
    func derivative(wrt i: Int, _ saved: Saved) -> Tensor
}

extension BinaryPointwiseOp {
    public static var resultKind: ResultKind { .promoted }
    public static var worksInPlace: Bool { true }
    public func saves(for wanted: InputSet) -> SavedSet { .inputs }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let (a, b) = (inputs.first, inputs.second!)
        let dtype = promotedType(a, b)
        if !dtype.isFloatingPoint { try check(dtype) }
        let sizes = try broadcastSizes(a, b)
        switch Self.resultKind {
        case .promoted: return TensorSpec(sizes, dtype)
        case .floating: return TensorSpec(sizes, dtype.isFloatingPoint ? dtype : .float32)
        case .bool: return TensorSpec(sizes, .bool)
        }
    }

    /// The type that the loop runs in, for a result of dtype `result`.
    func computeType(_ a: Tensor, _ b: Tensor, _ result: DType) -> DType {
        result == .bool && Self.resultKind == .bool
            ? promotedType(a, b).computeType : result.computeType
    }

    public func compute(_ inputs: Operands, into output: Tensor) {
        let (a, b) = (inputs.first, inputs.second!)
        CPU.zip(self, a, b, as: computeType(a, b, output.dtype), into: output)
    }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        Chain.product(cotangent, derivative(wrt: i, saved))
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        Chain.sum(
            tangents.a.map { Chain.product($0, derivative(wrt: 0, saved)) },
            tangents.b.map { Chain.product($0, derivative(wrt: 1, saved)) })
    }
}

/// A relation between two numbers: its result is boolean and constant almost everywhere.
public protocol ComparisonOp: Operator, Relation {}

extension ComparisonOp {
    public static var differentiability: Differentiability { .constant }
    public func saves(for wanted: InputSet) -> SavedSet { .none }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        TensorSpec(try broadcastSizes(inputs.first, inputs.second!), .bool)
    }

    public func compute(_ inputs: Operands, into output: Tensor) {
        let (a, b) = (inputs.first, inputs.second!)
        CPU.compare(self, a, b, promotedType(a, b), into: output)
    }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? { nil }
    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? { nil }
}

/// The two steps of the chain rule.
enum Chain {
    static func product(_ flow: Tensor, _ derivative: Tensor) -> Tensor { flow * derivative }

    static func sum(_ a: Tensor?, _ b: Tensor?) -> Tensor? {
        guard let a else { return b }
        guard let b else { return a }
        return a + b
    }
}
