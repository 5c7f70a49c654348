/// What the dtype of a pointwise result is.
public enum ResultKind: Sendable {
    /// That of the operands together.
    case promoted
    /// The same, but float32 where they are whole numbers or booleans.
    case floating
    /// bool, whatever the operands are.
    case bool

    /// The dtype of a result whose operands meet in `dtype`.
    func dtype(_ dtype: DType) -> DType {
        switch self {
        case .promoted: dtype
        case .floating: dtype.isFloatingPoint ? dtype : .float32
        case .bool: .bool
        }
    }
}

/// A function of one number, applied to each element. The author writes what its derivative does
/// to a flow, a gradient on its way back or a tangent on its way on; pull and push follow.
public protocol UnaryChainOp: Operator, UnaryFunction {
    /// The dtype of the result; `.floating` unless it says otherwise.
    static var resultKind: ResultKind { get }
    /// What the derivative reads.
    static var saves: SavedSet { get }
    /// `flow` times the derivative at the saved point, element by element.
    func chain(_ flow: Tensor, _ saved: Saved) -> Tensor
    /// The same in one loop, where nothing has to be differentiated again. It reads what the
    /// operation saves, input or output. It is checked against `chain`.
    var backwardKernel: BackwardKernel? { get }
}

/// A function of one number whose author writes the derivative at a point.
public protocol UnaryPointwiseOp: UnaryChainOp {
    /// The derivative at the saved point, element by element.
    func derivative(_ saved: Saved) -> Tensor
}

extension UnaryPointwiseOp {
    public func chain(_ flow: Tensor, _ saved: Saved) -> Tensor { flow * derivative(saved) }
}

extension UnaryChainOp {
    public static var resultKind: ResultKind { .floating }
    public static var saves: SavedSet { .input }
    public static var worksInPlace: Bool { true }
    public var backwardKernel: BackwardKernel? { nil }
    public func saves(for wanted: InputSet) -> SavedSet { Self.saves }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        apply(self, inputs.aligned())
    }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let x = inputs.first
        if !x.dtype.isFloatingPoint { try check(x.dtype) }
        return TensorSpec(x.sizes, Self.resultKind.dtype(x.dtype))
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.map(self, inputs.first, into: output)
    }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        Chain.fused(self, cotangent, saved) ?? Chain.through(cotangent) { chain($0, saved) }
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        tangents.a.map { chain($0, saved) }
    }
}

/// A function of one number that is constant between its steps: its derivative is 0.
public protocol UnaryStepOp: UnaryChainOp {}

extension UnaryStepOp {
    public static var resultKind: ResultKind { .promoted }
    public static var saves: SavedSet { .none }
    public func chain(_ flow: Tensor, _ saved: Saved) -> Tensor {
        Tangents.zeros(flow.spec, flow.device)
    }
}

/// A function of two numbers, applied to pairs of elements, broadcast. The author writes what its
/// partial derivatives do to a flow.
public protocol BinaryChainOp: Operator, BinaryFunction {
    /// The dtype of the result; `.promoted` unless it says otherwise.
    static var resultKind: ResultKind { get }
    /// `flow` times the partial derivative by operand `i`.
    func chain(_ flow: Tensor, wrt i: Int, _ saved: Saved) -> Tensor
}

/// A function of two numbers whose author writes the partial derivatives.
public protocol BinaryPointwiseOp: BinaryChainOp {
    /// The partial derivative by operand `i`.
    func derivative(wrt i: Int, _ saved: Saved) -> Tensor
}

extension BinaryPointwiseOp {
    public func chain(_ flow: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        flow * derivative(wrt: i, saved)
    }
}

extension BinaryChainOp {
    public static var resultKind: ResultKind { .promoted }
    public static var worksInPlace: Bool { true }
    public func saves(for wanted: InputSet) -> SavedSet { .inputs }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let (a, b) = (inputs.first, inputs.second!)
        let dtype = promotedType(a, b)
        if !dtype.isFloatingPoint { try check(dtype) }
        return TensorSpec(try broadcastSizes(a, b), Self.resultKind.dtype(dtype))
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let (a, b) = (inputs.first, inputs.second!)
        try CPU.zip(self, a, b, as: computeType(a, b, output.dtype), into: output)
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        apply(self, inputs.aligned())
    }

    /// The type that the loop runs in. A write in place may have a wider target than result.
    func computeType(_ a: Tensor, _ b: Tensor, _ result: DType) -> DType {
        Self.resultKind == .bool ? promotedType(a, b).computeType : result.computeType
    }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        Chain.through(cotangent) { chain($0, wrt: i, saved) }
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        Chain.sum(
            tangents.a.map { chain($0, wrt: 0, saved) },
            tangents.b.map { chain($0, wrt: 1, saved) })
    }
}

extension Saved {
    /// Both operands in the floating-point type that they meet in: a function of a whole number
    /// that is saved beside float64 must not be taken in float32.
    var pair: (Tensor, Tensor) {
        let dtype = ResultKind.floating.dtype(promotedType(self[0], self[1]))
        return (self[0].to(dtype), self[1].to(dtype))
    }
}
